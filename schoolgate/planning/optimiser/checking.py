"""Checks a plan against its problem and works out its cost anew, from the problem's own words and no solver's."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schoolgate.planning.optimiser.problem import (
    Assignment,
    Officer,
    Pattern,
    Plan,
    Portfolio,
    Problem,
    Rounding,
    School,
)

TOLERANCE = 1e-9  # hours
COST_TOLERANCE = 1e-6  # of the cost, or of 1 where that is more

Held = list[tuple[School, float]]


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of a plan or a portfolio, part by part, in the problem's own units."""

    travel: float = 0.0
    proximity: float = 0.0
    balance: float = 0.0
    change: float = 0.0

    @property
    def total(self) -> float:
        """All parts together."""
        return self.travel + self.proximity + self.balance + self.change

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(
            self.travel + other.travel,
            self.proximity + other.proximity,
            self.balance + other.balance,
            self.change + other.change,
        )


def distance(problem: Problem, one: Officer | School, other: Officer | School) -> float:
    """The straight line between two points in the problem's unit, rounded as the problem says."""
    units = math.hypot(one.easting - other.easting, one.northing - other.northing) / problem.unit_m
    if problem.rounding is Rounding.NONE:
        return units
    return round(units) if problem.rounding is Rounding.NEAREST else math.floor(units)


def plan_costs(problem: Problem, portfolios: list[Portfolio]) -> Costs:
    """The cost of all portfolios, part by part."""
    return sum((portfolio_costs(problem, portfolio) for portfolio in portfolios), Costs())


def portfolio_costs(problem: Problem, portfolio: Portfolio) -> Costs:
    """The cost of one portfolio, part by part."""
    officer, weights = problem.officers_by_id[portfolio.officer], problem.weights
    held = [(problem.schools_by_id[row.school], row.share) for row in portfolio.assignments]
    anchors = [school for school, _ in held if school.priority] or [school for school, _ in held]
    moved = [share for school, share in held if school.current_officers and officer.id not in school.current_officers]
    return Costs(
        travel=weights.travel
        * sum(share * school.visits * distance(problem, officer, school) for school, share in held),
        proximity=weights.proximity * min(sum(distance(problem, at, school) for school, _ in held) for at in anchors),
        balance=weights.balance * abs(_hours(held) - problem.fair_hours * officer.fte),
        change=weights.change * sum(moved),
    )


def _hours(held: Held) -> float:
    return sum(school.hours * share for school, share in held)


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Every rule that the plan breaks, one sentence each; none where it keeps them all."""
    found = [fault for portfolio in plan.portfolios for fault in portfolio_faults(problem, portfolio)]
    found.extend(_officer_faults(problem, plan))
    if any(list(_unknown(problem, portfolio)) for portfolio in plan.portfolios):
        return found
    return [*found, *_cover_faults(problem, plan), *_fixed_faults(problem, plan), *_cost_faults(problem, plan)]


def _unknown(problem: Problem, portfolio: Portfolio) -> Iterator[str]:
    if portfolio.officer not in problem.officers_by_id:
        yield f"There is no officer {portfolio.officer}."
    if portfolio.pattern not in problem.patterns_by_id:
        yield f"{portfolio.officer} has the unknown pattern {portfolio.pattern}."
    for row in portfolio.assignments:
        if row.school not in problem.schools_by_id:
            yield f"{portfolio.officer} has the unknown school {row.school}."


def portfolio_faults(problem: Problem, portfolio: Portfolio) -> list[str]:
    """Every rule that one portfolio breaks by itself."""
    unknown = list(_unknown(problem, portfolio))
    if unknown:
        return unknown
    officer, pattern = problem.officers_by_id[portfolio.officer], problem.patterns_by_id[portfolio.pattern]
    held = [(problem.schools_by_id[row.school], row.share) for row in portfolio.assignments]
    found = [] if held else [f"{officer.id} has an empty portfolio."]
    if officer.in_probation:
        found.append(f"{officer.id} is in probation.")
    for school, share in held:
        found += _pair_faults(problem, officer, pattern, school, share)
    return [*found, *_shape_faults(officer, pattern, portfolio.assignments, held)]


def _pair_faults(problem: Problem, officer: Officer, pattern: Pattern, school: School, share: float) -> Iterator[str]:
    if share not in (1, 0.5) or (share == 0.5 and not school.priority):
        yield f"{officer.id} holds a share of {share} in {school.id}."
    if school.phase not in officer.phases:
        yield f"{officer.id} does not serve the phase of {school.id}, {school.phase}."
    if pattern.phases is not None and school.phase not in pattern.phases:
        yield f"The pattern {pattern.id} does not take the phase of {school.id}, {school.phase}."
    if problem.within_team and school.team != officer.team:
        yield f"{school.id} is not of the team of {officer.id}."
    if (officer.id, school.id) in problem.forbidden:
        yield f"{officer.id} is forbidden at {school.id}."


def _shape_faults(officer: Officer, pattern: Pattern, rows: tuple[Assignment, ...], held: Held) -> Iterator[str]:
    if len({row.school for row in rows}) < len(rows):
        yield f"{officer.id} has a school twice."
    numbers = (
        sum(school.priority and share == 1 for school, share in held),
        sum(school.priority and share != 1 for school, share in held),
        sum(not school.priority for school, _ in held),
    )
    for number, allowed, kind in zip(numbers, pattern.ranges, ("priority", "shared priority", "other"), strict=True):
        if not allowed.holds(number):
            yield f"{officer.id} has {number} {kind} schools: {pattern.id} allows {allowed.low} to {allowed.high}."
    if _hours(held) > officer.max_hours + TOLERANCE:
        yield f"{officer.id} has {_hours(held):g} hours, at most {officer.max_hours:g}."


def _officer_faults(problem: Problem, plan: Plan) -> Iterator[str]:
    times = Counter(portfolio.officer for portfolio in plan.portfolios)
    yield from (f"{officer} has {number} portfolios." for officer, number in times.items() if number > 1)
    if not problem.allow_unassigned_officers:
        yield from (f"{officer.id} has no portfolio." for officer in problem.postable if not times[officer.id])


def _covered(plan: Plan) -> Mapping[str, dict[str, float]]:
    covered: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for portfolio in plan.portfolios:
        for row in portfolio.assignments:
            covered[row.school][portfolio.officer] = row.share
    return covered


def _cover_faults(problem: Problem, plan: Plan) -> Iterator[str]:
    covered = _covered(plan)
    for school in problem.schools:
        total = sum(covered[school.id].values()) if school.id in covered else 0
        if total != 1:
            yield f"{school.id} is covered {total:g} times."


def _fixed_faults(problem: Problem, plan: Plan) -> Iterator[str]:
    covered = _covered(plan)
    for officer, school in sorted(problem.fixed):
        if officer not in covered.get(school, {}):
            yield f"{officer} is fixed at {school}, and is not there."


def _cost_faults(problem: Problem, plan: Plan) -> Iterator[str]:
    held = [portfolio for portfolio in plan.portfolios if portfolio.assignments]
    cost = plan_costs(problem, held).total
    if plan.cost is None or not math.isclose(cost, plan.cost, rel_tol=COST_TOLERANCE, abs_tol=COST_TOLERANCE):
        yield f"The plan states a cost of {plan.cost}, and costs {cost}."
    if plan.lower_bound is not None and plan.lower_bound > cost + COST_TOLERANCE * max(1.0, cost):
        yield f"The bound {plan.lower_bound} is above the cost {cost}."
