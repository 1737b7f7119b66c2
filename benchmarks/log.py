"""What the access log costs a request, and how fast the log is sealed and verified."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from psycopg import Connection
from psycopg.conninfo import make_conninfo

from benchmarks.bed import register
from benchmarks.bed.arguments import read_arguments
from benchmarks.bed.measuring import Contender, measure
from benchmarks.bed.server import Server, throw_away_server
from benchmarks.bed.table import print_table
from schoolgate.config.roles import conninfo

BATCH = 20_000  # entries under one seal
ONE_CHANGE_IN = 5
REQUEST_TARGET, ROWS_TARGET = 0.5, 50_000

# As `audit_note` writes them: one entry in ten is a list of fifty records, the others are single records.
READ = """
insert into audit_access (operation, kind, controller, on_behalf_of, records, subjects, recipients, page, reason,
    refused, circles, barred)
select 'consultation', 'exchange.share', %(controller)s, %(behalf)s, read.ids, read.ids[:1], '{}', 'exchange:shares',
    '', 0, %(circles)s, '{}'
from generate_series(1, %(entries)s) as entry, lateral (
    select array_agg(gen_random_uuid()) as ids from generate_series(1, case when entry %% 10 = 0 then 50 else 1 end)
) as read
"""
# Its triggers keep the change with its keyed digest.
CHANGE = """
insert into children_child (id, holder, controller, regime, marking, retention_class, circles, barred, made_by, made_at,
    name, year_group, needs)
select gen_random_uuid(), %(school)s, 0, '', 'official_sensitive', 'contact', '{}', '{}', 0, now(),
    'Example Child ' || entry, 'Year 9', repeat('Invented needs. ', 10)
from generate_series(1, %(entries)s) as entry
"""


@dataclass(frozen=True)
class Speed:
    """Rows of the log, and the seconds that sealing and verifying them took."""

    rows: int
    sealing: float
    verifying: float


def main() -> None:
    """Measure each size in turn and print two tables."""
    arguments = read_arguments(__doc__, repetitions=200)
    requests: list[list[object]] = []
    speeds: list[list[object]] = []
    with throw_away_server() as server:
        from benchmarks.bed.loading import load

        for size in arguments.sizes:
            database = f"size_{size}"
            server.make(database)
            with server.as_superuser(database) as connection:
                load(connection, 0, dt.datetime.now(dt.UTC))
                speed = _seal_and_verify(server, database, connection, size)
            speeds.append([size, speed.rows, speed.rows / speed.sealing, speed.rows / speed.verifying])
            requests += _requests(server, database, size, arguments.repetitions)
    head = ["entries", "what is logged", "without, ms CPU", "with, ms CPU", "the log, ms CPU", "the log, ms wall"]
    print_table(f"The access log in one request (target: at most {REQUEST_TARGET} ms)", head, requests)
    head = ["entries", "rows with changes", "sealed, rows/s", "verified, rows/s"]
    print_table(f"Sealing and verifying (target: at least {ROWS_TARGET:,} rows/s)", head, speeds)


def _seal_and_verify(server: Server, database: str, connection: Connection, size: int) -> Speed:
    """Fill the log a batch at a time, seal each as the sealer does, and verify the whole."""
    from schoolgate.audit.heads import Head
    from schoolgate.audit.sealing import ROLE, key_for, raise_epoch_when_restored, seal_log
    from schoolgate.audit.seals import connect
    from schoolgate.audit.verify import verify

    key_path = server.environment.data / f"{database}.key"
    address = make_conninfo(conninfo(server.environment, ROLE), dbname=database)
    raise_epoch_when_restored(address, key_path, at=dt.datetime.now(dt.UTC))
    heads, sealing = [], 0.0
    with connect(address, autocommit=True) as sealer:
        key = key_for(sealer, key_path)
        for first in range(0, size, BATCH):
            _write(connection, min(BATCH, size - first))
            started = time.perf_counter()
            heads += [Head.of(seal) for seal in seal_log(sealer, key, at=dt.datetime.now(dt.UTC))]
            sealing += time.perf_counter() - started
    connection.execute("vacuum analyze")
    report = verify(address, key_path, heads)
    assert not report.wrong, report.wrong
    return Speed(report.rows, sealing, report.seconds)


def _write(connection: Connection, entries: int) -> None:
    values = {"entries": entries, "controller": register.controller(0), "behalf": [register.FORCE]}
    values |= {"circles": [1, 2], "school": register.school(0)}
    with connection.transaction():
        connection.execute(READ, values)
        connection.execute(CHANGE, values | {"entries": entries // ONE_CHANGE_IN})


def _requests(server: Server, database: str, size: int, repetitions: int) -> Iterator[list[object]]:
    """A request's transaction with fifty shares, or one, read in it: with the note of them and without."""
    from django.db import connection as django_connection

    server.turn_to(database)
    with django_connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = cursor.fetchone()[0]
    for what, count in (("a list of 50", 50), ("one record", 1)):
        contenders = {
            "without": Contender(_request(count, logged=False), backend),
            "with": Contender(_request(count, logged=True), backend),
        }
        costs = measure(contenders, repetitions=repetitions)
        without, with_log = costs["without"], costs["with"]
        yield [size, what, without.cpu, with_log.cpu, with_log.cpu - without.cpu, with_log.wall - without.wall]


def _request(count: int, *, logged: bool) -> Callable[[], None]:
    from schoolgate.access.acting import acting
    from schoolgate.audit.notes import note_reads
    from schoolgate.exchange.models import Share

    def run() -> None:
        with acting(register.OFFICER_ACCOUNT, page="exchange:shares"):
            rows = list(Share.objects.order_by("-made_at")[:count])
            if logged:
                note_reads("exchange.share", rows)

    return run


if __name__ == "__main__":
    main()
