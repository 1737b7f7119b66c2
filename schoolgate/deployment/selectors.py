"""The only door to deployments: who serves a school, and when they are next on duty.

They hold no data about children, so reads are not logged.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from schoolgate.core.clock import LONDON, london_day
from schoolgate.deployment.models import Absence, Assignment, AssignmentKind, DutyHours
from schoolgate.directory.models import Membership, Role
from schoolgate.directory.selectors import PersonCard, held_on, people, people_with

DAYS_AHEAD = 60
# The order in which a school turns to its officers.
ORDER_OF_TURN = [AssignmentKind.LEAD, AssignmentKind.NEIGHBOURHOOD, AssignmentKind.BUDDY, AssignmentKind.COVER]


@dataclass(frozen=True)
class Posting:
    """An officer at a school: lead, buddy, cover or neighbourhood officer, from which team."""

    officer: PersonCard
    kind: AssignmentKind
    team: int


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


def sergeants_of(school: int, *, on: dt.date) -> list[PersonCard]:
    """The sergeants of the teams whose officers serve a school on a day."""
    return sergeants_of_teams(
        Assignment.objects.filter(held_on(on), school=school).values_list("team", flat=True), on=on
    )


def sergeants_of_teams(teams: Iterable[int], *, on: dt.date) -> list[PersonCard]:
    """The sergeants of teams on a day, a team at a time."""
    return [card for team in sorted(set(teams)) for card in people_with(team, Role.SERGEANT, on=on)]


def duties(officers: Iterable[int], at: dt.datetime) -> dict[int, dt.datetime | None]:
    """When each of these officers is next on duty: `at` itself if they are now; None when not within 60 days."""
    wanted = list(officers)
    hours: dict[int, dict[int, DutyHours]] = {officer: {} for officer in wanted}
    for row in DutyHours.objects.filter(officer__in=wanted):
        hours[row.officer_id][row.weekday] = row
    away: dict[int, list[Absence]] = {officer: [] for officer in wanted}
    for absence in Absence.objects.filter(officer__in=wanted, last_day__gte=london_day(at)):
        away[absence.officer_id].append(absence)
    return {officer: _first_shift(hours[officer], away[officer], at.astimezone(LONDON)) for officer in wanted}


def _first_shift(hours: dict[int, DutyHours], away: list[Absence], at: dt.datetime) -> dt.datetime | None:
    """The first moment from `at` on that lies in a shift on a day without absence."""
    for ahead in range(DAYS_AHEAD):
        day = at.date() + dt.timedelta(days=ahead)
        shift = hours.get(day.weekday())
        if shift is None or any(a.first_day <= day <= a.last_day for a in away):
            continue
        starts, ends = (dt.datetime.combine(day, time, LONDON) for time in (shift.starts, shift.ends))
        if at < ends:
            return max(at, starts)
    return None
