"""Who is turned to, in which order, and when: from the directory, which holds nothing about children."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from schoolgate.core.clock import LONDON
from schoolgate.directory.calendars import is_school_time, school_time_after
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, SchoolCard, people, people_with, school_card

# Who takes up what the one before cannot: nobody holds the role, or they are barred.
POLICE_LINE = (Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
PROTECTION_LINE = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.SPOC, Role.DEPUTY_SPOC)


@dataclass(frozen=True)
class ReadingTime:
    """When a concern sent now must have been opened, who reads it, and whom to ring if that is too late."""

    school: SchoolCard
    is_open: bool
    by: dt.datetime
    holders: tuple[PersonCard, ...]
    contact: PersonCard | None

    @property
    def spocs(self) -> list[PersonCard]:
        """Who decides the police question."""
        return _first(POLICE_LINE, self.holders, barred=())

    @property
    def dsls(self) -> list[PersonCard]:
        """Who looks after the child."""
        return _first(PROTECTION_LINE, self.holders, barred=())

    @property
    def circle(self) -> list[PersonCard]:
        """Each person of the school circle once."""
        return _each_once(self.holders)

    def in_line(self, *, barred: Collection[int]) -> frozenset[int]:
        """Who is told of a concern that these are barred from: every concern reaches SPOC and DSL."""
        return _in_line(self.holders, barred)


def reading_time(school: int, at: dt.datetime) -> ReadingTime:
    """When a concern sent at this moment must have been opened, and by whom."""
    card = school_card(school)
    return ReadingTime(
        card,
        is_school_time(at, card.calendar),
        school_time_after(at, dt.timedelta(minutes=card.minutes_to_open_concern), card.calendar),
        tuple(_holders(school, on=london_day(at))),
        people([card.holiday_contact]).get(card.holiday_contact) if card.holiday_contact else None,
    )


def next_for_police(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Who decides the police question: the SPOC, else the next in line."""
    return _ids(_first(POLICE_LINE, _holders(school, on=on), barred))


def next_for_protection(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Who looks after the child: the DSL, else the next in line."""
    return _ids(_first(PROTECTION_LINE, _holders(school, on=on), barred))


def in_line(school: int, *, barred: Collection[int], on: dt.date) -> frozenset[int]:
    """Both together: every concern reaches SPOC and DSL."""
    return _in_line(_holders(school, on=on), barred)


def school_circle(school: int, *, on: dt.date) -> list[PersonCard]:
    """Each person of the school circle once."""
    return _each_once(_holders(school, on=on))


def london_day(at: dt.datetime) -> dt.date:
    """The date in London at that moment."""
    return at.astimezone(LONDON).date()


def _holders(school: int, *, on: dt.date) -> list[PersonCard]:
    return people_with(school, *POLICE_LINE, on=on)


def _in_line(holders: Sequence[PersonCard], barred: Collection[int]) -> frozenset[int]:
    return _ids(_first(POLICE_LINE, holders, barred)) | _ids(_first(PROTECTION_LINE, holders, barred))


def _first(line: Iterable[Role], holders: Sequence[PersonCard], barred: Collection[int]) -> list[PersonCard]:
    """Those who hold the first role of the line that somebody holds who is not barred; nobody if there is none."""
    for role in line:
        found = [person for person in holders if person.role == role and person.id not in barred]
        if found:
            return found
    return []


def _each_once(holders: Sequence[PersonCard]) -> list[PersonCard]:
    return list({person.id: person for person in holders}.values())


def _ids(found: list[PersonCard]) -> frozenset[int]:
    return frozenset(person.id for person in found)
