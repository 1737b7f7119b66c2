"""An officer's usual hours, and the days on which they are away."""

import datetime as dt
from collections.abc import Mapping

from django.db import connection

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import Absence, DutyHours
from schoolgate.deployment.policies import may_keep_hours

Shift = tuple[dt.time, dt.time]


def set_duty_hours(*, by: Viewer, at: dt.datetime, officer: int, team: int, hours: Mapping[int, Shift | None]) -> None:
    """Set an officer's usual hours on the weekdays given (Monday is 0), None: off duty; other days stay as they are.

    Raises PermissionDenied for anybody but the officer and the team's sergeant.
    """
    require(may_keep_hours, by, officer, team)
    for weekday, shift in hours.items():
        if shift is None:
            _off_duty(officer, weekday)
        else:
            times = {"starts": shift[0], "ends": shift[1]}
            DutyHours.objects.update_or_create(officer_id=officer, weekday=weekday, defaults=times)


def _off_duty(officer: int, weekday: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select deployment_off_duty(%s, %s)", [officer, weekday])


def record_absence(
    *, by: Viewer, at: dt.datetime, officer: int, team: int, first_day: dt.date, last_day: dt.date
) -> None:
    """Note the days on which an officer is away, first and last included.

    Raises PermissionDenied for anybody but the officer and the team's sergeant.
    """
    require(may_keep_hours, by, officer, team)
    Absence.objects.create(officer_id=officer, first_day=first_day, last_day=last_day)
