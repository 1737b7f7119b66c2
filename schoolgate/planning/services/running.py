"""What the worker does: it plans a study, says how far it is, and keeps the plan."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from schoolgate.access.acting import acting
from schoolgate.core.ids import new_id
from schoolgate.planning.changes import write_portfolios
from schoolgate.planning.models import OPEN, Plan, Progress, Study, StudyState
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.problem import Plan as Found
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.terms import StudyTerms

if TYPE_CHECKING:
    from schoolgate.planning.optimiser.solving import Progress as Report

PAGE = "job:planning.run_study"
DATABASE_AWAY = (OperationalError, InterfaceError)  # what ends when the database is back
MOST_ATTEMPTS = 3  # a problem that ends the worker each time must not do so for ever
A_STEP_EVERY = 1.0  # seconds


def run_study(study: UUID, *, user: int, at: dt.datetime) -> None:
    """Plan a study as the account that asked; nothing happens where that ended before.

    Where the worker was killed half way, it is planned again from the start. Where that account is no sergeant of the
    team any more, the study has failed, and others ask anew.
    Raises OperationalError, InterfaceError while the database is away: then it is to be tried again.
    """
    begun = _begin(study, user)
    if begun is None:
        return
    try:
        _keep(begun, user, at, _plan(begun, user))
    except DATABASE_AWAY:
        raise
    except Exception:
        _give_up(study, user)
        raise


def _begin(study: UUID, user: int) -> Study | None:
    """The study, where it is still to be planned."""
    with acting(user, page=PAGE):
        rows = Study.objects.filter(pk=study, state__in=OPEN)
        found = rows.select_for_update().first()
        if found is not None and found.attempts < MOST_ATTEMPTS:
            rows.update(state=StudyState.RUNNING, attempts=found.attempts + 1)
            return found
    _give_up(study, user)
    return None


def _plan(study: Study, user: int) -> Found:
    # Loaded here, so that the web server, which only asks for plans, does without.
    from schoolgate.planning.optimiser.solving import solve
    from schoolgate.planning.optimiser.warm import compile_searches

    compile_searches()  # where set-up is not done with that yet, it takes none of the plan's time
    limits = Limits(StudyTerms.from_json(study.terms).seconds)
    with _telling(study.pk, user, limits) as teller:
        return solve(build_problem(study.problem), limits, report=teller)


@dataclass
class _Teller:
    """Writes how far the planner is, a line a second at most, and has it stop when somebody asks for that."""

    study: UUID
    user: int
    limits: Limits
    beside: ThreadPoolExecutor
    last: float = field(default=-A_STEP_EVERY)

    def __call__(self, report: "Report") -> None:
        if report.seconds - self.last >= A_STEP_EVERY:
            self.last = report.seconds
            self.beside.submit(self._write, report)

    def _write(self, report: "Report") -> None:
        with acting(self.user, page=PAGE):
            row = Progress.objects.filter(study=self.study)
            row.update(seconds=report.seconds, cost=report.cost, lower_bound=report.lower_bound)
            if row.filter(stop=True).exists():
                self.limits.stop()


@contextmanager
def _telling(study: UUID, user: int, limits: Limits) -> Iterator[_Teller]:
    """Progress is written in a thread, and so a connection, of its own: others see it, and planning goes on."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        yield _Teller(study, user, limits, beside)
        beside.submit(connection.close)


def _keep(study: Study, user: int, at: dt.datetime, found: Found) -> None:
    with acting(user, page=PAGE) as viewer:
        state = StudyState.NO_PLAN if found.cost is None else StudyState.DONE
        running = Study.objects.filter(pk=study.pk, state=StudyState.RUNNING)
        is_theirs = running.update(state=state, explanation=list(found.explanation))
        if is_theirs and found.cost is not None:
            Plan(
                holder=study.holder, study=study, portfolios=write_portfolios(found.portfolios), cost=found.cost,
                lower_bound=found.lower_bound or 0, seconds=found.seconds, steps=found.steps, once=new_id(),
                made_by=viewer.person or 0, made_at=at,
            ).save(force_insert=True)  # fmt: skip
    if not is_theirs:
        _give_up(study.pk, user)


def _give_up(study: UUID, user: int) -> None:
    """Have a study fail that is still to be planned; the database lets whoever asked for it, also without the role."""
    with acting(user, page=PAGE), connection.cursor() as cursor:
        cursor.execute("select planning_give_up(%s)", [study])
