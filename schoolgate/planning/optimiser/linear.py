"""Linear and integer programs over columns, solved by HiGHS."""

import os
from functools import cache
from threading import Lock

import highspy
import numpy as np

from schoolgate.planning.optimiser.model import Floats, Ints

INFINITE = highspy.kHighsInf
GREETING = Lock()  # two threads that put standard output aside at once would lose it


@cache
def _greet_once() -> None:
    """HiGHS greets on standard output when a process makes its first solver, whatever its options say."""
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        highspy.Highs()
    finally:
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)


def quiet_solver() -> highspy.Highs:
    """A solver that prints nothing and keeps to one thread: HiGHS fails silently where that number differs."""
    with GREETING:
        _greet_once()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


class Master:
    """A linear program whose rows are given at first and whose columns are added.

    Rows are `low <= row <= high`. Every row that must reach something has an artificial column at a price.
    """

    def __init__(self, low: Floats, high: Floats) -> None:
        self.rows = len(low)
        self.solver = quiet_solver()
        empty = np.zeros(0, dtype=np.int32)
        self.solver.addRows(self.rows, low, high, 0, np.zeros(self.rows, dtype=np.int32), empty, np.zeros(0))
        self.columns = 0

    def add_columns(self, cost: Floats, start: Ints, row: Ints, value: Floats) -> None:
        """Add columns of at least 0; start has one more entry at the end."""
        number = len(cost)
        if number:
            self.solver.addCols(
                number, cost, np.zeros(number), np.full(number, INFINITE), len(row), start[:-1].astype(np.int32),
                row.astype(np.int32), value,
            )  # fmt: skip
            self.columns += number

    def solve(self, seconds: float) -> tuple[float, Floats, Floats] | None:
        """The value, the rows' prices and the columns' amounts; None where the time did not suffice."""
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(0.01, seconds))
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.solver.getSolution()
        value = self.solver.getInfo().objective_function_value
        return value, np.array(solution.row_dual), np.array(solution.col_value)
