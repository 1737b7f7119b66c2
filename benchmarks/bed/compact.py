"""The planning problem as one compact model for OR-Tools' CP-SAT, as one would first write it down."""

from typing import Any

from ortools.sat.python import cp_model

from schoolgate.planning.optimiser.model import HALF, WHOLE, Model, build_model
from schoolgate.planning.optimiser.problem import Problem

SCALE = 100  # CP-SAT takes whole numbers
WORKERS = 2


def solve_compact(problem: Problem, seconds: float) -> tuple[float, float] | None:
    """Cost and bound after so many seconds; None where no plan was found."""
    writer = _Writer(build_model(problem))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    status = solver.solve(writer.written)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver.objective_value / SCALE, solver.best_objective_bound / SCALE


class _Writer:
    """Writes the model down: for each officer a pattern, an anchor, and schools held whole or half."""

    def __init__(self, model: Model) -> None:
        self.model, self.written = model, cp_model.CpModel()
        self.cost: list[Any] = []
        shares: list[list[Any]] = [[] for _ in range(model.schools)]
        for post, members in enumerate(model.members):
            for _ in members:
                self._officer(post, shares)
        for parts in shares:
            self.written.add(sum(parts) == 2)
        self.written.minimize(sum(self.cost))

    def _officer(self, post: int, shares: list[list[Any]]) -> None:
        model, written = self.model, self.written
        whole = [written.new_bool_var("") if model.options[post, s] & WHOLE else 0 for s in range(model.schools)]
        half = [written.new_bool_var("") if model.options[post, s] & HALF else 0 for s in range(model.schools)]
        for s in range(model.schools):
            shares[s].append(2 * whole[s] + half[s])
            written.add(whole[s] + half[s] <= 1)
            if model.forced[post, s]:
                written.add(whole[s] + half[s] == 1)
        works = self._patterns(post, whole, half)
        self._proximity(whole, half, works)
        self._hours(post, whole, half, works)
        for s in range(model.schools):
            self.cost.append((2 * whole[s] + half[s]) * round(model.cost[post, s] * SCALE / 2))

    def _patterns(self, post: int, whole: list[Any], half: list[Any]) -> Any:
        model, written = self.model, self.written
        chosen = [written.new_bool_var("") for _ in range(len(model.counts))]
        works = written.new_bool_var("")
        written.add(sum(chosen) == works)
        if model.must_work[post]:
            written.add(works == 1)
        first = [s for s in range(model.schools) if model.priority[s]]
        rest = [s for s in range(model.schools) if not model.priority[s]]
        kinds = (sum(whole[s] for s in first), sum(half[s] for s in first), sum(whole[s] for s in rest))
        for s in range(model.schools):
            written.add(whole[s] + half[s] <= works)
        for p, pattern in enumerate(chosen):
            for kind, number in enumerate(kinds):
                written.add(number >= int(model.counts[p, kind, 0])).only_enforce_if(pattern)
                if not model.unlimited[p, kind]:
                    written.add(number <= int(model.counts[p, kind, 1])).only_enforce_if(pattern)
            for s in range(model.schools):
                if not model.taken[p, s]:
                    written.add(whole[s] + half[s] == 0).only_enforce_if(pattern)
        return works

    def _proximity(self, whole: list[Any], half: list[Any], works: Any) -> None:
        """The anchor is a school held; a priority school, where one is held."""
        model, written = self.model, self.written
        weight = model.problem.weights.proximity * SCALE
        near = written.new_int_var(0, int(weight * model.distance.sum(axis=1).max()) + 1, "")
        anchors = [written.new_bool_var("") for _ in range(model.schools)]
        written.add(sum(anchors) == works)
        for a, anchor in enumerate(anchors):
            written.add(anchor <= whole[a] + half[a])
            away = [(whole[s] + half[s]) * round(weight * model.distance[a, s]) for s in range(model.schools)]
            written.add(near >= sum(away)).only_enforce_if(anchor)
            if not model.priority[a]:
                for s in range(model.schools):
                    if model.priority[s]:
                        written.add(anchor + whole[s] + half[s] <= 1)
        self.cost.append(near)

    def _hours(self, post: int, whole: list[Any], half: list[Any], works: Any) -> None:
        model, written = self.model, self.written
        hours = [round(float(value) * SCALE) for value in model.hours]
        load = sum((2 * whole[s] + half[s]) * hours[s] for s in range(model.schools))
        written.add(load <= 2 * round(float(model.most_hours[post]) * SCALE))
        weight = round(model.problem.weights.balance)
        if weight:
            fair = round(float(model.fair[post]) * SCALE)
            off = written.new_int_var(0, 4 * sum(hours) + 2 * fair, "")
            written.add(off >= load - 2 * fair)
            written.add(off >= 2 * fair * works - load)
            self.cost.append(off * (weight / 2))
