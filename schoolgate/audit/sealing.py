"""`schoolgate seal`: seals the log in batches, each seal holding the digest of the one before."""

import argparse
import datetime as dt
import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from smtplib import SMTPException
from typing import Any

from psycopg import Connection

from schoolgate.audit.heads import Head, UnreadableHeads, append_heads, mail_head, read_heads
from schoolgate.audit.seals import (
    END,
    Epoch,
    Seal,
    Stretch,
    connect,
    contents_of,
    current_cluster,
    epochs,
    last_seal,
)
from schoolgate.audit.signing import NoKey, SealKey, make_key, read_key
from schoolgate.core.clock import london_day, now

ROLE = "schoolgate_sealer"
ONE_SEALER = 7_301_002  # the advisory lock of whoever seals
MONTHS_AHEAD = 14
FIRST = hashlib.sha256(b"schoolgate").digest()  # what the first seal holds in place of the one before

# The server counts transactions over all its databases; those of another one can add nothing to this log.
OLDEST_RUNNING = """
select coalesce(min(running::text::bigint), max(pg_snapshot_xmax(snapshot)::text::bigint))
from pg_current_snapshot() as snapshot left join pg_snapshot_xip(snapshot) as running on not exists (
    select from pg_locks held join pg_stat_activity its using (pid)
    where held.transactionid = running::xid and held.granted and held.mode = 'ExclusiveLock'
        and its.datname <> current_database())
"""
ADD_SEAL = """
insert into audit_seal (n, epoch, from_xid, to_xid, access_rows, change_rows, row_digests, digest, previous,
    sealed_at, head, signature)
values (%(n)s, %(epoch)s, %(from_xid)s, %(to_xid)s, %(access_rows)s, %(change_rows)s, %(row_digests)s, %(digest)s,
    %(previous)s, %(sealed_at)s, %(head)s, %(signature)s)
"""
ADD_EPOCH = """
insert into audit_epoch (epoch, cluster, reason, raised_at, signature)
values (%(epoch)s, %(cluster)s, %(reason)s, %(raised_at)s, %(signature)s)
"""


class NotThisDatabase(Exception):
    """The database is a copy or a restore, and no epoch was raised; its text is one line for the operator."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `seal` takes."""
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on sealing; without it, seal once")
    parser.add_argument(
        "--restored", metavar="REASON", help="first declare that the database was put back from a file-level backup"
    )


def main(arguments: argparse.Namespace) -> int:
    """Seal once, or for ever. Gives 1 with one line when it cannot."""
    try:
        _seal(arguments)
    except (NoKey, NotThisDatabase, UnreadableHeads) as error:
        sys.stderr.write(f"schoolgate: {error}\n")
        return 1
    return 0


def _seal(arguments: argparse.Namespace) -> None:
    environment = arguments.environment
    with connect(arguments.connect_as(ROLE), autocommit=True) as connection:
        key = key_for(connection, environment.seal_key_path)
        if arguments.restored:
            raise_epoch(connection, key, reason=arguments.restored, at=now())
        write_late_head(connection, environment.heads_path)
        while True:
            seal_and_tell(connection, key, environment.heads_path, environment.heads_to, at=now())
            if not arguments.every:
                return
            time.sleep(arguments.every)


def write_late_head(connection: Connection[Any], heads: Path) -> None:
    """Write down the last seal's head if the sealer was ended between sealing and writing."""
    last = last_seal(connection)
    if last and last.head not in {head.head for head in read_heads(heads)}:
        append_heads(heads, [Head.of(last)])


def seal_and_tell(connection: Connection[Any], key: SealKey, heads: Path, to: list[str], *, at: dt.datetime) -> None:
    """Make partitions and seals, write down the heads, and once a day mail the newest."""
    connection.execute("select audit_make_partitions(%s, %s)", [at.date(), MONTHS_AHEAD])
    before = last_seal(connection)
    made = [Head.of(seal) for seal in seal_log(connection, key, at=at)]
    append_heads(heads, made)
    if made and to and (before is None or london_day(before.sealed_at) != london_day(at)):
        _mail(made[-1], to)


