"""`schoolgate who-can-see`: who can read a record now, through which circle, by which role, since when."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from schoolgate.audit.notes import Operation
from schoolgate.core.clock import london_day

ROLE = "schoolgate_backup"
READERS = """
select r.name, r.title, r.kind, o.name, r.role, r.since from access_readers(%s, %s) r
join directory_organisation o on o.id = r.organisation
"""
BARRED = "select name from directory_person where id = any (%s) order by name"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `who-can-see` takes."""
    parser.add_argument("record", type=UUID, help="the record's id, as the log and the record's address show it")


def main(arguments: argparse.Namespace) -> int:
    """Print a line for each reader, then the barred; the looking is logged. Gives 1 when there is no such record."""
    with psycopg.connect(arguments.connect_as(ROLE)) as connection:
        query = "select kind, controller, circles, barred from governance_find(%s)"
        found = connection.execute(query, [arguments.record]).fetchone()
        if found is None:
            sys.stderr.write(f"schoolgate: There is no record {arguments.record}.\n")
            return 1
        kind, controller, circles, barred = found
        _log(connection, arguments.record, kind, controller)
        sys.stdout.write(f"{kind} {arguments.record} can be read now by:\n")
        sys.stdout.writelines(f"  {line}\n" for line in _readers(connection, circles, barred))
        sys.stdout.writelines(f"  barred: {name}\n" for (name,) in connection.execute(BARRED, [barred]))
    return 0


def _readers(connection: Connection[Any], circles: list[int], barred: list[int]) -> Iterator[str]:
    for name, title, circle, organisation, role, since in connection.execute(READERS, [circles, barred]):
        day = london_day(since)
        yield f"{title} {name}".strip() + f": circle {circle} of {organisation}, as {role}, since {day}"


def _log(connection: Connection[Any], record: UUID, kind: str, controller: int) -> None:
    """Nobody is signed in at a command line, so the entry has no person."""
    entry = {"operation": Operation.CONSULTATION, "kind": kind, "controller": controller, "records": [str(record)]}
    connection.execute("select audit_note('command:who-can-see', 0, %s)", [json.dumps([entry])])
