"""Postings as a sergeant, an officer or a school sees them: what runs, what is proposed, what was stopped and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.core.clock import london_day
from schoolgate.deployment.models import (
    Absence,
    Assignment,
    AssignmentKind,
    Change,
    Proposal,
    ProposalStatus,
    Refusal,
    Shadowing,
    Suspension,
    Telling,
    Told,
)
from schoolgate.deployment.policies import may_deploy_some, may_see_postings
from schoolgate.deployment.selectors.eligibility import OfficerFile, Rules, forces_of_viewer, rules_of, team_files
from schoolgate.deployment.selectors.priority import priority_schools
from schoolgate.deployment.selectors.serving import Shift, usual_hours
from schoolgate.directory.models import Phase, Role, School
from schoolgate.directory.selectors import (
    PersonCard,
    forces_of_teams,
    held_on,
    names,
    open_schools_of_forces_of,
    people,
    people_with,
)

SOON = dt.timedelta(days=60)
LATELY = dt.timedelta(days=60)
SHORT_BREAK = dt.timedelta(days=31)  # a face stays familiar over a month's break
MOST_UNCOVERED = 30
ROLES_TOLD = {Told.HEAD: (Role.HEAD,), Told.SPOC: (Role.SPOC, Role.DEPUTY_SPOC)}
# The kinds of school that the source names first.
FIRST_PHASES = (
    Phase.SECONDARY, Phase.PRU, Phase.AP, Phase.ALL_THROUGH, Phase.MIDDLE, Phase.SPECIAL, Phase.SIXTEEN_PLUS,
    Phase.COLLEGE, Phase.UNIVERSITY,
)  # fmt: skip


@dataclass(frozen=True)
class PostingCard:
    """A posting of an officer to a school, with its terms."""

    id: int
    officer: PersonCard
    school: int
    school_name: str
    team: int
    kind: AssignmentKind
    since: dt.date
    until: dt.date | None
    extent: str
    manner: str
    half: bool
    hours: Decimal | None
    covers: str
    ward: str

    def holds(self, on: dt.date) -> bool:
        """Whether it runs on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class TellingCard:
    """That head teacher or SPOC was told."""

    id: UUID
    role: Told
    name: str
    way: str
    words: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class ProposalCard:
    """A change that is proposed, withdrawn or live, with what is told of it."""

    id: UUID
    team: int
    change: Change
    status: ProposalStatus
    officer: PersonCard
    school: int
    school_name: str
    kind: AssignmentKind
    since: dt.date
    until: dt.date | None
    extent: str
    manner: str
    half: bool
    hours: Decimal | None
    covers: str
    ward: str
    reason: str
    instead_of: PostingCard | None
    words: dict[Told, str]
    tellings: tuple[TellingCard, ...]
    by: str
    made_at: dt.datetime

    def told(self, role: Told) -> TellingCard | None:
        """The last telling of head teacher or SPOC."""
        return next((one for one in self.tellings if one.role == role), None)

    @property
    def both_told(self) -> bool:
        return all(self.told(role) for role in Told)


@dataclass(frozen=True)
class Stopped:
    """A suspension or a refusal: whom, where, by which rule, and from which day on it would be possible."""

    officer: PersonCard
    school: int
    school_name: str
    kind: AssignmentKind
    since: dt.date
    at: dt.datetime
    rule: str
    possible_from: dt.date | None
    was_running: bool = False


@dataclass(frozen=True)
class OfficerRow:
    """An officer on the board: what is known of them, and where they are posted now and later."""

    file: OfficerFile
    postings: tuple[PostingCard, ...]


@dataclass(frozen=True)
class Uncovered:
    """Open schools of the force that nobody serves: how many, and the first of them, priority first."""

    count: int
    first: tuple[tuple[int, str, str, bool], ...]


@dataclass(frozen=True)
class Short:
    """A posting that is, or was, shorter than the force's own measure of a short rotation."""

    posting: PostingCard
    months: int


@dataclass(frozen=True)
class Board:
    """A sergeant's deployment."""

    officers: tuple[OfficerRow, ...]
    proposals: tuple[ProposalCard, ...]
    suspended: tuple[Stopped, ...]
    refused: tuple[Stopped, ...]
    uncovered: Uncovered
    short: tuple[Short, ...]
    rules: tuple[Rules, ...]


