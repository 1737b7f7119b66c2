"""The school's page: who has a part in its partnership, what was agreed, what happened. It names no child."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.core.clock import LONDON, london_day
from schoolgate.deployment.selectors import (
    PostingSpan,
    Shift,
    postings_of,
    sergeants_of_teams,
    shifts_from,
    usual_hours,
)
from schoolgate.directory.calendars import SchoolCalendar
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import (
    ForceCard,
    PersonCard,
    SchoolCard,
    force_card,
    people,
    people_with,
    school_card,
)
from schoolgate.partnership.models import (
    AgreementKind,
    AgreementStep,
    BriefingPage,
    Involvement,
    OfficerPicture,
    PartnershipState,
    StepKind,
)
from schoolgate.partnership.policies import is_of_school
from schoolgate.partnership.selectors.agreements import Standing, standings
from schoolgate.partnership.selectors.awareness import Share, awareness_of, read_by
from schoolgate.partnership.selectors.people import Appointed, appointed
from schoolgate.partnership.selectors.standing import Leading, forces_overseen, leading, state_of

# What happens to an agreement and is of no weight for the partnership's history.
SMALL_STEPS = (StepKind.READ, StepKind.REMINDED)


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
    postings, agreed = postings_of(school, until=on), involvement(school)
    posted = [posting for posting in postings if posting.until is None or posting.until >= on]
    return SchoolPage(
        inside=inside,
        has_read=BriefingPage.SSP in read_by(viewer, school),
        school=card,
        force=force_card(card.force) if card.force else None,
        officers=tuple(_officers(posted, agreed, card.calendar, at)),
        sergeants=tuple(sergeants_of_teams((posting.team for posting in posted), on=on)),
        leaders=tuple(people_with(school, Role.HEAD, Role.DSL, Role.DEPUTY_DSL, on=on)),
        holiday_contact=_person(card.holiday_contact),
        standings=tuple(standings(school, on=on)),
        involvement=agreed,
        awareness=awareness_of(school, on=on),
        steps=tuple(_steps(school)),
        spocs=tuple(appointed(school)),
        postings=tuple(postings),
        on=on,
    )


def _officers(
    postings: Iterable[PostingSpan], agreed: AgreedInvolvement | None, calendar: SchoolCalendar, at: dt.datetime
) -> Iterator[OfficerHere]:
    """Those whom the school turns to first on top."""
    hours = usual_hours(posting.officer.id for posting in postings)
    shifts = shifts_from(hours, at)
    days = agreed.visit_days if agreed else ()
    pictured = set(OfficerPicture.objects.filter(officer__in=hours).values_list("officer", flat=True))
    for posting in sorted(postings, key=PostingSpan.turn):
        ahead = list(shifts[posting.officer.id])
        visit = next((shift for shift in ahead if _is_visit(shift.astimezone(LONDON), days, calendar)), None)
        own_hours, seen = tuple(hours[posting.officer.id]), posting.officer.id in pictured
        yield OfficerHere(posting, own_hours, visit, next(iter(ahead), None), seen)


def _is_visit(shift: dt.datetime, days: Iterable[int], calendar: SchoolCalendar) -> bool:
    """Whether an officer who comes on duty then visits by what was agreed: a school day, before the school closes."""
    in_time = shift.time() < calendar.hours.closes
    return shift.weekday() in days and in_time and calendar.has_school_on(shift.date())


def involvement(school: int) -> AgreedInvolvement | None:
    """What was agreed last, for whoever reads it."""
    row = Involvement.objects.filter(holder=school).order_by("-made_at", "-id").first()
    if row is None:
        return None
    note_reads("partnership.involvement", [row])
    plain = ("visits", "in_school_time", "room", "storage", "access_card", "made_at")
    by = _person(row.made_by)
    return AgreedInvolvement(
        visit_days=tuple(row.visit_days),
        by=by.called if by else "",
        **{name: getattr(row, name) for name in plain},
    )


def _person(person: int | None) -> PersonCard | None:
    return people([person]).get(person) if person else None


def _steps(school: int) -> Iterator[SchoolStep]:
    found = AgreementStep.objects.filter(holder=school).exclude(kind__in=SMALL_STEPS).order_by("-made_at")
    rows = list(found.select_related("agreement").defer("agreement__body", "agreement__summary"))
    note_reads("partnership.agreementstep", rows)
    who = people({row.made_by for row in rows if not row.signer_name})
    for row in rows:
        by = row.signer_name or who[row.made_by].called
        yield SchoolStep(AgreementKind(row.agreement.kind), StepKind(row.kind), by, row.made_at)
