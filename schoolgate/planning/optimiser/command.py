"""`schoolgate plan PROBLEM.json --out PLAN.json`: who covers which school, with proof. Uses no database."""

import argparse
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.problem import Plan
from schoolgate.planning.optimiser.reading import BadProblem, read_problem

if TYPE_CHECKING:
    from schoolgate.planning.optimiser.solving import Progress

BAD_PROBLEM = 2
DEFAULT_SECONDS = 60.0
AROUND = 0.6  # seconds kept back for starting, checking and writing
A_LINE_EVERY = 1.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `plan` takes."""
    parser.add_argument("problem", type=Path, help="the problem, a JSON file")
    parser.add_argument("--out", type=Path, required=True, help="where the plan is written")
    parser.add_argument("--seconds", type=_positive, help="stop after so many seconds (60, unless --steps is given)")
    parser.add_argument("--steps", type=_steps, help="stop after so many steps: the same problem gives the same plan")
    parser.add_argument("--seed", type=int, default=0, help="another number gives another search")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _steps(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def main(arguments: argparse.Namespace) -> int:
    """Plan and write the plan. Gives 2 for a bad problem."""
    limits = _limits(arguments)
    try:
        problem = read_problem(arguments.problem)
        _check_writable(arguments.out)
    except BadProblem as error:
        sys.stderr.write(f"schoolgate: {error}\n")
        return BAD_PROBLEM
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: limits.stop())
    # The search is loaded only for a problem worth it: that takes most of a second.
    from schoolgate.planning.optimiser.solving import solve

    plan = solve(problem, limits, arguments.seed, _Lines())
    write_plan(arguments.out, plan)
    sys.stderr.write(_summary(plan))
    return 0


def _limits(arguments: argparse.Namespace) -> Limits:
    seconds = arguments.seconds
    if seconds is None and arguments.steps is None:
        seconds = DEFAULT_SECONDS
    return Limits(None if seconds is None else max(0.1, seconds - AROUND), arguments.steps)


class _Lines:
    """Prints how far the planner is, a line a second at most."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, progress: "Progress") -> None:
        if progress.seconds - self.last >= A_LINE_EVERY:
            self.last = progress.seconds
            sys.stderr.write(
                f"{progress.seconds:7.1f} s  {_figures(progress.cost, progress.lower_bound, progress.gap)}\n"
            )


def _figures(cost: float | None, bound: float | None, gap: float | None) -> str:
    if cost is None or bound is None or gap is None:
        return "no plan yet"
    return f"cost {cost:,.2f}, at least {bound:,.2f}, gap {gap:.3%}"


def _summary(plan: Plan) -> str:
    if plan.cost is None:
        return "".join(f"{sentence}\n" for sentence in plan.explanation)
    return f"{_figures(plan.cost, plan.lower_bound, plan.gap)} after {plan.seconds:.1f} s and {plan.steps} steps\n"


def _check_writable(path: Path) -> None:
    """Nobody plans for an hour and is told then that the plan cannot be written. Raises BadProblem."""
    if path.is_dir():
        raise BadProblem(f"{path} cannot be written: it is a folder")
    try:
        _part(path).touch()
        _part(path).unlink()
    except OSError as error:
        raise BadProblem(f"{path} cannot be written: {error.strerror}") from None


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def write_plan(path: Path, plan: Plan) -> None:
    """Write a plan as JSON: whole, or not at all."""
    content = asdict(plan) | {"cost": plan.cost or 0.0}
    whole = _part(path)
    whole.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    whole.replace(path)
