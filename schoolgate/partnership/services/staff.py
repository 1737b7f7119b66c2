"""A school's staff list is taken over, whole or not at all; and who has no account yet is invited."""

import datetime as dt

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from schoolgate.access.models import AccountMail
from schoolgate.access.permissions import require
from schoolgate.access.services import SEND_ACCOUNT_MAIL
from schoolgate.access.viewer import Viewer
from schoolgate.core.refusals import named_refusals
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
    with named_refusals({"staff_list_as_shown": ChangedMeanwhile}), connection.cursor() as cursor:
        cursor.execute("select partnership_take_staff(%s, %s, %s, %s)", [*as_asked(school, given), shown])


def invite_staff(*, by: Viewer, at: dt.datetime, school: int) -> int:
    """Make an account for everybody on the school's staff who has none, and e-mail them the link that opens it.

    Gives how many were invited. Who has no address, or one that somebody else has, is left out.
    Raises PermissionDenied for anybody but the head teacher and the SPOC with deputies; the database asks again.
    """
    require(may_keep_staff, by, school)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select partnership_invite_staff(%s)", [school])
        jobs: list[dict[str, JSONValue]] = [
            {"user": account, "mail": AccountMail.INVITATION.value} for (account,) in cursor.fetchall()
        ]
        if jobs:
            app.configure_task(SEND_ACCOUNT_MAIL).batch_defer(*jobs)
    return len(jobs)
