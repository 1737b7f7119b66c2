"""Closes the gap: all portfolios that a better plan could hold are enumerated, and their choice is branched on.

At the bound's prices a portfolio whose reduced cost is above its officer's least by more than the gap cannot be part
of a better plan. If too many are left, those within a smaller excess are taken, and the bound is not raised above
that excess. Cuts tighten the choice before it is branched on: of any three schools or officers, portfolios that hold
two or more can be chosen once at most (subset-row inequalities of Jepsen, Petersen, Spoorendonk and Pisinger, 2008).
Each branch has a bound of its own, from the prices of its linear program and all portfolios left to it, never from
what a solver reports.
"""

import heapq
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schoolgate.planning.optimiser.bounding import Bounder, lagrangian, matrix
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.incumbent import Draft
from schoolgate.planning.optimiser.linear import Master
from schoolgate.planning.optimiser.model import Floats, Ints
from schoolgate.planning.optimiser.searching import Searcher, TooMany

MOST_COLUMNS = 500_000
MOST_MARKS = 300_000_000  # bytes: one for each column and each row or cut
SHRINK = 0.8  # of the excess, where portfolios are too many
LEAST_EXCESS = 1e-7
ADD_AT_ONCE = 400
WHOLE = 1e-6  # amounts this near a whole number count as one
ROUNDS = 200
CUT_ROUNDS, CUTS_AT_ONCE, CUTS_WITH_ONE, MOST_CUTS = 25, 40, 6, 400
VIOLATED = 0.03
PENALTY = 10.0  # what an uncovered school costs in a branch, in parts of the largest price

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class _Branch:
    bound: float
    allowed: Ints  # numbers of pool columns
    prices: Floats  # of the schools, then of the cuts
    useful: Ints  # columns of the parent's linear program
    rounds: int  # of cuts that may still be sought


