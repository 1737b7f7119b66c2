"""How many of the staff know of it is kept from change to change; any day, and other words, are counted afresh."""

import datetime as dt
from functools import partial

import pytest
from django.db import connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.directory.models import Role
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.models import BriefingPage
from schoolgate.partnership.selectors import overview as selectors
from schoolgate.partnership.selectors.awareness import STAFF_ROLES, digest_of
from schoolgate.partnership.selectors.overview import SchoolStanding, Wanted
from schoolgate.partnership.selectors.people import appointed
from schoolgate.partnership.services.awareness import acknowledge_briefing
from schoolgate.partnership.services.clock import refresh_awareness
from schoolgate.partnership.services.people import end_spoc
from schoolgate.partnership.tests.doings import TODAY
from schoolgate.partnership.tests.test_faults import at_once
from schoolgate.partnership.tests.test_overview import found
from schoolgate.partnership.tests.test_spoc import appoint
from schoolgate.partnership.tests.test_staff_list import everybody, take

pytestmark = pytest.mark.usefixtures("committed_database")
DAY = dt.timedelta(days=1)
DIGEST = digest_of(BriefingPage.SSP)
DAYS = [TODAY + DAY * days for days in (-500, -1, 0, 1, 2, 30, 31, 32, 500)]


def counted(superuser: Connection, school: int, on: dt.date) -> tuple[int, int]:
    """How many are on the staff of a school on a day, and how many of them have read the briefing."""
    roles = superuser.execute(
        "select person_id, role, since, until from directory_membership where organisation_id = %s", [school]
    ).fetchall()
    read = superuser.execute(
        "select made_by from partnership_acknowledgement where holder = %s and page = 'ssp' and digest = %s",
        [school, DIGEST],
    ).fetchall()
    staff = {who for who, role, since, until in roles if role in STAFF_ROLES and since <= on <= (until or on)}
    return len(staff), len(staff & {who for (who,) in read})


def must_be_kept(superuser: Connection, school: int) -> None:
    """On each of its days, what is kept is what is counted."""
    kept = "select staff, aware, lower(valid), upper(valid) from partnership_schoolawareness where school = %s"
    ((staff, aware, since, gone),) = superuser.execute(kept, [school]).fetchall()
    days = [day for day in DAYS if (since or day) <= day < (gone or day + DAY)]
    assert TODAY in days
    assert {counted(superuser, school, day) for day in days} == {(staff, aware)}


def read(cast: Cast, key: str) -> None:
    with acting(cast.user(key), page="test") as by:
        acknowledge_briefing(by=by, at=now(), school=cast.place("larkmoor"), page=BriefingPage.SSP, digest=DIGEST)


def refreshed() -> int:
    """As the worker does it."""
    with acting(None, page="test"), connection.cursor() as cursor:
        cursor.execute("reset role")
        return refresh_awareness()


def must_say_what_is_counted(cast: Cast, superuser: Connection) -> None:
    for day in DAYS:
        few = {one.id for one in found(cast, Wanted(low=True), on=day)}
        for one in found(cast, on=day):
            staff, aware = counted(superuser, one.id, day)
            assert (day, one.name, one.staff.staff, one.staff.aware) == (day, one.name, staff, aware)
            assert (one.id in few) == (staff == 0 or aware / staff < 0.5)


def test_what_is_kept_is_what_is_counted_whoever_comes_reads_or_goes(cast: Cast, as_superuser: Connection) -> None:
    school = cast.place("larkmoor")
    refreshed()
    before = counted(as_superuser, school, TODAY)
    take(cast, f"{everybody(cast)}\nNora New,nora.new@larkmoor.example")
    must_be_kept(as_superuser, school)
    for key in ("teacher", "other-teacher", "spoc"):
        read(cast, key)
        must_be_kept(as_superuser, school)
    appoint(cast, "dsl", since=TODAY + 31 * DAY)
    must_be_kept(as_superuser, school)
    appoint(cast, "dsl", role=Role.DEPUTY_SPOC)
    with acting(cast.user("head"), page="test") as head:
        (mistake,) = (one for one in appointed(school) if one.person == cast.person("dsl") and one.since == TODAY)
        end_spoc(by=head, at=now(), school=school, membership=mistake.membership, last_day=TODAY - DAY)
    must_be_kept(as_superuser, school)
    as_superuser.execute(
        "update directory_membership set until = %s where person_id = %s", [TODAY + DAY, cast.person("teacher")]
    )
    must_be_kept(as_superuser, school)
    take(cast, everybody(cast))
    must_be_kept(as_superuser, school)
    assert counted(as_superuser, school, TODAY) == (before[0] + 1, before[1] + 3)
    assert refreshed() == 0
    must_say_what_is_counted(cast, as_superuser)


def test_what_has_run_out_or_is_not_there_is_counted_afresh_and_kept_anew_by_night(
    cast: Cast, as_superuser: Connection
) -> None:
    read(cast, "teacher")
    schools = as_superuser.execute("select count(*) from directory_school").fetchone()
    for spoil in (
        "delete from partnership_schoolawareness",
        "update partnership_schoolawareness set valid = 'empty', staff = 99",
        "update partnership_schoolawareness set digest = 'older words', aware = 99",
    ):
        as_superuser.execute(spoil)
        must_say_what_is_counted(cast, as_superuser)
        assert (refreshed(),) == schools
        must_be_kept(as_superuser, cast.place("larkmoor"))
        assert refreshed() == 0


def test_nobody_has_read_words_that_are_new(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read(cast, "teacher")
    assert larkmoor(cast).staff.aware == 1
    monkeypatch.setattr(selectors, "digest_of", lambda page: "new words")
    assert larkmoor(cast).staff.aware == 0


def larkmoor(cast: Cast) -> SchoolStanding:
    return next(one for one in found(cast) if one.id == cast.place("larkmoor"))


def test_all_who_read_it_in_the_same_moment_are_counted(cast: Cast, as_superuser: Connection) -> None:
    clients = [signed_in(cast, key) for key in ("teacher", "other-teacher", "spoc", "deputy-spoc", "dsl")]
    page, words = f"/schools/{cast.place('larkmoor')}/briefing/ssp/", {"digest": DIGEST}
    at_once(*(partial(client.post, page, words) for client in clients))
    must_be_kept(as_superuser, cast.place("larkmoor"))
    assert larkmoor(cast).staff.aware == 5
