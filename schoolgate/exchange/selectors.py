"""The only door to what passes between school and police. Every read is noted for the access log."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.shortcuts import get_object_or_404

from schoolgate.access.permissions import require
from schoolgate.access.selectors import Reader, readers
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.children.models import Child
from schoolgate.children.selectors import ChildCard, card_of, children_named_like
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.protected import Protected
from schoolgate.core.rows import fetched, rows_of
from schoolgate.core.sequences import each_once
from schoolgate.deployment.selectors.serving import Posting, duties, officers_of, sergeants_of_teams
from schoolgate.directory.calendars import next_school_time
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import (
    PersonCard,
    SchoolCard,
    name_of,
    names,
    people,
    people_with,
    school_card,
)
from schoolgate.exchange.models import (
    OPEN,
    Answer,
    Category,
    CrimeReport,
    Enquiry,
    EnquiryPassed,
    Footing,
    LegalBasis,
    Share,
    ShareStatus,
    ShareStep,
    Side,
    StepKind,
    SubjectCategory,
    Urgency,
)
from schoolgate.exchange.policies import may_act_for_police, may_edit_law, may_write, side_of
from schoolgate.partnership.selectors.agreements import AgreementState, agreement_state

PAGE = 50
AT_ONCE = dt.timedelta(hours=1)
# Ranks in seconds, each above any time that stands before it.
OTHERS, CLOSED = 100_000_000_000, 300_000_000_000

Copied = TypeVar("Copied")
Row = TypeVar("Row", bound=Protected)


@dataclass(frozen=True)
class LegalBasisCard:
    """A gateway in law, with the day on which it was last checked."""

    id: int
    text: str
    as_at: dt.date
    suits: tuple[str, ...]


@dataclass(frozen=True)
class RecipientChoice:
    """Somebody whom a share or an enquiry may be addressed to; `duty` is when they are next on duty, if known."""

    person: PersonCard
    why: str
    duty: dt.datetime | None = None
    is_last_resort: bool = False

    def reachable_by(self, due: dt.datetime | None) -> bool:
        """Whether they are on duty before then; the sergeant, who sees to it, always counts."""
        return self.is_last_resort or bool(due and self.duty and self.duty < due)


@dataclass(frozen=True)
class ShareChoices:
    """What one side may choose from when it tells the other something, and what is suggested."""

    school: SchoolCard
    side: Side
    agreement: AgreementState
    bases: tuple[LegalBasisCard, ...]
    recipients: tuple[RecipientChoice, ...]

    @property
    def suggested_recipients(self) -> tuple[int, ...]:
        """The first in line: the school's own officer, or the SPOC."""
        return tuple(choice.person.id for choice in self.recipients[:1])

    def suggested_basis(self, purpose: str) -> int:
        """The first basis on the list that suits the purpose, else the first."""
        suiting = [basis.id for basis in self.bases if purpose in basis.suits]
        return next(iter([*suiting, self.bases[0].id]))


def share_choices(viewer: Viewer, school: int, at: dt.datetime) -> ShareChoices:
    """What this person may choose from when they share about a child of this school.

    Raises Http404 where there is no such school, PermissionDenied for somebody on neither side of it.
    """
    card = school_card(school)
    require(may_write, viewer, school)
    side = side_of(viewer, school) or Side.POLICE
    to = tuple(other_side(viewer, school, at))
    return ShareChoices(card, side, agreement_state(school, on=london_day(at)), legal_bases(card.nation, side), to)


def legal_bases(nation: str, side: Side) -> tuple[LegalBasisCard, ...]:
    """The bases of one nation and side, in their order; a school is never offered those of the police."""
    rows = LegalBasis.objects.filter(nation=nation, side=side, active=True).order_by("position")
    return tuple(LegalBasisCard(row.pk, row.text, row.as_at, tuple(row.suits)) for row in rows)


@dataclass(frozen=True)
class LegalBasisRow:
    """A legal basis as the list of all shows it."""

    id: int
    nation: str
    side: str
    text: str
    source: str
    as_at: dt.date
    active: bool


def legal_basis_rows(viewer: Viewer) -> tuple[LegalBasisRow, ...]:
    """The legal bases of the viewer's side, or for an administrator all, by nation and side, in their order.

    Reference data: reads are not logged.
    """
    sides = {Side.SCHOOL: viewer.organisations("school"), Side.POLICE: viewer.organisations("police")}
    seen = [side for side, schools in sides.items() if schools or may_edit_law(viewer)]
    rows = LegalBasis.objects.filter(side__in=seen).order_by("nation", "side", "position", "id")
    return tuple(_copied(LegalBasisRow, row) for row in rows)


