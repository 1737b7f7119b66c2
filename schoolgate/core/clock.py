"""The one place that reads the clock; everything else is given the time."""

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(at: dt.datetime) -> dt.date:
    """The day in London at that moment."""
    return at.astimezone(LONDON).date()


def now() -> dt.datetime:
    """The present moment, aware, in London time."""
    return dt.datetime.now(LONDON)
