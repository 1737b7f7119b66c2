"""The planner against an oracle that tries everything, and against itself."""

from typing import Any

import pytest

from schoolgate.planning.optimiser import solving
from schoolgate.planning.optimiser.checking import faults, plan_costs, portfolio_faults
from schoolgate.planning.optimiser.improving import Improver
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.problem import Assignment, Plan, Portfolio, Problem
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.solving import Progress, solve
from schoolgate.planning.optimiser.tests.problems import exhaustive_optimum, random_force, random_problem


def optimum(content: dict[str, Any]) -> float | None:
    problem = build_problem(content)
    names = [school.id for school in problem.schools]

    def cost_of(person: str, shares: tuple[float, ...]) -> float | None:
        rows = tuple(Assignment(name, share) for name, share in zip(names, shares, strict=True) if share)
        if not rows:
            must = any(officer == person for officer, _ in problem.fixed)
            return 0.0 if problem.allow_unassigned_officers and not must else None
        return cheapest(problem, person, rows)

    return exhaustive_optimum(content, cost_of)


def cheapest(problem: Problem, person: str, rows: tuple[Assignment, ...]) -> float | None:
    """The cost of a portfolio in the first pattern that it fits; only the faults of the portfolio itself count."""
    if any(officer == person and school not in {row.school for row in rows} for officer, school in problem.fixed):
        return None
    for pattern in problem.patterns:
        portfolio = Portfolio(person, pattern.id, rows)
        if not portfolio_faults(problem, portfolio):
            return plan_costs(problem, [portfolio]).total
    return None


@pytest.mark.parametrize("seed", range(60))
def test_the_plan_of_a_small_problem_costs_no_more_than_the_best_and_its_bound_is_never_above(seed: int) -> None:
    content = random_problem(seed, schools=6 if seed % 2 else 7)
    plan = solve(build_problem(content), Limits(steps=400))
    best = optimum(content)
    if best is None:
        assert plan.cost is None
        assert plan.explanation
        return
    assert plan.cost == pytest.approx(best, abs=1e-6)
    assert plan.lower_bound is not None
    assert plan.lower_bound <= best + 1e-6
    assert plan.lower_bound == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("officers", "schools", "steps"), [(12, 40, 40), (30, 90, 75)], ids=["few", "many at once"])
def test_the_same_problem_seed_and_number_of_steps_give_the_same_plan(officers: int, schools: int, steps: int) -> None:
    problem = build_problem(random_force(1, officers, schools))
    plans = [solve(problem, Limits(steps=steps), seed=2) for _ in range(2)]
    assert plans[0].portfolios == plans[1].portfolios != []
    assert plans[0].lower_bound == plans[1].lower_bound
    assert plans[0].steps == steps


def test_what_is_left_out_never_counts_for_more_than_a_whole_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Improver, "step", lambda *_: [False])  # nothing is ever bettered
    run = solving._Run(build_problem(random_force(1, 70, 210)), Limits(steps=5_000), 0, None)
    assert run.plan().cost is None
    assert run.draft.penalty == run.dearest


def test_very_many_portfolios_that_cost_the_same_hold_nothing_up() -> None:
    content = random_force(1, 30, 90)
    for row in content["officers"] + content["schools"]:
        row |= {"easting": 0, "northing": 0}
    for row in content["schools"]:
        row["current_officers"] = []
    plan = solve(build_problem(content), Limits(steps=90), seed=2)
    assert plan.steps == 90
    assert plan.gap is not None
    assert plan.gap < 0.5


def test_the_bound_goes_on_beside_the_plan_where_time_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "BOUND_ROUNDS", 27)
    seen: list[Progress] = []
    solve(build_problem(random_force(1, 30, 90)), Limits(steps=50), report=seen.append)
    planned = [progress for progress in seen if progress.cost is not None]
    assert (planned[-1].lower_bound or 0) > (planned[0].lower_bound or 0) > 0


def test_a_planner_that_is_stopped_gives_its_best_plan_with_its_bound() -> None:
    problem, limits = build_problem(random_force(2, 12, 40)), Limits()
    seen: list[Progress] = []

    def stop_soon(progress: Progress) -> None:
        seen.append(progress)
        if progress.cost is not None and (progress.lower_bound or 0) > 0:
            limits.stop()

    plan = solve(problem, limits, report=stop_soon)
    assert seen[-1].gap == plan.gap
    assert plan.cost is not None
    assert 0 < (plan.lower_bound or 0) <= plan.cost
    assert faults(problem, plan) == []


def test_gap_and_incumbent_are_reported_and_never_worsen() -> None:
    seen: list[Progress] = []
    solve(build_problem(random_force(3, 12, 40)), Limits(steps=80), report=seen.append)
    bounds = [progress.lower_bound or 0.0 for progress in seen]
    costs = [progress.cost for progress in seen if progress.cost is not None]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)
    assert [progress.steps for progress in seen] == list(range(1, len(seen) + 1))


def test_officers_alike_are_planned_as_one_post() -> None:
    content = random_force(4, 4, 14)
    for row in content["officers"]:
        row |= {"easting": 0, "northing": 0}
    for row in content["schools"]:
        row["current_officers"] = []
    plan = solve(build_problem(content), Limits(steps=300))
    assert plan.gap == pytest.approx(0, abs=1e-6)


def test_nobody_in_probation_is_posted_even_where_that_would_be_cheaper() -> None:
    content = random_force(5, 6, 20)
    content["officers"][0]["in_probation"] = True
    plan = solve(build_problem(content), Limits(steps=60))
    assert isinstance(plan, Plan)
    assert plan.cost is None or content["officers"][0]["id"] not in {row.officer for row in plan.portfolios}
