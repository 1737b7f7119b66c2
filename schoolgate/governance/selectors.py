"""What oversight reads: the log with names of people, who reads a record, and emergency access."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.http import Http404

from schoolgate.access.models import CircleKind, EmergencyAccess
from schoolgate.access.permissions import require
from schoolgate.access.selectors import Reader, readers
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note, note_reads
from schoolgate.audit.selectors import Declared, LogHealth, declared_restores, log_health
from schoolgate.directory.selectors import PersonCard, names, open_schools_of_forces_of, people, people_called
from schoolgate.governance.policies import may_read_log, may_take_emergency_access

DOWNLOAD = "CSV: "  # how the reason begins under which a download of the log is itself logged
LOG = "audit.access"  # the kind under which reading the log is itself logged
PAGE = 50
LONGEST_FILE = 50_000
ENTRIES = """
select at, id, person, operation, kind, controller, records, on_behalf_of, subjects, recipients, page, reason, refused
from governance_log(%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class TooManyEntries(Exception):
    """More entries than one file holds."""


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
    on_behalf_of: list[int]
    subjects: list[UUID]
    recipients: list[int]
    page: str
    reason: str
    refused: int


@dataclass(frozen=True)
class LogPage:
    """Entries, newest first, with the people and organisations that they name.

    older: where the next page begins. record: the one that was asked for, if the viewer may know who reads it.
    """

    entries: list[Entry]
    people: dict[int, PersonCard]
    organisations: dict[int, str]
    older: Place | None = None
    record: UUID | None = None


@dataclass(frozen=True)
class WhoReads:
    """Who can read a record now, and who is barred from it."""

    record: UUID
    kind: str
    readers: list[Reader]
    barred: list[PersonCard]
    organisations: dict[int, str]


@dataclass(frozen=True)
class ChildFound:
    """A record of a child: its id, which organisation holds it, since when."""

    id: UUID
    holder: str
    made_at: dt.datetime


@dataclass(frozen=True)
class EmergencyCard:
    """One taking of emergency access."""

    id: UUID
    person: PersonCard
    kind: CircleKind
    holder: int
    school: str
    since: dt.datetime
    until: dt.datetime
    reason: str


@dataclass(frozen=True)
class NearCircle:
    """A circle of a school that somebody stands next to."""

    kind: CircleKind
    school: int
    name: str


def people_asked(words: str) -> tuple[int, ...] | None:
    """The people whom a name in the filter means; None when no name was typed."""
    return tuple(people_called(words)) if words else None


def log_page(viewer: Viewer, query: LogQuery, *, before: Place | None = None) -> LogPage:
    """Fifty entries of the log. Reading it is logged too. Raises PermissionDenied for all but DPOs."""
    require(may_read_log, viewer)
    found = _entries(query, before, PAGE + 1)
    entries = found[:PAGE]
    for controller in viewer.organisations("dpo"):
        note(Operation.CONSULTATION, LOG, [], controller=controller)
    older = Place(entries[-1].at, entries[-1].id) if len(found) > PAGE else None
    may_ask = query.record is not None and _record(query.record) is not None
    return replace(_named(entries), older=older, record=query.record if may_ask else None)


def log_file(viewer: Viewer, query: LogQuery) -> LogPage:
    """Every entry that is asked for, to be copied out; noted as a disclosure to whoever asks.

    Raises PermissionDenied for all but DPOs; TooManyEntries above 50,000.
    """
    require(may_read_log, viewer)
    entries = _entries(query, None, LONGEST_FILE + 1)
    if len(entries) > LONGEST_FILE:
        raise TooManyEntries
    for controller in viewer.organisations("dpo"):
        reason = f"{DOWNLOAD}{len(entries)}"
        note(Operation.DISCLOSURE, LOG, [], controller=controller, recipients=_just(viewer.person), reason=reason)
    return _named(entries)


def log_state(viewer: Viewer) -> tuple[LogHealth, list[Declared]]:
    """How the log is sealed, and the restores that were declared. Raises PermissionDenied for all but DPOs."""
    require(may_read_log, viewer)
    return log_health(), declared_restores()


def children_called(name: str) -> list[ChildFound]:
    """The records of children of that name, or part of it, whose controller's data protection officer asks; at most 50.

    Their ids and holders, for a request for access (UK GDPR art.15); what they say stays with their holders.
    """
    with connection.cursor() as cursor:
        cursor.execute("select id, holder, controller, made_at from governance_children(%s)", [name])
        rows = cursor.fetchall()
    for controller in {row[2] for row in rows}:
        found = [row[0] for row in rows if row[2] == controller]
        note(Operation.CONSULTATION, "children.child", found, controller=controller, subjects=found)
    called = names(row[1] for row in rows)
    return [ChildFound(child, called[holder], made_at) for child, holder, _controller, made_at in rows]


def who_reads(record: UUID) -> WhoReads:
    """Who can read a record: for those who read it themselves, and for its controller's DPO.

    Raises Http404 for everybody else, and for the barred.
    """
    row = _record(record)
    if row is None:
        raise Http404
    kind, controller, circles, barred = row
    note(Operation.CONSULTATION, kind, [record], controller=controller, barred=barred)
    found = readers(circles, barred)
    return WhoReads(record, kind, found, list(people(barred).values()), names(reader.organisation for reader in found))


def emergencies(*, at: dt.datetime) -> list[EmergencyCard]:
    """The emergency access, now or in the last 28 days, that the viewer may know of; the newest first."""
    since = at - dt.timedelta(days=28)
    rows = list(EmergencyAccess.objects.filter(made_at__gte=since).order_by("-made_at"))
    note_reads("access.emergencyaccess", rows)
    return _cards(rows)


def emergency(taken: UUID) -> EmergencyCard:
    """One taking of emergency access. Raises Http404."""
    rows = list(EmergencyAccess.objects.filter(pk=taken))
    if not rows:
        raise Http404
    note_reads("access.emergencyaccess", rows)
    return _cards(rows)[0]


def circles_near(viewer: Viewer) -> list[NearCircle]:
    """The circles that the viewer may join in an emergency, by school. Raises PermissionDenied for outsiders."""
    require(may_take_emergency_access, viewer)
    schools = open_schools_of_forces_of(viewer.organisations("team"))
    own = names(viewer.organisations("staff"))
    near = [NearCircle(CircleKind.PARTNERSHIP, school, name) for school, name in schools]
    near += [NearCircle(CircleKind.SCHOOL, school, name) for school, name in own.items()]
    return [circle for circle in near if circle.school not in viewer.organisations(circle.kind)]


def _entries(query: LogQuery, before: Place | None, most: int) -> list[Entry]:
    """What was read and told, and what was changed, the newest first."""
    asked = [
        None if query.people is None else list(query.people),
        query.kind or None,
        query.record,
        query.operation or None,
        query.since,
        query.until,
        before.at if before else None,
        before.id if before else None,
        most,
    ]
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, asked)
        return [Entry(*row) for row in cursor.fetchall()]


def _record(record: UUID) -> tuple[str, int, list[int], list[int]] | None:
    """A record's kind, controller, circles and bars, for somebody who may know who reads it."""
    with connection.cursor() as cursor:
        cursor.execute("select kind, controller, circles, barred from governance_record(%s)", [record])
        found: tuple[str, int, list[int], list[int]] | None = cursor.fetchone()
    return found


def _named(entries: list[Entry]) -> LogPage:
    persons = {person for entry in entries for person in [entry.person, *entry.recipients] if person}
    bodies = {body for entry in entries for body in [entry.controller, *entry.on_behalf_of] if body}
    return LogPage(entries, people(persons), names(bodies))


def _just(person: int | None) -> list[int]:
    return [] if person is None else [person]


def _cards(rows: Iterable[EmergencyAccess]) -> list[EmergencyCard]:
    rows = list(rows)
    persons, schools = people(row.made_by for row in rows), names(row.holder for row in rows)
    return [
        EmergencyCard(
            row.pk,
            persons[row.made_by],
            CircleKind(row.kind),
            row.holder,
            schools[row.holder],
            row.made_at,
            row.until,
            row.reason,
        )
        for row in rows
    ]
