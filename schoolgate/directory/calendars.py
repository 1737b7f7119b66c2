"""School time: when a school is open, and what counts as one school hour. Plain Python, no tables.

School days are Mondays to Fridays inside a term, less the days closed (bank holidays, inset days).
A day counts from opening up to, not including, closing. All answers are Europe/London.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from schoolgate.core.clock import LONDON

FRIDAY = 4


@dataclass(frozen=True)
class SchoolTerm:
    """The first and the last day, both included. Raises ValueError when they are the wrong way round."""

    first_day: dt.date
    last_day: dt.date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("A term ends after it starts.")


@dataclass(frozen=True)
class SchoolHours:
    """When the school opens and closes on a school day. Raises ValueError unless it closes later than it opens."""

    opens: dt.time
    closes: dt.time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("A school closes after it opens.")


@dataclass(frozen=True)
class SchoolCalendar:
    """A school's hours, terms and closed days.

    After the last term entered nobody has said yet when school is, so every weekday counts: a term that
    somebody forgot to enter must never let a concern wait for ever. `known_until` tells how far the terms reach.
    """

    hours: SchoolHours
    terms: tuple[SchoolTerm, ...] = ()
    closed_days: frozenset[dt.date] = frozenset()

    @property
    def known_until(self) -> dt.date | None:
        """The last day of the last term entered, or None where there is none."""
        return max((term.last_day for term in self.terms), default=None)

    def has_school_on(self, day: dt.date) -> bool:
        """Whether that is a school day."""
        return day.weekday() <= FRIDAY and day not in self.closed_days and self._in_term(day)

    def _in_term(self, day: dt.date) -> bool:
        known_until = self.known_until
        if known_until is None or day > known_until:
            return True
        return any(term.first_day <= day <= term.last_day for term in self.terms)


def is_school_time(at: dt.datetime, calendar: SchoolCalendar) -> bool:
    """Whether the school is open at that moment. Raises ValueError for a time without its zone."""
    at = _in_london(at)
    opens, closes = _opening(at.date(), calendar), _closing(at.date(), calendar)
    return calendar.has_school_on(at.date()) and opens <= at < closes


def next_school_time(at: dt.datetime, calendar: SchoolCalendar) -> dt.datetime:
    """The moment itself while the school is open, else when it next opens. Raises ValueError as above."""
    at = _in_london(at)
    day = next(day for day in _school_days_from(at.date(), calendar) if at < _closing(day, calendar))
    return max(at, _opening(day, calendar))


def school_time_after(start: dt.datetime, duration: dt.timedelta, calendar: SchoolCalendar) -> dt.datetime:
    """The moment at which that much school time has passed since the start.

    One hour after 15:10 on the last Friday of term, where school is 08:30 to 15:30: 09:10 on the first day of
    the next. Time that ends with the school day ends at closing. Raises ValueError for a negative duration, or
    a time without its zone.
    """
    if duration < dt.timedelta():
        raise ValueError("School time is counted forwards.")
    moment = next_school_time(start, calendar)
    while (left_today := _closing(moment.date(), calendar) - moment) < duration:
        duration -= left_today
        moment = next_school_time(moment + left_today, calendar)
    return moment + duration


def school_days_between(first: dt.date, last: dt.date, calendar: SchoolCalendar) -> list[dt.date]:
    """The school days from the first to the last, both included; none when the last comes first."""
    days = (first + dt.timedelta(number) for number in range((last - first).days + 1))
    return [day for day in days if calendar.has_school_on(day)]


def _in_london(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("A time needs its zone.")
    return at.astimezone(LONDON)


def _opening(day: dt.date, calendar: SchoolCalendar) -> dt.datetime:
    return dt.datetime.combine(day, calendar.hours.opens, LONDON)


def _closing(day: dt.date, calendar: SchoolCalendar) -> dt.datetime:
    return dt.datetime.combine(day, calendar.hours.closes, LONDON)


def _school_days_from(day: dt.date, calendar: SchoolCalendar) -> Iterator[dt.date]:
    while True:
        if calendar.has_school_on(day):
            yield day
        day += dt.timedelta(days=1)
