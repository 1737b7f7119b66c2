"""Betters a plan group by group: a few officers near one another and their schools are planned anew, exactly.

Several groups that share nobody are planned at once, on two threads: nearly all of it is compiled code.
At the prices of the bound every portfolio has an excess over its officer's least reduced cost, and the excesses add
up to the gap. So a portfolio whose excess is above that of the whole group cannot be part of a better plan for the
group, and all others are few enough to be enumerated and given to the integer solver.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import highspy
import numpy as np

from schoolgate.planning.optimiser.bounding import Bounder, matrix
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.incumbent import Draft
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.linear import INFINITE, Master
from schoolgate.planning.optimiser.model import HALF, Floats, Ints, Model
from schoolgate.planning.optimiser.searching import THREADS, Found, Searcher, TooMany

AT_ONCE = 6  # groups; fewer where there are not so many officers
TRIES = 4  # for a group that shares nobody with those before it
UNCOVERED = 0.8  # of the groups lie about an uncovered school, while there is one
LINKED = 0.5  # of the other groups are linked by what the linear program would have, the rest by place
LOCAL_ROUNDS = 40
EPSILON = 1e-7
NEAREST_UNCOVERED = 6


@dataclass(frozen=True)
class Stage:
    """How many officers a group has, and how many portfolios are weighed for it at most."""

    officers: int
    columns: int


@dataclass(frozen=True)
class Standing:
    """By officer: a school of the portfolio, how far each school is from the linear program, and the excess."""

    at: Ints
    apart: Floats
    excess: Floats


@dataclass(frozen=True)
class Group:
    """A part of the plan as a problem of its own: officers, their posts, schools, and the share of each to cover."""

    officers: Ints
    posts: Ints
    schools: Ints
    room: Floats
    model: Model


def cut_out(model: Model, draft: Draft, officers: Ints, extra: Ints) -> Group:
    """The part of the plan that some officers hold, with some uncovered schools."""
    held = [draft.columns.codes(number) >> 1 for number in draft.chosen[officers] if number >= 0]
    posts = np.unique(draft.post[officers])
    schools = np.unique(np.concatenate([*held, extra, np.nonzero(model.forced[posts])[1]]).astype(np.int64))
    room = draft.uncovered()
    for number in draft.chosen[officers]:
        if number >= 0:
            code = draft.columns.codes(number)
            room[code >> 1] += np.where(code & 1, 0.5, 1.0)
    return Group(officers, posts, schools, room[schools], _narrowed(model, draft, officers, posts, schools, room))


def _narrowed(model: Model, draft: Draft, officers: Ints, posts: Ints, schools: Ints, room: Floats) -> Model:
    both = np.ix_(posts, schools)
    options = model.options[both].copy()
    options[:, room[schools] < 0.75] &= HALF
    options[:, room[schools] < 0.25] = 0
    counts = np.bincount(np.searchsorted(posts, draft.post[officers]))
    return replace(
        model,
        members=[list(range(count)) for count in counts],
        cost=model.cost[both],
        options=options,
        forced=model.forced[both],
        fair=model.fair[posts],
        most_hours=model.most_hours[posts],
        must_work=model.must_work[posts],
        distance=model.distance[np.ix_(schools, schools)],
        hours=model.hours[schools],
        priority=model.priority[schools],
        taken=np.ascontiguousarray(model.taken[:, schools]),
        grid=replace(model.grid, loads=model.grid.loads[schools]),
    )


class Improver:
    """Holds the plan that is being bettered, and the bound by whose prices it is."""

    def __init__(self, draft: Draft, bounder: Bounder, spread: float, seed: int) -> None:
        self.model, self.columns, self.draft, self.spread = draft.model, draft.columns, draft, spread
        self.bounder = bounder
        self.random = np.random.default_rng(seed)
        self._pool = ThreadPoolExecutor(THREADS)

    def step(self, stage: Stage, limits: Limits) -> list[bool]:
        """Plan some groups anew, and carry the bound on meanwhile. Gives of each whether the plan became better."""
        prices = self.bounder.prices
        groups = self._groups(stage.officers)
        bounded = self._pool.submit(self.bounder.advance, limits.left)
        found = list(self._pool.map(lambda group: self._replanned(group, stage.columns, prices, limits), groups))
        bounded.result()
        return [plan is not None and self._accept(group, *plan) for group, plan in zip(groups, found, strict=True)]

    def _groups(self, size: int) -> list[Group]:
        """Groups that share no officer, and no school of which nobody holds a part."""
        groups, free = list[Group](), np.ones(len(self.draft.post), dtype=bool)
        standing = Standing(self._places(), self._apart(), self._excess())
        missing = np.nonzero(self.draft.uncovered() > 1e-9)[0]
        for _ in range(TRIES * AT_ONCE):
            if len(groups) == AT_ONCE or (groups and free.sum() < size):
                break
            centre, officers = self._drawn(size, missing, standing)
            if free[officers].all():
                away = self.model.distance[centre, missing]
                extra = missing[np.argsort(away, kind="stable")][:NEAREST_UNCOVERED]
                groups.append(cut_out(self.model, self.draft, officers, extra))
                free[officers], missing = False, np.setdiff1d(missing, extra)
        return groups

    def _drawn(self, size: int, missing: Ints, standing: Standing) -> tuple[int, Ints]:
        """A school and the officers about it: mostly an uncovered one, else that of an officer with much excess."""
        if len(missing) and self.random.random() < UNCOVERED:
            centre = int(self.random.choice(missing))
            return centre, self._near(centre, size, standing.at)
        weight = standing.excess
        first = int(self.random.choice(len(weight), p=weight / weight.sum()))
        centre = int(standing.at[first])
        if len(self.bounder.amounts) and self.random.random() < LINKED:
            return centre, self._linked(first, size, standing.apart)
        return centre, self._near(centre, size, standing.at)

    def _near(self, centre: int, size: int, at: Ints) -> Ints:
        """The officers nearest to a school, give or take."""
        away = self.model.distance[centre, at] * self.random.uniform(0.7, 1.3, len(at))
        return np.sort(np.argsort(away, kind="stable")[:size])

    def _linked(self, first: int, size: int, apart: Floats) -> Ints:
        """An officer, and one by one whoever differs from the linear program most over the schools of those before."""
        chosen, link = [first], np.zeros(len(apart))
        while len(chosen) < size:
            schools = np.nonzero(apart[chosen[-1]])[0]
            link += apart[:, schools] @ apart[chosen[-1], schools]
            link[chosen] = 0.0
            likely = link * self.random.uniform(0.2, 1.8, len(link))
            if not likely.any():
                break
            chosen.append(int(np.argmax(likely)))
        return np.sort(np.array(chosen))

    def _apart(self) -> Floats:
        """By officer and school, how far plan and linear program are apart."""
        apart = self.bounder.wanted[self.draft.post]
        at = np.nonzero(self.draft.chosen >= 0)[0]
        codes, sizes = self.columns.gathered(self.draft.chosen[at])
        apart[np.repeat(at, sizes), codes >> 1] -= np.where(codes & 1, 0.5, 1.0)
        return np.asarray(np.abs(apart))

    def _places(self) -> Ints:
        """A school at which each officer is found: of the portfolio, or the cheapest to reach."""
        draft = self.draft
        at = np.argmin(self.model.cost, axis=1)[draft.post]
        held = draft.chosen >= 0
        codes, sizes = self.columns.gathered(draft.chosen[held])
        at[held] = codes[np.cumsum(sizes) - sizes + self.random.integers(0, sizes)] >> 1
        return at

    def _excess(self) -> Floats:
        """By officer, what the portfolio costs above the cheapest at the bound's prices; never quite nothing."""
        draft = self.draft
        excess = np.full(len(draft.post), draft.penalty if len(draft.idle) else 1e-9)
        held = np.nonzero(draft.chosen >= 0)[0]
        reduced = self.columns.reduced_costs(self.bounder.prices)
        excess[held] = np.maximum(reduced[draft.chosen[held]] - self.bounder.least[draft.post[held]], 0.0)
        return excess + excess.mean() * 0.1 + 1e-9

    def _replanned(
        self, group: Group, columns: int, prices: Floats, limits: Limits
    ) -> tuple[Found, Floats, Ints] | None:
        """Portfolios for a group, the prices at which they were found, and those chosen; None where none are better."""
        if limits.over or not len(group.schools):
            return None
        now = self._group_value(group)
        bounder = self._local_bound(group, prices, now)
        excess = now - bounder.bound
        if excess <= EPSILON * max(1.0, abs(now)):
            return None
        found = _enumerated(bounder, excess, columns)
        chosen = _solved(group, found, bounder.prices, self.draft.penalty, now, limits.left)
        return None if chosen is None else (found, bounder.prices, chosen)

    def _local_bound(self, group: Group, prices: Floats, now: float) -> Bounder:
        """The bound of the group's own problem, with its prices; not carried further than is of use."""
        searcher, columns = Searcher(group.model, alone=True), Columns(group.model)
        near, penalty = prices[group.schools], self.draft.penalty
        bounder = Bounder(group.model, searcher, columns, near, self.spread, group.room, penalty)
        bounder.price(bounder.prices)
        for _ in range(LOCAL_ROUNDS):
            if bounder.done or bounder.bound >= now - EPSILON:
                break
            bounder.generate(INFINITE)
        return bounder

    def _group_value(self, group: Group) -> float:
        chosen = self.draft.chosen[group.officers]
        idle = np.count_nonzero((chosen < 0) & self.model.must_work[self.draft.post[group.officers]])
        left = self.draft.uncovered()[group.schools].sum()
        return float(self.columns.cost[chosen[chosen >= 0]].sum() + self.draft.penalty * (left + idle))

    def _accept(self, group: Group, found: Found, prices: Floats, chosen: Ints) -> bool:
        draft, now = self.draft, self._group_value(group)
        before = draft.chosen.copy()
        costs = found.costs(prices)
        free = {post: list(group.officers[draft.post[group.officers] == post]) for post in group.posts}
        draft.chosen[group.officers] = -1
        for number in chosen:
            post = int(group.posts[found.post[number]])
            codes = found.codes(number)
            wide = 2 * group.schools[codes >> 1] + (codes & 1)
            column, _ = self.columns.add(post, int(found.pattern[number]), float(costs[number]), wide)
            draft.chosen[free[post].pop()] = column
        if self._group_value(group) < now - EPSILON and np.all(draft.uncovered() > -1e-9):
            return True
        draft.chosen[:] = before
        return False


