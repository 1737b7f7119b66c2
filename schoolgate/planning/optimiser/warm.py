"""Compiles the planner's searches, so that no plan's time goes on that: at set-up by `python -m` this module."""

from functools import cache

from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.solving import solve


@cache
def compile_searches() -> None:
    """Plan four schools, read as every problem is: that calls every compiled function, with its kinds of argument."""
    place = {"easting": 0, "northing": 0}
    officer = place | {"fte": 1, "in_probation": False, "phases": ["secondary"], "max_hours": 20}
    school = place | {"phase": "secondary", "priority": False, "hours": 4, "visits": 1, "current_officers": []}
    content = {
        "officers": [officer | {"id": name} for name in ("one", "two")],
        "schools": [school | {"id": str(number), "easting": 100 * number} for number in range(4)],
        "patterns": [{"id": "cluster", "other": [2, 3]}],
        "weights": {"travel": 1, "proximity": 1, "balance": 10, "change": 30},
    }
    solve(build_problem(content), Limits(steps=20))


if __name__ == "__main__":
    compile_searches()
