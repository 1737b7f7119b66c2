"""The school's page: who has a part in its partnership, what was agreed, what happened. It names no child."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.core.clock import LONDON, london_day
from schoolgate.deployment.models import Absence, AssignmentKind
from schoolgate.deployment.selectors.serving import PostingSpan, Shift, shifts_of
from schoolgate.directory.calendars import SchoolCalendar
from schoolgate.directory.models import Person, Role
from schoolgate.directory.selectors import ForceCard, PersonCard, SchoolCard, school_card
from schoolgate.partnership.models import (
    AgreementKind,
    AgreementStep,
    BriefingPage,
    Involvement,
    PartnershipState,
    StepKind,
)
from schoolgate.partnership.policies import is_of_school
from schoolgate.partnership.selectors.agreements import Standing
from schoolgate.partnership.selectors.awareness import Share, digest_of
from schoolgate.partnership.selectors.people import SPOC_LINE, Appointed
from schoolgate.partnership.selectors.standing import Leading, forces_overseen, leading, state_of

# What happens to an agreement and is of no weight for the partnership's history.
SMALL_STEPS = (StepKind.READ, StepKind.REMINDED)
LEADERS = (Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
_WHO = Person.objects.filter(pk=OuterRef("made_by"))
MAKER = {"maker_title": Subquery(_WHO.values("title")), "maker_name": Subquery(_WHO.values("name"))}


@dataclass(frozen=True)
class OfficerHere:
    """An officer of the school: usual hours, the next visit by what was agreed, and when next on duty."""

    posting: PostingSpan
    hours: tuple[Shift, ...]
    visit: dt.datetime | None
    duty: dt.datetime | None
    has_picture: bool

    @property
    def card(self) -> PersonCard:
        """Name and contact."""
        return self.posting.officer


@dataclass(frozen=True)
class AgreedInvolvement:
    """How school and officers agreed to work together; who wrote it down, and when."""

    visit_days: tuple[int, ...]
    visits: str
    in_school_time: str
    room: str
    storage: str
    access_card: str
    by: str
    made_at: dt.datetime


@dataclass(frozen=True)
class SchoolStep:
    """One thing that happened to one of the school's documents."""

    document: AgreementKind
    kind: StepKind
    by: str
    made_at: dt.datetime


@dataclass(frozen=True)
class SchoolPage:
    """Everything on the school's page.

    inside: whether the viewer reads what the two sides agreed, not only states. has_read: whether they themselves
    have read the briefing.
    """

    inside: bool
    has_read: bool
    school: SchoolCard
    force: ForceCard | None
    officers: tuple[OfficerHere, ...]
    sergeants: tuple[PersonCard, ...]
    leaders: tuple[PersonCard, ...]
    holiday_contact: PersonCard | None
    standings: tuple[Standing, ...]
    involvement: AgreedInvolvement | None
    awareness: dict[str, Share]
    steps: tuple[SchoolStep, ...]
    spocs: tuple[Appointed, ...]
    postings: tuple[PostingSpan, ...]
    on: dt.date

    @property
    def documents(self) -> Leading:
        """The agreement of each kind that counts."""
        return leading(self.standings)

    @property
    def state(self) -> PartnershipState:
        """How the partnership stands."""
        return state_of(self.documents, has_officer=bool(self.officers))

    def who(self, *roles: Role) -> list[PersonCard]:
        """The school's people who hold one of these roles."""
        return [person for person in self.leaders if person.role in roles]

    def spoc_line(self, role: Role) -> list[Appointed]:
        """The SPOC, or the deputies, of today."""
        return [one for one in self.spocs if one.role == role and one.holds(self.on)]


def school_page(viewer: Viewer, school: int, *, at: dt.datetime) -> SchoolPage:
    """The page of one school. Raises Http404 for outsiders."""
    on, card = london_day(at), school_card(school)
    inside = is_of_school(viewer, school)
    if not inside and card.force not in forces_overseen(viewer):
        raise Http404
    found, agreed = _found(school, on), involvement(school)
    postings = [_posting(*row) for row in found["postings"]]
    posted = [posting for posting in postings if posting.until is None or posting.until >= on]
    roles = [_held(*row) for row in found["roles"]]
    force = ForceCard(*found["force"]) if found["force"] else None
    contact = found["holiday_contact"]
    return SchoolPage(
        inside=inside,
        has_read=found["has_read"],
        school=card,
        force=force,
        officers=tuple(_officers(posted, found, agreed, card.calendar, at)),
        sergeants=tuple(person for one, person in roles if one.role == Role.SERGEANT and one.holds(on)),
        leaders=tuple(person for one, person in roles if one.role in LEADERS and one.holds(on)),
        holiday_contact=PersonCard(*contact) if contact else None,
        standings=tuple(_stands(school, *row) for row in found["standings"]),
        involvement=agreed,
        awareness={role: Share("", staff, aware) for role, staff, aware in found["awareness"]},
        steps=tuple(_steps(school)),
        spocs=tuple(sorted((one for one, _person in roles if one.role in SPOC_LINE), key=_latest_first)),
        postings=tuple(postings),
        on=on,
    )


