"""Reads what people type. What cannot be read raises ValidationError with what to do instead."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from schoolgate.core.clock import LONDON, london_day


def complain_unless(fact: Any, message: str) -> None:
    """Raise ValidationError with the message unless the fact holds."""
    if not fact:
        raise ValidationError(message)


def is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def date_from(numbers: list[str]) -> dt.date:
    """Take day, month and year as typed, give the date."""
    message = _("Enter a real date, for example 27 3 2026")
    complain_unless(len(numbers) == 3 and all(re.fullmatch("[0-9]{1,4}", n) for n in numbers), message)
    day, month, year = (int(number) for number in numbers)
    complain_unless(1900 <= year <= 2200, _("Enter a year with four figures, for example 2026"))
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValidationError(message) from None


CLOCK = re.compile(r"(\d{1,2})(?:[:.\s]?(\d{2}))?(?::\d{2})?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE)


def time_from(typed: str) -> dt.time:
    """Take a time as typed (3:15 pm, 3pm, 15:15, 1515), give the time."""
    message = _("Enter a time, for example 3:15 pm or 15:15")
    found = CLOCK.fullmatch(typed.strip())
    complain_unless(found and (found[2] or found[3]), message)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()  # type: ignore[index]
    if half:
        complain_unless(1 <= hour <= 12, message)
        hour = hour % 12 + (12 if half == "p" else 0)
    complain_unless(hour < 24 and minute < 60, message)
    return dt.time(hour, minute)


def london_moment(date: dt.date, time: dt.time) -> dt.datetime:
    """Take a date and a time of the clock in London, give the moment.

    Raises ValidationError for the hour that is skipped in spring.
    """
    moment = dt.datetime.combine(date, time, LONDON)
    there_and_back = moment.astimezone(dt.UTC).astimezone(LONDON)
    complain_unless(
        there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None),
        _("The clocks went forward in that hour. Enter another time"),
    )
    return moment


def today(now: dt.datetime | None) -> dt.date:
    """Take the time of the request, give the date in London. Raises ValueError without it."""
    if now is None:
        raise ValueError("This form speaks of today: give it now=")
    return london_day(now)


def once_of(posted: QueryDict) -> UUID:
    """The token of a form of one button. Raises Http404 where somebody tampered with it."""
    try:
        return UUID(posted.get("once", ""))
    except ValueError:
        raise Http404 from None