def legal_basis(viewer: Viewer, basis: int) -> LegalBasisRow:
    """One legal basis, for an administrator. Raises Http404, PermissionDenied."""
    row = get_object_or_404(LegalBasis, pk=basis)
    require(may_edit_law, viewer)
    return _copied(LegalBasisRow, row)


def officers_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's officers in the order of turning to them, then their sergeants, each with their next duty."""
    postings = officers_of(school, on=london_day(at))
    duty = duties([posting.officer.id for posting in postings], at)
    officers = [RecipientChoice(p.officer, str(p.kind.label), duty[p.officer.id]) for p in postings]
    sergeants = [
        RecipientChoice(card, str(Role.SERGEANT.label), is_last_resort=True)
        for card in sergeants_of_teams([posting.team for posting in postings], on=london_day(at))
    ]
    return _each_person(officers + sergeants)


def spocs_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's SPOC, then the deputies; the head teacher only where there is neither."""
    for roles in ((Role.SPOC, Role.DEPUTY_SPOC), (Role.HEAD,)):
        cards = people_with(school, *roles, on=london_day(at))
        if cards:
            cards.sort(key=lambda card: roles.index(Role(card.role)))
            return _each_person([RecipientChoice(card, str(Role(card.role).label)) for card in cards])
    return []


def other_side(viewer: Viewer, school: int, at: dt.datetime) -> list[RecipientChoice]:
    """Whom this person may address about a school: its officers, or, for the police, its SPOC."""
    is_school = side_of(viewer, school) == Side.SCHOOL
    return officers_to_tell(school, at) if is_school else spocs_to_tell(school, at)


def due_at(school: int, urgency: str, at: dt.datetime) -> dt.datetime:
    """When somebody must have taken a share up: within the hour, or by the end of the next school day."""
    return at + AT_ONCE if urgency == Urgency.AT_ONCE else end_of_next_school_day(school, at)


def end_of_next_school_day(school: int, at: dt.datetime) -> dt.datetime:
    calendar = school_card(school).calendar
    tomorrow = dt.datetime.combine(london_day(at) + dt.timedelta(days=1), dt.time(), LONDON)
    return dt.datetime.combine(next_school_time(tomorrow, calendar).date(), calendar.hours.closes, LONDON)


def one_more_in_time(
    line: Iterable[RecipientChoice], chosen: Iterable[int], due: dt.datetime | None
) -> RecipientChoice | None:
    """Who gets a share as well: the first who is on duty before it is due, where nobody chosen is."""
    in_time = [choice for choice in line if choice.reachable_by(due)]
    if {choice.person.id for choice in in_time} & set(chosen):
        return None
    return next(iter(in_time), None)


@dataclass(frozen=True)
class InTime:
    """Who gets a share as well, so that it is taken up in time; and whether nobody at all is on duty by then."""

    also: RecipientChoice | None = None
    nobody_on_duty: bool = False


def taken_up_in_time(choices: ShareChoices, chosen: Iterable[int], urgency: str, at: dt.datetime) -> InTime:
    """What becomes of a share that is sent to these people now; the police send to a school, which has no duties."""
    if choices.side == Side.POLICE:
        return InTime()
    due = due_at(choices.school.id, urgency, at)
    on_duty = any(choice.duty and choice.duty < due for choice in choices.recipients)
    return InTime(one_more_in_time(choices.recipients, chosen, due), not on_duty)


