"""What waits for a person, counted from the other apps' tables; the circles judge what is counted.

Counts name no child and are not noted in the access log; the board's lists are.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.concerns.models import OPEN as OPEN_CONCERNS
from schoolgate.concerns.models import Allegation, AuthorWord, Status, Triage
from schoolgate.concerns.policies import may_receive_allegations, protects
from schoolgate.core.clock import london_day
from schoolgate.deployment.models import Assignment, Proposal, ProposalStatus
from schoolgate.deployment.policies import may_deploy_some
from schoolgate.directory.models import Membership, Role
from schoolgate.directory.selectors import held_on, names, people
from schoolgate.exchange.models import OPEN as OPEN_SHARES
from schoolgate.exchange.models import CrimeReport, Enquiry, Share
from schoolgate.exchange.policies import may_tell_police
from schoolgate.exchange.selectors import addressed_to, asked_of
from schoolgate.insight.policies import may_see_board
from schoolgate.partnership.policies import may_sign_some
from schoolgate.partnership.selectors.agreements import to_sign

LISTED = 50
LATEST_WORDS = 5
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """How much waits, and how much of it is late."""

    count: int
    late: int


@dataclass(frozen=True)
class Both:
    """What waits for this person, and for anybody of the same circles."""

    mine: Waiting
    all: Waiting


@dataclass(frozen=True)
class ConcernsWaiting:
    """The inbox of a school: not opened yet, late in that; opened but not decided, by whom it is theirs to decide.

    danger: how many of all these say that somebody is in danger. with_dsl: how many are with this person as DSL.
    """

    unopened: Waiting
    undecided: int
    danger: int
    with_dsl: int = 0


NOTHING = Waiting(0, 0)


@dataclass(frozen=True)
class AllThatWaits:
    """What waits for a person, by what it is; nothing of what their roles do not open."""

    concerns: ConcernsWaiting = ConcernsWaiting(NOTHING, 0, 0)
    shares: Both = Both(NOTHING, NOTHING)
    enquiries: Both = Both(NOTHING, NOTHING)
    crimes: Waiting = NOTHING
    allegations: Waiting = NOTHING
    agreements: Waiting = NOTHING
    proposals: Waiting = NOTHING


@dataclass(frozen=True)
class SchoolToday:
    """A school that an officer serves."""

    id: int
    name: str
    opens_at: dt.time
    closes_at: dt.time
    telephone: str
    spocs: tuple[str, ...]


@dataclass(frozen=True)
class News:
    """The last word to the author of a concern, and when they raised it."""

    concern: UUID
    raised_at: dt.datetime
    kind: str
    at: dt.datetime


def waiting(viewer: Viewer, at: dt.datetime) -> AllThatWaits:
    """What this person's roles ask of them."""
    found: dict[str, Any] = {}
    if viewer.organisations("school"):
        found["concerns"] = concerns_waiting(viewer, at)
    if viewer.organisations("partnership"):
        found |= exchange_waiting(viewer, at)
    if may_receive_allegations(viewer):
        found["allegations"] = allegations_to_acknowledge(viewer, at)
    if may_sign_some(viewer):
        found["agreements"] = Waiting(len(to_sign(viewer, on=london_day(at))), 0)
    if may_deploy_some(viewer):
        found["proposals"] = proposals_waiting(viewer, on=london_day(at))
    return AllThatWaits(**found)


def concerns_waiting(viewer: Viewer, at: dt.datetime) -> ConcernsWaiting:
    """What waits in the inboxes of this person's schools."""
    unopened = Q(status=Status.SENT)
    undecided = Q(status__in=[Status.OPENED, Status.ASKED, Status.SHARING])
    own = [school for school in viewer.organisations("school") if may_tell_police(viewer, school)]
    protected = [school for school in viewer.organisations("school") if protects(viewer, school)]
    found = Triage.objects.filter(holder__in=viewer.organisations("school"), status__in=OPEN_CONCERNS).aggregate(
        unopened=Count("pk", unopened),
        late=Count("pk", unopened & Q(concern__due_at__lte=at)),
        undecided=Count("pk", undecided & Q(holder__in=own)),
        with_dsl=Count("pk", Q(status=Status.WITH_DSL, holder__in=protected)),
        danger=Count("pk", (unopened | undecided) & Q(concern__in_danger=True)),
    )
    unopened_now = Waiting(found["unopened"], found["late"])
    return ConcernsWaiting(unopened_now, found["undecided"], found["danger"], found["with_dsl"])


def exchange_waiting(viewer: Viewer, at: dt.datetime) -> dict[str, Both | Waiting]:
    """What waits between this person's schools and their police, and what of it waits for this person.

    Open shares, addressed or passed on; enquiries without an answer, put to them; crimes without a reference of the
    force. One query for the three.
    """
    shares = _counts("shares", Share.objects.filter(status__in=OPEN_SHARES), addressed_to(viewer.person), at)
    enquiries = _counts("enquiries", Enquiry.objects.filter(answered_at=None), asked_of(viewer.person), at)
    crimes = _counts("crimes", CrimeReport.objects.filter(force_reference=""), Q(), at)
    counted = {name: _both(*counts) for name, *counts in shares.union(enquiries, crimes)}
    return counted | {"crimes": counted["crimes"].all}


