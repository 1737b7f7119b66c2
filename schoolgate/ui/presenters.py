"""The words for moments, days, spans and lists of names, the same on every page.

Times are shown in London time. `now` is the time of the request; None for what is kept, such as a document,
where "today" would soon be wrong: its days stand in full.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolgate.core.clock import LONDON, london_day


@dataclass(frozen=True)
class NavigationLink:
    """One item of the menu; `count` is what waits there."""

    text: str
    href: str
    current: bool = False
    count: int = 0


def day_words(day: dt.date) -> str:
    """A date in full: "Tuesday 3 March 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]} {day.year}"


def short_day_words(day: dt.date) -> str:
    """A date without its weekday, for a date of birth or a table: "3 March 2026"."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def time_words(time: dt.time | dt.datetime) -> str:
    """A time of day: "3:15 pm", "3 pm", "midday", "midnight". A moment is put into London time first."""
    if isinstance(time, dt.datetime):
        time = time.astimezone(LONDON).time()
    if time.minute == 0 and time.hour % 12 == 0:
        return _("midday") if time.hour else _("midnight")
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{time.hour % 12 or 12}{minutes} {'pm' if time.hour >= 12 else 'am'}"


def near_day_words(day: dt.date, *, now: dt.datetime | None) -> str:
    """A date as one says it: "today", "yesterday", "tomorrow", else in full."""
    if now is None:
        return day_words(day)
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get((day - london_day(now)).days) or day_words(day)


def moment_words(moment: dt.datetime, *, now: dt.datetime | None) -> str:
    """A moment as one says it: "today at 3:15 pm", "Tuesday 3 March 2026 at 3:15 pm"."""
    local = moment.astimezone(LONDON)
    return _("%(day)s at %(time)s") % {
        "day": near_day_words(local.date(), now=now),
        "time": time_words(local.time()),
    }


def span_words(span: dt.timedelta) -> str:
    """How long something took or has waited, in its largest unit: "3 days", "2 hours", "less than a minute"."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 24 * 60:
        return counted(ngettext("%(count)s day", "%(count)s days", minutes // (24 * 60)), minutes // (24 * 60))
    if minutes >= 60:
        return counted(ngettext("%(count)s hour", "%(count)s hours", minutes // 60), minutes // 60)
    if minutes >= 1:
        return counted(ngettext("%(count)s minute", "%(count)s minutes", minutes), minutes)
    return _("less than a minute")


def counted(words: str, count: int) -> str:
    """Put a number into words that have a place for `count`."""
    return words % {"count": f"{count:,}"}


def joined(names: Sequence[str]) -> str:
    """Names in a sentence: "Ann", "Ann and Bob", "Ann, Bob and Cy"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def capitalised(words: str) -> str:
    """Words that begin a sentence: "Today at 3:15 pm"."""
    return words[:1].upper() + words[1:]
