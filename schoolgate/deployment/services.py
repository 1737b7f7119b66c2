"""What a sergeant does about postings and hours. The pages come later; the rules are here and in the database."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import Absence, Assignment, AssignmentKind, DutyHours, Eligibility
from schoolgate.deployment.policies import may_deploy, may_keep_hours

Shift = tuple[dt.time, dt.time]


class InProbation(Exception):
    """The officer is in probation on the first day, or nobody has said when probation ends. Nothing overrides it."""


class OtherForce(Exception):
    """The school belongs to another force than the team."""


class AlreadyAssigned(Exception):
    """The officer serves that school on some of those days already."""


def record_eligibility(
    *, by: Viewer, at: dt.datetime, officer: int, team: int, probation_ends: dt.date | None, rank: str = "PC"
) -> None:
    """Note an officer's rank and the last day of their probation, when it is known.

    Raises PermissionDenied for anybody but the team's sergeant, InProbation where a posting would fall in it.
    """
    require(may_deploy, by, team)
    known = {"team_id": team, "rank": rank, "probation_ends": probation_ends}
    with _named_refusals():
        Eligibility.objects.update_or_create(officer_id=officer, defaults=known)


def assign_officer(
    *,
    by: Viewer,
    at: dt.datetime,
    officer: int,
    team: int,
    school: int,
    kind: AssignmentKind,
    since: dt.date,
    until: dt.date | None = None,
) -> int:
    """Post an officer of a team to a school from the first to the last day, both included; give the posting's id.

    Source: "no officer should be posted as a SSO within their probationary period"; "Local risk assessments
    cannot be used to circumvent this direction": no role, reason or rank changes the answer.
    Raises PermissionDenied for anybody but the team's sergeant, InProbation, AlreadyAssigned, OtherForce.
    """
    require(may_deploy, by, team)
    posting = Assignment(officer_id=officer, team_id=team, school_id=school, kind=kind, since=since, until=until)
    with _named_refusals():
        posting.save(force_insert=True)
    return posting.pk


def set_duty_hours(*, by: Viewer, at: dt.datetime, officer: int, team: int, hours: Mapping[int, Shift]) -> None:
    """Set an officer's usual hours on the weekdays given (Monday is 0); other days stay as they are.

    Raises PermissionDenied for anybody but the officer and the team's sergeant.
    """
    require(may_keep_hours, by, officer, team)
    for weekday, (starts, ends) in hours.items():
        shift = {"starts": starts, "ends": ends}
        DutyHours.objects.update_or_create(officer_id=officer, weekday=weekday, defaults=shift)


def record_absence(
    *, by: Viewer, at: dt.datetime, officer: int, team: int, first_day: dt.date, last_day: dt.date
) -> None:
    """Note the days on which an officer is away, first and last included.

    Raises PermissionDenied for anybody but the officer and the team's sergeant.
    """
    require(may_keep_hours, by, officer, team)
    Absence.objects.create(officer_id=officer, first_day=first_day, last_day=last_day)


@contextmanager
def _named_refusals() -> Iterator[None]:
    """Give the database's refusals their names."""
    names = {
        "nobody_in_probation": InProbation,
        "one_assignment_once": AlreadyAssigned,
        "school_of_the_force": OtherForce,
    }
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = names.get(error.__cause__.diag.constraint_name or "")  # type: ignore[union-attr]
        if refusal is None:
            raise
        raise refusal from error
