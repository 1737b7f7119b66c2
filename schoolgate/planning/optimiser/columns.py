"""The portfolios met so far, as columns: what each costs, and which share of which school it covers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schoolgate.planning.optimiser.model import Floats, Ints, Model


class Columns:
    """A growing set of portfolios, none twice. A portfolio's codes are twice the school's number, plus 1 if half."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.numbers: dict[bytes, int] = {}
        self._post, self._pattern, self._cost = _Growing(np.int64), _Growing(np.int64), _Growing(np.float64)
        self._start, self._code = _Growing(np.int64), _Growing(np.int64)
        self._start.extend([0])

    def __len__(self) -> int:
        return self._post.size

    @property
    def post(self) -> Ints:
        """Whose it is, column by column."""
        return self._post.values

    @property
    def pattern(self) -> Ints:
        """The number of its pattern, column by column."""
        return self._pattern.values

    @property
    def cost(self) -> Floats:
        """What it costs, column by column."""
        return self._cost.values

    @property
    def start(self) -> Ints:
        """Where its codes start; one more at the end."""
        return self._start.values

    @property
    def code(self) -> Ints:
        """All codes, one column's after another's."""
        return self._code.values

    def codes(self, number: int | np.int64) -> Ints:
        """The codes of one column."""
        return self.code[self.start[number] : self.start[number + 1]]

    def gathered(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The codes of several columns, one's after another's, and how many each has."""
        start = self.start  # once: another thread may be adding columns
        sizes = start[numbers + 1] - start[numbers]
        first = np.repeat(start[numbers] - np.cumsum(sizes) + sizes, sizes)
        return self.code[first + np.arange(len(first))], sizes

    def add(self, post: int, pattern: int, cost: float, codes: Ints) -> tuple[int, bool]:
        """Add a column unless it is known. Gives its number and whether it is new."""
        key = post.to_bytes(4, "little") + codes.tobytes()
        known = self.numbers.get(key)
        if known is not None:
            return known, False
        number = self.numbers[key] = len(self)
        self._post.extend([post])
        self._pattern.extend([pattern])
        self._cost.extend([cost])
        self._code.extend(codes)
        self._start.extend([self._code.size])
        return number, True

    def fill(self, post: Ints, pattern: Ints, cost: Floats, start: Ints, code: Ints) -> None:
        """Take portfolios all at once into an empty set. None may be there twice; no other can be added later."""
        self._post.extend(post)
        self._pattern.extend(pattern)
        self._cost.extend(cost)
        self._start.extend(start[1:])
        self._code.extend(code)

    def reduced_costs(self, prices: Floats) -> Floats:
        """Each column's cost less the prices of what it covers."""
        return self.cost - covered_value(self.start, self.code, prices)


def covered_value(start: Ints, code: Ints, prices: Floats) -> Floats:
    """The prices of what each column covers, a half school at half its price."""
    if len(start) == 1:
        return np.zeros(0)
    return np.asarray(np.add.reduceat(prices[code >> 1] * np.where(code & 1, 0.5, 1.0), start[:-1]))


class _Growing:
    """An array that doubles its room when it is full."""

    def __init__(self, kind: type) -> None:
        self._room: NDArray[Any] = np.zeros(1024, dtype=kind)
        self.size = 0

    @property
    def values(self) -> NDArray[Any]:
        return self._room[: self.size]

    def extend(self, values: Sequence[Any] | NDArray[Any]) -> None:
        needed = self.size + len(values)
        if needed > len(self._room):
            self._room = np.concatenate([self._room, np.zeros(max(needed, self.size), dtype=self._room.dtype)])
        self._room[self.size : needed] = values
        self.size = needed
