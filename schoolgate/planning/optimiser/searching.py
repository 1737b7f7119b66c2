"""Calls the compiled search of portfolios with a model's arrays, on two threads, and gathers what it finds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from schoolgate.planning.optimiser.columns import covered_value
from schoolgate.planning.optimiser.model import Floats, Ints, Model
from schoolgate.planning.optimiser.pricing import search_posts

THREADS = 2
WORTH_THREADS = 24  # posts
ROOM = 60_000  # portfolios that a search may write at first


@dataclass(frozen=True)
class Found:
    """Portfolios found: post, pattern, reduced cost (the post's own price left out), and codes from start to start."""

    post: Ints
    pattern: Ints
    reduced: Floats
    start: Ints
    code: Ints

    def codes(self, number: int) -> Ints:
        """The codes of one portfolio."""
        return self.code[self.start[number] : self.start[number + 1]]

    def costs(self, prices: Floats) -> Floats:
        """What the portfolios cost, given the prices of the schools at which they were found."""
        return self.reduced + covered_value(self.start, self.code, prices)


class TooMany(Exception):
    """More portfolios are cheap enough than were asked for."""


class Searcher:
    """Searches one model's posts for `most` portfolios at once; alone: on the caller's thread, whatever the posts."""

    def __init__(self, model: Model, most: int = 2_000_000, *, alone: bool = False) -> None:
        self.model = model
        self.most = most
        self._pool = None if alone or model.posts < WORTH_THREADS else ThreadPoolExecutor(THREADS)

    def search(self, prices: Floats, limits: Floats, keep: int = 1) -> Found:
        """Every portfolio whose reduced cost is at most its post's limit (keep=0), or those that set a new least.

        Raises TooMany.
        """
        model = self.model
        if self._pool is None:
            return self._span(0, model.posts, prices, limits, keep)
        middle = model.posts // THREADS
        spans = [(0, middle), (middle, model.posts)]
        return _joined(list(self._pool.map(lambda span: self._span(span[0], span[1], prices, limits, keep), spans)))

    def least(self, prices: Floats, limits: Floats) -> tuple[Floats, Found]:
        """Each post's least reduced cost, or its limit where none is below it; and the portfolios found on the way."""
        found = self.search(prices, limits)
        least = limits.copy()
        np.minimum.at(least, found.post, found.reduced)
        return least, found

    def _span(self, first: int, last: int, prices: Floats, limits: Floats, keep: int) -> Found:
        room = min(ROOM, self.most)
        while True:
            found = self._try(first, last, prices, limits, keep, room)
            if found is not None:
                return found
            if room >= self.most:
                raise TooMany
            room = min(self.most, room * 4)

    def _try(self, first: int, last: int, prices: Floats, limits: Floats, keep: int, room: int) -> Found | None:
        model = self.model
        weights = model.problem.weights
        value, pattern = np.empty(room), np.empty(room, dtype=np.int64)
        start, code = np.zeros(room + 1, dtype=np.int64), np.empty(room * 8 + 1000, dtype=np.int64)
        end = np.zeros(last - first, dtype=np.int64)
        reached = search_posts(
            first, last, limits, keep, prices, model.cost, model.options, model.forced, model.fair, model.most_hours,
            model.distance, model.near, model.hours, model.priority, model.counts, model.unlimited, model.taken,
            model.grid.unit, model.grid.loads, weights.proximity, weights.balance, value, pattern, start, code, end,
        )  # fmt: skip
        if reached < last:
            return None
        number = int(end[-1])
        post = np.repeat(np.arange(first, last), np.diff(end, prepend=0))
        return Found(post, pattern[:number].copy(), value[:number].copy(), start[: number + 1].copy(),
                     code[: start[number]].copy())  # fmt: skip


def _joined(parts: list[Found]) -> Found:
    offsets = np.cumsum([0] + [len(part.code) for part in parts[:-1]])
    starts = [part.start[:-1] + offset for part, offset in zip(parts, offsets, strict=True)]
    return Found(
        post=np.concatenate([part.post for part in parts]),
        pattern=np.concatenate([part.pattern for part in parts]),
        reduced=np.concatenate([part.reduced for part in parts]),
        start=np.concatenate([*starts, [sum(len(part.code) for part in parts)]]),
        code=np.concatenate([part.code for part in parts]),
    )
