"""A plan changed by hand: a school given to other officers, in the pattern that then fits. Plain Python."""

from collections.abc import Sequence
from dataclasses import replace

from schoolgate.planning.optimiser.checking import portfolio_faults
from schoolgate.planning.optimiser.problem import Assignment, Portfolio, Problem


def give(problem: Problem, portfolios: Sequence[Portfolio], school: str, officers: Sequence[str]) -> list[Portfolio]:
    """Give a school to one officer whole, or to two half each; everybody else gives it up.

    Whoever's schools change has the first pattern that fits, or keeps the one that no longer does.
    """
    held = {portfolio.officer: portfolio for portfolio in portfolios}
    for officer in officers:
        held.setdefault(officer, Portfolio(officer, problem.patterns[0].id, ()))
    share = 1 if len(officers) == 1 else 0.5
    found = [_with(problem, one, school, share if one.officer in officers else 0) for one in held.values()]
    order = {officer.id: number for number, officer in enumerate(problem.officers)}
    return sorted((one for one in found if one.assignments), key=lambda one: order[one.officer])


def _with(problem: Problem, portfolio: Portfolio, school: str, share: float) -> Portfolio:
    rows = tuple(row for row in portfolio.assignments if row.school != school)
    if share:
        rows += (Assignment(school, share),)
    if rows == portfolio.assignments:
        return portfolio
    changed = replace(portfolio, assignments=rows)
    fitting = (replace(changed, pattern=pattern.id) for pattern in problem.patterns)
    return next((one for one in fitting if not portfolio_faults(problem, one)), changed)