class Prover:
    """Holds the open branches. `bound` is that of the whole problem; `done` is true when none is open."""

    def __init__(self, bounder: Bounder, draft: Draft, cost: float) -> None:
        self.model, self.draft, self.cost = bounder.model, draft, cost
        self.step_up = 1.0 - 1e-6 if self.model.integral else 0.0
        self.bound = bounder.bound
        self.cap = np.inf
        self.pool = self._enumerate(bounder)
        self.holds = self._rows_held()
        self.cuts: list[tuple[int, ...]] = []
        self.cut = np.zeros((0, len(self.pool)), dtype=bool)
        root = _Branch(
            bounder.bound, np.arange(len(self.pool)), bounder.prices, np.zeros(0, dtype=np.int64), CUT_ROUNDS
        )
        self.open: list[tuple[float, int, _Branch]] = [(root.bound, 0, root)] if len(self.pool) else []
        self.made = 0

    def _enumerate(self, bounder: Bounder) -> Columns:
        excess = max(0.0, self.cost - self.step_up - bounder.bound) + 1e-6
        rows = self.model.schools + self.model.posts + MOST_CUTS
        searcher = Searcher(self.model, min(MOST_COLUMNS, MOST_MARKS // rows) // 2)
        pool = Columns(self.model)
        while True:
            try:
                found = searcher.search(bounder.prices, bounder.least + excess, keep=0)
                break
            except TooMany:
                excess *= SHRINK
                self.cap = bounder.bound + excess
            if excess < LEAST_EXCESS:  # too many cost the same to the last: none is listed, and nothing is proven
                self.cap = bounder.bound
                return pool
        pool.fill(found.post, found.pattern, found.costs(bounder.prices), found.start, found.code)
        return pool

    def _rows_held(self) -> Marks:
        """Rows that whole columns cover once (schools without halves, posts of one officer), by columns."""
        model, pool = self.model, self.pool
        whole = np.nonzero(model.priority == 0)[0]
        single = np.nonzero(model.size == 1)[0]
        held = np.zeros((model.schools + model.posts, len(pool)), dtype=bool)
        held[pool.code >> 1, np.repeat(np.arange(len(pool)), np.diff(pool.start))] = True
        held[model.schools + pool.post, np.arange(len(pool))] = True
        return held[np.concatenate([whole, model.schools + single])]

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
        if branch.rounds and self._add_cuts(numbers[taken], amounts[taken]):
            tighter = _Branch(max(bound, branch.bound), left, prices, numbers[taken], branch.rounds - 1)
            self._push(tighter)
            return False
        for marks in self._split(numbers, amounts, left):
            self._push(_Branch(max(bound, branch.bound), left[marks], prices, numbers[taken], 0))
        return False

    def _add_cuts(self, numbers: Ints, amounts: Floats) -> bool:
        """Add the triples of rows that these amounts violate most. Gives whether there are any."""
        if len(self.cuts) >= MOST_CUTS:
            return False
        held = self.holds[:, numbers].astype(float)
        rows = np.nonzero(((held > 0) & (amounts < 1 - WHOLE)).any(axis=1))[0]
        held = held[rows]
        pair = (held * amounts) @ held.T
        entries = [entry for first in range(len(rows)) for entry in _violated(held, amounts, pair, first)]
        used: Counter[int] = Counter()
        new: list[tuple[int, ...]] = []
        for _, triple in sorted(entries, reverse=True):
            if len(new) < CUTS_AT_ONCE and all(used[row] < CUTS_WITH_ONE for row in triple):
                used.update(triple)
                new.append(tuple(int(rows[row]) for row in triple))
        marks = [self.holds[list(triple)].sum(axis=0, dtype=np.uint8) >= 2 for triple in new]
        self.cuts += new
        self.cut = np.concatenate([self.cut, np.array(marks, dtype=bool).reshape(len(new), len(self.pool))])
        return bool(new)

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
        high = np.concatenate([np.ones(model.schools), model.size, np.ones(len(self.cuts))])
        exact = np.concatenate([np.ones(model.schools, bool), model.must_work, np.zeros(len(self.cuts), bool)])
        master = Master(np.where(exact, high, 0), high)
        rows = np.arange(model.schools + model.posts)
        penalty = PENALTY * (np.abs(branch.prices).max() + self.cost / len(self.draft.post))
        master.add_columns(np.full(len(rows), penalty), np.append(rows, len(rows)), rows, np.ones(len(rows)))
        inside = np.zeros(len(allowed), dtype=bool)
        inside[np.searchsorted(allowed, np.intersect1d(branch.useful, allowed))] = True
        own = np.zeros(model.schools + len(self.cuts))
        own[: len(branch.prices)] = branch.prices
        reduced = self._reduced(allowed, own)
        best_bound, best_prices, best_excess = -np.inf, own, self._excess(allowed, reduced)[0]
        inside[np.argsort(self._excess(allowed, reduced)[0], kind="stable")[: 4 * model.posts + 200]] = True
        numbers = allowed[inside]
        master.add_columns(*self._matrix(numbers))
        for _ in range(ROUNDS):
            solved = master.solve(seconds)
            if solved is None:
                return None
            value, duals, amounts = solved
            prices = np.concatenate([duals[: model.schools], np.minimum(duals[len(rows) :], 0.0)])
            reduced = self._reduced(allowed, prices)
            excess, least = self._excess(allowed, reduced)
            bound = lagrangian(model.size, prices, np.ones(len(prices)), least)
            if bound > best_bound:
                best_bound, best_prices, best_excess = bound, prices, excess
            if bound >= self._aim:
                break
            against = np.where(inside, 0.0, reduced - duals[model.schools : len(rows)][self.pool.post[allowed]])
            new = np.argsort(against, kind="stable")[:ADD_AT_ONCE]
            new = new[against[new] < -1e-7]
            if not len(new):
                break
            inside[new] = True
            master.add_columns(*self._matrix(allowed[new]))
            numbers = np.concatenate([numbers, allowed[new]])
        if bound < self._aim and amounts[: len(rows)].max() > WHOLE:
            best_bound = np.inf if value > self.cost + penalty else best_bound
        kept = amounts[len(rows) :]
        return best_bound, best_prices, best_excess, numbers[: len(kept)], kept

    def _reduced(self, allowed: Ints, prices: Floats) -> Floats:
        reduced = self.pool.reduced_costs(prices[: self.model.schools])[allowed]
        for mark, price in zip(self.cut, prices[self.model.schools :], strict=True):
            if price:
                reduced -= price * mark[allowed]
        return reduced

    def _matrix(self, numbers: Ints) -> tuple[Floats, Ints, Ints, Floats]:
        """Columns for the linear program of a branch: schools, posts, cuts."""
        cost, start, row, value = matrix(self.pool, numbers, self.model.schools)
        which, column = np.nonzero(self.cut[:, numbers])
        at = np.concatenate([np.repeat(np.arange(len(numbers)), np.diff(start)), column])
        row = np.concatenate([row, self.model.schools + self.model.posts + which])
        value = np.concatenate([value, np.ones(len(which))])
        order = np.argsort(at, kind="stable")
        starts = np.searchsorted(at[order], np.arange(len(numbers) + 1))
        return cost, starts, row[order], value[order]

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


def _violated(held: Floats, amounts: Floats, pair: Floats, first: int) -> list[tuple[float, tuple[int, int, int]]]:
    """The triples from one row on whose columns with two or more of them amount to more than one."""
    three = (held * (amounts * held[first])) @ held.T
    over = pair[first][:, None] + pair[first][None, :] + pair - 2 * three - 1
    seconds, thirds = np.nonzero(np.triu(over, 1) > VIOLATED)
    return [
        (float(over[second, third]), (first, int(second), int(third)))
        for second, third in zip(seconds, thirds, strict=True)
        if second > first
    ]