def board(viewer: Viewer, *, at: dt.datetime) -> Board:
    """Everything about the officers of this sergeant's teams. Raises PermissionDenied for anybody else."""
    require(may_deploy_some, viewer)
    on, teams = london_day(at), viewer.organisations("sergeants")
    files = [file for team in teams for file in team_files(team, on=on)]
    postings: defaultdict[int, list[PostingCard]] = defaultdict(list)
    for card in posting_cards(Assignment.objects.filter(not_over(on), team__in=teams).order_by("since", "id")):
        postings[card.officer.id].append(card)
    forces = {file.rules.force for file in files} or set(forces_of_teams(teams))
    return Board(
        officers=tuple(OfficerRow(file, tuple(postings[file.card.id])) for file in files),
        proposals=tuple(open_proposals(teams)),
        suspended=tuple(suspended(teams, on=on)),
        refused=tuple(_refused(teams, at)),
        uncovered=uncovered(forces, on=on),
        short=tuple(short_postings(teams, on=on)),
        rules=tuple(rules_of(force) for force in forces),
    )


def not_over(on: dt.date) -> Q:
    """The condition on postings that they run on a day or begin later."""
    return Q(until__isnull=True) | Q(until__gte=on)


def posting_cards(rows: Iterable[Assignment]) -> list[PostingCard]:
    """These postings with the names of their people and schools."""
    found = list(rows)
    cards = people({row.officer_id for row in found} | {row.covers for row in found if row.covers})
    schools = names(row.school_id for row in found)
    return [
        PostingCard(
            row.pk, cards[row.officer_id], row.school_id, schools[row.school_id], row.team_id,
            AssignmentKind(row.kind), row.since, row.until, row.extent, row.manner, row.half, row.hours,
            cards[row.covers].called if row.covers in cards else "", row.ward,
        )
        for row in found
    ]  # fmt: skip


def posting(pk: int) -> PostingCard:
    """One posting. Raises Http404."""
    found = posting_cards(Assignment.objects.filter(pk=pk))
    if not found:
        raise Http404
    return found[0]


def open_proposals(teams: Iterable[int]) -> list[ProposalCard]:
    """What is proposed and not yet live, the first to begin on top."""
    rows = Proposal.objects.filter(holder__in=list(teams), status=ProposalStatus.DRAFT)
    return proposal_cards(
        sorted(rows, key=lambda row: (row.until if row.change == Change.END else row.since) or row.since)
    )


def proposal(pk: UUID) -> ProposalCard:
    """One proposal, for the sergeants of its team. Raises Http404 for others."""
    found = proposal_cards(Proposal.objects.filter(pk=pk))
    if not found:
        raise Http404
    return found[0]


def proposal_cards(rows: Iterable[Proposal]) -> list[ProposalCard]:
    """These proposals with who was told."""
    found = list(rows)
    note_reads("deployment.proposal", found)
    tellings = _tellings(found)
    replaced = {
        each.id: each
        for each in posting_cards(Assignment.objects.filter(pk__in=[p.instead_of for p in found if p.instead_of]))
    }
    cards = people({p.officer for p in found} | {p.made_by for p in found} | {p.covers for p in found if p.covers})
    schools = names(p.school for p in found)
    return [
        ProposalCard(
            p.pk, p.holder, Change(p.change), ProposalStatus(p.status), cards[p.officer], p.school,
            schools.get(p.school, ""), AssignmentKind(p.kind), p.since, p.until, p.extent, p.manner, p.half, p.hours,
            cards[p.covers].called if p.covers in cards else "", p.ward, p.reason,
            replaced.get(p.instead_of or 0), {Told.HEAD: p.head_words, Told.SPOC: p.spoc_words},
            tellings[p.pk], cards[p.made_by].called if p.made_by in cards else "", p.made_at,
        )
        for p in found
    ]  # fmt: skip


def _tellings(proposals: Iterable[Proposal]) -> dict[UUID, tuple[TellingCard, ...]]:
    found: dict[UUID, list[TellingCard]] = {proposal.pk: [] for proposal in proposals}
    rows = sorted(Telling.objects.filter(proposal__in=list(found)), key=lambda row: row.made_at, reverse=True)
    note_reads("deployment.telling", rows)
    cards = people(row.made_by for row in rows)
    for row in rows:
        found[row.proposal_id].append(_telling_card(row, cards))
    return {pk: tuple(tellings) for pk, tellings in found.items()}


def _telling_card(row: Telling, cards: dict[int, PersonCard]) -> TellingCard:
    by = cards[row.made_by].called if row.made_by in cards else ""
    return TellingCard(row.pk, Told(row.role), row.name, row.way, row.words, row.made_at, by)


@dataclass(frozen=True)
class SchoolTold:
    """What a school was told of a change."""

    telling: TellingCard
    school: int
    school_name: str
    circles: tuple[int, ...]
    barred: tuple[int, ...]


def school_told(pk: UUID) -> SchoolTold:
    """One telling, for the school and the sergeants. Raises Http404 for others."""
    row = Telling.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    note_reads("deployment.telling", [row])
    card = _telling_card(row, people([row.made_by]))
    return SchoolTold(card, row.school, names([row.school])[row.school], tuple(row.circles), tuple(row.barred))


