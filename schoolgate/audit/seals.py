"""What a seal is: a stretch of the log, its digests, the seal before it and a signature.

A row is sealed as the line in which PostgreSQL copies it out, with the columns and settings named here,
so that anybody with psql and sha256sum can check a seal without this program.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, sql
from psycopg.rows import class_row

# The same text wherever it is copied out.
SESSION = "-c TimeZone=UTC -c DateStyle=ISO,YMD -c bytea_output=hex -c client_encoding=UTF8"
END = 2**63 - 1  # above every transaction id: where the ranges of a closed epoch end
SHORT = 8  # bytes of each row's digest that a seal keeps, to say later which row is wrong

ACCESS_COLUMNS: LiteralString = (
    "epoch, xid, id, at, person, operation, kind, controller, on_behalf_of, records, subjects, recipients,"
    " page, reason, refused, circles, barred"
)
# All but the content, which may be disposed of: its keyed digest is sealed in its place.
CHANGE_COLUMNS: LiteralString = (
    "epoch, xid, id, at, person, operation, kind, record, holder, controller, circles, barred, digest"
)
STRETCH: LiteralString = (
    "copy (select {columns} from {table} where epoch = {epoch} and xid >= {from_xid} and xid < {to_xid}"
    " order by xid, id) to stdout"
)


@dataclass(frozen=True)
class Epoch:
    """The life of the log in one database; each restore begins another."""

    epoch: int
    cluster: str
    reason: str
    raised_at: dt.datetime
    signature: bytes | None

    @property
    def statement(self) -> bytes:
        """What the keyholder signs."""
        when = self.raised_at.astimezone(dt.UTC).isoformat()
        return f"schoolgate epoch\n{self.epoch}\n{self.cluster}\n{self.reason}\n{when}".encode()


@dataclass(frozen=True)
class Stretch:
    """Transactions of one epoch, the last one excluded."""

    epoch: int
    from_xid: int
    to_xid: int


@dataclass(frozen=True)
class Contents:
    """The digests of a stretch's rows: those of audit_access first, then those of audit_change."""

    access_rows: int
    change_rows: int
    row_digests: bytes
    digest: bytes


@dataclass(frozen=True)
class Seal:
    """One row of audit_seal."""

    n: int
    epoch: int
    from_xid: int
    to_xid: int
    access_rows: int
    change_rows: int
    row_digests: bytes
    digest: bytes
    previous: bytes
    sealed_at: dt.datetime
    head: bytes
    signature: bytes

    def expected_head(self) -> bytes:
        """The digest of everything in the seal but its signature: what the next seal carries."""
        lines = (
            "schoolgate seal",
            self.n,
            self.epoch,
            self.from_xid,
            self.to_xid,
            self.access_rows,
            self.change_rows,
            hashlib.sha256(self.row_digests).hexdigest(),
            self.digest.hex(),
            self.previous.hex(),
            self.sealed_at.astimezone(dt.UTC).isoformat(),
        )
        return hashlib.sha256("\n".join(map(str, lines)).encode()).digest()


def connect(conninfo: str, **options: Any) -> Connection[Any]:
    """Connect so that rows are copied out as they were sealed."""
    return psycopg.connect(conninfo, options=SESSION, **options)


def contents_of(connection: Connection[Any], stretch: Stretch) -> Contents:
    """Digest the rows of a stretch as they stand now."""
    access = list(_digests(connection, "audit_access", ACCESS_COLUMNS, stretch))
    changes = list(_digests(connection, "audit_change", CHANGE_COLUMNS, stretch))
    return contents_from(access, changes)


def contents_from(access: list[bytes], changes: list[bytes]) -> Contents:
    """Put the digests of single rows together."""
    digests = access + changes
    short = b"".join(digest[:SHORT] for digest in digests)
    return Contents(len(access), len(changes), short, hashlib.sha256(b"".join(digests)).digest())


def _digests(connection: Connection[Any], table: str, columns: LiteralString, stretch: Stretch) -> Iterator[bytes]:
    query = sql.SQL(STRETCH).format(columns=sql.SQL(columns), table=sql.Identifier(table), **asdict(stretch))
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for line in copy:
            yield hashlib.sha256(line).digest()


def epochs(connection: Connection[Any]) -> list[Epoch]:
    """Every epoch, the first one first."""
    with connection.cursor(row_factory=class_row(Epoch)) as cursor:
        query = "select epoch, cluster, reason, raised_at, signature from audit_epoch order by epoch"
        return cursor.execute(query).fetchall()


def last_seal(connection: Connection[Any]) -> Seal | None:
    """The newest seal, if there is one."""
    with connection.cursor(row_factory=class_row(Seal)) as cursor:
        return cursor.execute("select * from audit_seal order by n desc limit 1").fetchone()


def current_cluster(connection: Connection[Any]) -> str:
    """Which database this is."""
    return str(connection.execute("select audit_cluster()").fetchone()[0])  # type: ignore[index]
