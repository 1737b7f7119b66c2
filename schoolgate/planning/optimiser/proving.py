"""Closes the gap: all portfolios that a better plan could hold are enumerated, and their choice is branched on.

At the bound's prices a portfolio whose reduced cost is above its officer's least by more than the gap cannot be part
of a better plan. If too many are left, those within a smaller excess are taken, and the bound is not raised above
that excess. Each branch has a bound of its own, from the prices of its linear program and all portfolios left to it,
never from what a solver reports.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schoolgate.planning.optimiser.bounding import Bounder, add_found, lagrangian, matrix
from schoolgate.planning.optimiser.columns import Columns, covered_value
from schoolgate.planning.optimiser.incumbent import Draft
from schoolgate.planning.optimiser.linear import Master
from schoolgate.planning.optimiser.model import Floats, Ints
from schoolgate.planning.optimiser.searching import Searcher, TooMany

MOST_COLUMNS = 300_000
ADD_AT_ONCE = 400
WHOLE = 1e-6  # amounts this near a whole number count as one
ROUNDS = 200
PENALTY = 10.0  # what an uncovered school costs in a branch, in parts of the largest price

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class _Branch:
    bound: float
    allowed: Ints  # numbers of pool columns
    prices: Floats
    useful: Ints  # columns of the parent's linear program


class Prover:
    """Holds the open branches. `bound` is that of the whole problem; `done` is true when none is open."""

    def __init__(self, bounder: Bounder, draft: Draft, cost: float) -> None:
        self.model, self.draft, self.cost = bounder.model, draft, cost
        self.step_up = 1.0 - 1e-6 if self.model.integral else 0.0
        self.bound = bounder.bound
        self.cap = np.inf
        self.pool = self._enumerate(bounder)
        self.covers = covered_value(self.pool.start, self.pool.code, np.ones(self.model.schools))
        root = _Branch(bounder.bound, np.arange(len(self.pool)), bounder.prices, np.zeros(0, dtype=np.int64))
        self.open: list[tuple[float, int, _Branch]] = [(root.bound, 0, root)]
        self.made = 0

    def _enumerate(self, bounder: Bounder) -> Columns:
        excess = max(0.0, self.cost - self.step_up - bounder.bound) + 1e-6
        searcher = Searcher(self.model, MOST_COLUMNS // 2)
        while True:
            try:
                found = searcher.search(bounder.prices, bounder.least + excess, keep=0)
                break
            except TooMany:
                excess /= 2
                self.cap = bounder.bound + excess
        pool = Columns(self.model)
        add_found(pool, found, bounder.prices)
        return pool

    @property
    def done(self) -> bool:
        """Is nothing left to branch on below the cap?"""
        return not self.open

    def step(self, seconds: float) -> bool:
        """Take the most promising branch. Gives whether the draft became better."""
        _, _, branch = heapq.heappop(self.open)
        better = False
        if branch.bound < self._aim:
            better = self._explore(branch, seconds)
        lowest = min((entry[0] for entry in self.open), default=self.cost)
        self.bound = max(self.bound, min(lowest, self.cap, self.cost))
        if self.bound >= self.cap:
            self.open = []
        return better

    @property
    def _aim(self) -> float:
        """A branch at or above this holds nothing better."""
        return self.cost - self.step_up - 1e-9 * max(1.0, self.cost)

    def _explore(self, branch: _Branch, seconds: float) -> bool:
        solved = self._solve(branch, seconds)
        if solved is None:
            self._push(branch)
            return False
        bound, prices, reduced, numbers, amounts = solved
        if bound >= self._aim:
            return False
        taken = amounts > WHOLE
        if np.all(np.abs(amounts[taken] - np.rint(amounts[taken])) < WHOLE):
            return self._take(numbers[taken], np.rint(amounts[taken]).astype(int))
        left = branch.allowed[reduced <= self._aim - bound + 1e-6]
        for marks in self._split(numbers, amounts, left):
            self._push(_Branch(max(bound, branch.bound), left[marks], prices, numbers[taken]))
        return False

    def _push(self, branch: _Branch) -> None:
        self.made += 1
        heapq.heappush(self.open, (branch.bound, self.made, branch))

    def _take(self, numbers: Ints, amounts: Ints) -> bool:
        """Make a whole solution the draft."""
        draft, pool = self.draft, self.pool
        before = draft.chosen.copy()
        free = {post: list(np.nonzero(draft.post == post)[0]) for post in range(self.model.posts)}
        draft.chosen[:] = -1
        for number in np.repeat(numbers, amounts):
            post = int(pool.post[number])
            column = draft.columns.add(post, int(pool.pattern[number]), float(pool.cost[number]), pool.codes(number))[0]
            draft.chosen[free[post].pop()] = column
        if draft.complete and draft.value < self.cost - 1e-9:
            self.cost = draft.value
            return True
        draft.chosen[:] = before
        return False

    def _solve(self, branch: _Branch, seconds: float) -> tuple[float, Floats, Floats, Ints, Floats] | None:
        """The branch's bound, prices and reduced costs above the least, and its columns with their amounts."""
        model, allowed = self.model, branch.allowed
        high = np.concatenate([np.ones(model.schools), model.size])
        master = Master(np.where(np.append(np.ones(model.schools, bool), model.must_work), high, 0), high)
        rows = np.arange(len(high))
        penalty = PENALTY * (np.abs(branch.prices).max() + self.cost / len(self.draft.post))
        master.add_columns(np.full(len(rows), penalty), np.append(rows, len(rows)), rows, np.ones(len(rows)))
        inside = np.zeros(len(allowed), dtype=bool)
        inside[np.searchsorted(allowed, np.intersect1d(branch.useful, allowed))] = True
        reduced = self._reduced(allowed, branch.prices)
        best_bound, best_prices, best_excess = -np.inf, branch.prices, reduced
        inside[np.argsort(self._excess(allowed, reduced)[0], kind="stable")[: 4 * model.posts + 200]] = True
        numbers = allowed[inside]
        master.add_columns(*matrix(self.pool, numbers, model.schools))
        for _ in range(ROUNDS):
            solved = master.solve(seconds)
            if solved is None:
                return None
            value, duals, amounts = solved
            prices = duals[: model.schools]
            reduced = self._reduced(allowed, prices)
            excess, least = self._excess(allowed, reduced)
            bound = lagrangian(model.size, prices, np.ones(model.schools), least)
            if bound > best_bound:
                best_bound, best_prices, best_excess = bound, prices, excess
            if bound >= self._aim:
                break
            against = np.where(inside, 0.0, reduced - duals[model.schools :][self.pool.post[allowed]])
            new = np.argsort(against, kind="stable")[:ADD_AT_ONCE]
            new = new[against[new] < -1e-7]
            if not len(new):
                break
            inside[new] = True
            master.add_columns(*matrix(self.pool, allowed[new], model.schools))
            numbers = np.concatenate([numbers, allowed[new]])
        if bound < self._aim and amounts[: len(rows)].max() > WHOLE:
            best_bound = np.inf if value > self.cost + penalty else best_bound
        kept = amounts[len(rows) :]
        return best_bound, best_prices, best_excess, numbers[: len(kept)], kept

    def _reduced(self, allowed: Ints, prices: Floats) -> Floats:
        return self.pool.reduced_costs(prices)[allowed]

    def _excess(self, allowed: Ints, reduced: Floats) -> tuple[Floats, Floats]:
        """Each column's reduced cost above its post's least, and the leasts."""
        posts = self.pool.post[allowed]
        least = np.where(self.model.must_work, 1e12, 0.0)
        np.minimum.at(least, posts, reduced)
        return reduced - least[posts], least

    def _split(self, numbers: Ints, amounts: Floats, left: Ints) -> list[Marks]:
        """Two sets of columns that share no plan between them: with a pair of post and school, or of two schools."""
        pair = self._fractional_pair(numbers, amounts)
        first, second = (self._holding(left, school) for school in pair[1:])
        if pair[0] < 0:
            return [first == second, ~(first & second)]
        own = self.pool.post[left] == pair[0]
        half = self._holding(left, pair[1], half=True)
        return [np.where(own, first, ~first | half), ~(own & first)]

    def _holding(self, left: Ints, school: int, half: bool = False) -> Marks:
        wanted = self.pool.code == 2 * school + 1
        if not half:
            wanted |= self.pool.code == 2 * school
        return np.add.reduceat(wanted, self.pool.start[:-1]).astype(bool)[left]

    def _fractional_pair(self, numbers: Ints, amounts: Floats) -> tuple[int, int, int]:
        """The pair whose amount is nearest a half: (post, school, school), or (-1, school, school)."""
        together: dict[tuple[int, int, int], float] = {}
        for number, amount in zip(numbers, amounts, strict=True):
            if amount > WHOLE:
                for pair in self._pairs(int(number)):
                    together[pair] = together.get(pair, 0.0) + amount
        return min(together, key=lambda pair: (abs(together[pair] - 0.5), pair))

    def _pairs(self, number: int) -> list[tuple[int, int, int]]:
        post, codes = int(self.pool.post[number]), self.pool.codes(number)
        if self.model.size[post] == 1:
            return [(post, int(code >> 1), int(code >> 1)) for code in codes]
        whole = [int(code >> 1) for code in codes if not self.model.priority[code >> 1]]
        return [(-1, one, other) for at, one in enumerate(whole) for other in whole[at + 1 :]]
