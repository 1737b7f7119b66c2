"""What a plan changes of today: who comes to which school, in whose place, and which postings end. Plain Python."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from schoolgate.planning.optimiser.problem import Assignment, Plan, Portfolio


@dataclass(frozen=True)
class Today:
    """An officer who serves a school, by which posting, whole or half."""

    officer: str
    posting: int
    half: bool


@dataclass(frozen=True)
class Change:
    """One change at a school. officer: who comes, or stays on other terms; none where a posting only ends.

    instead_of: the posting that ends, and leaving: whose it is. pattern: of the portfolio that the officer has.
    """

    school: str
    officer: str | None
    pattern: str
    half: bool
    instead_of: int | None
    leaving: str | None


def read_plan(portfolios: Iterable[Mapping[str, object]], cost: float, lower_bound: float) -> Plan:
    """A plan as the contract writes its rows."""
    return Plan([_portfolio(row) for row in portfolios], cost, lower_bound)


def _portfolio(row: Mapping[str, object]) -> Portfolio:
    held = tuple(Assignment(one["school"], one["share"]) for one in row["assignments"])  # type: ignore[attr-defined]
    return Portfolio(str(row["officer"]), str(row["pattern"]), held)


def write_portfolios(portfolios: Iterable[Portfolio]) -> list[dict[str, object]]:
    """The rows of a plan, as the contract writes them."""
    return [
        {
            "officer": one.officer,
            "pattern": one.pattern,
            "assignments": [{"school": row.school, "share": row.share} for row in one.assignments],
        }
        for one in portfolios
    ]


def holders_of(portfolios: Iterable[Portfolio]) -> dict[str, dict[str, Portfolio]]:
    """Who holds each school in a plan."""
    found: dict[str, dict[str, Portfolio]] = {}
    for portfolio in portfolios:
        for row in portfolio.assignments:
            found.setdefault(row.school, {})[portfolio.officer] = portfolio
    return found


def changes(portfolios: Iterable[Portfolio], today: Mapping[str, Iterable[Today]]) -> list[Change]:
    """What has to change at each school of a plan, so that it is as planned."""
    planned = holders_of(portfolios)
    return [change for school, held in planned.items() for change in _at_school(school, held, today.get(school, ()))]


def _at_school(school: str, planned: Mapping[str, Portfolio], today: Iterable[Today]) -> Iterator[Change]:
    half = len(planned) > 1
    now = {one.officer: one for one in today}
    gone = [one for officer, one in now.items() if officer not in planned]
    for officer, portfolio in planned.items():
        its = now.get(officer)
        if its is None:
            its = gone.pop(0) if gone else None
        elif its.half == half:
            continue
        ends = (its.posting, its.officer) if its else (None, None)
        yield Change(school, officer, portfolio.pattern, half, *ends)
    for one in gone:
        yield Change(school, None, "", False, one.posting, one.officer)


def token_of(plan: UUID, change: Change) -> UUID:
    """What names a change of a plan: accepted twice, it is proposed once."""
    return uuid5(plan, f"{change.school} {change.officer} {change.half} {change.instead_of}")
