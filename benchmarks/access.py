"""Row-level security against the same query with the filter by hand, and the cost of entering the circles."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.arguments import read_arguments
from benchmarks.bed.measuring import Contender, Cost, measure
from benchmarks.bed.server import Server, throw_away_server
from benchmarks.bed.table import print_table
from schoolgate.config.environment import LOGIN

VIEWERS = {
    "officer of 5 schools": register.OFFICER_ACCOUNT,
    "sergeant": register.SERGEANT_ACCOUNT,
    "caseworker": register.CASEWORKER_ACCOUNT,
}
TARGET = 1.15
COLUMNS = "id, school, child_name, status, due_at, made_at"
LIST = f"select {COLUMNS} from exchange_share {{where}} order by made_at desc, id limit 50"
GET = f"select {COLUMNS} from exchange_share {{where}} id = %s"
BY_HAND = "circles && '{circles}'::int[] and {person} <> all (barred)"
SETTINGS = "select current_setting('schoolgate.circles'), current_setting('schoolgate.person')"


@dataclass(frozen=True)
class Entered:
    """A viewer's connection through the policies, and the superuser's with the viewer's filter."""

    policies: Connection
    by_hand: Connection
    circles: str
    person: str

    @property
    def filter(self) -> str:
        return BY_HAND.format(circles=self.circles, person=self.person)


def main() -> None:
    """Measure each size in turn and print one table of ratios, one of entering."""
    arguments = read_arguments(__doc__, repetitions=40)
    reads: list[list[object]] = []
    entries: list[list[object]] = []
    with throw_away_server() as server:
        from benchmarks.bed.loading import load

        for size in arguments.sizes:
            database = f"size_{size}"
            server.make(database)
            with server.as_superuser(database) as connection:
                load(connection, size, dt.datetime.now(dt.UTC))
            for viewer, account in VIEWERS.items():
                reads += _reads(server, database, viewer, account, size, arguments.repetitions)
            entries += _entries(server, database, size, arguments.repetitions)
    head = ["concerns", "viewer", "circles", "query", "by hand, ms CPU", "policies, ms CPU", "ratio CPU", "ratio wall"]
    print_table(f"Row-level security / filter by hand (target: at most {TARGET})", head, reads)
    print_table("access_enter: the viewer, the circles and the role", ["concerns", "viewer", "ms CPU", "ms"], entries)


def _reads(
    server: Server, database: str, viewer: str, account: int, size: int, repetitions: int
) -> Iterator[list[object]]:
    with _entered(server, database, account) as entered:
        policies, by_hand = entered.policies, entered.by_hand
        mine = [row[0] for row in policies.execute(LIST.format(where="")).fetchall()]
        assert mine == [row[0] for row in by_hand.execute(LIST.format(where=f"where {entered.filter}")).fetchall()]
        queries = {
            "list of 50": (LIST.format(where=""), LIST.format(where=f"where {entered.filter}"), []),
            "get by id": (GET.format(where="where"), GET.format(where=f"where {entered.filter} and"), mine[-1:]),
        }
        for query, (plain, filtered, values) in queries.items():
            contenders = {
                "hand": _contender(by_hand, filtered, values),
                "policies": _contender(policies, plain, values),
            }
            costs = measure(contenders, repetitions=repetitions, runs=5)
            yield [size, viewer, entered.circles.count(",") + 1, query, *_ratios(costs["hand"], costs["policies"])]


@contextmanager
def _entered(server: Server, database: str, account: int) -> Iterator[Entered]:
    with (
        server.as_role(database, LOGIN) as policies,
        server.as_superuser(database) as by_hand,
        policies.transaction(),
        by_hand.transaction(),
    ):
        policies.execute("select * from access_enter(%s)", [account])
        by_hand.execute("set local enable_seqscan = off")
        circles, person = policies.execute(SETTINGS).fetchone() or ("", "")
        yield Entered(policies, by_hand, circles, person)


def _contender(connection: Connection, query: str, values: list[object]) -> Contender:
    return Contender(lambda: connection.execute(query, values or None).fetchall(), connection.info.backend_pid)


def _ratios(floor: Cost, cost: Cost) -> list[object]:
    return [floor.server, cost.server, cost.server / floor.server, cost.wall / floor.wall]


def _entries(server: Server, database: str, size: int, repetitions: int) -> Iterator[list[object]]:
    with server.as_role(database, LOGIN) as connection:

        def enter(account: int) -> None:
            with connection.transaction():
                connection.execute("select * from access_enter(%s)", [account]).fetchall()

        pid = connection.info.backend_pid
        contenders = {viewer: Contender(partial(enter, account), pid) for viewer, account in VIEWERS.items()}
        for viewer, cost in measure(contenders, repetitions=repetitions).items():
            yield [size, viewer, cost.cpu, cost.wall]


if __name__ == "__main__":
    main()
