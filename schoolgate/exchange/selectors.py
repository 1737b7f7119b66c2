"""The only door to what passes between school and police. Every read is noted for the access log."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, DecimalField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Extract
from django.shortcuts import get_object_or_404

from schoolgate.access.permissions import require
from schoolgate.access.selectors import Reader, readers
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.core.clock import LONDON
from schoolgate.core.enums import Marking
from schoolgate.deployment.selectors import Posting, duties, officers_of, sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, SchoolCard, names, people, people_with, school_card
from schoolgate.exchange.models import OPEN, LegalBasis, Share, ShareStep, Side, StepKind
from schoolgate.exchange.policies import may_write, side_of
from schoolgate.partnership.selectors import AgreementState, agreement_state

PAGE = 50
AGE_OF_CLOSED = 100_000_000_000  # above any time in seconds: what is closed stands below what is open

Copied = TypeVar("Copied")


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


@dataclass(frozen=True)
class ShareChoices:
    """What one side may choose from when it tells the other something, and what is suggested."""

    school: SchoolCard
    side: Side
    agreement: AgreementState
    bases: tuple[LegalBasisCard, ...]
    recipients: tuple[RecipientChoice, ...]

    @property
    def suggestion(self) -> "Suggestion":
        """The first in line (the school's own officer, or the SPOC), and the marking of what names a child."""
        return Suggestion(tuple(choice.person.id for choice in self.recipients[:1]), Marking.OFFICIAL_SENSITIVE)

    def suggested_basis(self, purpose: str) -> int:
        """The first basis on the list that suits the purpose, else the first."""
        suiting = [basis.id for basis in self.bases if purpose in basis.suits]
        return next(iter([*suiting, self.bases[0].id]))


@dataclass(frozen=True)
class Suggestion:
    """What a share says unless somebody chooses otherwise."""

    recipients: tuple[int, ...]
    marking: Marking


def share_choices(viewer: Viewer, school: int, at: dt.datetime) -> ShareChoices:
    """What this person may choose from when they share about a child of this school.

    Raises Http404 where there is no such school, PermissionDenied for somebody on neither side of it.
    """
    card = school_card(school)
    require(may_write, viewer, school)
    side = side_of(viewer, school) or Side.POLICE
    to = officers_to_tell(school, at) if side == Side.SCHOOL else spocs_to_tell(school, at)
    return ShareChoices(card, side, agreement_state(school, on=_day(at)), legal_bases(card.nation, side), tuple(to))


def legal_bases(nation: str, side: Side) -> tuple[LegalBasisCard, ...]:
    """The bases of one nation and side, in their order; a school is never offered those of the police."""
    rows = LegalBasis.objects.filter(nation=nation, side=side, active=True).order_by("position")
    return tuple(LegalBasisCard(row.pk, row.text, row.as_at, tuple(row.suits)) for row in rows)


def officers_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's officers in the order of turning to them, then their sergeants, each with their next duty."""
    postings = officers_of(school, on=_day(at))
    duty = duties([posting.officer.id for posting in postings], at)
    officers = [RecipientChoice(p.officer, str(p.kind.label), duty[p.officer.id]) for p in postings]
    sergeants = [RecipientChoice(card, str(Role.SERGEANT.label)) for card in sergeants_of(school, on=_day(at))]
    return _each_once(officers + sergeants)


def spocs_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's SPOC, then the deputies; the head teacher only where there is neither."""
    for roles in ((Role.SPOC, Role.DEPUTY_SPOC), (Role.HEAD,)):
        cards = people_with(school, *roles, on=_day(at))
        if cards:
            cards.sort(key=lambda card: roles.index(Role(card.role)))
            return _each_once([RecipientChoice(card, str(Role(card.role).label)) for card in cards])
    return []


def team_of(viewer: Viewer, school: int, at: dt.datetime) -> int | None:
    """The team for which this officer or sergeant serves the school."""
    postings: list[Posting] = officers_of(school, on=_day(at))
    own = [posting.team for posting in postings if posting.officer.id == viewer.person]
    return next(iter([*own, *(p.team for p in postings if viewer.shares("team", p.team))]), None)


@dataclass(frozen=True)
class ShareRow:
    """A share as a list shows it."""

    id: UUID
    school: int
    school_name: str
    holder: int
    child_name: str
    purpose: str
    status: str
    urgency: str
    due_at: dt.datetime | None
    made_at: dt.datetime
    recipients: list[int]
    passed_to: list[int]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class SharePage:
    """One page of shares, open ones first, the most overdue on top; `after` is the key of the next page."""

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
class ShareRecord:
    """A share in full, with what happened to it, newest first, and who can read it now."""

    id: UUID
    school: int
    school_name: str
    holder: int
    marking: str
    child_name: str
    facts: str
    opinion: str
    purpose: str
    place: str
    occurred: str
    basis_text: str
    ground: str
    ground_reason: str
    recipients: list[int]
    passed_to: list[int]
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
    readers: tuple[Reader, ...]
    people: dict[int, PersonCard]
    corrected_by: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def sent_by(self) -> Side:
        """The side that told."""
        return Side.SCHOOL if self.holder == self.school else Side.POLICE

    def called(self, person: int) -> str:
        """Title and name of somebody who is named in it."""
        card = self.people.get(person)
        return card.called if card else ""


def shares_page(viewer: Viewer, *, after: str = "") -> SharePage:
    """The shares that this person may read, by page. `after`: the key that the page before gave; else the first."""
    seconds = {"output_field": DecimalField(max_digits=20, decimal_places=6)}
    rank = Case(
        When(status__in=OPEN, then=Cast(Extract("due_at", "epoch"), **seconds)),
        default=Value(AGE_OF_CLOSED, **seconds) - Cast(Extract("made_at", "epoch"), **seconds),
        **seconds,
    )
    ranked = Share.objects.annotate(rank=rank).order_by("rank", "id")
    found = list(_after(ranked, after)[: PAGE + 1])
    rows = found[:PAGE]
    more = f"{rows[-1].rank}~{rows[-1].pk}" if len(found) > PAGE else ""  # type: ignore[attr-defined]
    return SharePage(_share_rows(rows), more)


def shares_awaiting(viewer: Viewer, at: dt.datetime) -> tuple[ShareRow, ...]:
    """The open shares that wait for this person's next step, the most urgent first.

    For an officer: those addressed or passed on to them. For the SPOC: those that an officer sent.
    """
    mine = Q(recipients__contains=[viewer.person]) | Q(passed_to__contains=[viewer.person])
    rows = Share.objects.filter(mine, status__in=OPEN).order_by("due_at", "id")[:PAGE]
    return _share_rows(list(rows))


def share_record(viewer: Viewer, share: UUID) -> ShareRecord:
    """One share in full. Raises Http404 unless the viewer may read it."""
    row = get_object_or_404(Share, pk=share)
    steps = list(ShareStep.objects.filter(share=share).order_by("-made_at", "-pk"))
    note_reads("exchange.share", [row])
    note_reads("exchange.sharestep", steps)
    named = {row.made_by, *row.recipients, *row.passed_to}
    named |= {person for step in steps for person in (step.made_by, *step.people)}
    return _copied(
        ShareRecord,
        row,
        school_name=names([row.school])[row.school],
        steps=tuple(_copied(StepRecord, step, kind=StepKind(step.kind)) for step in steps),
        readers=tuple(readers(row.circles, row.barred)),
        people=people(named),
        corrected_by=Share.objects.filter(corrects=share).values_list("pk", flat=True).first(),
    )


def share_to(predicate: Callable[..., bool], viewer: Viewer, share: UUID) -> ShareRecord:
    """One share in full, for somebody who may do a thing to it.

    predicate: judges viewer, school and holder. Raises Http404, PermissionDenied.
    """
    record = share_record(viewer, share)
    require(predicate, viewer, record.school, record.holder)
    return record


def _share_rows(rows: list[Share]) -> tuple[ShareRow, ...]:
    note_reads("exchange.share", rows)
    called = names(row.school for row in rows)
    return tuple(_copied(ShareRow, row, school_name=called[row.school]) for row in rows)


def _after(ranked: QuerySet[Share], key: str) -> QuerySet[Share]:
    """The rows below a key; all of them below a key that nobody gave out."""
    rank, _tilde, last = key.partition("~")
    try:
        below = Q(rank__gt=Decimal(rank)) | Q(rank=Decimal(rank), pk__gt=UUID(last))
    except (ArithmeticError, ValueError):
        return ranked
    return ranked.filter(below)


def _copied(into: type[Copied], row: Any, **more: Any) -> Copied:
    """A frozen copy of the columns that the dataclass names."""
    names = (field.name for field in fields(into) if field.name not in more)  # type: ignore[arg-type]
    return into(**{name: getattr(row, name) for name in names}, **more)


def _each_once(choices: list[RecipientChoice]) -> list[RecipientChoice]:
    return list({choice.person.id: choice for choice in reversed(choices)}.values())[::-1]


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(LONDON).date()
