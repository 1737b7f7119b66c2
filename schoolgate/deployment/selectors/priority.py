"""Which schools come first: what is measured, what the sergeant decided, and why. It names no person."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import (
    FROM_REGISTER,
    SOCIAL,
    IndicatorKind,
    IndicatorValue,
    Matrix,
    PriorityDecision,
)
from schoolgate.deployment.policies import may_see_figures
from schoolgate.deployment.selectors.eligibility import forces_of_viewer
from schoolgate.directory.models import Organisation, School
from schoolgate.directory.selectors import people

FULL = Decimal(100)


@dataclass(frozen=True)
class MatrixCard:
    """One version of the weights: number 0 where the force has none yet."""

    force: int
    force_name: str
    number: int = 0
    weights: tuple[tuple[IndicatorKind, int], ...] = ()
    reason: str = ""
    by: str = ""
    made_at: dt.datetime | None = None
    id: int | None = None


@dataclass(frozen=True)
class Part:
    """What one indicator adds to a school's score. value None: there is none, and it adds nothing."""

    kind: IndicatorKind
    value: Decimal | None
    of_highest: Decimal
    weight: int
    points: Decimal


@dataclass(frozen=True)
class Decision:
    """What the sergeant decided of a school, apart from its score; the score is the one of that day."""

    is_priority: bool
    reasons: str
    by: str
    made_at: dt.datetime
    score: Decimal | None
    rank: int | None


@dataclass(frozen=True)
class Ranked:
    """A school in the ranking."""

    id: int
    name: str
    phase: str
    urn: int
    score: Decimal
    rank: int
    parts: tuple[Part, ...]
    decision: Decision | None

    @property
    def missing(self) -> list[IndicatorKind]:
        """The indicators without a value."""
        return [part.kind for part in self.parts if part.value is None]

    @property
    def is_priority(self) -> bool:
        return bool(self.decision and self.decision.is_priority)


@dataclass(frozen=True)
class Ranking:
    """The open schools of a force by score."""

    matrix: MatrixCard
    schools: tuple[Ranked, ...]


@dataclass(frozen=True)
class Moved:
    """A school whose place changes when deprivation and attainment are left out."""

    school: Ranked
    rank_without: int
    score_without: Decimal


@dataclass(frozen=True)
class Equality:
    """What changes without deprivation and attainment. first: how many schools count as first."""

    ranking: Ranking
    left_out: tuple[IndicatorKind, ...]
    first: int
    moved: tuple[Moved, ...]

    @property
    def drop_out(self) -> list[Moved]:
        return [one for one in self.moved if one.school.rank <= self.first < one.rank_without]

    @property
    def come_in(self) -> list[Moved]:
        return [one for one in self.moved if one.rank_without <= self.first < one.school.rank]


def priority_schools(forces: Iterable[int]) -> set[int]:
    """The schools that a sergeant made a priority, by their last decision."""
    rows = PriorityDecision.objects.filter(force__in=list(forces)).order_by("school", "-made_at", "-pk")
    last = rows.distinct("school").values_list("school", "is_priority")
    return {school for school, is_priority in last if is_priority}


def force_of_figures(viewer: Viewer) -> int:
    """The force whose figures this person sees. Raises PermissionDenied, Http404 for a team without a force."""
    require(may_see_figures, viewer)
    forces = forces_of_viewer(viewer)
    if not forces:
        raise Http404
    return min(forces)


def matrices(force: int) -> list[MatrixCard]:
    """Every version of the weights, the newest first."""
    name = Organisation.objects.values_list("name", flat=True).get(pk=force)
    rows = list(Matrix.objects.filter(force=force).order_by("-number").prefetch_related("indicators"))
    cards = people(row.made_by for row in rows)
    return [
        MatrixCard(
            force,
            name,
            row.number,
            tuple(sorted(((IndicatorKind(i.kind), i.weight) for i in row.indicators.all()), key=lambda pair: -pair[1])),
            row.reason,
            cards[row.made_by].called if row.made_by in cards else "",
            row.made_at,
            row.pk,
        )
        for row in rows
    ] or [MatrixCard(force, name)]


