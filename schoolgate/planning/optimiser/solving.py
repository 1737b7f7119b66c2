"""Plans a problem: a bound, a first plan, then ever better ones until it is proven or time is up."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schoolgate.planning.optimiser.bounding import Bounder
from schoolgate.planning.optimiser.checking import faults, plan_costs
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.explaining import explain_counts, explain_lack, explain_time
from schoolgate.planning.optimiser.improving import Improver, Stage
from schoolgate.planning.optimiser.incumbent import Draft, round_off
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.model import Model, build_model
from schoolgate.planning.optimiser.problem import Plan, Portfolio, Problem
from schoolgate.planning.optimiser.proving import Prover
from schoolgate.planning.optimiser.searching import Searcher
from schoolgate.planning.optimiser.starting import Starter

BOUND_ROUNDS, BOUND_SHARE = 300, 0.25  # for which the plan waits: so many rounds, or so much of the time
FEW_TURNS, MANY_TURNS, ANNEALING_PARTS = 400, 1_000, 20  # turns for each school
WARM, COOL = 0.5, 0.05  # temperatures of the first plan, in parts of what a neighbouring school is away
SMALL = 200  # schools: so few are annealed, and what they lack is explained, in no time, however late it is
FEW_OFFICERS = 60  # so few are sooner closed by cuts and branches than bettered by large groups
COLUMNS, FEW_COLUMNS = 4_000, 600
FEW = (Stage(8, FEW_COLUMNS), Stage(12, FEW_COLUMNS))
MANY = (Stage(8, FEW_COLUMNS), Stage(20, FEW_COLUMNS))
FAILURES = 8  # groups that could not be bettered before they grow: these, and one for every two that the officers make
DEARER = 4  # times, what is left out where bettering ended with something left out
INTEGRAL_SLACK = 1e-6
PROVEN = 1e-9  # of the cost
NEARLY = 1e-3  # of the cost: with a wider gap, the portfolios of many officers are too many to be listed


def dearest_cost(model: Model) -> float:
    """More than any plan costs: every school at its dearest, every portfolio as wide and as uneven as can be."""
    weights, hours = model.problem.weights, float(model.hours.sum())
    apart = 2 * model.schools * float(model.distance.max(initial=0.0))
    uneven = hours + float((model.fair * model.size).sum())
    held = float(model.cost.max(axis=0, initial=0.0).sum())
    return 1 + 2 * (held + weights.proximity * apart + weights.balance * uneven)


class WrongPlan(Exception):
    """The planner made a plan that breaks a rule: a defect, which no user's input should bring about."""


@dataclass(frozen=True)
class Progress:
    """How far the planner is. cost and gap are None while there is no plan."""

    seconds: float
    steps: int
    cost: float | None
    lower_bound: float | None
    gap: float | None


Report = Callable[[Progress], None]


def solve(problem: Problem, limits: Limits, seed: int = 0, report: Report | None = None) -> Plan:
    """Plan until it is proven that nothing is better, or the limits are reached. The plan is checked.

    Where there is no plan, the plan is empty and its explanation says why.
    """
    sentences = explain_counts(problem)
    if sentences:
        return Plan([], None, None, limits.elapsed, limits.taken, sentences)
    return _Run(problem, limits, seed, report).plan()


