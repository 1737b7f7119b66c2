"""What every record of this app is kept with."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from schoolgate.access.viewer import Viewer
from schoolgate.core.protected import Protected


def made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    """The columns that say who made a record of a school, and when."""
    return {"holder": school, "made_by": by.person, "made_at": at}


def inserted(row: Protected, once: str) -> bool:
    """Insert a row that its writer may be unable to read back; False when its form was sent before.

    once: the name of the unique constraint that holds the form's token.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if once not in str(error):
            raise
        return False
    return True
