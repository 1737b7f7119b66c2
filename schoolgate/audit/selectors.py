"""The only door to the log's entries and its health. The policies show an entry to its data protection officers."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Q

from schoolgate.audit.models import AccessEntry


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


@dataclass(frozen=True)
class LogQuery:
    """Which entries: everything that is given must hold. record: a record's id, or a child's."""

    people: tuple[int, ...] | None = None
    kind: str = ""
    record: UUID | None = None
    operation: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the log, newest first."""

    at: dt.datetime
    id: UUID


@dataclass(frozen=True)
class Entry:
    """One entry: who did what with which records, by kind and id only, for which controllers, and who was told."""

    at: dt.datetime
    id: UUID
    person: int | None
    operation: str
    kind: str
    controller: int
    records: list[str]
    on_behalf_of: list[int] = field(default_factory=list)
    subjects: list[UUID] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    page: str = ""
    reason: str = ""
    refused: int = 0


COLUMNS = (
    "at", "id", "person", "operation", "kind", "controller", "records", "on_behalf_of", "subjects", "recipients",
    "page", "reason", "refused",
)  # fmt: skip


def access_entries(query: LogQuery, *, before: Place | None, most: int) -> list[Entry]:
    """The newest entries of the access log that the viewer may see and the query asks for."""
    rows = AccessEntry.objects.filter(_asked(query), *_before(before)).order_by("-at", "-id")
    return [
        Entry(**row | {"records": [str(record) for record in row["records"]]}) for row in rows.values(*COLUMNS)[:most]
    ]


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


def _asked(query: LogQuery) -> Q:
    asked = Q()
    if query.people is not None:
        asked &= Q(person__in=query.people)
    if query.record:
        asked &= Q(records__overlap=[query.record]) | Q(subjects__overlap=[query.record])
    given = {"kind": query.kind, "operation": query.operation, "at__gte": query.since, "at__lt": query.until}
    return asked & Q(**{name: value for name, value in given.items() if value})


def _before(place: Place | None) -> list[Q]:
    if place is None:
        return []
    return [Q(at__lt=place.at) | Q(at=place.at, id__lt=place.id)]
