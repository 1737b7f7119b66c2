"""A school's staff list is taken over: whole or not at all."""

import datetime as dt

from django.db import IntegrityError, connection, transaction

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.partnership.policies import may_keep_staff
from schoolgate.partnership.selectors.staff import as_asked
from schoolgate.partnership.staff_list import StaffList


class ChangedMeanwhile(Exception):
    """The list would do something else now than what was shown."""


def take_staff_list(*, by: Viewer, at: dt.datetime, school: int, given: StaffList, shown: str) -> None:
    """Add and change the people of the list, and end the role of those who left with today.

    shown: the digest of what the person saw before (see selectors.staff). The database refuses whatever is not
    theirs: another school, a person who works elsewhere, another role, an account.
    Raises PermissionDenied, ChangedMeanwhile.
    """
    require(may_keep_staff, by, school)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select partnership_take_staff(%s, %s, %s, %s)", [*as_asked(school, given), shown])
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "staff_list_as_shown":  # type: ignore[union-attr]
            raise
        raise ChangedMeanwhile from error