def _found(school: int, on: dt.date) -> dict[str, Any]:
    """All that the page shows of registers, states and counts; each part a list of rows, where there are any."""
    query = "select partnership_school_page(%s, %s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [school, on, BriefingPage.SSP, digest_of(BriefingPage.SSP)])
        found = cursor.fetchone()[0]
    rows: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    single = ("force", "holiday_contact", "has_read")
    return {name: part if name in single else part or [] for name, part in rows.items()}


def _posting(officer: list[Any], kind: str, team: int, since: str, until: str | None) -> PostingSpan:
    return PostingSpan(PersonCard(*officer), AssignmentKind(kind), team, _day(since), _day(until) if until else None)


def _held(
    who: list[Any], role: str, organisation: int, since: str, until: str | None, membership: int
) -> tuple[Appointed, PersonCard]:
    """A role from when until when, and who holds it."""
    person = replace(PersonCard(*who), role=role, organisation=organisation)
    end = _day(until) if until else None
    return Appointed(membership, person.id, person.called, Role(role), _day(since), end), person


def _latest_first(one: Appointed) -> tuple[int, int]:
    return -one.since.toordinal(), -one.membership


def _stands(school: int, agreement: str, kind: str, since: str, until: str, state: str) -> Standing:
    return Standing(UUID(agreement), school, AgreementKind(kind), _day(since), _day(until), state)


_day = dt.date.fromisoformat


def _officers(
    postings: Iterable[PostingSpan],
    found: dict[str, Any],
    agreed: AgreedInvolvement | None,
    calendar: SchoolCalendar,
    at: dt.datetime,
) -> Iterator[OfficerHere]:
    """Those whom the school turns to first on top."""
    days = agreed.visit_days if agreed else ()
    for posting in sorted(postings, key=PostingSpan.turn):
        officer = posting.officer.id
        hours = tuple(
            Shift(weekday, dt.time.fromisoformat(starts), dt.time.fromisoformat(ends))
            for who, weekday, starts, ends in found["hours"]
            if who == officer
        )
        away = [
            Absence(first_day=_day(first), last_day=_day(last))
            for who, first, last in found["absences"]
            if who == officer
        ]
        ahead = list(shifts_of(hours, away, at.astimezone(LONDON)))
        visit = next((shift for shift in ahead if _is_visit(shift.astimezone(LONDON), days, calendar)), None)
        yield OfficerHere(posting, hours, visit, next(iter(ahead), None), officer in found["pictured"])


def _is_visit(shift: dt.datetime, days: Iterable[int], calendar: SchoolCalendar) -> bool:
    """Whether an officer who comes on duty then visits by what was agreed: a school day, before the school closes."""
    in_time = shift.time() < calendar.hours.closes
    return shift.weekday() in days and in_time and calendar.has_school_on(shift.date())


def involvement(school: int) -> AgreedInvolvement | None:
    """What was agreed last, for whoever reads it."""
    row = Involvement.objects.filter(holder=school).annotate(**MAKER).order_by("-made_at", "-id").first()
    if row is None:
        return None
    note_reads("partnership.involvement", [row])
    plain = ("visits", "in_school_time", "room", "storage", "access_card", "made_at")
    return AgreedInvolvement(
        visit_days=tuple(row.visit_days),
        by=_maker(row),
        **{name: getattr(row, name) for name in plain},
    )


def _maker(row: Any) -> str:
    """Title and name of whoever made a row that was asked for with MAKER."""
    return f"{row.maker_title or ''} {row.maker_name or ''}".strip()


def _steps(school: int) -> Iterator[SchoolStep]:
    found = AgreementStep.objects.filter(holder=school).exclude(kind__in=SMALL_STEPS).order_by("-made_at")
    rows = list(found.annotate(document=F("agreement__kind"), **MAKER))
    note_reads("partnership.agreementstep", rows)
    for row in rows:
        yield SchoolStep(AgreementKind(row.document), StepKind(row.kind), row.signer_name or _maker(row), row.made_at)
