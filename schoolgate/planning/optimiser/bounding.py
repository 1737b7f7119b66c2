"""The proven bound: prices of the schools at which even the cheapest portfolios cannot pay for less.

At any prices, all prices together and each officer's least reduced cost are a bound of the whole problem (Lagrange).
Prices are sought by subgradients first, then by column generation whose prices may not stray far from the best known
(a box around them, as in the boxstep method of Marsten, Hogan and Blankenship, 1975).
"""

import numpy as np
from numpy.typing import NDArray

from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.linear import Master
from schoolgate.planning.optimiser.model import Floats, Ints, Model
from schoolgate.planning.optimiser.searching import Found, Searcher

OPEN = 1e12  # a reduced cost that no portfolio reaches
SAFETY = 1e-9  # of the bound: what rounding in sums may have added
CLOSE = 1e-7  # of the bound: master and bound count as one
MANY = 2  # new columns a round, for each post
SUBGRADIENTS = 25  # before columns are generated
LARGE = 2_000  # schools: for more, a round of the linear program takes longer than what it gives is worth


class Bounder:
    """Holds the best prices and their bound; each call of `advance` is one round.

    room: the share of each school that is to be covered. penalty: what leaving a school uncovered costs, or an officer
    who must work idle, where that is allowed at all.
    """

    def __init__(
        self, model: Model, searcher: Searcher, columns: Columns, prices: Floats, spread: float,
        room: Floats | None = None, penalty: float = np.inf,
    ) -> None:  # fmt: skip
        self.model, self.searcher, self.columns = model, searcher, columns
        self.room = np.ones(model.schools) if room is None else room
        self.penalty = penalty
        self.prices = self.trial = np.minimum(prices, penalty)
        self.spread = spread
        self.bound, self.least = -np.inf, np.zeros(model.posts)
        self.target = 0.2 * model.schools * spread
        self.stalled = 0
        self.box = max(spread / 2, 1e-3)
        self.master: Master | None = None
        self.inside = np.zeros(0, dtype=np.int64)
        self.done, self.rounds = False, 0
        self.slack = self.idle = self.amounts = np.zeros(0)
        self.artificial = 0

    def advance(self, seconds: float) -> None:
        """One round: by subgradients at first, and on very many schools, else by column generation; none once done."""
        if self.done:
            return
        self.rounds += 1
        if self.model.posts > 1 and (self.rounds <= SUBGRADIENTS or self.model.schools > LARGE):
            self.subgradient()
        else:
            self.generate(seconds)

    def price(self, prices: Floats) -> tuple[float, Floats]:
        """The bound at these prices, and each column's reduced cost. Keeps prices and bound if they are the best."""
        limits = np.minimum(OPEN, _least(self.model, self.columns, self.columns.reduced_costs(prices)))
        add_found(self.columns, self.searcher.search(prices, limits), prices)
        reduced = self.columns.reduced_costs(prices)
        least = np.minimum(_least(self.model, self.columns, reduced), np.where(self.model.must_work, self.penalty, 0.0))
        bound = lagrangian(self.model.size, prices, self.room, least)
        if bound > self.bound:
            self.bound, self.prices, self.least = bound, prices, least
        return bound, reduced

    def subgradient(self) -> None:
        """Move the prices towards covering every school once."""
        before = self.bound
        bound, reduced = self.price(self.trial)
        if self.bound <= before:
            self.stalled += 1
        if self.stalled >= 3:
            self.target, self.stalled = self.target * 0.6, 0
        missing = self._uncovered(reduced)
        size = float(missing @ missing)
        if size > 0:
            self.trial = self.trial + (self.bound + self.target - bound) / size * missing

    def _uncovered(self, reduced: Floats) -> Floats:
        """By how much the cheapest portfolios of all posts leave each school uncovered."""
        columns, missing = self.columns, self.room.copy()
        order = np.lexsort((reduced, columns.post))
        first = order[np.diff(columns.post[order], prepend=-1) > 0]
        for number in first:
            post = columns.post[number]
            if self.model.must_work[post] or reduced[number] < 0:
                code = columns.codes(number)
                missing[code >> 1] -= np.where(code & 1, 0.5, 1.0) * self.model.size[post]
        return missing

    def generate(self, seconds: float) -> None:
        """One round of column generation. `done` becomes true when master and bound agree."""
        master = self._open_master()
        self._set_box(master)
        solved = master.solve(seconds)
        if solved is None:
            return
        value, duals, amounts = solved
        self.slack, self.idle = amounts[: 2 * self.model.schools], amounts[2 * self.model.schools : self.artificial]
        self.amounts = amounts[self.artificial :]
        slack = float(np.where(self._capped(), 0.0, self.slack).sum())
        prices, before = duals[: self.model.schools], self.bound
        bound, reduced = self.price(prices)
        new = self._worth_adding(reduced - duals[self.model.schools :][self.columns.post])
        self._add(new)
        if value - self.bound <= CLOSE * max(1.0, abs(value)) and slack < 1e-6:
            self.done = True
        self._resize_box(bound > before, slack)

    @property
    def wanted(self) -> Floats:
        """By post and school, the share that the last linear program gave; nothing where there was none."""
        shares = np.zeros((self.model.posts, self.model.schools))
        numbers = self.inside[: len(self.amounts)]  # those after were added since
        codes, sizes = self.columns.gathered(numbers)
        part = np.repeat(self.amounts, sizes) * np.where(codes & 1, 0.5, 1.0)
        np.add.at(shares, (np.repeat(self.columns.post[numbers], sizes), codes >> 1), part)
        return shares

    def _open_master(self) -> Master:
        if self.master is None:
            model = self.model
            high = np.concatenate([self.room, model.size])
            self.master = Master(np.where(np.append(np.ones(model.schools, bool), model.must_work), high, 0), high)
            rows = np.tile(np.arange(model.schools), 2)
            values = np.repeat([1.0, -1.0], model.schools)
            self.master.add_columns(np.zeros(len(rows)), np.arange(len(rows) + 1), rows, values)
            if self.penalty < np.inf:
                idle = np.arange(model.posts)
                self.master.add_columns(
                    np.full(model.posts, self.penalty),
                    np.append(idle, model.posts),
                    model.schools + idle,
                    np.ones(model.posts),
                )
            self.artificial = self.master.columns
            reduced = self.columns.reduced_costs(self.prices)
            excess = reduced - _least(model, self.columns, reduced)[self.columns.post]
            most = 6 * model.posts + 200
            self._add(np.argsort(excess, kind="stable")[:most])
        return self.master

    def _set_box(self, master: Master) -> None:
        low, high = self.prices - self.box, np.minimum(self.prices + self.box, self.penalty)
        numbers = np.arange(2 * self.model.schools, dtype=np.int32)
        master.solver.changeColsCost(len(numbers), numbers, np.concatenate([high, -low]))

    def _capped(self) -> NDArray[np.bool_]:
        """Which columns of the box stand for what may really be left uncovered, at the penalty."""
        return np.append(self.prices + self.box >= self.penalty, np.zeros(self.model.schools, dtype=bool))

    def _resize_box(self, better: bool, slack: float) -> None:
        if better and slack > 1e-6:
            self.box *= 1.5
        elif not better:
            self.box *= 2.0 if slack > 1e-6 and self.stalled % 4 == 3 else 0.6
            self.stalled += 1

    def _worth_adding(self, reduced: Floats) -> Ints:
        outside = np.ones(len(self.columns), dtype=bool)
        outside[self.inside] = False
        new = np.nonzero(outside & (reduced < -1e-7))[0]
        return new[np.argsort(reduced[new], kind="stable")][: MANY * self.model.posts + 300]

    def _add(self, numbers: Ints) -> None:
        assert self.master is not None
        cost, start, row, value = matrix(self.columns, numbers, self.model.schools)
        self.master.add_columns(cost, start, row, value)
        self.inside = np.concatenate([self.inside, numbers])


