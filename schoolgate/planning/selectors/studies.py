"""Studies, their plans and how far the planner is; the sergeants of the team read them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.deployment.models import Proposal, ProposalStatus
from schoolgate.deployment.selectors.eligibility import team_files
from schoolgate.deployment.selectors.postings import faces_of
from schoolgate.directory.models import School
from schoolgate.directory.selectors import names, people
from schoolgate.planning.changes import Change, Today, changes, holders_of, read_plan, token_of
from schoolgate.planning.differences import Difference, differences
from schoolgate.planning.models import Plan, Progress, Study, StudyState
from schoolgate.planning.optimiser import problem as contract
from schoolgate.planning.optimiser.checking import faults
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.policies import may_plan_some
from schoolgate.planning.selectors.problem import Built, SchoolIn, build, number_of, officer_id, school_id
from schoolgate.planning.terms import Joining, StudyTerms, WhatIf

MOST = 50


@dataclass(frozen=True)
class PlanCard:
    """A plan with its problem, checked anew: `faults` are the rules that it breaks."""

    id: UUID
    study: "StudyCard"
    plan: contract.Plan
    words: str
    by: str
    made_at: dt.datetime

    @cached_property
    def faults(self) -> list[str]:
        """Every rule of the problem that the plan breaks."""
        return faults(self.study.problem, self.plan)


@dataclass(frozen=True)
class StudyCard:
    """A study as its sergeants see it."""

    id: UUID
    team: int
    team_name: str
    name: str
    terms: StudyTerms
    state: StudyState
    content: dict[str, Any] | None
    explanation: tuple[str, ...]
    version: int
    by: str
    made_at: dt.datetime
    circles: tuple[int, ...]
    barred: tuple[int, ...]

    @property
    def is_what_if(self) -> bool:
        """Whether it supposes something beyond today's data."""
        return self.terms.what_if != WhatIf()

    @cached_property
    def problem(self) -> contract.Problem:
        """The problem as it was put to the planner."""
        return build_problem(self.content)


@dataclass(frozen=True)
class Step:
    """How far the planner is."""

    seconds: float
    cost: float | None
    lower_bound: float | None
    stop: bool

    @property
    def gap(self) -> float | None:
        """By what part of its cost a better plan could be cheaper."""
        if self.cost is None or self.lower_bound is None:
            return None
        return contract.Plan([], self.cost, self.lower_bound).gap


def teams(viewer: Viewer) -> dict[int, str]:
    """The teams for which somebody plans, by name. Raises PermissionDenied for anybody but a sergeant."""
    require(may_plan_some, viewer)
    return names(viewer.organisations("sergeants"))


def studies(viewer: Viewer) -> list[StudyCard]:
    """The studies of the viewer's teams, the newest first."""
    rows = Study.objects.filter(holder__in=teams(viewer)).order_by("-made_at")
    return _cards(rows[:MOST], whole=False)


def study(pk: UUID, *, whole: bool = True) -> StudyCard:
    """One study; not whole: without its problem. Raises Http404 where it is another team's."""
    found = _cards(Study.objects.filter(pk=pk), whole=whole)
    if not found:
        raise Http404
    return found[0]


def _cards(rows: QuerySet[Study], *, whole: bool) -> list[StudyCard]:
    """whole: with the problem, which for a large force is a megabyte."""
    found = list(rows if whole else rows.defer("problem"))
    note_reads("planning.study", found)
    makers, called = people(row.made_by for row in found), names(row.holder for row in found)
    return [
        StudyCard(
            row.pk, row.holder, called.get(row.holder, ""), row.name, StudyTerms.from_json(row.terms),
            StudyState(row.state), row.problem if whole else None, tuple(row.explanation), row.version,
            makers[row.made_by].called if row.made_by in makers else "", row.made_at, tuple(row.circles),
            tuple(row.barred),
        )
        for row in found
    ]  # fmt: skip


def built(one: StudyCard) -> Built:
    """What the planner would be given today."""
    return build(one.team, one.terms)


def last_step(pk: UUID) -> Step | None:
    """How far the planner is; None where it has not begun."""
    row = Progress.objects.filter(study=pk).first()
    return Step(row.seconds, row.cost, row.lower_bound, row.stop) if row else None


def plans_of(one: StudyCard) -> list[PlanCard]:
    """A study's plans, the planner's own first."""
    return _plan_cards(Plan.objects.filter(study=one.id).order_by("made_at"), one)


@dataclass(frozen=True)
class PlanTitle:
    """A plan in a list of choices."""

    id: UUID
    study: str
    words: str
    cost: float
    by: str
    made_at: dt.datetime


def plan_titles(viewer: Viewer) -> list[PlanTitle]:
    """The plans of the viewer's teams, the newest first."""
    rows = Plan.objects.filter(holder__in=teams(viewer)).annotate(study_name=F("study__name"))
    found = list(rows.order_by("-made_at").only("words", "cost", "made_by", "made_at")[:MOST])
    note_reads("planning.plan", found)
    makers = people(row.made_by for row in found)
    return [
        PlanTitle(
            row.pk, row.study_name, row.words, row.cost, makers[row.made_by].called if row.made_by in makers else "",
            row.made_at,
        )
        for row in found
    ]  # fmt: skip


def plan(pk: UUID) -> PlanCard:
    """One plan. Raises Http404 where it is another team's."""
    row = Plan.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return _plan_cards([row], study(row.study_id))[0]


