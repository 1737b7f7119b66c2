"""Who is turned to, in which order, and when: from the directory, which holds nothing about children."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from schoolgate.core.clock import LONDON
from schoolgate.directory.calendars import is_school_time, next_school_time, school_time_after
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, SchoolCard, people, people_with, school_calendar, school_card

# Who takes up what the one before cannot: nobody holds the role, or they are barred.
POLICE_LINE = (Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
PROTECTION_LINE = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.SPOC, Role.DEPUTY_SPOC)


@dataclass(frozen=True)
class ReadingTime:
    """When a concern sent now is read, by whom, and whom to ring if that is too late."""

    school: SchoolCard
    is_open: bool
    by: dt.datetime
    spocs: tuple[PersonCard, ...]
    dsls: tuple[PersonCard, ...]
    holiday_contact: PersonCard | None


def reading_time(school: int, at: dt.datetime) -> ReadingTime:
    """When a concern sent at this moment must have been opened, and by whom."""
    card, calendar, today = school_card(school), school_calendar(school), london_day(at)
    allowed = dt.timedelta(minutes=card.minutes_to_open_concern)
    contact = people([card.holiday_contact]).get(card.holiday_contact) if card.holiday_contact else None
    return ReadingTime(
        card,
        is_school_time(at, calendar),
        school_time_after(next_school_time(at, calendar), allowed, calendar),
        tuple(next_in_line(school, POLICE_LINE, barred=(), on=today)),
        tuple(next_in_line(school, PROTECTION_LINE, barred=(), on=today)),
        contact,
    )


def next_in_line(school: int, line: Iterable[Role], *, barred: Collection[int], on: dt.date) -> list[PersonCard]:
    """Those who hold the first role of the line that somebody holds who is not barred; nobody if there is none."""
    for role in line:
        found = [person for person in people_with(school, role, on=on) if person.id not in barred]
        if found:
            return found
    return []


def next_for_police(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Who decides the police question: the SPOC, else the next in line."""
    return frozenset(person.id for person in next_in_line(school, POLICE_LINE, barred=barred, on=on))


def next_for_protection(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Who looks after the child: the DSL, else the next in line."""
    return frozenset(person.id for person in next_in_line(school, PROTECTION_LINE, barred=barred, on=on))


def in_line(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Both together: every concern reaches SPOC and DSL."""
    return next_for_police(school, barred=barred, on=on) | next_for_protection(school, barred=barred, on=on)


def school_circle(school: int, *, on: dt.date) -> list[PersonCard]:
    """Each person of the school circle once."""
    found = people_with(school, *POLICE_LINE, on=on)
    return list({person.id: person for person in found}.values())


def london_day(at: dt.datetime) -> dt.date:
    """The date in London at that moment."""
    return at.astimezone(LONDON).date()
