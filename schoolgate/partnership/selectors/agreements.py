"""The only door to what was agreed: texts, signatures, and what is in force."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.core.clock import london_day
from schoolgate.directory.models import Membership, Role
from schoolgate.directory.selectors import PersonCard, held_on, name_of, people
from schoolgate.partnership.models import SIGNATURES, Agreement, AgreementKind, AgreementStep, StepKind
from schoolgate.partnership.policies import is_of_school, side_to_sign

WAITING = ("proposed", "awaits_police")
RUNNING = (*WAITING, "agreed", "active")
KINDS = tuple(AgreementKind)
STEPS = AgreementStep.objects.filter(holder=OuterRef("holder"), agreement=OuterRef("pk"))  # of an agreement
DONE = ArraySubquery(STEPS.values("kind"))


@dataclass(frozen=True)
class AgreementState:
    """Until when the SSP protocol and the Data Sharing Agreement of a school are in force, if they are."""

    protocol_until: dt.date | None
    dsa_until: dt.date | None

    @property
    def agreed(self) -> bool:
        """Whether routine sharing may go: both are in force."""
        return bool(self.protocol_until and self.dsa_until)


@dataclass(frozen=True)
class Standing:
    """How one agreement of a school stands: proposed, awaits_police, agreed, active, lapsed, ended, …"""

    agreement: UUID
    school: int
    kind: AgreementKind
    since: dt.date
    until: dt.date
    state: str


@dataclass(frozen=True)
class Step:
    """One thing that happened to an agreement, by whom; a signature with its name, role and statement."""

    kind: StepKind
    words: str
    person: str
    effective_on: dt.date | None
    signer_name: str
    signer_role: str
    statement: str
    digest: str
    factor: str
    made_by: int
    by: str
    made_at: dt.datetime


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in a list."""

    id: UUID
    school: int
    school_name: str
    team: int
    controller: int
    kind: AgreementKind
    title: str
    since: dt.date
    until: dt.date
    made_at: dt.datetime
    state: str


@dataclass(frozen=True)
class AgreementRecord(AgreementRow):
    """A text that was proposed to a school, with what happened to it, newest first."""

    edition: int
    summary: str
    body: str
    digest: str
    circles: tuple[int, ...]
    barred: tuple[int, ...]
    steps: tuple[Step, ...]
    delegates: frozenset[int]

    @property
    def signatures(self) -> list[Step]:
        """The signatures, the first one first."""
        return [step for step in reversed(self.steps) if step.kind in SIGNATURES]

    def came(self, *kinds: StepKind) -> bool:
        """Whether a step of one of these kinds was taken."""
        return any(step.kind in kinds for step in self.steps)


@dataclass(frozen=True)
class RunningAgreement(AgreementRow):
    """One that waits for a signature or is signed and not over, in short; with the steps that were done."""

    summary: str
    done: frozenset[StepKind]
    delegates: frozenset[int]


def agreement_state(school: int, *, on: dt.date) -> AgreementState:
    """What is in force between a school and its police on a day."""
    active = [row for row in standings(school, on=on) if row.state == "active"]
    until = {kind: max((row.until for row in active if row.kind == kind), default=None) for kind in AgreementKind}
    return AgreementState(until[AgreementKind.PROTOCOL], until[AgreementKind.DSA])


def standings(school: int, *, on: dt.date) -> list[Standing]:
    """How each agreement of a school stands on a day, the latest first; states and dates, no text."""
    query = "select agreement, school, kind, since, until, state from partnership_of_school(%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [school, on])
        return [Standing(a, s, AgreementKind(k), since, until, state) for a, s, k, since, until, state in cursor]


def agreements_of(viewer: Viewer, *, at: dt.datetime) -> list[AgreementRow]:
    """Every agreement that this person may read, what waits for a signature on top, then the latest."""
    rows = list(Agreement.objects.defer("body", "summary").annotate(school_name=name_of("holder")))
    note_reads("partnership.agreement", rows)
    states = _states_of({row.holder for row in rows}, on=london_day(at))
    listed = [_listed(row, states[row.pk]) for row in rows if row.pk in states]
    return sorted(listed, key=lambda row: (row.state not in WAITING, -row.until.toordinal(), row.school_name))


def running_agreements(viewer: Viewer, school: int, *, at: dt.datetime) -> list[RunningAgreement]:
    """What one school signed and is in date, or is asked to sign; the protocol first.

    Raises Http404 for whoever reads none of its agreements and is not of the school.
    """
    found = Agreement.objects.filter(holder=school).defer("body").annotate(school_name=name_of("holder"))
    rows = list(found.annotate(done=DONE, delegates=_delegates(on=london_day(at))))
    if not rows and not is_of_school(viewer, school):
        raise Http404
    note_reads("partnership.agreement", rows)
    states = _states_of({school}, on=london_day(at))
    running = [_running(row, states[row.pk]) for row in rows if states.get(row.pk) in RUNNING]
    return sorted(running, key=lambda one: (KINDS.index(one.kind), one.since))


def _delegates(*, on: dt.date) -> ArraySubquery:
    """Whom a head teacher asked to sign an agreement in their place; what they asked ends with their role."""
    head = Membership.objects.filter(
        held_on(on), role=Role.HEAD, organisation=OuterRef("holder"), person=OuterRef("made_by")
    )
    return ArraySubquery(STEPS.filter(Exists(head), kind=StepKind.DELEGATED).values("person"))


