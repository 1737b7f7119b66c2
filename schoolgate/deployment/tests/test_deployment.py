"""Postings, probation, and when an officer is next on duty."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from schoolgate.access.acting import acting
from schoolgate.core.clock import LONDON, now
from schoolgate.deployment.models import Absence, AssignmentKind, DutyHours
from schoolgate.deployment.selectors import serving as selectors
from schoolgate.deployment.services import hours, postings
from schoolgate.deployment.services.refusals import AlreadyAssigned, InProbation
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db

TODAY = now().date()
POST = """
insert into deployment_assignment (officer_id, team_id, school_id, kind, since) values (%s, %s, %s, 'lead', %s)
"""


def assign(cast: Cast, officer: str, *, by: str = "sergeant", since: dt.date = TODAY) -> int:
    with acting(cast.user(by), page="test") as viewer:
        return postings.assign_officer(
            by=viewer,
            at=now(),
            officer=cast.person(officer),
            team=cast.place("safer-schools-north"),
            school=cast.place("fiddlers-green"),
            kind=AssignmentKind.LEAD,
            since=since,
        )


def test_the_sergeant_posts_an_officer_of_the_team(cast: Cast) -> None:
    assign(cast, "officer")
    (posting,) = selectors.officers_of(cast.place("fiddlers-green"), on=TODAY)
    assert posting.officer.id == cast.person("officer")


def test_nobody_in_probation_is_posted(cast: Cast) -> None:
    with pytest.raises(InProbation):
        assign(cast, "probationer")


def test_a_posting_may_begin_the_day_after_probation(cast: Cast) -> None:
    ends = TODAY + dt.timedelta(days=150)
    with pytest.raises(InProbation):
        assign(cast, "probationer", since=ends)
    assert assign(cast, "probationer", since=ends + dt.timedelta(days=1))


def test_no_statement_of_the_application_posts_a_probationer(cast: Cast) -> None:
    ids = [cast.person("probationer"), cast.place("safer-schools-north"), cast.place("fiddlers-green"), TODAY]
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("schoolgate_app",)
        with pytest.raises(IntegrityError, match="in probation"), transaction.atomic():
            cursor.execute(POST, ids)


@pytest.mark.parametrize("key", ["officer", "other-sergeant", "spoc", "head", "admin"])
def test_nobody_but_the_teams_sergeant_posts(cast: Cast, key: str) -> None:
    with pytest.raises(PermissionDenied):
        assign(cast, "officer", by=key)


def test_nobody_is_posted_to_a_school_of_another_force(cast: Cast) -> None:
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        cursor.execute(
            "select s.id from directory_organisation s, directory_organisation t"
            " where s.kind = 'school' and t.id = %s and s.force_id <> t.force_id",
            [cast.place("safer-schools-north")],
        )
        (elsewhere,) = cursor.fetchone()
        ids = [cast.person("officer"), cast.place("safer-schools-north"), elsewhere, TODAY]
        with pytest.raises(IntegrityError, match="another force"), transaction.atomic():
            cursor.execute(POST, ids)


def test_whoever_has_left_the_team_serves_no_longer(cast: Cast) -> None:
    school, officer = cast.place("larkmoor"), cast.person("officer")
    with acting(cast.user("admin"), page="test"), connection.cursor() as cursor:
        assert officer in [posting.officer.id for posting in selectors.officers_of(school, on=TODAY)]
        cursor.execute(
            "update directory_membership set until = %s where person_id = %s and role = 'officer'",
            [TODAY - dt.timedelta(days=1), officer],
        )
        assert officer not in [posting.officer.id for posting in selectors.officers_of(school, on=TODAY)]


def test_an_officer_is_posted_once_to_a_school(cast: Cast) -> None:
    assign(cast, "officer")
    with pytest.raises(AlreadyAssigned):
        assign(cast, "officer")


@pytest.fixture
def officer(cast: Cast) -> int:
    """Somebody on duty on Mondays and Tuesdays from 8 to 16, and away on Monday 9 March 2026."""
    person = cast.person("officer")
    with acting(cast.user("officer"), page="test") as viewer:
        DutyHours.objects.filter(officer=person).update(starts=dt.time(20), ends=dt.time(20, 1))
        team = cast.place("safer-schools-north")
        early = (dt.time(8), dt.time(16))
        hours.set_duty_hours(by=viewer, at=now(), officer=person, team=team, hours={0: early, 1: early})
        monday = dt.date(2026, 3, 9)
        hours.record_absence(by=viewer, at=now(), officer=person, team=team, first_day=monday, last_day=monday)
        assert Absence.objects.filter(officer=person).exists()
    return person


def london(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("at", "on_duty"),
    [
        (london(3, 9), london(3, 9)),  # a Tuesday in hours: now
        (london(3, 7, 30), london(3, 8)),  # before hours
        (london(3, 15, 59), london(3, 15, 59)),
        (london(8, 12), london(10, 8)),  # the Sunday before the day away
    ],
)
def test_an_officer_is_next_on_duty_in_the_next_shift_not_away(
    officer: int, at: dt.datetime, on_duty: dt.datetime
) -> None:
    assert selectors.duties([officer], at) == {officer: on_duty}


def test_nothing_is_promised_of_an_officer_without_hours(cast: Cast) -> None:
    with acting(cast.user("spoc"), page="test"):
        sergeant = cast.person("sergeant")
        assert selectors.duties([sergeant], london(3, 9)) == {sergeant: None}


def test_a_colleague_cannot_change_an_officers_hours(cast: Cast) -> None:
    with acting(cast.user("buddy-officer"), page="test") as viewer, pytest.raises(PermissionDenied):
        hours.set_duty_hours(
            by=viewer,
            at=now(),
            officer=cast.person("officer"),
            team=cast.place("safer-schools-north"),
            hours={0: (dt.time(8), dt.time(9))},
        )
