"""The search of portfolios against an oracle that tries everything, and where very many cost the same."""

import random
from itertools import product
from typing import Any

import numpy as np
import pytest

from schoolgate.planning.optimiser.bounding import OPEN, Bounder
from schoolgate.planning.optimiser.checking import plan_costs, portfolio_faults
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.improving import _enumerated
from schoolgate.planning.optimiser.incumbent import Draft
from schoolgate.planning.optimiser.model import build_model
from schoolgate.planning.optimiser.problem import Assignment, Portfolio
from schoolgate.planning.optimiser.proving import Prover
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.searching import Searcher
from schoolgate.planning.optimiser.tests.problems import officer, problem, school

ODD = [{"id": "odd", "priority": [0, 1], "shared_priority": [0, 1], "other": [0, 5]}]


@pytest.mark.parametrize("seed", [0, 2, 7, 11])
def test_the_cheapest_portfolio_is_found_where_hours_are_on_no_grid(seed: int) -> None:
    dice = random.Random(seed)
    places = [
        school(f"S{number}", easting=dice.randrange(3000), hours=dice.uniform(1, 6), priority=number < 2)
        for number in range(9)
    ]
    content = build_problem(problem([officer("O1", max_hours=25), officer("O2")], places, ODD))
    model = build_model(content)
    prices = np.array([dice.uniform(0, 60) for _ in places])
    found = Searcher(model).search(prices, np.full(model.posts, OPEN))
    best = np.inf
    for shares in product(*[(0, 0.5, 1) if place["priority"] else (0, 1) for place in places]):
        rows = tuple(Assignment(place["id"], share) for place, share in zip(places, shares, strict=True) if share)
        portfolio = Portfolio("O1", "odd", rows)
        if rows and not portfolio_faults(content, portfolio):
            best = min(best, plan_costs(content, [portfolio]).total - float(prices @ np.array(shares)))
    assert not model.grid.exact
    assert found.reduced[found.post == 0].min() == pytest.approx(best, abs=1e-6)


def alike(weights: dict[str, int]) -> Any:
    """Officers and schools of which all are alike, and the bounder of such a problem."""
    people, places = [officer(f"O{number}") for number in range(4)], [school(f"S{number}") for number in range(24)]
    model = build_model(build_problem(problem(people, places, weights=weights)))
    columns = Columns(model)
    bounder = Bounder(model, Searcher(model), columns, np.zeros(model.schools), 1.0)
    bounder.price(bounder.prices)
    return model, columns, bounder


def test_where_too_many_portfolios_cost_the_same_a_group_is_planned_from_those_met() -> None:
    _model, columns, bounder = alike({"travel": 0, "proximity": 0, "balance": 0, "change": 1})
    assert len(_enumerated(bounder, 1.0, 10).post) == len(columns)


def test_where_too_many_portfolios_cost_the_same_nothing_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schoolgate.planning.optimiser.proving.MOST_COLUMNS", 20)
    model, columns, bounder = alike({"travel": 0, "proximity": 0, "balance": 0, "change": 1})
    prover = Prover(bounder, Draft(model, columns, 1.0), 5.0)
    assert prover.done
    assert prover.bound == bounder.bound