class _Run:
    """One run of the planner; everything that it has found so far."""

    def __init__(self, problem: Problem, limits: Limits, seed: int, report: Report | None) -> None:
        self.problem, self.limits, self.seed, self.report = problem, limits, seed, report
        self.model: Model = build_model(problem)
        self.dearest = dearest_cost(self.model)
        self.columns = Columns(self.model)
        self.searcher = Searcher(self.model)
        self.starter = Starter(self.model, 1.0)
        self.bounder = Bounder(self.model, self.searcher, self.columns, self.starter.prices, self.starter.spread)
        self.bound = 0.0
        self.draft = Draft(self.model, self.columns, 1.0)
        self.best: list[Portfolio] = []
        self.cost: float | None = None

    def plan(self) -> Plan:
        """Run, and give the best plan with the best bound."""
        self._take_start()
        for part in (self._bound_first, self._first_plan, self._better):
            if not self.limits.over and not self._impossible:
                part()
        if self.cost is None:
            return self._no_plan()
        plan = Plan(self.best, self.cost, min(self.bound, self.cost), self.limits.elapsed, self.limits.taken)
        wrong = faults(self.problem, plan)
        if wrong:
            raise WrongPlan(wrong[0])
        return plan

    def _no_plan(self) -> Plan:
        if self._impossible or self.model.schools <= SMALL:
            sentences = explain_lack(self.problem, self.model, self.limits)
        else:
            sentences = explain_time(self.limits)
        return Plan([], None, None, self.limits.elapsed, self.limits.taken, sentences)

    def _bound_first(self) -> None:
        """Carry the bound on for part of the time; the rest of it goes on beside the plan."""
        until = self.limits.elapsed + BOUND_SHARE * self.limits.left
        for _ in range(BOUND_ROUNDS):
            self.bounder.advance(self.limits.left)
            self._stepped()
            if self.limits.over or self.limits.elapsed > until or self.bounder.done or self._impossible:
                return

    def _stepped(self) -> None:
        """Count a step, keep the bound, and report."""
        self.limits.step()
        self._raise_bound(self.bounder.bound)
        if self.report:
            gap = None if self.cost is None else Plan([], self.cost, self.bound).gap
            self.report(Progress(self.limits.elapsed, self.limits.taken, self.cost, self.bound, gap))

    def _raise_bound(self, bound: float) -> None:
        if self.model.integral and np.isfinite(bound):
            bound = float(np.ceil(bound - INTEGRAL_SLACK))
        self.bound = max(self.bound, bound)

    def _take_start(self) -> None:
        """A plan of sorts at once, so that there is something when time is short."""
        self._set_penalty(3 * float(self.starter.prices.sum()) / self.model.posts + 10 * self.starter.spread)
        self.starter.place()
        self._anneal(1.2, FEW_TURNS)

    def _anneal(self, warm: float, turns_a_school: int) -> None:
        """Anneal the first plan, in parts so that it can be stopped, and keep it."""
        heats = np.geomspace(warm, COOL, ANNEALING_PARTS + 1)
        turns = turns_a_school * self.model.schools // ANNEALING_PARTS
        for part in range(ANNEALING_PARTS):
            if not self.limits.over or self.model.schools <= SMALL:
                self.starter.anneal(turns, self.seed + part, heats[part], heats[part + 1])
        self.draft.take(self.starter.state)
        self._keep()

    def _set_penalty(self, penalty: float) -> None:
        self.starter.penalty = self.draft.penalty = penalty

    def _first_plan(self) -> None:
        """Round the bound's linear program off, if it came so far, mend that, and go on with the better plan."""
        size = self.model.size.sum()
        self._set_penalty(2 * abs(self.bounder.bound) / size + 10 * self.starter.spread)
        before = self.draft.chosen.copy(), self.draft.value
        if len(self.bounder.amounts):
            round_off(self.draft, self.bounder.inside, self.bounder.amounts)
            self.starter.resume(self.draft)
        self._anneal(WARM, MANY_TURNS)
        if before[1] < self.draft.value:
            self.draft.chosen[:] = before[0]

    def _keep(self) -> None:
        """Keep the draft if it is the best plan so far. Its cost is worked out anew from the problem."""
        if not self.draft.complete:
            return
        portfolios = self.draft.portfolios()
        cost = plan_costs(self.problem, portfolios).total
        if self.cost is None or cost < self.cost:
            self.best, self.cost = portfolios, cost

    @property
    def _impossible(self) -> bool:
        """Is the bound above what any plan could cost? Then there is none."""
        return self.bound > self.dearest

    @property
    def _proven(self) -> bool:
        return self.cost is not None and self.cost - self.bound <= PROVEN * max(1.0, self.cost)

    def _better(self) -> None:
        """Better the plan by ever larger groups; once they no longer help, close the gap from both sides."""
        officers = len(self.draft.post)
        few, whole = officers <= FEW_OFFICERS, Stage(officers, COLUMNS)
        stages = [stage for stage in (FEW if few else MANY) if stage.officers < officers]
        last = stages[-1] if stages else whole
        improver = Improver(self.draft, self.bounder, self.starter.spread, self.seed)
        for stage in stages:
            self._better_by(improver, stage, FAILURES + officers // (2 * stage.officers))
        self._better_by(improver, *((whole, 0) if few else (last, officers)))
        if few or self._nearly_proven:
            self._close()
        while self._going:
            self._better_by(improver, last, officers)

    @property
    def _going(self) -> bool:
        return not (self.limits.over or self._proven or self._impossible)

    @property
    def _nearly_proven(self) -> bool:
        return self.cost is not None and self.cost - self.bound <= NEARLY * self.cost

    def _better_by(self, improver: Improver, stage: Stage, patience: int) -> None:
        """Better groups, until as many in a row as `patience` could not be bettered."""
        failures = 0
        while self._going and failures <= patience:
            bettered = improver.step(stage, self.limits)
            failures = 0 if any(bettered) else failures + len(bettered)
            if any(bettered):
                self._keep()
            self._stepped()
        if not self.draft.complete:  # leaving something out was cheaper than any way to do without it
            self._set_penalty(min(self.dearest, DEARER * self.draft.penalty))

    def _close(self) -> None:
        if self.cost is None or not self._going:
            return
        prover = Prover(self.bounder, self.draft, self.cost)
        while self._going and not prover.done:
            if prover.step(self.limits.left):
                self._keep()
            self._raise_bound(prover.bound)
            self._stepped()