def _running(row: Any, state: str) -> RunningAgreement:
    done, asked = frozenset(map(StepKind, row.done)), frozenset(row.delegates)
    return RunningAgreement(**vars(_listed(row, state)), summary=row.summary, done=done, delegates=asked)


def to_sign(viewer: Viewer, *, on: dt.date) -> set[UUID]:
    """Which agreements this person may sign now; ids, which are not noted."""
    running = Agreement.objects.filter(until__gte=on).only("id", "holder", "team", "controller", "kind")
    rows = running.annotate(done=DONE, delegates=_delegates(on=on))
    return {row.pk for row in rows if _may_sign(viewer, row)}


@dataclass(frozen=True)
class SameText:
    """The same edition for another school, in short."""

    id: UUID
    school_name: str
    since: dt.date
    until: dt.date


def also_for_trust(viewer: Viewer, shown: AgreementRecord, *, on: dt.date) -> list[SameText]:
    """What else of the same edition waits for the same trust, by school."""
    waiting = to_sign(viewer, on=on) - {shown.id}
    rows = Agreement.objects.filter(pk__in=waiting, edition=shown.edition, controller=shown.controller)
    unsigned = rows.exclude(Exists(STEPS.filter(kind=StepKind.TRUST_SIGNED)))
    named = unsigned.annotate(school_name=name_of("holder")).order_by("school_name", "since")
    return [SameText(*row) for row in named.values_list("pk", "school_name", "since", "until")]


def _may_sign(viewer: Viewer, row: Any) -> bool:
    side = side_to_sign(
        viewer, school=row.holder, team=row.team, controller=row.controller, kind=AgreementKind(row.kind),
        done=frozenset(map(StepKind, row.done)), delegates=frozenset(row.delegates),
    )  # fmt: skip
    return side is not None


def _listed(row: Agreement, state: str) -> AgreementRow:
    plain = ("id", "title", "since", "until", "made_at")
    return AgreementRow(
        **{name: getattr(row, name) for name in plain},
        school=row.holder,
        school_name=row.school_name,  # type: ignore[attr-defined]
        team=row.team,
        controller=row.controller,
        kind=AgreementKind(row.kind),
        state=state,
    )


def _states_of(schools: Iterable[int], *, on: dt.date) -> dict[UUID, str]:
    query = "select s.agreement, s.state from unnest(%s::int[]) as school, partnership_of_school(school, %s) as s"
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(schools), on])
        return dict(cursor.fetchall())


def agreement(viewer: Viewer, pk: UUID, *, at: dt.datetime) -> AgreementRecord:
    """One agreement in full. Raises Http404 unless the viewer may read it."""
    rows = Agreement.objects.filter(pk=pk).annotate(
        school_name=name_of("holder"), delegates=_delegates(on=london_day(at))
    )
    row = rows.prefetch_related("steps").first()
    if row is None:
        raise Http404
    steps = sorted(row.steps.all(), key=lambda step: step.made_at, reverse=True)
    note_reads("partnership.agreement", [row])
    note_reads("partnership.agreementstep", steps)
    who = people({person for step in steps for person in (step.made_by, step.person or 0)})
    return AgreementRecord(
        **vars(_listed(row, _states_of([row.holder], on=london_day(at))[row.pk])),
        edition=row.edition_id,
        summary=row.summary,
        body=row.body,
        digest=row.digest,
        circles=tuple(row.circles),
        barred=tuple(row.barred),
        steps=tuple(_step(step, who) for step in steps),
        delegates=frozenset(row.delegates),
    )


def _step(row: AgreementStep, who: dict[int, PersonCard]) -> Step:
    plain = (
        "words",
        "effective_on",
        "signer_name",
        "signer_role",
        "statement",
        "digest",
        "factor",
        "made_by",
        "made_at",
    )
    return Step(
        **{name: getattr(row, name) for name in plain},
        kind=StepKind(row.kind),
        person=_called(who, row.person),
        by=_called(who, row.made_by),
    )


def _called(who: dict[int, PersonCard], person: int | None) -> str:
    return who[person].called if person in who else ""


def newest_proposal(shown: AgreementRecord, viewer: Viewer, *, at: dt.datetime) -> AgreementRecord | None:
    """What was proposed in place of an agreement that was withdrawn, if there is anything yet."""
    later = Agreement.objects.filter(holder=shown.school, kind=shown.kind, made_at__gt=shown.made_at)
    row = later.order_by("-made_at").only("pk").first()
    return agreement(viewer, row.pk, at=at) if row else None


@dataclass(frozen=True)
class CheckedCopy:
    """What the record says of a copy that somebody holds."""

    school: str
    kind: AgreementKind
    since: dt.date
    until: dt.date
    state: str
    issued_at: dt.datetime


def checked_copy(digest: str, *, on: dt.date) -> CheckedCopy | None:
    """What became of the agreement of which a PDF with this SHA-256 digest was handed out; nothing: not one of ours."""
    with connection.cursor() as cursor:
        cursor.execute("select * from partnership_check_copy(%s, %s)", [digest, on])
        row = cursor.fetchone()
    return CheckedCopy(row[0], AgreementKind(row[1]), *row[2:]) if row else None
