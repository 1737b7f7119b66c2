"""Makes the demonstration's partnership by the product's own services, each act by whoever would do it.

`found` does what `schoolgate create-administrator` does, as the owner of the tables: nobody can sign in before it.
Then administrators enter the directory and invite people, sergeants post officers, head teachers sign. Only the
moment is not of the past: the log takes the time of its transaction, whatever day a role or a signature is from.
"""

import datetime as dt
from typing import Any

import psycopg

from schoolgate.access.acting import acting
from schoolgate.access.create_administrator import create_first_administrator
from schoolgate.access.services import make_day_code
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.ids import new_id
from schoolgate.deployment.models import AssignmentKind
from schoolgate.deployment.services.hours import record_absence, set_duty_hours
from schoolgate.deployment.services.officers import record_eligibility
from schoolgate.deployment.services.postings import assign_officer
from schoolgate.directory.models import Role
from schoolgate.nonprod.administrators import Desk, administrator_of, enter_area
from schoolgate.nonprod.agreeing import agree
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.personas import Persona, everybody
from schoolgate.nonprod.places import ASSIGNMENTS, DUTY, FORCES
from schoolgate.notices.services import mark_all_seen
from schoolgate.partnership.services.involvement import agree_involvement

JOB = "job:nonprod.make_partnership"
MORNING = dt.time(9)
POSTED_SINCE = dt.timedelta(days=420)
PROBATION_ENDED, PROBATION_GOES_ON = dt.timedelta(days=900), dt.timedelta(days=150)
VISITS_AGREED = dt.timedelta(days=60)
VISITS: Any = {
    "visits": "Two mornings a week",
    "visit_days": [1, 3],
    "in_school_time": "Assemblies once a term; talks in PSHE; an hour in the library at lunch.",
    "room": "Room 14, on Tuesdays and Thursdays until noon.",
    "storage": "A single-leaf cupboard with two locks; the officers alone hold the keys.",
    "access_card": "Visitor's card, from the office.",
}
WEEK = dt.timedelta(days=6)  # after its first day


def found(owner: psycopg.Connection) -> None:
    """Each force and its first technical administrator, from whom everything else comes; nothing if they are there.

    From now on the database takes a history that it is given.
    """
    owner.execute("update access_installation set takes_history = true")
    if "admin" in Cast.load().people:
        return
    for force in FORCES:
        first = administrator_of(force)
        create_first_administrator(owner, email=first.email, name=first.name, force=force.name, nation=force.nation)


def make_partnership(*, at: dt.datetime) -> Cast:
    """Everything but the forces and their administrators. Gives the cast."""
    founded = Cast.load()
    for force in FORCES:
        with acting(founded.user(administrator_of(force).key), page=JOB) as administrator:
            enter_area(Desk(administrator, at, force, {force.place: founded.place(force.place)}))
    _let_supply_staff_in(Cast.load(), at)
    cast = Cast.load()
    for sergeant in _everybody_who_is(Role.SERGEANT):
        _post_officers(cast, sergeant, london_day(at))
    agree(cast, at=at)
    _agree_visits(cast, london_day(at))
    return cast


def _everybody_who_is(role: Role) -> list[Persona]:
    return [person for person in everybody() if role in person.roles]


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, LONDON)


def _let_supply_staff_in(cast: Cast, at: dt.datetime) -> None:
    """A school's account for supply staff comes with its first code for the day."""
    with acting(cast.user("spoc"), page=JOB) as spoc:
        make_day_code(by=spoc, at=at, school=cast.place("larkmoor"))


def _post_officers(cast: Cast, sergeant: Persona, today: dt.date) -> None:
    """A sergeant posts the team's officers, keeps their hours, and notes who is away."""
    team = cast.place(sergeant.place)
    with acting(cast.user(sergeant.key), page=JOB) as by:
        for officer in _everybody_who_is(Role.OFFICER):
            if officer.place == sergeant.place:
                _post(cast, by, officer.key, team, today)


def _post(cast: Cast, by: Viewer, key: str, team: int, today: dt.date) -> None:
    officer, since = cast.person(key), today - POSTED_SINCE
    at = _morning(since)
    ends = today + PROBATION_GOES_ON if key == "probationer" else today - PROBATION_ENDED
    record_eligibility(by=by, at=at, officer=officer, team=team, probation_ends=ends)
    for school, kind in [(school, kind) for posted, school, kind in ASSIGNMENTS if posted == key]:
        assign_officer(
            by=by, at=at, officer=officer, team=team, school=cast.place(school), kind=AssignmentKind(kind), since=since
        )
    set_duty_hours(by=by, at=at, officer=officer, team=team, hours=DUTY.get(key, {}))
    if key == "south-officer":
        record_absence(by=by, at=_morning(today), officer=officer, team=team, first_day=today, last_day=today + WEEK)


def _agree_visits(cast: Cast, today: dt.date) -> None:
    """One school has written down how it works together with its officers, and they all know."""
    at = _morning(today - VISITS_AGREED)
    with acting(cast.user("spoc"), page=JOB) as spoc:
        agree_involvement(by=spoc, at=at, school=cast.place("larkmoor"), once=new_id(), **VISITS)
    for key in ("head", "deputy-spoc", "officer", "buddy-officer"):
        with acting(cast.user(key), page=JOB) as by:
            mark_all_seen(by=by, at=at)
