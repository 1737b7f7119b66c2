"""Walks the rows of the log in the order in which they were sealed, beside their seals."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from psycopg import Connection, sql

from schoolgate.audit.report import Report
from schoolgate.audit.seals import ACCESS_COLUMNS, CHANGE_COLUMNS, SHORT, Seal, contents_from

ACCESS = sql.SQL("copy (select {} from audit_access order by epoch, xid, id) to stdout").format(sql.SQL(ACCESS_COLUMNS))
# After the sealed columns come the content and its key, for whoever checks the one against the other.
CHANGES = sql.SQL(
    "copy (select {}, encode(convert_to(content::text, 'UTF8'), 'hex'), encode(key, 'hex')"
    " from audit_change left join audit_key using (kind, record) order by epoch, xid, id) to stdout"
).format(sql.SQL(CHANGE_COLUMNS))
# A transaction keeps the time at which it began: one that was open when a seal was made is told as that much earlier.
LONGEST_TRANSACTION = dt.timedelta(minutes=10)
MOST_LINES = 20  # told of one seal; a rewritten table would tell thousands


class Row(NamedTuple):
    """A line of the log as it stands now."""

    epoch: int
    xid: int
    id: str
    at: dt.datetime
    digest: bytes


def read_access(connection: Connection[Any]) -> Iterator[Row]:
    """Every row of audit_access."""
    with connection.cursor() as cursor, cursor.copy(ACCESS) as copy:
        for line in copy:
            yield _row(bytes(line))


def read_changes(connection: Connection[Any], check: Callable[[bytes, bytes, bytes], None]) -> Iterator[Row]:
    """Every row of audit_change; `check` is given its sealed line, its content and its key."""
    with connection.cursor() as cursor, cursor.copy(CHANGES) as copy:
        for line in copy:
            sealed, content, key = bytes(line).rstrip(b"\n").rsplit(b"\t", 2)
            check(sealed, content, key)
            yield _row(sealed + b"\n")


def _row(line: bytes) -> Row:
    epoch, xid, row_id, at, _rest = line.split(b"\t", 4)
    moment = dt.datetime.fromisoformat(at.decode())
    return Row(int(epoch), int(xid), row_id.decode(), moment, hashlib.sha256(line).digest())


class Table:
    """One table's rows, taken seal by seal."""

    def __init__(self, name: str, rows: Iterator[Row]) -> None:
        self.name = name
        self._rows = rows
        self._next = next(rows, None)

    def before(self, epoch: int, xid: int) -> list[Row]:
        """The rows not yet taken that lie before a transaction."""
        taken = []
        while self._next and self._next[:2] < (epoch, xid):
            taken.append(self._next)
            self._next = next(self._rows, None)
        return taken

    def rest(self) -> Iterator[Row]:
        """The rows not yet taken."""
        while self._next:
            yield self._next
            self._next = next(self._rows, None)


class Walk:
    """Compares each seal with its rows."""

    def __init__(self, report: Report, access: Iterator[Row], changes: Iterator[Row]) -> None:
        self.report = report
        self.access = Table("audit_access", access)
        self.changes = Table("audit_change", changes)
        self._last: Seal | None = None

    def under(self, seal: Seal) -> None:
        """Compare the rows that lie under a seal with its digests."""
        access = self.access.before(seal.epoch, seal.to_xid)
        changes = self.changes.before(seal.epoch, seal.to_xid)
        found = contents_from([row.digest for row in access], [row.digest for row in changes])
        self.report.rows += len(access) + len(changes)
        sealed = (seal.access_rows, seal.change_rows, seal.digest)
        if (found.access_rows, found.change_rows, found.digest) != sealed:
            self._explain(seal, access, changes)
        late = self._written_later(self.access, access, until=seal.sealed_at)
        self.report.wrong += _few([*late, *self._written_later(self.changes, changes, until=seal.sealed_at)])
        self._last = seal

    def after(self, epoch: int, next_xid: int) -> None:
        """Count the rows that no seal covers yet; none of them may come from a time that has not been."""
        late: list[str] = []
        for table in (self.access, self.changes):
            for row in table.rest():
                self.report.rows += 1
                self.report.unsealed += 1
                late += self._written_later(table, [row])
                if row.epoch > epoch or (row.epoch == epoch and row.xid >= next_xid):
                    self.report.wrong.append(f"Row {row.id} of {table.name} is from a transaction that never was.")
        self.report.wrong += _few(late)

    def _written_later(self, table: Table, rows: list[Row], until: dt.datetime | None = None) -> Iterator[str]:
        """A row is no older than the seal before it, nor younger than its own: else it was written in later."""
        for row in rows:
            since = self._last.sealed_at if self._last and self._last.epoch == row.epoch else row.at
            if row.at < since - LONGEST_TRANSACTION or row.at > (until or row.at) + LONGEST_TRANSACTION:
                yield f"Row {row.id} of {table.name} tells of {row.at:%Y-%m-%d %H:%M:%S %Z}, but was written later."

    def _explain(self, seal: Seal, access: list[Row], changes: list[Row]) -> None:
        split = seal.access_rows * SHORT
        lines = [
            *_differences(self.access.name, access, seal.row_digests[:split]),
            *_differences(self.changes.name, changes, seal.row_digests[split:]),
        ]
        lines = lines or ["its digest is not that of its rows."]
        self.report.wrong += [f"Seal {seal.n}: {line}" for line in _few(lines)]


def _few(lines: list[str]) -> list[str]:
    """The first of many lines, and how many there are besides."""
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], f"{len(lines) - MOST_LINES:,} more like these."]


def _differences(table: str, rows: list[Row], sealed: bytes) -> Iterable[str]:
    """Say of a table's rows under one seal which were changed, slipped in or lost."""
    digests = [sealed[at : at + SHORT] for at in range(0, len(sealed), SHORT)]
    strange = _surplus([(row.digest[:SHORT], row.id) for row in rows], digests)
    lost = _surplus([(digest, str(place)) for place, digest in enumerate(digests, 1)], [r.digest[:SHORT] for r in rows])
    changed = min(len(strange), len(lost))
    yield from (f"row {row} of {table} was changed." for row in strange[:changed])
    yield from (f"row {row} of {table} was slipped in." for row in strange[changed:])
    yield from (f"row {place} of {len(digests)} of {table} is missing." for place in lost[changed:])


def _surplus(have: list[tuple[bytes, str]], wanted: list[bytes]) -> list[str]:
    """The names of those whose digest is not wanted, or not so often."""
    left = Counter(wanted)
    over = []
    for digest, name in have:
        if left[digest]:
            left[digest] -= 1
        else:
            over.append(name)
    return over
