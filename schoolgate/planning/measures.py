"""What a deployment costs and what it is like, the same for a plan and for today. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from schoolgate.planning.changes import Today, holders_of
from schoolgate.planning.optimiser.checking import Costs, plan_costs
from schoolgate.planning.optimiser.problem import Assignment, Officer, Plan, Portfolio, Problem

METRES = 1000


@dataclass(frozen=True)
class Load:
    """One officer's schools, hours a week, and kilometres a week: from the base to each visit, without the way back."""

    officer: Officer
    pattern: str
    schools: tuple[tuple[str, float], ...]
    hours: float
    kilometres: float


@dataclass(frozen=True)
class Measures:
    """A deployment: what it costs, part by part; each officer's load; schools without an officer; how many stay.

    kept: schools that have an officer of today's still, of those that have one today (had).
    """

    costs: Costs
    loads: tuple[Load, ...]
    uncovered: tuple[str, ...]
    kept: int
    had: int

    @property
    def kilometres(self) -> float:
        """All officers' kilometres a week."""
        return sum(load.kilometres for load in self.loads)


def measure(problem: Problem, portfolios: Sequence[Portfolio]) -> Measures:
    """What a deployment is like. Distances are straight lines."""
    held = [portfolio for portfolio in portfolios if portfolio.assignments]
    serving = holders_of(held)
    had = [school for school in problem.schools if school.current_officers]
    return Measures(
        plan_costs(problem, held),
        tuple(_load(problem, portfolio) for portfolio in held),
        tuple(school.id for school in problem.schools if school.id not in serving),
        sum(bool(serving.get(school.id, {}).keys() & school.current_officers) for school in had),
        len(had),
    )


def _load(problem: Problem, portfolio: Portfolio) -> Load:
    officer = problem.officers_by_id[portfolio.officer]
    rows = [(problem.schools_by_id[row.school], row.share) for row in portfolio.assignments]
    return Load(
        officer,
        portfolio.pattern,
        tuple((school.id, share) for school, share in rows),
        sum(share * school.hours for school, share in rows),
        sum(
            share * school.visits * hypot(officer.easting - school.easting, officer.northing - school.northing)
            for school, share in rows
        )
        / METRES,
    )


def portfolios_of(problem: Problem, today: Mapping[str, Iterable[Today]]) -> list[Portfolio]:
    """Today's deployment as portfolios, for those officers and schools that are in the problem."""
    held: dict[str, list[Assignment]] = {}
    for school, holders in today.items():
        for holder in holders if school in problem.schools_by_id else ():
            if holder.officer in problem.officers_by_id:
                held.setdefault(holder.officer, []).append(Assignment(school, 0.5 if holder.half else 1))
    return [Portfolio(officer, "", tuple(rows)) for officer, rows in held.items()]


def saving(one: Plan, other: Plan) -> tuple[float, float]:
    """At least and at most by how much the other's best plan is cheaper than the one's, by what is proven of both."""
    return (one.lower_bound or 0) - (other.cost or 0), (one.cost or 0) - (other.lower_bound or 0)