def _mail(head: Head, to: list[str]) -> None:
    """A mail server that is away must not stop the sealing; tomorrow's head proves today's too."""
    try:
        mail_head(head, to)
    except (OSError, SMTPException) as error:
        sys.stderr.write(f"schoolgate: The head of the log was not mailed: {error}\n")


def seal_log(connection: Connection[Any], key: SealKey, *, at: dt.datetime) -> list[Seal]:
    """Seal what every transaction that may still run cannot add to any more. Gives the seals made.

    Raises NotThisDatabase when the last epoch began in another database.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_SEALER])
        _refuse_other_database(connection)
        seal, made = last_seal(connection), []
        for stretch in list(_unsealed(connection, seal)):
            contents = contents_of(connection, stretch)
            if stretch.to_xid == END or contents.row_digests:
                seal = _next_seal(seal, stretch, asdict(contents), key, at)
                connection.execute(ADD_SEAL, asdict(seal))
                made.append(seal)
    return made


def key_for(connection: Connection[Any], path: Path) -> SealKey:
    """The key; made on first use. Raises NoKey when it is gone though seals were made with it."""
    if path.exists() or last_seal(connection):
        return read_key(path)
    return make_key(path)


def raise_epoch(connection: Connection[Any], key: SealKey, *, reason: str, at: dt.datetime) -> Epoch:
    """Begin a new epoch, as every restore must: transaction ids start again from the past."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_SEALER])
        number = epochs(connection)[-1].epoch + 1
        unsigned = Epoch(number, current_cluster(connection), reason, at, None)
        epoch = Epoch(number, unsigned.cluster, reason, at, key.sign(unsigned.statement))
        connection.execute(ADD_EPOCH, asdict(epoch))
    return epoch


def raise_epoch_when_restored(conninfo: str, key_path: Path, *, at: dt.datetime) -> bool:
    """Raise the epoch if the log was begun in another database than this one; says whether it did.

    conninfo: how the sealer connects. Call it before anything is written, such as a migration.
    """
    with connect(conninfo, autocommit=True) as connection:
        if connection.execute("select to_regclass('audit_epoch')").fetchone() == (None,):
            return False
        if epochs(connection)[-1].cluster == current_cluster(connection):
            return False
        key = key_for(connection, key_path)
        raise_epoch(connection, key, reason="restored into another database", at=at)
    return True


def _refuse_other_database(connection: Connection[Any]) -> None:
    if epochs(connection)[-1].cluster != current_cluster(connection):
        raise NotThisDatabase("The log was begun in another database. Run schoolgate migrate to declare the restore.")


def _unsealed(connection: Connection[Any], last: Seal | None) -> Iterator[Stretch]:
    """What comes after the last seal: earlier epochs to their ends, this one to its oldest running transaction."""
    oldest_running = connection.execute(OLDEST_RUNNING).fetchone()[0]  # type: ignore[index]
    known = [epoch.epoch for epoch in epochs(connection)]
    for epoch in known:
        if last and epoch < last.epoch:
            continue
        begin = last.to_xid if last and epoch == last.epoch else 0
        end = oldest_running if epoch == known[-1] else END
        if begin < end:
            yield Stretch(epoch, begin, end)


def _next_seal(last: Seal | None, stretch: Stretch, contents: dict[str, Any], key: SealKey, at: dt.datetime) -> Seal:
    n, previous = (last.n + 1, last.head) if last else (1, FIRST)
    unsigned = Seal(n, **asdict(stretch), **contents, previous=previous, sealed_at=at, head=b"", signature=b"")
    head = unsigned.expected_head()
    return Seal(**asdict(unsigned) | {"head": head, "signature": key.sign(head)})
