"""Compiles the planner's searches at set-up, so that nobody's first plan waits for it: `python -m` this module."""

from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.problem import Officer, Pattern, Problem, Range, School, Weights
from schoolgate.planning.optimiser.solving import solve


def main() -> None:
    """Plan four schools: that calls every compiled function."""
    officers = [Officer(name, 0, 0, 1, False, frozenset({"secondary"}), 20) for name in ("one", "two")]
    schools = [School(str(number), 100 * number, 0, "secondary", False, 4, 1) for number in range(4)]
    problem = Problem(officers, schools, [Pattern("cluster", other=Range(2, 3))], Weights(1, 1, 10, 30))
    solve(problem, Limits(steps=20))


if __name__ == "__main__":
    main()