def lagrangian(size: Floats, prices: Floats, room: Floats, least: Floats) -> float:
    """The bound at these prices, given each post's size and least reduced cost; rounding errors are taken off."""
    value = float(prices @ room) + float(least @ size)
    return float(value - SAFETY * (np.abs(prices) @ room + np.abs(least) @ size))


def add_found(columns: Columns, found: Found, prices: Floats) -> list[int]:
    """Add what was found; gives the numbers of the portfolios as columns."""
    costs = found.costs(prices)
    return [
        columns.add(int(found.post[i]), int(found.pattern[i]), float(costs[i]), found.codes(i))[0]
        for i in range(len(found.post))
    ]


def matrix(columns: Columns, numbers: Ints, schools: int) -> tuple[Floats, Ints, Ints, Floats]:
    """Columns for a linear program: cost, start, row, value. Rows are the schools, then the posts."""
    codes, sizes = columns.gathered(numbers)
    start = np.concatenate([[0], np.cumsum(sizes + 1)])
    row, value = np.empty(start[-1], dtype=np.int64), np.ones(start[-1])
    last = start[1:] - 1
    row[last] = schools + columns.post[numbers]
    inner = np.ones(start[-1], dtype=bool)
    inner[last] = False
    row[inner], value[inner] = codes >> 1, np.where(codes & 1, 0.5, 1.0)
    return columns.cost[numbers], start, row, value


def _least(model: Model, columns: Columns, reduced: Floats) -> Floats:
    least = np.full(model.posts, OPEN)
    np.minimum.at(least, columns.post, reduced)
    return least
