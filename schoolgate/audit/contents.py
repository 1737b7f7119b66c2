"""Compares the history's content with its keyed digest; content that is gone needs an erasure in the log."""

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any, NamedTuple

from psycopg import Connection

from schoolgate.audit.report import Report

ERASURES = """
select kind, record::text, at, person, reason
from audit_access, unnest(records) as record where operation = 'erasure'
"""
NOTHING = b"\\N"
KIND, RECORD, DIGEST = 6, 7, 12  # places among the sealed columns of a change
PREFIX = 3  # a bytea's figures follow \\x, its backslash doubled in a copied line


class Erasure(NamedTuple):
    """When a record's content was disposed of, by whom, under which rule."""

    at: dt.datetime
    person: int | None
    rule: str


class Contents:
    """Is given every change; tells at the end."""

    def __init__(self, connection: Connection[Any], report: Report) -> None:
        self.report = report
        rows = connection.execute(ERASURES).fetchall()
        self._erasures = {(kind, record): Erasure(*rest) for kind, record, *rest in rows}
        self._disposed: set[tuple[str, str]] = set()

    def check(self, sealed: bytes, content: bytes, key: bytes) -> None:
        """Take a change's sealed line, its content and its key, as copied out."""
        columns = sealed.split(b"\t")
        if content == NOTHING:
            self._disposed.add((columns[KIND].decode(), columns[RECORD].decode()))
        elif key == NOTHING or keyed_digest(key, content) != bytes.fromhex(columns[DIGEST][PREFIX:].decode()):
            self.report.wrong.append(f"Row {columns[2].decode()} of audit_change: its content is not what was sealed.")

    def tell(self) -> None:
        """Note what was disposed of, and under which rule; content that is simply gone is wrong."""
        by_erasure: dict[tuple[str, dt.date, int | None, str], int] = defaultdict(int)
        for kind, record in sorted(self._disposed):
            erasure = self._erasures.get((kind, record))
            if erasure is None:
                self.report.wrong.append(f"The content of {kind} {record} is gone, and no erasure of it is in the log.")
            else:
                by_erasure[kind, erasure.at.date(), erasure.person, erasure.rule] += 1
        for (kind, day, person, rule), count in sorted(by_erasure.items(), key=str):
            self.report.noted.append(
                f"{kind}: {count:,} disposed on {day}, by person {person}, under the rule “{rule}”."
            )


def keyed_digest(key: bytes, content: bytes) -> bytes:
    """What audit_keyed_digest gives, computed apart from the database. Both are given in hexadecimal figures."""
    raw = bytes.fromhex(key.decode())
    return hashlib.sha256(raw + hashlib.sha256(raw + bytes.fromhex(content.decode())).digest()).digest()