def _plan_cards(rows: Iterable[Plan], of: StudyCard) -> list[PlanCard]:
    found = list(rows)
    note_reads("planning.plan", found)
    makers = people(row.made_by for row in found)
    return [
        PlanCard(
            row.pk, of, read_plan(row.portfolios, row.cost, row.lower_bound), row.words,
            makers[row.made_by].called if row.made_by in makers else "", row.made_at,
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True)
class ChangeCard:
    """A change that a plan asks for, and what became of it: the proposal, where it was accepted."""

    change: Change
    proposal: UUID | None = None
    status: ProposalStatus | None = None


@dataclass(frozen=True)
class Compared:
    """A plan beside today: what it would change, and what is no longer as it was when it was made.

    months: for how long each officer of today has been a familiar face, by school and officer.
    """

    changes: tuple[ChangeCard, ...]
    differences: tuple[Difference, ...]
    today: dict[str, list[Today]]
    months: dict[tuple[str, str], int]
    too_late: bool

    @property
    def can_be_accepted(self) -> bool:
        """Whether today's data are those of the plan, and its first day is ahead."""
        return not self.differences and not self.too_late


def beside_today(one: PlanCard, *, on: dt.date) -> Compared:
    """What a plan changes of the postings on its first day, as they stand on a day.

    A what-if differs from today by what it supposes.
    """
    now = build(one.study.team, replace(one.study.terms, what_if=WhatIf()))
    today = {
        school_id(school.id): [
            Today(officer_id(holder.officer), holder.posting, holder.half)
            for holder in school.holders
            if holder.team == one.study.team
        ]
        for school in now.schools
    }
    planned = {school: frozenset(held) for school, held in holders_of(one.plan.portfolios).items()}
    found = changes(one.plan.portfolios, today)
    proposals = _proposals(one, found)
    familiar = {
        (school_id(school), officer_id(face.officer.id)): face.months
        for school, its in faces_of(map(number_of, today), on=on).items()
        for face in its
    }
    return Compared(
        tuple(ChangeCard(change, *proposals.get(token_of(one.id, change), ())) for change in found),
        tuple(differences(one.study.content or {}, now.content, planned)),
        today,
        {
            (school, holder.officer): familiar.get((school, holder.officer), 0)
            for school, its in today.items()
            for holder in its
        },
        one.study.terms.begins_on < on,
    )


def _proposals(one: PlanCard, found: Iterable[Change]) -> dict[UUID, tuple[UUID, ProposalStatus]]:
    tokens = [token_of(one.id, change) for change in found]
    rows = Proposal.objects.filter(holder=one.study.team, once__in=tokens).values_list("once", "pk", "status")
    return {once: (pk, ProposalStatus(status)) for once, pk, status in rows}


def called(one: StudyCard) -> dict[str, str]:
    """The names of a problem's officers and schools, by what the problem calls them."""
    content = one.content or {"officers": [], "schools": [], "left_out": {}}
    named = {row["id"] for row in content["officers"] + content["schools"]} | content["left_out"].keys()
    named |= {name for row in content["schools"] for name in row["current_officers"]}
    cards = people(number_of(name) for name in named if name.startswith("officer-"))
    places = names(number_of(name) for name in named if name.startswith("school-"))
    found = {officer_id(pk): card.called for pk, card in cards.items()}
    found |= {school_id(pk): name for pk, name in places.items()}
    return found | {f"joiner-{n}": joiner.near for n, joiner in enumerate(one.terms.what_if.joins, 1)}


def school_of(one: StudyCard, school: int) -> SchoolIn:
    """One school that a study is about, or would be. Raises Http404."""
    found = next((each for each in built(one).schools if each.id == school), None)
    if found is None:
        raise Http404
    return found


def where(one: StudyCard) -> dict[str, tuple[float, float]]:
    """The places of a study's schools: latitude and longitude."""
    schools = [number_of(row["id"]) for row in (one.content or {})["schools"]]
    rows = School.objects.filter(pk__in=schools, latitude__isnull=False, longitude__isnull=False)
    return {school_id(pk): (y or 0, x or 0) for pk, y, x in rows.values_list("pk", "latitude", "longitude")}


@dataclass(frozen=True)
class WhatIfChoices:
    """What can be supposed: which officer leaves, which school changes its priority, from where one more would work."""

    officers: dict[str, str]
    schools: dict[str, str]
    places: dict[str, str]
    priority: frozenset[str]

    def what_if(self, answers: Mapping[str, Any]) -> WhatIf:
        """What somebody supposed, by the answers of the form."""
        if answers["kind"] == "leaves":
            return WhatIf(leaves=(number_of(answers["officer"]),))
        if answers["kind"] == "priority":
            school = answers["school"]
            return WhatIf(priority={number_of(school): school not in self.priority})
        easting, northing = map(float, answers["near"].split())
        return WhatIf(joins=(Joining(easting, northing, float(answers["fte"]), self.places[answers["near"]]),))


def what_if_choices(one: StudyCard) -> WhatIfChoices:
    """The officers and schools of a study that was put to the planner, and the bases of its team. Raises Http404."""
    if one.content is None:
        raise Http404
    names = called(one)
    bases = {file.base_name: file for file in team_files(one.team, on=one.terms.begins_on) if file.base_easting}
    return WhatIfChoices(
        {row["id"]: names[row["id"]] for row in one.content["officers"] if row["id"].startswith("officer-")},
        {row["id"]: names[row["id"]] for row in one.content["schools"]},
        {f"{file.base_easting} {file.base_northing}": name for name, file in sorted(bases.items())},
        frozenset(row["id"] for row in one.content["schools"] if row["priority"]),
    )
