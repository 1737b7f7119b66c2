"""The one place that reads the clock; everything else is given the time."""

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> dt.datetime:
    """The present moment, aware, in London time."""
    return dt.datetime.now(LONDON)