def suspended(teams: Iterable[int], *, on: dt.date) -> list[Stopped]:
    """Suspensions after which the officer serves that school no more, the newest first."""
    rows = sorted(Suspension.objects.filter(holder__in=list(teams)), key=lambda row: row.made_at, reverse=True)
    note_reads("deployment.suspension", rows)
    again = Assignment.objects.filter(not_over(on), officer__in=[row.officer for row in rows])
    served = set(again.values_list("officer", "school"))
    return _stopped([row for row in rows if (row.officer, row.school) not in served])


def _refused(teams: Iterable[int], at: dt.datetime) -> list[Stopped]:
    """What was tried lately and refused."""
    rows = list(Refusal.objects.filter(holder__in=list(teams), made_at__gte=at - LATELY))
    note_reads("deployment.refusal", rows)
    return _stopped(sorted(rows, key=lambda row: row.made_at, reverse=True))


def _stopped(rows: Iterable[Suspension | Refusal]) -> list[Stopped]:
    found = list(rows)
    cards, schools = people(row.officer for row in found), names(row.school for row in found)
    return [
        Stopped(
            cards[row.officer], row.school, schools.get(row.school, ""), AssignmentKind(row.kind), row.since,
            row.made_at, getattr(row, "rule", "nobody_in_probation"), row.possible_from,
            getattr(row, "was_running", False),
        )
        for row in found
    ]  # fmt: skip


def uncovered(forces: Iterable[int], *, on: dt.date) -> Uncovered:
    """The open schools of forces that nobody serves on a day: priority schools first, then by phase and name."""
    served = Assignment.objects.filter(held_on(on), school=OuterRef("pk"))
    schools = School.objects.filter(~Exists(served), organisation__force__in=list(forces), organisation__closed_on=None)
    priority = priority_schools(forces)
    rows = [
        (pk, name, phase, pk in priority)
        for pk, name, phase in schools.values_list("pk", "organisation__name", "phase")
    ]
    rows.sort(key=lambda row: (not row[3], _phase_order(row[2]), row[1]))
    return Uncovered(len(rows), tuple(rows[:MOST_UNCOVERED]))


def _phase_order(phase: str) -> int:
    return FIRST_PHASES.index(Phase(phase)) if phase in FIRST_PHASES else len(FIRST_PHASES)


def months_between(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))


def months_served(since: dt.date, last_day: dt.date) -> int:
    """The whole months of a posting, its first and last day included."""
    return months_between(since, last_day + dt.timedelta(days=1))


def short_postings(teams: Iterable[int], *, on: dt.date) -> list[Short]:
    """Postings that ended lately, or are to end, sooner than the force's measure; cover is short by its nature."""
    rows = Assignment.objects.filter(team__in=list(teams), until__gte=on - LATELY).exclude(kind=AssignmentKind.COVER)
    found = []
    limits: dict[int, int] = {}
    for card in posting_cards(rows.order_by("until", "id")):
        if card.team not in limits:
            limits[card.team] = min(
                (rules_of(force).short_months for force in forces_of_teams([card.team])), default=12
            )
        months = months_served(card.since, card.until or on)
        if months < limits[card.team]:
            found.append(Short(card, months))
    return found


@dataclass(frozen=True)
class Face:
    """A familiar face at a school: for how many months without a long break."""

    officer: PersonCard
    since: dt.date
    months: int


@dataclass(frozen=True)
class SchoolHistory:
    """Who serves a school, served it and will."""

    school: int
    name: str
    phase: str
    now: tuple[PostingCard, ...]
    to_come: tuple[PostingCard, ...]
    before: tuple[PostingCard, ...]
    faces: tuple[Face, ...]
    shadowing: tuple["ShadowDays", ...]
    told: tuple[tuple[UUID, str, dt.datetime], ...]


@dataclass(frozen=True)
class ShadowDays:
    """Somebody who goes along with an officer. It opens nothing to them."""

    who: str
    beside: str
    first_day: dt.date
    last_day: dt.date
    words: str


def school_history(viewer: Viewer, school: int, *, at: dt.datetime) -> SchoolHistory:
    """The postings of a school: its partnership, and the sergeants and youth lead of its force, see them.

    Raises Http404 for others.
    """
    its = School.objects.filter(pk=school).values_list("organisation__name", "phase", "organisation__force").first()
    if its is None or not may_see_postings(viewer, school):
        raise Http404
    name, phase, force = its
    if not viewer.shares("partnership", school) and force not in forces_of_viewer(viewer):
        raise Http404
    on = london_day(at)
    rows = posting_cards(Assignment.objects.filter(school=school).order_by("-since", "-id"))
    return SchoolHistory(
        school, name, phase,
        now=tuple(row for row in rows if row.holds(on)),
        to_come=tuple(row for row in reversed(rows) if row.since > on),
        before=tuple(row for row in rows if row.until and row.until < on),
        faces=tuple(faces(rows, on=on)),
        shadowing=tuple(shadow_days(school=school, on=on)),
        told=tuple(_told_school(school)),
    )  # fmt: skip


