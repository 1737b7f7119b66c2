"""A first plan: schools placed one after another, then annealed."""

from typing import Any

import numpy as np

from schoolgate.planning.optimiser.annealing import anneal, place_all
from schoolgate.planning.optimiser.incumbent import Draft, State
from schoolgate.planning.optimiser.model import Bytes, Ints, Model

NEIGHBOURS, LIKELY = 30, 24


def fresh_state(model: Model) -> State:
    """Nobody holds anything."""
    post = np.repeat(np.arange(model.posts), [len(members) for members in model.members])
    most = int(model.counts[:, :, 1].sum(axis=1).max())
    room = min(2 * model.schools, max(8, 2 * most, 4 * model.schools // len(post)))
    return State(
        post=post,
        held=np.zeros((len(post), room + 3), dtype=np.int64),
        sizes=np.zeros(len(post), dtype=np.int64),
        holders=np.full((model.schools, 2), -1, dtype=np.int64),
    )


def _listed(forced: Bytes) -> Ints:
    """The schools that each post must hold: their number, then the schools."""
    numbers = forced.sum(axis=1, dtype=np.int64)
    listed = np.zeros((len(forced), numbers.max(initial=0) + 1), dtype=np.int64)
    listed[:, 0] = numbers
    for post in np.nonzero(numbers)[0]:
        listed[post, 1 : numbers[post] + 1] = np.nonzero(forced[post])[0]
    return listed


def first_order(model: Model) -> Ints:
    """Priority schools first, then those that need most hours."""
    return np.lexsort((-model.hours, -model.priority.astype(np.int64)))


class Starter:
    """Places and anneals; keeps its state between calls, so that it can be asked for more."""

    def __init__(self, model: Model, penalty: float) -> None:
        self.model = model
        self.state = fresh_state(model)
        count = min(NEIGHBOURS, max(1, model.schools - 1))
        self.neighbours = model.near[:, 1 : count + 1].astype(np.int64)
        if model.schools == 1:
            self.neighbours = np.zeros((1, 1), dtype=np.int64)
        officers = np.argsort(model.cost[self.state.post], axis=0, kind="stable")[:LIKELY]
        self.likely = np.ascontiguousarray(officers.T)
        weights = model.problem.weights
        third = model.distance[np.arange(model.schools), self.neighbours[:, min(2, self.neighbours.shape[1] - 1)]]
        away = weights.proximity * float(np.median(third))
        self.spread = max(0.01, away + 0.1 * weights.balance * float(np.median(model.hours)))
        self.prices = model.cost.min(axis=0) + np.minimum(weights.proximity * third, 5 * away)
        self.penalty = penalty
        self.cost = np.inf
        self._forced = _listed(model.forced)

    def _arrays(self) -> tuple[Any, ...]:
        model = self.model
        return (
            self.state.post, model.cost, model.options, self._forced, model.must_work, model.fair, model.most_hours,
            model.distance, model.hours, model.priority, model.counts, model.unlimited, model.taken,
            float(model.problem.weights.proximity), float(model.problem.weights.balance), self.penalty,
        )  # fmt: skip

    def place(self) -> None:
        """Give each school, whole, to the officer whose cost it raises least."""
        self._place(2 * first_order(self.model))

    def _place(self, codes: Ints) -> None:
        state = self.state
        place_all(codes, *self._arrays(), state.held, state.sizes, state.holders)  # type: ignore[call-arg]

    def resume(self, draft: Draft) -> None:
        """Begin with a draft's portfolios, and place what it leaves uncovered."""
        self.state = state = fresh_state(self.model)
        for officer, number in enumerate(draft.chosen):
            codes = draft.columns.codes(int(number)) if number >= 0 else np.zeros(0, dtype=np.int64)
            state.held[officer, : len(codes)] = codes
            state.sizes[officer] = len(codes)
            for code in codes:
                state.holders[code >> 1, 1 if state.holders[code >> 1, 0] >= 0 else 0] = officer
        order = first_order(self.model)
        left = draft.uncovered()[order]
        self._place((2 * order + (left < 0.75))[left > 0.25])

    def anneal(self, turns: int, seed: int, hot: float, cold: float) -> float:
        """Improve the state at temperatures given in parts of the spread. Gives its cost, penalties included."""
        state = self.state
        self.cost = anneal(  # type: ignore[call-arg]
            turns, seed, hot * self.spread, cold * self.spread, *self._arrays(), self.neighbours, self.likely,
            state.held, state.sizes, state.holders,
        )  # fmt: skip
        return self.cost
