"""The best plan so far, as the columns that make it up."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from schoolgate.planning.optimiser.annealing import portfolio_cost
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.model import HALF, TOLERANCE, WHOLE, Floats, Ints, Model
from schoolgate.planning.optimiser.problem import Assignment, Portfolio


@dataclass
class State:
    """Who holds what. held: codes by officer, as many as sizes says. holders: by school, two where it is halved."""

    post: Ints
    held: Ints
    sizes: Ints
    holders: Ints


ROUND_FROM = 0.05  # amounts below this say nothing


class Draft:
    """One column for each officer, or none (-1), and so what of each school is uncovered.

    Officers are numbered as in a state: post by post. `penalty` is what an uncovered school, or an officer who must
    work and does not, counts in `value`.
    """

    def __init__(self, model: Model, columns: Columns, penalty: float) -> None:
        self.model, self.columns, self.penalty = model, columns, penalty
        self.post = np.repeat(np.arange(model.posts), model.size.astype(np.int64))
        self.chosen = np.full(len(self.post), -1, dtype=np.int64)

    def uncovered(self) -> Floats:
        """The share of each school that nobody holds."""
        codes, _sizes = self.columns.gathered(self.chosen[self.chosen >= 0])
        left = np.ones(self.model.schools)
        np.subtract.at(left, codes >> 1, np.where(codes & 1, 0.5, 1.0))
        return left

    @property
    def idle(self) -> Ints:
        """The officers who must work and do not."""
        return np.nonzero((self.chosen < 0) & self.model.must_work[self.post])[0]

    @property
    def value(self) -> float:
        """The cost, with penalties for what is lacking."""
        chosen = self.chosen[self.chosen >= 0]
        lacking = self.uncovered().sum() + len(self.idle)
        return float(self.columns.cost[chosen].sum() + self.penalty * lacking)

    @property
    def complete(self) -> bool:
        """Does it keep every rule?"""
        return len(self.idle) == 0 and bool(np.all(np.abs(self.uncovered()) < TOLERANCE))

    def take(self, state: State) -> None:
        """Take over the portfolios of a state that keep the rules; the others' officers are left without."""
        for officer in range(len(self.post)):
            codes = np.sort(state.held[officer, : state.sizes[officer]])
            pattern = fitting_pattern(self.model, int(self.post[officer]), codes)
            self.chosen[officer] = -1
            if len(codes) and pattern is not None:
                self.chosen[officer] = self._column(int(self.post[officer]), pattern, codes)

    def _column(self, post: int, pattern: int, codes: Ints) -> int:
        model, weights = self.model, self.model.problem.weights
        cost = portfolio_cost(
            len(codes), codes, model.cost[post], model.fair[post], model.distance, model.hours, model.priority,
            weights.proximity, weights.balance,
        )  # fmt: skip
        return self.columns.add(post, pattern, cost, codes)[0]

    def portfolios(self) -> list[Portfolio]:
        """The plan's rows, in the problem's order of officers."""
        rows = {}
        free = defaultdict(list, {post: list(members) for post, members in enumerate(self.model.members)})
        for officer, number in enumerate(self.chosen):
            member = free[int(self.post[officer])].pop(0)
            if number >= 0:
                rows[member] = self._portfolio(member, int(number))
        return [rows[member] for member in sorted(rows)]

    def _portfolio(self, member: int, number: int) -> Portfolio:
        problem = self.model.problem
        assignments = tuple(
            Assignment(problem.schools[code >> 1].id, 0.5 if code & 1 else 1) for code in self.columns.codes(number)
        )
        pattern = self.model.patterns[self.columns.pattern[number]].id
        return Portfolio(problem.postable[member].id, pattern, assignments)


def fitting_pattern(model: Model, post: int, codes: Ints) -> int | None:
    """The first pattern in which a post may hold these; None where it may not."""
    schools, half = codes >> 1, codes & 1
    share = np.where(half, 0.5, 1.0)
    needed = np.where(half, HALF, WHOLE)
    if np.any(model.options[post, schools] & needed == 0):
        return None
    if share @ model.hours[schools] > model.most_hours[post] + TOLERANCE:
        return None
    if model.forced[post].sum() > model.forced[post, schools].sum():
        return None
    kinds = np.where(model.priority[schools] == 1, half, 2)
    numbers = np.bincount(kinds, minlength=3)
    for pattern in range(len(model.counts)):
        low, high = model.counts[pattern].T
        within = (numbers <= high) | (model.unlimited[pattern] == 1)
        if np.all(numbers >= low) and np.all(within) and np.all(model.taken[pattern, schools] == 1):
            return pattern
    return None


def round_off(draft: Draft, numbers: Ints, amounts: Floats) -> None:
    """Take the columns of a linear program from the largest amount on, as far as they go together."""
    columns, left = draft.columns, np.ones(draft.model.schools)
    free = {post: list(np.nonzero(draft.post == post)[0]) for post in range(draft.model.posts)}
    draft.chosen[:] = -1
    for place in np.argsort(-amounts, kind="stable"):
        number, code = numbers[place], columns.codes(numbers[place])
        share = np.where(code & 1, 0.5, 1.0)
        officers = free[int(columns.post[number])]
        if amounts[place] > ROUND_FROM and officers and np.all(left[code >> 1] >= share - TOLERANCE):
            left[code >> 1] -= share
            draft.chosen[officers.pop()] = number