def ranking(force: int, *, without: Collection[IndicatorKind] = ()) -> Ranking:
    """The open schools of a force by score under the newest weights, less the indicators left out.

    An indicator counts as a share of its highest value in the force; the score is the weighted mean, of 100.
    """
    matrix = matrices(force)[0]
    weights = [(kind, weight) for kind, weight in matrix.weights if kind not in without]
    columns = ("pk", "organisation__name", "phase", "urn", *FROM_REGISTER.values())
    rows = list(School.objects.filter(organisation__force=force, organisation__closed_on=None).values(*columns))
    values = _values(force, rows)
    highest = {
        kind: max((value for (_school, k), value in values.items() if k == kind), default=FULL) for kind, _w in weights
    }
    decisions = _decisions(force)
    whole = sum(weight for _kind, weight in weights) or 1
    scored = []
    for row in rows:
        parts = tuple(
            _part(kind, weight, values.get((row["pk"], kind)), highest[kind], whole) for kind, weight in weights
        )
        scored.append((sum((part.points for part in parts), Decimal(0)), row, parts))
    scored.sort(key=lambda each: (-each[0], each[1]["organisation__name"]))
    found: list[Ranked] = []
    for place, (score, row, parts) in enumerate(scored, start=1):
        rank = found[-1].rank if found and found[-1].score == score else place
        about = (row["pk"], row["organisation__name"], row["phase"], row["urn"])
        found.append(Ranked(*about, score, rank, parts, decisions.get(row["pk"])))
    return Ranking(matrix, tuple(found))


def _part(kind: IndicatorKind, weight: int, value: Decimal | None, highest: Decimal, whole: int) -> Part:
    of_highest = (value * FULL / highest) if value is not None and highest else Decimal(0)
    points = (of_highest * weight / whole).quantize(Decimal("0.1"))
    return Part(kind, value, of_highest.quantize(Decimal("0.1")), weight, points)


def _values(force: int, schools: list[dict[str, object]]) -> dict[tuple[int, IndicatorKind], Decimal]:
    """The latest value of each indicator at each school; the register's where nobody gave another."""
    found: dict[tuple[int, IndicatorKind], Decimal] = {}
    for row in schools:
        for kind, column in FROM_REGISTER.items():
            if row[column] is not None:
                found[int(str(row["pk"])), kind] = Decimal(str(row[column]))
    rows = IndicatorValue.objects.filter(force=force).order_by("school", "kind", "-as_at", "-pk")
    for school, kind_name, value in rows.distinct("school", "kind").values_list("school", "kind", "value"):
        found[school, IndicatorKind(kind_name)] = value
    return found


def _decisions(force: int) -> dict[int, Decision]:
    rows = list(PriorityDecision.objects.filter(force=force).order_by("school", "-made_at", "-pk").distinct("school"))
    cards = people(row.made_by for row in rows)
    return {
        row.school_id: Decision(
            row.is_priority, row.reasons, cards[row.made_by].called if row.made_by in cards else "", row.made_at,
            row.score, row.rank,
        )
        for row in rows
    }  # fmt: skip


def equality(force: int) -> Equality:
    """How the ranking stands without deprivation and attainment, beside as it is."""
    full = ranking(force)
    without = {school.id: school for school in ranking(force, without=SOCIAL).schools}
    first = sum(school.is_priority for school in full.schools) or min(10, len(full.schools))
    moved = [
        Moved(school, without[school.id].rank, without[school.id].score)
        for school in full.schools
        if without[school.id].rank != school.rank
    ]
    counted = tuple(kind for kind, _weight in full.matrix.weights if kind in SOCIAL)
    return Equality(full, counted, first, tuple(moved))


def ranked_school(force: int, school: int) -> Ranked:
    """One school of the ranking. Raises Http404."""
    found = next((one for one in ranking(force).schools if one.id == school), None)
    if found is None:
        raise Http404
    return found


def schools_by_urn(force: int) -> dict[int, tuple[int, str]]:
    """The open schools of a force by their number in the register: id and name."""
    rows = School.objects.filter(organisation__force=force, organisation__closed_on=None)
    return {urn: (pk, name) for urn, pk, name in rows.values_list("urn", "pk", "organisation__name")}