def _counts(name: str, rows: QuerySet[Any], mine: Q, at: dt.datetime) -> QuerySet[Any, Any]:
    late = Q(due_at__lt=at)
    counts = {"mine": Count("pk", mine), "mine_late": Count("pk", mine & late), "every": Count("pk")}
    named = rows.order_by().values(counted=Value(name)).annotate(**counts, late=Count("pk", late))
    return named.values_list("counted", *counts, "late")


def _both(mine: int, mine_late: int, every: int, late: int) -> Both:
    return Both(Waiting(mine, mine_late), Waiting(every, late))


def allegations_to_acknowledge(viewer: Viewer, at: dt.datetime) -> Waiting:
    """Concerns about an adult that reached this person and that nobody has acknowledged; late after one day.

    Source: Keeping children safe in education, part four (the LADO is told within one working day).
    """
    made_at = list(Allegation.objects.filter(~Q(made_by=viewer.person), steps=None).values_list("made_at", flat=True))
    return Waiting(len(made_at), sum(moment < at - ONE_DAY for moment in made_at))


def proposals_waiting(viewer: Viewer, *, on: dt.date) -> Waiting:
    """Proposed postings of which head teacher and SPOC are to be told; late once the first day is there."""
    drafts = Proposal.objects.filter(holder__in=viewer.organisations("sergeants"), status=ProposalStatus.DRAFT)
    return Waiting(**drafts.aggregate(count=Count("pk"), late=Count("pk", Q(since__lte=on))))


def news_of_own_concerns() -> list[News]:
    """The last word about each concern that the viewer raised, newest first."""
    words = sorted(AuthorWord.objects.select_related("concern"), key=lambda word: word.made_at)
    last = {word.concern_id: word for word in words}.values()
    news = sorted(last, key=lambda word: word.made_at, reverse=True)[:LATEST_WORDS]
    note_reads("concerns.authorword", news)
    return [News(word.concern_id, word.concern.made_at, word.kind, word.made_at) for word in news]


def schools_today(viewer: Viewer, at: dt.datetime) -> list[SchoolToday]:
    """The schools that this officer is assigned to today, by name, with whom to ask for."""
    on = held_on(london_day(at))
    posted = Assignment.objects.filter(on, officer=viewer.person).select_related("school__organisation")
    rows = [posting.school for posting in posted]
    spocs = Membership.objects.filter(on, organisation__in=[row.pk for row in rows], role=Role.SPOC)
    called = list(spocs.values_list("organisation_id", "person__title", "person__name"))
    return sorted(
        (
            SchoolToday(
                row.pk,
                row.organisation.name,
                row.opens_at,
                row.closes_at,
                row.telephone,
                tuple(f"{title} {name}".strip() for school, title, name in called if school == row.pk),
            )
            for row in rows
        ),
        key=lambda school: school.name,
    )


ANSWER, REFERENCE = "answer", "reference"


def own_schools(viewer: Viewer) -> dict[int, str]:
    """The schools on whose staff this person is, by id; somebody's only school is not looked up by name."""
    schools = viewer.organisations("staff")
    return names(schools) if len(schools) > 1 else dict.fromkeys(schools, "")


def supervised_schools(viewer: Viewer) -> dict[int, str]:
    """The schools that this sergeant's officers serve, by id."""
    return names(viewer.organisations("partnership"))


@dataclass(frozen=True)
class BoardRow:
    """Something late: what is missing, from whom, and what it is for; no child is named."""

    id: UUID
    school_name: str
    due_at: dt.datetime
    missing: str
    who: tuple[str, ...] = ()
    purpose: str = ""


@dataclass(frozen=True)
class Board:
    """The sergeant's board: overdue shares and enquiries, crimes without a reference; the longest overdue first."""

    shares: tuple[BoardRow, ...]
    enquiries: tuple[BoardRow, ...]
    crimes: tuple[BoardRow, ...]


def board(viewer: Viewer, at: dt.datetime) -> Board:
    """What is late at the schools of this sergeant's officers. Raises PermissionDenied for anybody else."""
    require(may_see_board, viewer)
    shares = _overdue("exchange.share", Share.objects.filter(status__in=OPEN_SHARES, due_at__lt=at))
    enquiries = _overdue("exchange.enquiry", Enquiry.objects.filter(answered_at=None, due_at__lt=at))
    crimes = _overdue("exchange.crimereport", CrimeReport.objects.filter(force_reference=""))
    schools = names(row.school for row in [*shares, *enquiries, *crimes])
    cards = people(
        {person for row in shares for person in row.recipients} | {p for row in enquiries for p in row.asked}
    )

    def line(row: Any, missing: str, who: Iterable[int] = (), purpose: str = "") -> BoardRow:
        called = tuple(cards[person].called for person in who if person in cards)
        return BoardRow(row.pk, schools[row.school], row.due_at, missing, called, purpose)

    return Board(
        tuple(line(row, row.status, row.recipients, row.purpose) for row in shares),
        tuple(line(row, ANSWER, row.asked) for row in enquiries),
        tuple(line(row, REFERENCE) for row in crimes),
    )


def _overdue(kind: str, rows: QuerySet[Any]) -> list[Any]:
    found = list(rows.order_by("due_at", "id")[:LISTED])
    note_reads(kind, found)
    return found
