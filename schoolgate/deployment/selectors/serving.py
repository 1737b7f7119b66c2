"""Who serves a school, and when they are next on duty.

They hold no data about children, so reads are not logged.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from schoolgate.core.clock import LONDON, london_day
from schoolgate.deployment.models import Absence, Assignment, AssignmentKind, DutyHours
from schoolgate.directory.models import Membership, Role
from schoolgate.directory.selectors import PersonCard, held_on, people, people_with

DAYS_AHEAD = 60
# The order in which a school turns to its officers.
ORDER_OF_TURN = [
    AssignmentKind.LEAD,
    AssignmentKind.ACTING,
    AssignmentKind.NEIGHBOURHOOD,
    AssignmentKind.BUDDY,
    AssignmentKind.COVER,
]


@dataclass(frozen=True)
class Posting:
    """An officer at a school: lead, buddy, cover or neighbourhood officer, from which team."""

    officer: PersonCard
    kind: AssignmentKind
    team: int


@dataclass(frozen=True)
class Shift:
    """An officer's usual hours on one weekday (Monday is 0)."""

    weekday: int
    starts: dt.time
    ends: dt.time


@dataclass(frozen=True)
class PostingSpan:
    """An officer at a school, from when until when."""

    officer: PersonCard
    kind: AssignmentKind
    team: int
    since: dt.date
    until: dt.date | None

    def turn(self) -> tuple[int, str]:
        """Where an officer stands in the order in which a school turns to them."""
        return ORDER_OF_TURN.index(self.kind), self.officer.name


def officers_of(school: int, *, on: dt.date) -> list[Posting]:
    """The officers who serve a school on a day: the lead or neighbourhood officer first, then buddy, then cover.

    Whoever has left the team by then serves no longer, though the posting runs on.
    """
    of_team = Membership.objects.filter(
        held_on(on), person=OuterRef("officer"), organisation=OuterRef("team"), role=Role.OFFICER
    )
    serving = Assignment.objects.filter(held_on(on), Exists(of_team), school=school)
    rows = list(serving.values_list("officer", "kind", "team"))
    cards = people(officer for officer, _, _ in rows)
    postings = [Posting(cards[officer], AssignmentKind(kind), team) for officer, kind, team in rows]
    return sorted(postings, key=lambda p: (ORDER_OF_TURN.index(p.kind), p.officer.name))


def schools_served(*, on: dt.date) -> set[int]:
    """The schools that have an officer on a day."""
    return set(Assignment.objects.filter(held_on(on)).values_list("school", flat=True))


def sergeants_of(school: int, *, on: dt.date) -> list[PersonCard]:
    """The sergeants of the teams whose officers serve a school on a day."""
    return sergeants_of_teams(
        Assignment.objects.filter(held_on(on), school=school).values_list("team", flat=True), on=on
    )


def sergeants_of_teams(teams: Iterable[int], *, on: dt.date) -> list[PersonCard]:
    """The sergeants of teams on a day, a team at a time."""
    return [card for team in sorted(set(teams)) for card in people_with(team, Role.SERGEANT, on=on)]


def usual_hours(officers: Iterable[int]) -> dict[int, list[Shift]]:
    """The usual days and hours of these officers, Monday first."""
    hours: dict[int, list[Shift]] = {officer: [] for officer in officers}
    for row in DutyHours.objects.filter(officer__in=hours).order_by("weekday"):
        hours[row.officer_id].append(Shift(row.weekday, row.starts, row.ends))
    return hours


def duties(officers: Iterable[int], at: dt.datetime) -> dict[int, dt.datetime | None]:
    """When each of these officers is next on duty: `at` itself if they are now; None when not within 60 days."""
    return {officer: next(shifts, None) for officer, shifts in shifts_from(usual_hours(officers), at).items()}


def shifts_from(hours: Mapping[int, list[Shift]], at: dt.datetime) -> dict[int, Iterator[dt.datetime]]:
    """When each officer comes on duty by these hours in the next 60 days, day by day; `at` itself if on duty then."""
    away: dict[int, list[Absence]] = {officer: [] for officer in hours}
    for absence in Absence.objects.filter(officer__in=hours, last_day__gte=london_day(at)):
        away[absence.officer_id].append(absence)
    return {officer: shifts_of(hours[officer], away[officer], at.astimezone(LONDON)) for officer in hours}


def shifts_of(hours: Iterable[Shift], away: Iterable[Absence], at: dt.datetime) -> Iterator[dt.datetime]:
    """The first moment from `at` on in each shift, but those on a day of absence."""
    of_day = {shift.weekday: shift for shift in hours}
    for ahead in range(DAYS_AHEAD):
        day = at.date() + dt.timedelta(days=ahead)
        shift = of_day.get(day.weekday())
        if shift is None or any(a.first_day <= day <= a.last_day for a in away):
            continue
        starts, ends = (dt.datetime.combine(day, time, LONDON) for time in (shift.starts, shift.ends))
        if at < ends:
            yield max(at, starts)
