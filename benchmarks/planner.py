"""What the planner's plans cost, how far they are proven, and how long that takes, beside two simpler ways."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bed.compact import solve_compact
from benchmarks.bed.table import print_table
from schoolgate.planning.optimiser.checking import faults, plan_costs
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.incumbent import Draft
from schoolgate.planning.optimiser.model import build_model
from schoolgate.planning.optimiser.problem import Assignment, Plan, Portfolio, Problem
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.starting import Starter
from schoolgate.planning.optimiser.tests.problems import random_force

# Seconds that each kind of problem is given, as in docs/performance.md.
SECONDS = {"borough": 2.0, "forceavg": 10.0, "county": 20.0}
OTHERS = 60.0
GENERATED = {"borough-generated": (5, 25), "forceavg-generated": (28, 83), "county-generated": (40, 150)}
MOST_PAIRS = 20_000  # of officer and school, above which the compact model does not fit in memory and time


@dataclass(frozen=True)
class Measured:
    """One run of the planner: its plan as written, wall and CPU seconds, peak memory in megabytes."""

    plan: dict[str, Any]
    wall: float
    cpu: float
    megabytes: float


def main() -> None:
    """Run every problem and print one table."""
    arguments = _arguments()
    rows: list[list[object]] = []
    for name, content in _problems(arguments.instances):
        seconds = SECONDS.get(name.split("-")[0], OTHERS)
        rows.append(_row(name, content, seconds, arguments))
        print(*rows[-1], file=sys.stderr)
    head = ["problem", "seconds given", "cost", "bound", "gap", "wall s", "CPU s", "MB", "referee", "greedy", "CP-SAT"]
    print_table("Planner", head, rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, help="a folder of problem files; without it a few are generated")
    parser.add_argument("--referee", type=Path, help="a program that is given problem and plan, and ends with 0")
    parser.add_argument("--no-cp-sat", action="store_true", help="leave the compact model out")
    return parser.parse_args()


def _problems(folder: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if folder is None:
        yield from ((name, random_force(7, *size)) for name, size in GENERATED.items())
        return
    for path in sorted(folder.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def _row(name: str, content: dict[str, Any], seconds: float, arguments: argparse.Namespace) -> list[object]:
    problem = build_problem(content)
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "problem.json", Path(folder) / "plan.json"
        source.write_text(json.dumps(content))
        measured = _measure(source, out, seconds)
        verdict = _verdict(problem, measured.plan, source, out, arguments.referee)
    cost, bound = measured.plan["cost"], measured.plan["lower_bound"]
    compact = "" if arguments.no_cp_sat else _compact(problem, seconds)
    return [
        name, f"{seconds:g}", f"{cost:,.2f}" if bound is not None else "no plan",
        "" if bound is None else f"{bound:,.2f}", "" if bound is None else f"{max(0.0, cost - bound) / cost:.4%}",
        f"{measured.wall:.1f}", f"{measured.cpu:.1f}", f"{measured.megabytes:.0f}", verdict, _greedy(problem), compact,
    ]  # fmt: skip


def _measure(source: Path, out: Path, seconds: float) -> Measured:
    words = [sys.executable, "-m", "schoolgate", "plan", str(source), "--out", str(out), "--seconds", str(seconds)]
    started = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    _, _, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    plan = json.loads(out.read_text(encoding="utf-8"))
    return Measured(plan, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _verdict(problem: Problem, content: dict[str, Any], source: Path, out: Path, referee: Path | None) -> str:
    if content["lower_bound"] is None:
        return "explained" if content["explanation"] else "not explained"
    if referee is not None:
        done = subprocess.run([sys.executable, referee, source, out], capture_output=True, check=False)  # noqa: S603
        return "ok" if done.returncode == 0 else "refused"
    rows = [
        Portfolio(row["officer"], row["pattern"], tuple(Assignment(**part) for part in row["assignments"]))
        for row in content["portfolios"]
    ]
    return "refused" if faults(problem, Plan(rows, content["cost"], content["lower_bound"])) else "ok (own)"


def _greedy(problem: Problem) -> str:
    """Schools one after another to the officer whose cost they raise least."""
    model = build_model(problem)
    if not model.patterns or not problem.postable:
        return "none"
    starter = Starter(model, 0.0)
    starter.penalty = 3 * float(starter.prices.sum()) / model.posts + 10 * starter.spread
    starter.place()
    draft = Draft(model, Columns(model), starter.penalty)
    draft.take(starter.state)
    return f"{plan_costs(problem, draft.portfolios()).total:,.0f}" if draft.complete else "breaks rules"


def _compact(problem: Problem, seconds: float) -> str:
    if len(problem.postable) * len(problem.schools) > MOST_PAIRS:
        return "too large"
    found = solve_compact(problem, seconds)
    return "none" if found is None else f"{found[0]:,.0f} ({1 - found[1] / found[0]:.1%})"


if __name__ == "__main__":
    main()
