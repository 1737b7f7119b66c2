"""The searches are compiled at set-up as plans call them: once, for one kind of argument."""

import pytest

from schoolgate.planning.optimiser.annealing import anneal, place_all, portfolio_cost
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.pricing import search_posts
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.solving import solve
from schoolgate.planning.optimiser.tests.problems import random_problem
from schoolgate.planning.optimiser.warm import compile_searches

CALLED = (anneal, place_all, portfolio_cost, search_posts)


def times_compiled() -> list[int]:
    return [len(function.signatures) for function in CALLED]  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(5))
def test_what_set_up_compiles_is_what_a_plan_calls(seed: int) -> None:
    compile_searches()
    assert times_compiled() == [1, 1, 1, 1]
    solve(build_problem(random_problem(seed)), Limits(seconds=20))
    assert times_compiled() == [1, 1, 1, 1]
