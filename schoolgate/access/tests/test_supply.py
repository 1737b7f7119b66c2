"""Supply staff: the school's code for the day, write only, name asked."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from psycopg import Connection

from schoolgate.access import lockout
from schoolgate.access.tests.browsing import enter_password, is_signed_out, set_up_app
from schoolgate.core.clock import LONDON, now
from tests.access.world import Town

pytestmark = pytest.mark.usefixtures("committed_database")

MORNING = dt.datetime(2027, 6, 15, 10, tzinfo=LONDON)
LATE = dt.datetime(2027, 6, 15, 23, 55, tzinfo=LONDON)
MIDNIGHT = dt.datetime(2027, 6, 16, 0, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """A school day in summer time."""
    with time_machine.travel(MORNING):
        yield


def signed_in(email: str) -> Client:
    browser = Client()
    enter_password(browser, email)
    set_up_app(browser)
    return browser


def make_code(browser: Client, school: int) -> str:
    page = browser.post("/day-code/", {"school": school}).text
    found = re.search(r'class="sg-code">([A-Z0-9]{4}-[A-Z0-9]{4})<', page)
    assert found, page
    return found[1]


def come_with(code: str, name: str = "Sam Supply", browser: Client | None = None) -> tuple[Client, str]:
    browser = browser or Client()
    answer = browser.post("/account/supply/", {"code": code, "name": name, "next": "/records/"})
    return browser, answer.headers.get("Location", answer.text)


def test_the_code_lets_somebody_in_who_gave_a_name(spoc: str, town: Town) -> None:
    browser, went = come_with(make_code(signed_in(spoc), town.north))
    assert went == "/records/"
    assert browser.session["supply_name"] == "Sam Supply"
    assert browser.get("/records/").content == b"records of Supply staff, North Test School"


def test_the_supply_account_may_write_and_reads_nothing(spoc: str, town: Town, as_superuser: Connection) -> None:
    make_code(signed_in(spoc), town.north)
    held = as_superuser.execute(
        "select distinct m.kind, m.organisation from circle_members m join directory_person p on p.id = m.person"
        " join access_user u on u.id = p.user_id where u.email = %s",
        [f"supply-{town.north}@supply.invalid"],
    ).fetchall()
    assert held == [("supply", town.north)]


def test_the_code_may_be_typed_without_dash_and_in_small_letters(spoc: str, town: Town) -> None:
    code = make_code(signed_in(spoc), town.north)
    assert come_with(code.lower().replace("-", " "))[1] == "/records/"


def test_a_name_is_asked_for(spoc: str, town: Town) -> None:
    assert "Enter your name" in come_with(make_code(signed_in(spoc), town.north), name="  ")[1]


def test_a_new_code_ends_the_old_and_signs_out_whoever_came_with_it(spoc: str, town: Town) -> None:
    spocs = signed_in(spoc)
    old = make_code(spocs, town.north)
    browser, _went = come_with(old)
    assert "There is a code for today" in spocs.get("/day-code/").text
    new = make_code(spocs, town.north)
    assert is_signed_out(browser)
    assert "not today's code" in come_with(old)[1].replace("&#39;", "'")
    assert come_with(new)[1] == "/records/"


def test_the_session_ends_at_midnight_in_london_with_the_code(spoc: str, town: Town) -> None:
    code = make_code(signed_in(spoc), town.north)
    with time_machine.travel(LATE, tick=False):
        browser, _went = come_with(code)
    for moment, status in ((MIDNIGHT - dt.timedelta(seconds=1), 200), (MIDNIGHT + dt.timedelta(seconds=1), 302)):
        with time_machine.travel(moment, tick=False):
            assert browser.get("/records/").status_code == status


def test_a_code_of_yesterday_opens_nothing(spoc: str, town: Town) -> None:
    code = make_code(signed_in(spoc), town.north)
    with time_machine.travel(MORNING + dt.timedelta(days=1)):
        assert "That is not today" in come_with(code)[1]


def test_the_session_ends_after_two_hours_of_use(spoc: str, town: Town) -> None:
    browser, _went = come_with(make_code(signed_in(spoc), town.north))
    start = now().timestamp()
    for minutes in range(5, 120, 5):
        with time_machine.travel(start + minutes * 60):
            assert browser.get("/records/").status_code == 200
    with time_machine.travel(start + 121 * 60):
        assert browser.get("/records/").headers["Location"] == "/account/login/?next=/records/"


def test_a_locked_supply_session_opens_with_the_code_again(spoc: str, town: Town) -> None:
    code = make_code(signed_in(spoc), town.north)
    browser, _went = come_with(code)
    page = browser.get("/account/lock/?next=/records/").text
    assert "Enter today's code again" in page
    assert browser.get("/records/").status_code == 302
    come_with(code, browser=browser)
    assert browser.get("/records/").status_code == 200


def test_a_few_wrong_codes_keep_nobody_out_who_has_the_right_one(spoc: str, town: Town) -> None:
    code = make_code(signed_in(spoc), town.north)
    for attempt in range(20):
        assert "not today" in come_with("AAAA-AAAA", name=f"Name {attempt}")[1]
    assert come_with(code)[1] == "/records/"


def test_many_wrong_codes_are_locked_out_whatever_the_name(
    spoc: str, town: Town, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "WRONG_CODES", 7)
    code = make_code(signed_in(spoc), town.north)
    for attempt in range(7):
        answer = Client().post("/account/supply/", {"code": "AAAA-AAAA", "name": f"Name {attempt}"})
    assert answer.status_code == 429
    assert Client().post("/account/supply/", {"code": code, "name": "Sam"}).status_code == 429
    kept = as_superuser.execute("select post_data from axes_accessattempt").fetchall()
    assert "AAAA" not in str(kept)


def test_the_code_itself_is_not_kept(spoc: str, town: Town, as_superuser: Connection) -> None:
    code = make_code(signed_in(spoc), town.north)
    kept = as_superuser.execute("select digest from access_daycode").fetchone()
    assert kept
    assert code.replace("-", "") not in str(kept)


def test_making_a_code_is_logged(spoc: str, town: Town, as_superuser: Connection) -> None:
    make_code(signed_in(spoc), town.north)
    row = as_superuser.execute(
        "select person, operation, records = array[(select id from access_daycode where school = %s)] from audit_access"
        " where kind = 'access.daycode' order by at desc",
        [town.north],
    ).fetchone()
    assert row == (town.spoc.person, "collection", True)


def test_a_teacher_may_not_make_a_code_nor_a_spoc_for_another_school(teacher: str, spoc: str, town: Town) -> None:
    teachers = Client()
    enter_password(teachers, teacher)
    assert teachers.get("/day-code/").status_code == 403
    spocs = signed_in(spoc)
    assert "North Test School" in spocs.get("/day-code/").text
    assert "South Test School" not in spocs.get("/day-code/").text
    assert spocs.post("/day-code/", {"school": town.south}).status_code == 403
    assert spocs.post("/day-code/", {"school": "x"}).status_code == 403


def test_what_was_sent_on_a_locked_session_can_be_sent_after_the_code_in_another_tab(spoc: str, town: Town) -> None:
    browser, _went = come_with(make_code(signed_in(spoc), town.north))
    browser.get("/account/lock/")
    page = browser.post("/records/", {"what": "He said no"}).text
    assert 'target="_blank">Enter today' in page
    assert '<textarea name="what" hidden>\nHe said no</textarea>' in page
