"""The checker finds each broken rule, and works costs out as the contract has them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from schoolgate.planning.optimiser.checking import faults, plan_costs
from schoolgate.planning.optimiser.problem import Assignment, Plan, Portfolio, Problem
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.tests.problems import officer, problem, school


@pytest.fixture
def small() -> Problem:
    return build_problem(
        problem(
            [
                officer("O1", easting=3000, max_hours=20),
                officer("O2", team="B"),
                officer("O3", in_probation=True),
            ],
            [
                school("P", priority=True, hours=10, visits=2, northing=4000),
                school("A", hours=3, current_officers=["O2"]),
                school("B", easting=1000),
                school("C", easting=2000),
                school("D", easting=2000, phase="special"),
            ],
            [
                {"id": "plus", "priority": [1, 1], "other": [0, 2], "phases": ["secondary"]},
                {"id": "cluster", "other": [2, 4]},
                {"id": "buddy", "shared_priority": [1, 1], "other": [1, 3]},
            ],
            fixed=[["O1", "P"]],
            forbidden=[["O2", "A"]],
        )
    )


def portfolio(name: str, pattern: str, *rows: str | tuple[str, float]) -> Portfolio:
    whole = [row if isinstance(row, tuple) else (row, 1) for row in rows]
    return Portfolio(name, pattern, tuple(Assignment(*row) for row in whole))


def plan(*portfolios: Portfolio, cost: float = 0, bound: float | None = None) -> Plan:
    return Plan(portfolios, cost, bound)


ONE = portfolio("O1", "plus", "P", "A")
TWO = portfolio("O2", "cluster", "B", "C")
BROKEN: dict[str, tuple[tuple[Portfolio, ...], str]] = {
    "in probation": ((portfolio("O3", "cluster", "B", "C"),), "O3 is in probation."),
    "unknown officer": ((portfolio("O9", "cluster", "B", "C"),), "There is no officer O9."),
    "unknown pattern": ((portfolio("O2", "none", "B", "C"),), "O2 has the unknown pattern none."),
    "unknown school": ((portfolio("O2", "cluster", "B", "X"),), "O2 has the unknown school X."),
    "two portfolios": ((TWO, TWO), "O2 has 2 portfolios."),
    "no portfolio": ((ONE,), "O2 has no portfolio."),
    "empty": ((portfolio("O2", "cluster"),), "O2 has an empty portfolio."),
    "a school twice": ((portfolio("O2", "cluster", "B", "B"),), "O2 has a school twice."),
    "uncovered": ((ONE,), "B is covered 0 times."),
    "covered too often": ((ONE, portfolio("O2", "cluster", "A", "B")), "A is covered 2 times."),
    "half of another": ((portfolio("O2", "cluster", ("B", 0.5), "C"),), "O2 holds a share of 0.5 in B."),
    "an odd share": ((portfolio("O1", "plus", ("P", 0.3)),), "O1 holds a share of 0.3 in P."),
    "phase of officer": ((portfolio("O2", "cluster", "B", "D"),), "O2 does not serve the phase of D, special."),
    "phase of pattern": (
        (portfolio("O1", "plus", "P", "D"),),
        "The pattern plus does not take the phase of D, special.",
    ),
    "counts": ((portfolio("O2", "cluster", "B"),), "O2 has 1 other schools: cluster allows 2 to 4."),
    "forbidden": ((portfolio("O2", "cluster", "A", "B"),), "O2 is forbidden at A."),
    "fixed": ((TWO,), "O1 is fixed at P, and is not there."),
    "hours": ((portfolio("O1", "plus", "P", "A", "B", "C"),), "O1 has 21 hours, at most 20."),
}


@pytest.mark.parametrize(("portfolios", "fault"), BROKEN.values(), ids=BROKEN)
def test_every_broken_rule_is_named(small: Problem, portfolios: tuple[Portfolio, ...], fault: str) -> None:
    assert fault in faults(small, plan(*portfolios))


def test_another_teams_school_is_a_fault_only_within_teams(small: Problem) -> None:
    fault = "B is not of the team of O2."
    assert fault not in faults(small, plan(TWO))
    assert fault in faults(replace(small, within_team=True), plan(TWO))


def test_an_idle_officer_is_no_fault_where_that_is_allowed(small: Problem) -> None:
    assert "O2 has no portfolio." not in faults(replace(small, allow_unassigned_officers=True), plan(ONE))


def test_the_parts_of_the_cost_are_the_contracts(small: Problem) -> None:
    costs = plan_costs(small, [ONE])
    fair = 25 / 2
    assert costs.travel == 2 * 50 + 30  # two visits 5 km away, one 3 km away, in units of 100 m
    assert costs.proximity == 40  # from the priority school
    assert costs.balance == pytest.approx(10 * abs(13 - fair))
    assert costs.change == 30  # of A, which O2 has


def test_halves_count_half_in_all_but_proximity(small: Problem) -> None:
    costs = plan_costs(small, [portfolio("O1", "buddy", ("P", 0.5), "B")])
    assert costs.travel == 50 + 20
    assert costs.proximity == 41
    assert costs.balance == pytest.approx(10 * abs(9 - 25 / 2))


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        pytest.param(lambda total: plan(ONE, TWO, cost=total + 1), "states a cost", id="cost"),
        pytest.param(lambda total: plan(ONE, TWO, cost=total, bound=total + 1), "is above the cost", id="bound"),
    ],
)
def test_a_wrong_cost_or_bound_is_a_fault(small: Problem, changed: Callable[[float], Plan], word: str) -> None:
    total = plan_costs(small, [ONE, TWO]).total
    assert any(word in fault for fault in faults(small, changed(total)))
