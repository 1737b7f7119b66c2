"""Who is turned to, in which order, and when: from the directory, which holds nothing about children."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from schoolgate.core.clock import london_day
from schoolgate.core.sequences import each_once
from schoolgate.directory.calendars import is_school_time, school_time_after
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, SchoolCard, lado_of, people, people_with, school_card

# Who takes up what the one before cannot: nobody holds the role, or they are barred.
POLICE_LINE = (Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
PROTECTION_LINE = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.SPOC, Role.DEPUTY_SPOC)


@dataclass(frozen=True)
class SchoolCircle:
    """Those who hold a role of a school's circle on a day, and who of them is next in line."""

    holders: tuple[PersonCard, ...]

    @property
    def people(self) -> list[PersonCard]:
        """Each person once."""
        return each_once(self.holders, key=lambda person: person.id)

    def next_for_police(self, *, barred: Collection[int]) -> frozenset[int]:
        """Who decides the police question: the SPOC, else the next in line."""
        return _ids(self.first(POLICE_LINE, barred=barred))

    def next_for_protection(self, *, barred: Collection[int]) -> frozenset[int]:
        """Who looks after the child: the DSL, else the next in line."""
        return _ids(self.first(PROTECTION_LINE, barred=barred))

    def in_line(self, *, barred: Collection[int]) -> frozenset[int]:
        """Both together: every concern reaches SPOC and DSL."""
        return self.next_for_police(barred=barred) | self.next_for_protection(barred=barred)

    def first(self, line: tuple[Role, ...], *, barred: Collection[int]) -> list[PersonCard]:
        """Those who hold the first role of the line that somebody holds who is not barred; nobody if there is none."""
        for role in line:
            found = [person for person in self.holders if person.role == role and person.id not in barred]
            if found:
                return found
        return []


@dataclass(frozen=True)
class ReadingTime:
    """When a concern sent now must have been opened, who reads it, and whom to ring if that is too late.

    beyond: whom to ring where nobody at the school holds a role that reads it: the chair of governors or proprietor,
    else the LADO.
    """

    school: SchoolCard
    is_open: bool
    by: dt.datetime
    circle: SchoolCircle
    contact: PersonCard | None
    beyond: tuple[PersonCard, ...]

    def spocs(self, kept_from: Collection[int] = ()) -> list[PersonCard]:
        """Who decides the police question."""
        return self.circle.first(POLICE_LINE, barred=kept_from)

    def dsls(self, kept_from: Collection[int] = ()) -> list[PersonCard]:
        """Who looks after the child."""
        return self.circle.first(PROTECTION_LINE, barred=kept_from)


def reading_time(school: int, at: dt.datetime) -> ReadingTime:
    """When a concern sent at this moment must have been opened, and by whom."""
    card, on = school_card(school), london_day(at)
    holders = people_with(school, *POLICE_LINE, Role.GOVERNORS, on=on)
    governors = tuple(person for person in holders if person.role == Role.GOVERNORS)
    return ReadingTime(
        card,
        is_school_time(at, card.calendar),
        school_time_after(at, dt.timedelta(minutes=card.minutes_to_open_concern), card.calendar),
        SchoolCircle(tuple(person for person in holders if person.role != Role.GOVERNORS)),
        people([card.holiday_contact]).get(card.holiday_contact) if card.holiday_contact else None,
        governors or _lados(card, on),
    )


def _lados(school: SchoolCard, on: dt.date) -> tuple[PersonCard, ...]:
    lado = lado_of(school)
    return tuple(people_with(lado, Role.LADO, on=on)) if lado else ()


def school_circle(school: int, *, on: dt.date) -> SchoolCircle:
    """The circle of a school on a day."""
    return SchoolCircle(tuple(people_with(school, *POLICE_LINE, on=on)))


def _ids(found: list[PersonCard]) -> frozenset[int]:
    return frozenset(person.id for person in found)