def _told_school(school: int) -> list[tuple[UUID, str, dt.datetime]]:
    rows = list(Telling.objects.filter(school=school))
    note_reads("deployment.telling", rows)
    return [(row.pk, row.name, row.made_at) for row in sorted(rows, key=lambda row: row.made_at, reverse=True)[:10]]


def faces(rows: Iterable[PostingCard], *, on: dt.date) -> list[Face]:
    """Each officer of today, the most familiar first. rows: all postings of one school."""
    found = {}
    for officer in {row.officer.id for row in rows if row.holds(on)}:
        first = on
        for row in sorted((r for r in rows if r.officer.id == officer), key=lambda r: r.since, reverse=True):
            if row.since <= on and (row.until is None or row.until >= first - SHORT_BREAK):
                first = min(first, row.since)
        card = next(row.officer for row in rows if row.officer.id == officer)
        found[officer] = Face(card, first, months_between(first, on))
    return sorted(found.values(), key=lambda face: (-face.months, face.officer.name))


def faces_of(schools: Iterable[int], *, on: dt.date) -> dict[int, list[Face]]:
    """The familiar faces of each of these schools."""
    of_schools: dict[int, list[PostingCard]] = {}
    for row in posting_cards(Assignment.objects.filter(school__in=list(schools))):
        of_schools.setdefault(row.school, []).append(row)
    return {school: faces(its, on=on) for school, its in of_schools.items()}


def shadow_days(*, on: dt.date, school: int | None = None, teams: Iterable[int] = ()) -> list[ShadowDays]:
    """Who goes along from a day on, to a school or with the officers of teams, the first to begin on top."""
    where = Q(school=school) if school else Q(holder__in=list(teams))
    rows = list(Shadowing.objects.filter(where, last_day__gte=on))
    note_reads("deployment.shadowing", rows)
    cards = people({row.officer for row in rows} | {row.beside for row in rows})
    return [
        ShadowDays(cards[row.officer].called, cards[row.beside].called, row.first_day, row.last_day, row.words)
        for row in sorted(rows, key=lambda row: row.first_day)
    ]


@dataclass(frozen=True)
class OwnPostings:
    """What an officer sees of themselves."""

    officer: int
    team: int
    team_name: str
    postings: tuple[PostingCard, ...]
    hours: tuple[Shift, ...]
    absences: tuple[tuple[dt.date, dt.date], ...]


def postings_and_hours(officer: int, *, team: int, at: dt.datetime) -> OwnPostings:
    """Where an officer is posted now and later, their hours, and when they are away."""
    on = london_day(at)
    ahead = Assignment.objects.filter(not_over(on), officer=officer)
    away = Absence.objects.filter(officer=officer, last_day__gte=on).order_by("first_day")
    return OwnPostings(
        officer,
        team,
        names([team]).get(team, ""),
        tuple(posting_cards(ahead.order_by("since", "id"))),
        tuple(usual_hours([officer])[officer]),
        tuple(away.values_list("first_day", "last_day")),
    )


@dataclass(frozen=True)
class Choices:
    """What a proposal can be about: the team's officers, the schools of the force, the running postings."""

    officers: tuple[OfficerFile, ...]
    schools: tuple[tuple[int, str], ...]
    postings: tuple[PostingCard, ...]


def choices(viewer: Viewer, *, on: dt.date) -> Choices:
    """For the form of a proposal. Raises PermissionDenied for anybody but a sergeant."""
    require(may_deploy_some, viewer)
    teams = viewer.organisations("sergeants")
    ahead = Assignment.objects.filter(not_over(on), team__in=teams)
    return Choices(
        tuple(file for team in teams for file in team_files(team, on=on)),
        tuple(open_schools_of_forces_of(teams)),
        tuple(posting_cards(ahead.order_by("school__organisation__name", "since"))),
    )


def people_to_tell(school: int, role: Told, *, on: dt.date) -> list[PersonCard]:
    """The school's head teacher; or its SPOC, then the deputies."""
    found = people_with(school, *ROLES_TOLD[role], on=on)
    return sorted(found, key=lambda person: ROLES_TOLD[role].index(Role(person.role)))


def those_to_tell(school: int, *, on: dt.date) -> dict[Told, list[PersonCard]]:
    """Whom a sergeant tells of a change, by role."""
    return {role: people_to_tell(school, role, on=on) for role in Told}
