"""How the log is, told without any entry of it. Its entries are read through oversight (see governance)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class LogHealth:
    """The last seal, the oldest entry that waits for one, and whether the partitions will do."""

    seals: int
    head: str
    sealed_at: dt.datetime | None
    oldest_unsealed: dt.datetime | None
    partitions_until: dt.date
    outside: bool


@dataclass(frozen=True)
class Declared:
    """An epoch of the log after its first: when the database was restored or copied, and what was said of it."""

    epoch: int
    at: dt.datetime
    reason: str


def log_health() -> LogHealth:
    """How the log is, told without any entry of it; any role may ask."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(n, 0), coalesce(encode(head, 'hex'), ''), sealed_at, oldest_unsealed,"
            " partitions_until, outside from audit_health()"
        )
        return LogHealth(*cursor.fetchone())


def declared_restores() -> list[Declared]:
    """Every epoch after the first, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute("select epoch, raised_at, reason from audit_epoch where epoch > 1 order by epoch desc")
        return [Declared(*row) for row in cursor.fetchall()]
