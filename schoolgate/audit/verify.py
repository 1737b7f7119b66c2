"""`schoolgate verify-log`: finds every row of the log that was changed, lost or slipped in."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from psycopg import Connection, IsolationLevel, sql

from schoolgate.audit.chain import Chain, check_epochs, check_key, read_seals
from schoolgate.audit.contents import Contents
from schoolgate.audit.heads import Head, UnreadableHeads, read_heads
from schoolgate.audit.report import Report
from schoolgate.audit.sealing import ROLE
from schoolgate.audit.seals import connect, current_cluster, epochs
from schoolgate.audit.signing import NoKey, read_public_key
from schoolgate.audit.walk import Walk, read_access, read_changes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `verify-log` takes."""
    parser.add_argument("--heads", type=Path, metavar="FILE", help="heads of seals that were kept off this machine")


def main(arguments: argparse.Namespace) -> int:
    """Print what was found and one line of summary. Gives 0 when the log is whole, else 1."""
    environment = arguments.environment
    try:
        heads = read_heads(arguments.heads or environment.heads_path)
        report = verify(arguments.connect_as(ROLE), environment.seal_key_path, heads)
    except (NoKey, UnreadableHeads) as error:
        sys.stderr.write(f"schoolgate: {error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in [*report.noted, *report.wrong, report.summary])
    return 1 if report.wrong else 0


def verify(conninfo: str, key_path: Path, heads: list[Head]) -> Report:
    """Compare the whole log with its seals, the seals with one another and with the heads kept outside.

    conninfo: how the sealer connects. Raises NoKey.
    """
    started = time.monotonic()
    public = read_public_key(key_path)
    report = Report(public.fingerprint)
    check_key(report, public, key_path)
    with _at_one_moment(conninfo) as (sealed, access, changes):
        known = epochs(sealed)
        check_epochs(report, known, current_cluster(sealed), public)
        contents = Contents(sealed, report)
        chain = Chain(report, public, heads)
        walk = Walk(report, read_access(access), read_changes(changes, contents.check))
        for seal in read_seals(sealed):
            chain.add(seal)
            walk.under(seal)
        walk.after(known[-1].epoch, _next_xid(sealed))
        chain.tell(known[-1].epoch)
        contents.tell()
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _at_one_moment(conninfo: str) -> Iterator[list[Connection[Any]]]:
    """Three connections that see the log as it stands now, whatever is written or sealed meanwhile."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(conninfo)) for _each in range(3)]
        for connection in connections:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
        snapshot = connections[0].execute("select pg_export_snapshot()").fetchone()[0]  # type: ignore[index]
        for connection in connections[1:]:
            connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(snapshot)))
        yield connections


def _next_xid(connection: Connection[Any]) -> int:
    return int(connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()[0])  # type: ignore[index]
