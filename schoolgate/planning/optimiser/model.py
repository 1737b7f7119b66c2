"""The problem as arrays: what the searching parts of the planner work on.

Officers who cannot be told apart (same base, hours, phases, pairs and present schools) are one post with several
members, or a search would try them in every order.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schoolgate.planning.optimiser.problem import Officer, Pattern, Problem, Rounding, School

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

WHOLE, HALF = 1, 2  # bits of `options`
TOLERANCE = 1e-9
MOST_CELLS = 4_000  # of load times counts in one table of the pricing
PARTS_OF_AN_HOUR = (1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 100, 200)


@dataclass(frozen=True)
class Grid:
    """Hours on a grid: the width of a cell, and each school's load in cells, whole and half, rounded down.

    The tables of the pricing are indexed by these loads. Where `exact`, nothing was lost by rounding.
    """

    unit: float
    loads: Ints
    exact: bool


@dataclass(frozen=True)
class Model:
    """The arrays; posts by schools where two-dimensional, unless said otherwise.

    patterns: those that anybody's hours allow.
    cost: travel and change of holding a school whole. options: bits WHOLE and HALF that a post may take.
    forced: schools that the post must hold. fair: the hours at which the balance costs nothing.
    distance: schools by schools. counts: patterns by kind (whole priority, half priority, other) by lowest and highest.
    unlimited: patterns by kind, 1 where no portfolio can reach the highest. taken: patterns by schools.
    """

    problem: Problem
    patterns: list[Pattern]
    members: list[list[int]]
    cost: Floats
    options: Bytes
    forced: Bytes
    fair: Floats
    most_hours: Floats
    must_work: NDArray[np.bool_]
    distance: Floats
    hours: Floats
    priority: Bytes
    counts: Ints
    unlimited: Bytes
    taken: Bytes
    grid: Grid

    @property
    def posts(self) -> int:
        """How many kinds of officer there are."""
        return len(self.members)

    @property
    def schools(self) -> int:
        """How many schools are to be covered."""
        return len(self.hours)

    @cached_property
    def size(self) -> Floats:
        """How many officers each post has."""
        return np.array([len(members) for members in self.members], dtype=float)

    @cached_property
    def near(self) -> NDArray[np.int32]:
        """For each school all schools from the nearest on, itself among the first."""
        return np.argsort(self.distance, axis=1, kind="stable").astype(np.int32)

    @cached_property
    def integral(self) -> bool:
        """Is the cost of every plan a whole number, so that a bound may be rounded up?"""
        weights = self.problem.weights
        return bool(
            weights.balance == 0
            and weights.proximity.is_integer()
            and self.problem.rounding is not Rounding.NONE
            and not (self.options & HALF).any()
            and np.all(self.cost == np.rint(self.cost))
        )


def build_model(problem: Problem) -> Model:
    """Work the arrays out. Every postable officer is in one post, and no other is."""
    members = _posts(problem)
    first = [problem.postable[post[0]] for post in members]
    hours = np.array([school.hours for school in problem.schools])
    priority = np.array([school.priority for school in problem.schools], dtype=np.uint8)
    most_hours = np.array([officer.max_hours for officer in first])
    options = _options(problem, first, hours, priority)
    most = _most_schools(hours, priority, most_hours)
    patterns = [p for p in problem.patterns if all(r.low <= top for r, top in zip(p.ranges, most, strict=True))]
    patterns = patterns or list(problem.patterns[:1])  # nobody can hold one: the search finds that out, and says so
    counts = np.array([[(r.low, r.high) for r in p.ranges] for p in patterns], dtype=np.int64).reshape(-1, 3, 2)
    unlimited = (counts[:, :, 1] >= most).astype(np.uint8)
    counts[:, :, 1] = np.minimum(counts[:, :, 1], most)
    forced = _forced(problem, first)
    return Model(
        problem=problem,
        patterns=patterns,
        members=members,
        cost=_cost(problem, first),
        options=options,
        forced=forced,
        fair=np.array([problem.fair_hours * officer.fte for officer in first]),
        most_hours=most_hours,
        must_work=np.asarray(forced.any(axis=1) | (not problem.allow_unassigned_officers)),
        distance=_distances(problem, problem.schools, problem.schools),
        hours=hours,
        priority=priority,
        counts=counts,
        unlimited=unlimited,
        taken=np.array([_taken(problem, pattern) for pattern in patterns], dtype=np.uint8).reshape(-1, len(hours)),
        grid=_grid(hours, priority, most_hours, counts, unlimited),
    )


def _posts(problem: Problem) -> list[list[int]]:
    present, fixed, forbidden = (defaultdict[str, set[str]](set) for _ in range(3))
    for school in problem.schools:
        for name in school.current_officers:
            present[name].add(school.id)
    for pairs, kept in ((problem.fixed, fixed), (problem.forbidden, forbidden)):
        for name, school_id in pairs:
            kept[name].add(school_id)
    posts = defaultdict(list)
    for number, officer in enumerate(problem.postable):
        alike = (
            officer.easting, officer.northing, officer.fte, officer.max_hours, officer.phases,
            officer.team if problem.within_team else None,
            frozenset(present[officer.id]), frozenset(forbidden[officer.id]), officer.id if fixed[officer.id] else None,
        )  # fmt: skip
        posts[alike].append(number)
    return list(posts.values())


def _distances(problem: Problem, ones: Sequence[Officer | School], others: Sequence[Officer | School]) -> Floats:
    east, north = (
        np.subtract.outer([getattr(one, axis) for one in ones], [getattr(other, axis) for other in others])
        for axis in ("easting", "northing")
    )
    units = np.sqrt(east * east + north * north) / problem.unit_m
    if problem.rounding is Rounding.NONE:
        return units
    return np.rint(units) if problem.rounding is Rounding.NEAREST else np.floor(units)


def _cost(problem: Problem, first: list[Officer]) -> Floats:
    visits = np.array([school.visits for school in problem.schools])
    cost = problem.weights.travel * visits * _distances(problem, first, problem.schools)
    numbers = {officer.id: number for number, officer in enumerate(first)}
    for column, school in enumerate(problem.schools):
        if school.current_officers:
            stay = [numbers[name] for name in school.current_officers if name in numbers]
            moved = np.ones(len(first))
            moved[stay] = 0
            cost[:, column] += problem.weights.change * moved
    return cost


def _options(problem: Problem, first: list[Officer], hours: Floats, priority: Bytes) -> Bytes:
    options = np.zeros((len(first), len(hours)), dtype=np.uint8)
    for row, officer in enumerate(first):
        serves = np.array([_may_serve(problem, officer, school) for school in problem.schools])
        whole = serves & (hours <= officer.max_hours + TOLERANCE)
        half = serves & (priority == 1) & (hours / 2 <= officer.max_hours + TOLERANCE)
        options[row] = WHOLE * whole + HALF * half
    _make_room_for_fixed(problem, first, options)
    return options


def _may_serve(problem: Problem, officer: Officer, school: School) -> bool:
    return (
        school.phase in officer.phases
        and (not problem.within_team or school.team == officer.team)
        and (officer.id, school.id) not in problem.forbidden
    )


def _make_room_for_fixed(problem: Problem, first: list[Officer], options: Bytes) -> None:
    """Take away what others could hold of schools at which officers are fixed."""
    rows = {officer.id: row for row, officer in enumerate(first)}
    held = defaultdict(list)
    for name, school_id in problem.fixed:
        if name in rows:
            held[school_id].append(rows[name])
    for column, school in enumerate(problem.schools):
        if school.id in held:
            others = np.ones(len(first), dtype=bool)
            others[held[school.id]] = False
            options[others, column] &= HALF if len(held[school.id]) == 1 and school.priority else 0
            if len(held[school.id]) > 1:
                options[~others, column] &= HALF


def _forced(problem: Problem, first: list[Officer]) -> Bytes:
    forced = np.zeros((len(first), len(problem.schools)), dtype=np.uint8)
    columns = {school.id: column for column, school in enumerate(problem.schools)}
    rows = {officer.id: row for row, officer in enumerate(first)}
    for name, school_id in problem.fixed:
        if name in rows:
            forced[rows[name], columns[school_id]] = 1
    return forced


def _taken(problem: Problem, pattern: Pattern) -> list[bool]:
    return [pattern.phases is None or school.phase in pattern.phases for school in problem.schools]


def _kinds(hours: Floats, priority: Bytes) -> tuple[Floats, Floats, Floats]:
    """The hours of each school by kind: priority whole, priority half, other."""
    return hours[priority == 1], hours[priority == 1] / 2, hours[priority == 0]


def _most_schools(hours: Floats, priority: Bytes, most_hours: Floats) -> Ints:
    """How many schools of each kind one officer's hours allow at most."""
    limit = most_hours.max(initial=0) + TOLERANCE
    return np.array(
        [np.searchsorted(np.cumsum(np.sort(kind)), limit, side="right") for kind in _kinds(hours, priority)]
    )


def _grid(hours: Floats, priority: Bytes, most_hours: Floats, counts: Ints, unlimited: Bytes) -> Grid:
    """The coarsest grid on which all loads are whole; where its tables would be too large, one that rounds down."""
    limit = most_hours.max(initial=0)
    cells = max(100.0, MOST_CELLS / _states(counts, unlimited))
    halves = np.where(priority == 1, hours / 2, 0)
    both = np.stack([hours, halves], axis=1)
    for parts in PARTS_OF_AN_HOUR:
        scaled = both * parts
        loads = np.rint(scaled).astype(np.int64)
        if np.abs(scaled - loads).max() < 1e-7:
            common = math.gcd(*loads[loads > 0].tolist()) or 1
            if limit * parts / common <= cells:
                return Grid(common / parts, loads // common, True)
            break
    unit = limit / cells
    return Grid(unit, np.floor(both / unit + TOLERANCE).astype(np.int64), False)


def _states(counts: Ints, unlimited: Bytes) -> int:
    tops = np.where(unlimited == 1, counts[:, :, 0], counts[:, :, 1])
    return int((tops + 1).prod(axis=1).max(initial=1))