def first_in_line(viewer: Viewer, school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The one person on the other side whom a question goes to, if there is one."""
    return other_side(viewer, school, at)[:1]


def schools_to_write_for(viewer: Viewer) -> list[tuple[int, str]]:
    """The schools (id, name) about which this person may tell or ask the other side, by name."""
    own = [school for school in viewer.organisations("partnership") if may_write(viewer, school)]
    return sorted(names(own).items(), key=lambda school: school[1])


def team_of(viewer: Viewer, school: int, at: dt.datetime) -> int | None:
    """The team for which this officer or sergeant serves the school."""
    postings: list[Posting] = officers_of(school, on=london_day(at))
    own = [posting.team for posting in postings if posting.officer.id == viewer.person]
    return next(iter([*own, *(p.team for p in postings if viewer.shares("team", p.team))]), None)


class ShareDue:
    """When the next step of a share is due."""

    status: str
    due_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_late(self, at: dt.datetime) -> bool:
        """Whether its next step was due before then."""
        return self.is_open and self.due_at is not None and self.due_at < at


@dataclass(frozen=True)
class ShareRow(ShareDue):
    """A share as a list shows it."""

    id: UUID
    school_name: str
    child_name: str
    purpose: str
    status: str
    due_at: dt.datetime | None
    made_at: dt.datetime
    awaits_viewer: bool


@dataclass(frozen=True)
class SharePage:
    """One page of shares: what waits for the viewer, then the open, the most overdue on top, then the closed.

    `after` is the key of the next page.
    """

    rows: tuple[ShareRow, ...]
    after: str = ""


@dataclass(frozen=True)
class StepRecord:
    """One thing that happened to a share."""

    kind: StepKind
    words: str
    due_on: dt.date | None
    people: list[int]
    made_by: int
    made_at: dt.datetime


@dataclass(frozen=True)
class ShareRecord(ShareDue):
    """A share in full, with what happened to it, newest first, and who can read it now."""

    id: UUID
    school: int
    school_name: str
    holder: int
    controller: int
    marking: str
    child_id: UUID | None
    child_name: str
    facts: str
    opinion: str
    purpose: str
    place: str
    occurred: str
    basis_id: int
    basis_text: str
    ground: str
    ground_reason: str
    recipients: list[int]
    handling: str
    urgency: str
    child_told_by: str
    child_told_on: dt.date | None
    child_not_told_why: str
    child_view: str
    parent_told_by: str
    parent_told_on: dt.date | None
    parent_not_told_why: str
    parent_view: str
    needs: str
    police_incident: str
    corrects_id: UUID | None
    status: str
    due_at: dt.datetime | None
    school_reference: str
    police_reference: str
    made_by: int
    made_at: dt.datetime
    steps: tuple[StepRecord, ...]
    barred: list[int]
    readers: tuple[Reader, ...]
    people: dict[int, str]
    corrected_by: UUID | None

    @property
    def passed_to(self) -> list[int]:
        """Those to whom it was passed on, in that order."""
        return [person for step in reversed(self.steps) if step.kind == StepKind.PASSED for person in step.people]

    @property
    def sent_by(self) -> Side:
        """The side that told."""
        return Side.SCHOOL if self.holder == self.school else Side.POLICE

    def called(self, person: int) -> str:
        """Title and name of somebody who is named in it."""
        return self.people.get(person, "")


# Whose turn it is, of a share and of an enquiry. Not `exists`: that would first read all steps that the viewer may.
SHARE_IS_MINE = """
(%(me)s = any (exchange_share.recipients) or coalesce((
    select true from exchange_sharestep step
    where step.share_id = exchange_share.id and step.kind = 'passed' and %(me)s = any (step.people) limit 1), false))
"""
ENQUIRY_IS_MINE = """
(%(me)s = any (exchange_enquiry.asked) or coalesce((
    select true from exchange_enquirypassed passed
    where passed.enquiry_id = exchange_enquiry.id and passed.person = %(me)s limit 1), false))
"""
# In SQL: put together by the models, such a page costs a third more.
SHARES = """
select id, controller, barred, child_id, child_name, purpose, status, due_at, made_at,
    (select name from directory_organisation where id = school) as school_name,
    status = any (%(open)s) as is_open, {mine} as is_mine
from exchange_share
"""
ENQUIRIES = """
select id, controller, barred, kind, question, made_at, due_at, answered_at,
    (select name from directory_organisation where id = school) as school_name,
    answered_at is null as is_open, {mine} as is_mine
from exchange_enquiry
"""


def shares_page(viewer: Viewer, *, after: str = "") -> SharePage:
    """The shares that this person may read, by page. `after`: the key that the page before gave; else the first."""
    values = {"me": viewer.person or 0, "open": list(OPEN)}
    rows, more = _waiting_first(SHARES.format(mine=SHARE_IS_MINE), values, after)
    note_reads("exchange.share", rows)
    return SharePage(tuple(_copied(ShareRow, row, awaits_viewer=row.is_open and row.is_mine) for row in rows), more)


def addressed_to(person: int | None) -> Q:
    """Of shares: those that were sent or passed on to a person."""
    return _is_mine(SHARE_IS_MINE, person)


def last_report(share: UUID) -> str:
    """What was reported back last on a share, in plain words; nothing yet, nothing."""
    steps = list(ShareStep.objects.filter(share=share, kind=StepKind.REPORTED).order_by("-made_at")[:1])
    note_reads("exchange.sharestep", steps)
    return str(steps[0].words) if steps else ""


# Whole rows as JSON (see rows_of).
STEPS = """
array(select to_jsonb(step) from exchange_sharestep step where step.share_id = exchange_share.id
    order by step.made_at desc, step.id desc)
"""
POLICE_SIDE = """
select
    array(select to_jsonb(category) from exchange_subjectcategory category where category.share_id = %(share)s
        order by category.made_at, category.id),
    array(select to_jsonb(crime) from exchange_crimereport crime where crime.share_id = %(share)s
        order by crime.made_at),
    array(select to_jsonb(child) from exchange_childlink link join children_child child on child.id = link.child_id
        where link.share_id = %(share)s order by link.id)
"""


def share_record(share: UUID) -> ShareRecord:
    """One share in full. Raises Http404 unless the viewer may read it."""
    corrected_by = Share.objects.filter(corrects=OuterRef("pk")).values("pk")[:1]
    found = Share.objects.annotate(
        school_name=name_of("school"),
        corrected_by=Subquery(corrected_by),
        its_steps=RawSQL(STEPS, []),  # noqa: S611  # nothing is put into it
    )
    row: Any = get_object_or_404(found, pk=share)
    steps = rows_of(ShareStep, row.its_steps)
    note_reads("exchange.share", [row])
    note_reads("exchange.sharestep", steps)
    named = {row.made_by, *row.recipients}
    named |= {person for step in steps for person in (step.made_by, *step.people)}
    return _copied(
        ShareRecord,
        row,
        steps=tuple(_copied(StepRecord, step, kind=StepKind(step.kind)) for step in steps),
        readers=(reading := tuple(readers(row.circles, row.barred))),
        people=_called(named, reading),
    )


def share_to(predicate: Callable[..., bool], viewer: Viewer, share: UUID) -> ShareRecord:
    """One share in full, for somebody who may do a thing to it.

    predicate: judges viewer, school and holder. Raises Http404, PermissionDenied.
    """
    record = share_record(share)
    require(predicate, viewer, record.school, record.holder)
    return record


def share_about(predicate: Callable[..., bool], viewer: Viewer, share: UUID) -> ShareRecord:
    """One share in full, for somebody who may do a thing about its school, whichever side they are on.

    predicate: judges viewer and school. Raises Http404, PermissionDenied.
    """
    record = share_record(share)
    require(predicate, viewer, record.school)
    return record


def recipients_side(school: int, holder: int, at: dt.datetime) -> list[RecipientChoice]:
    """Those on the side that a share was sent to, in the order of turning to them."""
    return officers_to_tell(school, at) if holder == school else spocs_to_tell(school, at)


def passing_choices(record: ShareRecord, at: dt.datetime) -> list[RecipientChoice]:
    """Those to whom a share can still be handed on its recipients' side."""
    have_it = {*record.recipients, *record.passed_to}
    return [choice for choice in recipients_side(record.school, record.holder, at) if choice.person.id not in have_it]


def keepable_from(viewer: Viewer, record: ShareRecord) -> list[Reader]:
    """Those from whom the viewer may keep a share: all who read it, or just themselves."""
    may_keep = may_write(viewer, record.school)
    readers_once = each_once(record.readers, key=lambda reader: reader.person)
    return [reader for reader in readers_once if may_keep or reader.person == viewer.person]


@dataclass(frozen=True)
class Duty:
    """When those whom a share waits for are next on duty; out of term, whom the police reach at the school."""

    next: dict[int, dt.datetime | None]
    holiday_contact: PersonCard | None = None


def duty_of(viewer: Viewer, record: ShareRecord, at: dt.datetime) -> Duty:
    """Who can be reached about a share that is open; nothing about one that is closed."""
    if not record.is_open:
        return Duty({})
    if may_act_for_police(viewer, record.school):
        return Duty({}, holiday_contact(record.school, at))
    waits_for_police = record.holder == record.school and record.status == ShareStatus.SENT
    return Duty(duties([*record.recipients, *record.passed_to], at) if waits_for_police else {})


def holiday_contact(school: int, at: dt.datetime) -> PersonCard | None:
    """Whom the school named for days without school, on such a day."""
    card = school_card(school)
    if card.holiday_contact is None or card.calendar.has_school_on(london_day(at)):
        return None
    return people([card.holiday_contact]).get(card.holiday_contact)


@dataclass(frozen=True)
class CategoryRecord:
    """How the police see one person in a share."""

    person: str
    categories: tuple[Category, ...]
    footing: Footing


@dataclass(frozen=True)
class CrimeRow:
    """A crime that a share disclosed, and the force's reference once there is one."""

    id: UUID
    share_id: UUID
    school_name: str
    what: str
    due_at: dt.datetime
    force_reference: str

    def is_late(self, at: dt.datetime) -> bool:
        """Whether 24 hours have passed without a reference."""
        return not self.force_reference and self.due_at < at


@dataclass(frozen=True)
class PoliceSide:
    """What the police note about a share; empty for the school."""

    categories: tuple[CategoryRecord, ...] = ()
    crimes: tuple[CrimeRow, ...] = ()
    child: ChildCard | None = None


def police_side(viewer: Viewer, record: ShareRecord) -> PoliceSide:
    """What the police note about a share, each person's latest category; nothing for anybody else."""
    if not may_act_for_police(viewer, record.school):
        return PoliceSide()
    with connection.cursor() as cursor:
        cursor.execute(POLICE_SIDE, {"share": record.id})
        categories, crimes, children = cursor.fetchone()
    rows = rows_of(SubjectCategory, categories)
    note_reads("exchange.subjectcategory", rows)
    latest = {row.person: row for row in rows}
    # Only its own team reads the child.
    child = next(iter(rows_of(Child, children)), None)
    return PoliceSide(
        tuple(_category(row) for row in latest.values()),
        _crime_rows(rows_of(CrimeReport, crimes), school_name=record.school_name),
        card_of(child) if child else None,
    )


def children_to_link(viewer: Viewer, record: ShareRecord, at: dt.datetime) -> list[ChildCard]:
    """The viewer's own team's children with a name like the one told."""
    team = team_of(viewer, record.school, at)
    return children_named_like(team, record.child_name) if team else []


def crimes_without_reference() -> tuple[CrimeRow, ...]:
    """The crimes that wait for the force's reference, of the schools that the viewer polices; soonest due first."""
    return _crime_rows(_crimes().filter(force_reference="").order_by("due_at", "id")[:PAGE])


def crime_record(crime: UUID) -> CrimeRow:
    """One crime. Raises Http404 unless the viewer polices its school."""
    found = _crime_rows(_crimes().filter(pk=crime))
    if not found:
        raise Http404
    return found[0]


def _category(row: SubjectCategory) -> CategoryRecord:
    categories = tuple(Category(category) for category in row.categories)
    return CategoryRecord(row.person, categories, Footing(row.footing))


def _crimes() -> QuerySet[CrimeReport]:
    return CrimeReport.objects.annotate(school_name=name_of("school"))


def _crime_rows(found: Iterable[CrimeReport], **known: str) -> tuple[CrimeRow, ...]:
    rows = list(found)
    note_reads("exchange.crimereport", rows)
    return tuple(_copied(CrimeRow, row, **known) for row in rows)


class AnswerDue:
    """When an enquiry is to be answered."""

    due_at: dt.datetime
    answered_at: dt.datetime | None

    def is_late(self, at: dt.datetime) -> bool:
        """Whether an answer was due before then."""
        return self.answered_at is None and self.due_at < at


@dataclass(frozen=True)
class EnquiryRow(AnswerDue):
    """An enquiry, or advice asked for, as a list shows it."""

    id: UUID
    school_name: str
    kind: str
    question: str
    made_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    awaits_viewer: bool


@dataclass(frozen=True)
class EnquiryPage:
    """One page of enquiries: what waits for the viewer, the unanswered, the rest; `after` is the next page's key."""

    rows: tuple[EnquiryRow, ...]
    after: str = ""


@dataclass(frozen=True)
class AnswerRecord:
    words: str
    made_by: int
    made_at: dt.datetime


@dataclass(frozen=True)
class EnquiryRecord(AnswerDue):
    """An enquiry in full, with its answers, newest first, and who can read it now."""

    id: UUID
    school: int
    school_name: str
    holder: int
    controller: int
    marking: str
    kind: str
    child_name: str
    question: str
    asked: list[int]
    made_by: int
    made_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    answers: tuple[AnswerRecord, ...]
    passed: tuple[tuple[int, dt.datetime], ...]
    """To whom it was passed on, and when; in that order."""
    barred: list[int]
    readers: tuple[Reader, ...]
    people: dict[int, str]

    def called(self, person: int) -> str:
        """Title and name of somebody who is named in it."""
        return self.people.get(person, "")


def enquiries_page(viewer: Viewer, *, after: str = "") -> EnquiryPage:
    """The enquiries that this person may read, by page (see shares_page)."""
    rows, more = _waiting_first(ENQUIRIES.format(mine=ENQUIRY_IS_MINE), {"me": viewer.person or 0}, after)
    note_reads("exchange.enquiry", rows)
    return EnquiryPage(tuple(_copied(EnquiryRow, row, awaits_viewer=row.is_open and row.is_mine) for row in rows), more)


def asked_of(person: int | None) -> Q:
    """Of enquiries: those that were put or passed on to a person."""
    return _is_mine(ENQUIRY_IS_MINE, person)


def _is_mine(condition: str, person: int | None) -> Q:
    """One of these conditions, as part of a query by the models."""
    said = condition % {"me": "%s"}
    return Q(RawSQL(said, [person or 0] * said.count("%s"), output_field=BooleanField()))  # noqa: S611  # constant


def enquiry_record(enquiry: UUID) -> EnquiryRecord:
    """One enquiry in full. Raises Http404 unless the viewer may read it."""
    row = get_object_or_404(Enquiry.objects.annotate(school_name=name_of("school")), pk=enquiry)
    answers = list(Answer.objects.filter(enquiry=enquiry).order_by("-made_at", "-pk"))
    note_reads("exchange.enquiry", [row])
    note_reads("exchange.answer", answers)
    passed = list(EnquiryPassed.objects.filter(enquiry=enquiry).order_by("made_at", "pk"))
    note_reads("exchange.enquirypassed", passed)
    named = {row.made_by, *row.asked, *(each.made_by for each in answers), *(each.person for each in passed)}
    return _copied(
        EnquiryRecord,
        row,
        answers=tuple(_copied(AnswerRecord, answer) for answer in answers),
        readers=(reading := tuple(readers(row.circles, row.barred))),
        people=_called(named, reading),
        passed=tuple((each.person, each.made_at) for each in passed),
    )


@dataclass(frozen=True)
class AskChoices:
    """Whom a question about a school goes to."""

    school: SchoolCard
    asked: RecipientChoice | None


def ask_choices(viewer: Viewer, school: int, at: dt.datetime) -> AskChoices:
    """What this person may ask about a school. Raises Http404, PermissionDenied (see share_choices)."""
    card = school_card(school)
    require(may_write, viewer, school)
    return AskChoices(card, next(iter(first_in_line(viewer, school, at)), None))


def _called(named: Iterable[int], reading: Iterable[Reader]) -> dict[int, str]:
    """Title and name of people: most of them can read the record, the others are looked up."""
    called = {reader.person: reader.called for reader in reading}
    others = set(named) - called.keys() - {0}
    return called | {card.id: card.called for card in people(others).values()} if others else called


# What is open and the viewer's to do stands first, then what is open, each by what is due first; below them the
# closed, newest first.
WAITING_FIRST = """
select * from (
    select *, case when is_open and is_mine then extract(epoch from due_at)
        when is_open then %(others)s + extract(epoch from due_at)
        else %(closed)s - extract(epoch from made_at) end as rank
    from ({rows}) waiting) ranked
where %(after)s is null or (rank, id) > (%(after)s, %(last)s)
order by rank, id limit %(limit)s
"""


def _waiting_first(rows: str, values: dict[str, Any], after: str) -> tuple[list[Any], str]:
    """A page of rows and the key of the next page. rows: a statement that gives is_open and is_mine among others."""
    rank, last = _key(after)
    keys = {"others": OTHERS, "closed": CLOSED, "after": rank, "last": last, "limit": PAGE + 1}
    found = fetched(WAITING_FIRST.format(rows=rows), values | keys)
    page = found[:PAGE]
    return page, f"{page[-1].rank}~{page[-1].id}" if len(found) > PAGE else ""


def _key(after: str) -> tuple[Decimal, UUID] | tuple[None, None]:
    """Below which row a page begins; nothing for a key that nobody gave out."""
    rank, _tilde, last = after.partition("~")
    try:
        return Decimal(rank), UUID(last)
    except (ArithmeticError, ValueError):
        return None, None


def _copied(into: type[Copied], row: Any, **more: Any) -> Copied:
    """A frozen copy of the columns that the dataclass names."""
    names = (field.name for field in fields(into) if field.name not in more)  # type: ignore[arg-type]
    return into(**{name: getattr(row, name) for name in names}, **more)


def _each_person(choices: list[RecipientChoice]) -> list[RecipientChoice]:
    return each_once(choices, key=lambda choice: choice.person.id)
