"""What every record of this app is kept with."""

import datetime as dt
from typing import Any

from schoolgate.access.viewer import Viewer


def made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    """The columns that say who made a record of a school, and when."""
    return {"holder": school, "made_by": by.person, "made_at": at}
