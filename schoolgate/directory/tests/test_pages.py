"""The administrators' pages, walked by the people of the partnership."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

TODAY = now().date()
YESTERDAY = TODAY - dt.timedelta(days=1)
NEW = {"name": "Perpetua Furze", "title": "Ms", "email": "perpetua.furze@larkmoor.example", "telephone": "01632 960111"}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast, "admin")


def version_at(client: Client, path: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', client.get(path).text)
    assert found
    return found[1]


def test_only_administrators_find_the_directory(cast: Cast, admin: Client) -> None:
    assert admin.get("/directory/").status_code == 200
    for key in ("head", "sergeant", "dpo"):
        assert signed_in(cast, key).get("/directory/").status_code == 404


def test_an_administrator_finds_only_the_own_force(cast: Cast, admin: Client) -> None:
    assert "Larkmoor School" in admin.get("/directory/?words=larkmoor&kind=school").text
    assert admin.get(f"/directory/organisations/{cast.place('arian-police')}/").status_code == 404
    assert admin.get(f"/directory/people/{cast.person('other-force-officer')}/").status_code == 404


def test_the_list_goes_on_by_key_and_shows_everything_once(admin: Client) -> None:
    seen: list[str] = []
    page = admin.get("/directory/").text
    while True:
        seen += re.findall(r'class="govuk-link sg-row__link" href="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)">Next<', page)
        if not older:
            break
        page = admin.get("/directory/" + older[1].replace("&amp;", "&")).text
    assert len(seen) > 50
    assert len(seen) == len(set(seen))


def test_a_person_is_added_gets_a_role_and_is_invited(cast: Cast, admin: Client, as_superuser: Connection) -> None:
    added = admin.post("/directory/people/new/", NEW)
    where = added.headers["Location"]
    assert f"{where}{cast.place('larkmoor')}/" in admin.get(f"{where}?words=Larkmoor").text
    role = {"role": "dsl", "since": TODAY.isoformat(), "on_slt": "yes"}
    page = admin.post(f"{where}{cast.place('larkmoor')}/", role, follow=True).text
    assert "DSL, on the SLT since" in page
    invited = admin.post(where.replace("/role/", "/invite/"), follow=True).text
    assert "Invited to sign in" in invited
    assert as_superuser.execute("select count(*) from access_user where email = %s", [NEW["email"]]).fetchone() == (1,)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "Give the name"),
        ({"email": "perpetua"}, "Enter an e-mail address like"),
        ({"email": "JOSEPHINE.LARCH@larkmoor.example"}, "Mrs Josephine Larch has this address already"),
    ],
)
def test_bad_input_gets_a_message_and_loses_nothing(admin: Client, wrong: dict[str, str], message: str) -> None:
    page = admin.post("/directory/people/new/", NEW | wrong)
    assert message in page.text
    assert "01632 960111" in page.text


def test_two_people_may_share_an_address_once_somebody_says_so(admin: Client) -> None:
    twin = NEW | {"email": "josephine.larch@larkmoor.example", "sure": "yes"}
    assert admin.post("/directory/people/new/", twin).status_code == 302


@pytest.mark.parametrize(
    ("persona", "place", "role", "message"),
    [
        ("teacher", "larkmoor", {"role": "sergeant"}, "Choose from the list"),
        ("teacher", "larkmoor", {"role": "staff"}, "This person already holds this role here"),
        ("teacher", "larkmoor", {"role": "dsl", "until": "2001-01-01"}, "The last day must not be before the first"),
        ("teacher", "wexmoor-police", {"role": "administrator"}, "A technical administrator holds no other role"),
    ],
)
def test_what_the_database_refuses_is_said_beside_the_field(
    cast: Cast, admin: Client, persona: str, place: str, role: dict[str, str], message: str
) -> None:
    path = f"/directory/people/{cast.person(persona)}/role/{cast.place(place)}/"
    page = admin.post(path, {"since": TODAY.isoformat()} | role)
    assert message in page.text
    assert TODAY.isoformat() in page.text


def test_an_ended_role_ends_access(cast: Cast, admin: Client, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    assert spoc.get("/triage/").status_code == 200
    query = "select id from directory_membership where role = 'spoc' and person_id = %s"
    row = as_superuser.execute(query, [cast.person("spoc")]).fetchone()
    assert row
    ended = admin.post(f"/directory/roles/{row[0]}/end/", {"until": YESTERDAY.isoformat()}, follow=True)
    assert "Formerly" in ended.text
    assert spoc.get("/triage/").status_code == 404


def test_a_role_that_was_given_by_mistake_today_is_taken_back_at_once_and_stays_in_the_history(
    cast: Cast, admin: Client, as_superuser: Connection
) -> None:
    given = {"role": "dsl", "since": TODAY.isoformat(), "on_slt": "yes"}
    admin.post(f"/directory/people/{cast.person('teacher')}/role/{cast.place('larkmoor')}/", given)
    wrong = signed_in(cast, "teacher")
    assert wrong.get("/triage/").status_code == 200
    row = as_superuser.execute(
        "select id from directory_membership where role = 'dsl' and person_id = %s", [cast.person("teacher")]
    ).fetchone()
    assert row

    taken = admin.post(f"/directory/roles/{row[0]}/end/", {"until": YESTERDAY.isoformat()}, follow=True)

    assert taken.status_code == 200
    assert wrong.get("/triage/").status_code == 404
    kept = as_superuser.execute(
        "select count(*) from audit_change where kind = 'directory.membership' and record = %s", [str(row[0])]
    ).fetchone()
    assert kept == (2,)


def test_no_statement_takes_back_a_role_that_held_yesterday(cast: Cast, as_superuser: Connection) -> None:
    row = as_superuser.execute("select id from directory_membership where role = 'spoc'").fetchone()
    assert row
    with acting(cast.user("admin"), page="test"), connection.cursor() as cursor:
        cursor.execute("select directory_withdraw(%s)", [row[0]])
        assert cursor.fetchone() == (False,)


def test_a_role_cannot_end_before_it_began(cast: Cast, admin: Client, as_superuser: Connection) -> None:
    row = as_superuser.execute("select id from directory_membership where role = 'spoc'").fetchone()
    assert row
    page = admin.post(f"/directory/roles/{row[0]}/end/", {"until": "1990-01-01"})
    assert "The last day must not be before the first" in page.text


def test_a_school_keeps_what_people_enter(cast: Cast, admin: Client) -> None:
    path = f"/directory/organisations/{cast.place('larkmoor')}/"
    answers = {
        "version": version_at(admin, f"{path}edit/"),
        "telephone": "01632 960222",
        "out_of_hours": "Ring the duty head.",
        "holiday_contact_id": str(cast.person("head")),
        "opens_at": "8:15",
        "closes_at": "15:00",
        "minutes_to_open_concern": "45",
        "keeps_own_system": "yes",
        "controller_id": "",
        "name": "Another name",
    }
    page = admin.post(f"{path}edit/", answers, follow=True).text
    for words in ("01632 960222", "Ring the duty head.", "Dr Winifred Quill", "8:15 am", "45", "Larkmoor School"):
        assert words in page


def test_of_two_who_change_a_record_the_second_is_told_and_loses_nothing(cast: Cast, admin: Client) -> None:
    path = f"/directory/people/{cast.person('teacher')}/"
    opened = version_at(admin, f"{path}edit/")
    first = {"name": "Amara Wren", "email": "amara.wren@larkmoor.example", "version": opened, "title": "Dr"}
    assert admin.post(f"{path}edit/", first).status_code == 302
    second = admin.post(f"{path}edit/", first | {"telephone": "01632 960333"}).text
    assert "Somebody else changed this" in second
    assert "01632 960333" in second
    again = re.search(r'name="version" value="(\w+)"', second)
    assert again
    assert admin.post(f"{path}edit/", first | {"version": again[1]}).status_code == 302


def test_terms_and_closed_days_are_added(cast: Cast, admin: Client) -> None:
    path = f"/directory/organisations/{cast.place('larkmoor')}/"
    wrong = admin.post(f"{path}term/", {"first_day": "2031-01-06", "last_day": "2030-01-06"}).text
    assert "The last day must not be before the first" in wrong
    admin.post(f"{path}term/", {"first_day": "2031-01-06", "last_day": "2031-04-04"})
    admin.post(f"{path}closed-day/", {"day": "2031-02-03", "name": "Inset day"})
    twice = admin.post(f"{path}closed-day/", {"day": "2031-02-03", "name": "Inset day"}).text
    assert "closed on that day already" in twice
    page = admin.get(path).text
    assert "6 January 2031 – 4 April 2031" in page
    assert "3 February 2031: Inset day" in page


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("team", {"kind": "stt", "base": "Wexmoor station"}),
        ("bcu", {}),
        ("agency", {"kind": "early_help", "la_code": "999"}),
        ("controller", {}),
    ],
)
def test_organisations_are_added_and_changed(cast: Cast, admin: Client, kind: str, more: dict[str, str]) -> None:
    answers = {"name": "Hollow Lane", **more}
    if kind in ("team", "bcu"):
        assert "Choose what it stands under" in admin.post(f"/directory/add/{kind}/", answers).text
        answers["parent"] = str(cast.place("wexmoor-police"))
    path = admin.post(f"/directory/add/{kind}/", answers).headers["Location"]
    changed = answers | {"name": "Hollow Road", "version": version_at(admin, f"{path}edit/")}
    assert "Hollow Road" in admin.post(f"{path}edit/", changed, follow=True).text


def test_a_force_sets_its_title_of_the_role(cast: Cast, admin: Client) -> None:
    path = f"/directory/organisations/{cast.place('wexmoor-police')}/"
    answers = {
        "version": version_at(admin, f"{path}edit/"),
        "name": "Wexmoor Police",
        "role_title": "School Liaison Officer",
        "non_emergency": "101",
    }
    page = admin.post(f"{path}edit/", answers, follow=True).text
    assert "School Liaison Officer" in page
    assert "No: neighbourhood officers do this work" in page


def test_nul_in_an_address_does_no_harm(admin: Client) -> None:
    assert "Enter an e-mail address" in admin.post("/directory/people/new/", NEW | {"email": "a\0b"}).text
