"""Plans, and what a plan would change of today's postings; the sergeants of the team read them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.db.models import F
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.deployment.models import Proposal, ProposalStatus
from schoolgate.deployment.selectors.postings import faces_of
from schoolgate.directory.selectors import people
from schoolgate.planning.changes import Change, Today, changes, holders_of, read_plan, token_of
from schoolgate.planning.differences import Difference, differences
from schoolgate.planning.models import Plan
from schoolgate.planning.optimiser import problem as contract
from schoolgate.planning.optimiser.checking import faults
from schoolgate.planning.selectors.problem import build, number_of, officer_id, school_id
from schoolgate.planning.selectors.studies import MOST, StudyCard, study, teams
from schoolgate.planning.terms import WhatIf


@dataclass(frozen=True)
class PlanCard:
    """A plan with its problem, checked anew: `faults` are the rules that it breaks."""

    id: UUID
    study: StudyCard
    plan: contract.Plan
    words: str
    by: str
    made_at: dt.datetime

    @cached_property
    def faults(self) -> list[str]:
        """Every rule of the problem that the plan breaks."""
        return faults(self.study.problem, self.plan)


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