def _enumerated(bounder: Bounder, excess: float, most: int) -> Found:
    """The portfolios within the excess; if there are more than `most`, those within half of it, and so on.

    Where too many cost the same for any excess, those that the bound met on its way.
    """
    searcher = Searcher(bounder.model, most, alone=True)
    while excess > EPSILON:
        try:
            return searcher.search(bounder.prices, bounder.least + excess, keep=0)
        except TooMany:
            excess /= 2
    met = bounder.columns
    return Found(met.post, met.pattern, met.reduced_costs(bounder.prices), met.start, met.code)


def _solved(group: Group, found: Found, prices: Floats, penalty: float, now: float, seconds: float) -> Ints | None:
    """The columns of the best plan for a group; None where none is better than now."""
    solver, count = _choice(group, found, prices, penalty), len(found.post)
    solver.setOptionValue("time_limit", max(0.05, seconds))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("objective_bound", now - EPSILON)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    amounts = np.rint(np.array(solver.getSolution().col_value)[:count]).astype(np.int64)
    return np.repeat(np.arange(count), np.maximum(amounts, 0))


def _choice(group: Group, found: Found, prices: Floats, penalty: float) -> highspy.Highs:
    """The integer program that chooses among portfolios, with a column for whatever a row lacks."""
    model, table, count = group.model, Columns(group.model), len(found.post)
    table.fill(found.post, found.pattern, found.costs(prices), found.start, found.code)
    high = np.concatenate([group.room, model.size])
    master, rows = Master(high, high), np.arange(len(high))
    master.add_columns(*matrix(table, np.arange(count), model.schools))
    lacking = np.concatenate([np.full(model.schools, penalty), np.where(model.must_work, penalty, 0.0)])
    master.add_columns(lacking, np.append(rows, len(rows)), rows, np.ones(len(rows)))
    master.solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.ones(count, dtype=np.uint8))
    return master.solver
