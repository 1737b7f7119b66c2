"""Studies, and how far the planner is; the sergeants of the team read them."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.directory.models import School
from schoolgate.directory.selectors import names, people
from schoolgate.planning.models import Progress, Study, StudyState
from schoolgate.planning.optimiser import problem as contract
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.policies import may_plan_some
from schoolgate.planning.selectors.problem import Built, SchoolIn, build, number_of, officer_id, school_id
from schoolgate.planning.terms import StudyTerms, WhatIf

MOST = 50


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


def study(pk: UUID) -> StudyCard:
    """One study. Raises Http404 where it is another team's."""
    found = _cards(Study.objects.filter(pk=pk), whole=True)
    if not found:
        raise Http404
    return found[0]


def state_of(pk: UUID) -> StudyState:
    """A study's state, which a page asks for every few seconds; it says nothing of anybody, and is not noted.

    Raises Http404 where it is another team's.
    """
    state = Study.objects.filter(pk=pk).values_list("state", flat=True).first()
    if state is None:
        raise Http404
    return StudyState(state)


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


def called(one: StudyCard) -> dict[str, str]:
    """The names of a problem's officers and schools, by what the problem calls them."""
    content = one.content or {"officers": [], "schools": [], "left_out": {}}
    named = {row["id"] for row in content["officers"] + content["schools"]} | content["left_out"].keys()
    named |= {name for row in content["schools"] for name in row["current_officers"]}
    cards = people(number_of(name) for name in named if name.startswith("officer-"))
    places = names(number_of(name) for name in named if name.startswith("school-"))
    found = {officer_id(pk): card.called for pk, card in cards.items()}
    found |= {school_id(pk): name for pk, name in places.items()}
    return found | {
        f"joiner-{n}": _("One more officer (%s)") % joiner.near for n, joiner in enumerate(one.terms.what_if.joins, 1)
    }


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
