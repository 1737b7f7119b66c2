"""A school's staff list: read as it comes, looked at before anything is written, taken over by nobody else."""

import html
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege

from schoolgate.access.acting import acting
from schoolgate.access.services import SEND_ACCOUNT_MAIL as MAIL_TASK
from schoolgate.core.clock import now
from schoolgate.directory.models import Membership, Person, Role
from schoolgate.directory.services import add_role
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.selectors.staff import StaffPlan, staff_plan
from schoolgate.partnership.services.staff import ChangedMeanwhile, take_staff_list
from schoolgate.partnership.staff_list import StaffList, read_staff_list
from schoolgate.ui.spreadsheet import UnreadableTable, text_of

LARKMOOR_STAFF = ("teacher", "other-teacher", "holiday-contact", "form-tutor", "site-manager")
NEW = "name,email\nNora New,nora.new@larkmoor.example"


def email(cast: Cast, key: str) -> str:
    with acting(None, page="test"):
        return Person.objects.get(pk=cast.person(key)).email


def everybody(cast: Cast) -> str:
    """The list of all who are on the staff of Larkmoor School, as they stand."""
    with acting(None, page="test"):
        rows = Person.objects.filter(pk__in=[cast.person(key) for key in LARKMOOR_STAFF])
        lines = [f"{row.name},{row.email}" for row in rows]
    return "\n".join(["name,email", *lines])


def planned(cast: Cast, text: str, *, by: str = "head", school: str = "larkmoor") -> tuple[StaffList, StaffPlan]:
    given = read_staff_list(text)
    with acting(cast.user(by), page="test") as viewer:
        return given, staff_plan(viewer, cast.place(school), given)


def take(cast: Cast, text: str, *, by: str = "head", school: str = "larkmoor") -> StaffPlan:
    given, plan = planned(cast, text, by=by, school=school)
    with acting(cast.user(by), page="test") as viewer:
        take_staff_list(by=viewer, at=now(), school=cast.place(school), given=given, shown=plan.digest)
    return plan


def outcomes(plan: StaffPlan) -> dict[str, str]:
    return {change.name: change.outcome for change in plan.changes}


def staff(cast: Cast, name: str) -> list[Membership]:
    with acting(None, page="test"):
        return list(Membership.objects.filter(person__name=name, role=Role.STAFF).select_related("person"))


# Reading


def test_a_list_is_read_whatever_its_columns_are_called_and_however_they_stand() -> None:
    expected = read_staff_list("name,email,group,on SLT\nAda Vole,ada@x.example,Office,yes").people
    for text in (
        "E-Mail Address;Department;SLT;Full Name\nADA@x.example;Office;Y; Ada  Vole ",
        "GROUP\tSenior leadership team\tStaff name\tWork email\tOther\r\nOffice\tTRUE\tAda Vole\tada@x.example\t7\r\n",
        '\ufeff"Name","Email","Group","On SLT"\n\n"Ada Vole","ada@x.example","Office","1"\n',
    ):
        (one,) = read_staff_list(text).people
        assert (one.name, one.email, one.group, one.on_slt) == ("Ada Vole", "ada@x.example", "Office", True), text
    assert expected[0].title is None


def test_a_name_keeps_no_mark_that_turns_what_follows() -> None:
    (one,) = read_staff_list("name,email\nAda\u202e Vole\x1b,ada@x.example").people
    assert one.name == "Ada Vole"


def test_a_file_from_windows_is_read() -> None:
    assert text_of("Zoë".encode("cp1252")) == text_of("\ufeffZoë".encode()) == "Zoë"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",a@x.example,", "no name"),
        ("Ada,,", "no e-mail"),
        ("Ada,ada at x,", "no e-mail address"),
        ("Ada,ada@x.example,perhaps", "yes or no"),
        (f"{'A' * 201},ada@x.example,", "too long"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line: str, why: str) -> None:
    found = read_staff_list(f"name,email,slt\nBo,bo@x.example,no\n{line}")
    (bad,) = found.bad
    assert bad.line == 3
    assert why in bad.why
    assert len(found.people) == 1
    assert not found.is_whole


def test_an_email_that_stands_twice_is_taken_from_neither_line() -> None:
    found = read_staff_list("name,email\nAda,ada@x.example\nBo,bo@x.example\nEve,ADA@x.example")
    assert [one.line for one in found.bad] == [2, 4]
    assert [one.name for one in found.people] == ["Bo"]


@pytest.mark.parametrize("text", ["name,email\n", "", "nothing\nat all", "name\nAda", "\n\n,,\n"])
def test_an_empty_list_is_an_accident(text: str) -> None:
    with pytest.raises(UnreadableTable):
        read_staff_list(text)


# Taking over

database = pytest.mark.django_db


@database
def test_who_is_new_changed_the_same_and_gone(cast: Cast) -> None:
    text = everybody(cast).replace("Zuleika Sorrel", "Zuleika Thorn")
    text = "\n".join(line for line in text.split("\n") if "Rowan" not in line) + "\nNora New,nora.new@larkmoor.example"
    plan = take(cast, text)
    assert outcomes(plan) == {
        "Amara Wren": "unchanged", "Idris Pebble": "unchanged", "Felix Burdock": "unchanged",
        "Zuleika Thorn": "changed", "Nora New": "added", "Dominic Rowan": "leaves",
    }  # fmt: skip
    (new,) = staff(cast, "Nora New")
    assert (new.organisation_id, new.since, new.until) == (cast.place("larkmoor"), now().date(), None)
    assert new.person.user_id is None
    assert [row.until for row in staff(cast, "Dominic Rowan")] == [now().date()]
    assert set(outcomes(planned(cast, text)[1]).values()) == {"unchanged"}


@database
def test_nobody_is_doubled_by_another_case_of_letters(cast: Cast) -> None:
    take(cast, everybody(cast).upper().replace("NAME,EMAIL", "name,email"))
    with acting(None, page="test"):
        assert Person.objects.filter(email__iexact=email(cast, "teacher")).count() == 1


@database
def test_who_left_today_and_is_in_the_next_list_stays(cast: Cast) -> None:
    whole = everybody(cast)
    take(cast, "\n".join(line for line in whole.split("\n") if "Rowan" not in line))
    take(cast, whole)
    assert [row.until for row in staff(cast, "Dominic Rowan")] == [None]


@database
def test_while_lines_are_bad_nobody_leaves(cast: Cast) -> None:
    plan = take(cast, f"{NEW}\nNo Address,")
    assert outcomes(plan) == {"Nora New": "added"}
    assert [row.until for row in staff(cast, "Dominic Rowan")] == [None]


@database
@pytest.mark.parametrize("key", ["other-school-teacher", "officer", "other-force-officer", "yjs"])
def test_nobody_who_works_for_another_organisation_is_put_on_the_staff(cast: Cast, key: str) -> None:
    with acting(None, page="test"):
        before = list(Membership.objects.filter(person=cast.person(key)).values_list("organisation", "role"))
    plan = take(cast, f"{everybody(cast)}\nAnother Name,{email(cast, key)}")
    (change,) = plan.of("elsewhere")
    assert change.name == "Another Name", "the list learns no name"
    with acting(None, page="test"):
        assert list(Membership.objects.filter(person=cast.person(key)).values_list("organisation", "role")) == before


def bring_here(cast: Cast) -> None:
    """The administrator gives a teacher of Otterbridge Academy a role at Larkmoor School too."""
    with acting(cast.user("admin"), page="test") as admin:
        add_role(
            by=admin, at=now(), person=cast.person("other-school-teacher"), organisation=cast.place("larkmoor"),
            role=Role.DSL, since=now().date(),
        )  # fmt: skip


@database
def test_whom_an_administrator_brought_here_is_on_the_list_like_all_others(cast: Cast) -> None:
    bring_here(cast)
    plan = take(cast, f"{everybody(cast)}\nAnother Name,{email(cast, 'other-school-teacher')}")
    (change,) = plan.of("added")
    assert (change.name, change.keeps_name) == ("Isolde Campion", True)


@database
def test_what_else_a_leaver_is_stays_and_is_named(cast: Cast) -> None:
    take(cast, f"{everybody(cast)}\nJosephine Larch,{email(cast, 'spoc')}")
    plan = take(cast, everybody(cast))
    (change,) = plan.of("leaves")
    assert (change.name, change.other_roles) == ("Josephine Larch", (Role.SPOC,))
    with acting(None, page="test"):
        assert Membership.objects.filter(person=cast.person("spoc"), role=Role.SPOC, until=None).exists()


@database
def test_only_the_head_teacher_puts_somebody_on_the_slt(cast: Cast) -> None:
    text = everybody(cast).replace("name,email", "name,email,slt").replace("example", "example,yes")
    assert outcomes(take(cast, text, by="spoc"))["Amara Wren"] == "unchanged"
    assert not staff(cast, "Amara Wren")[0].on_slt
    take(cast, text)
    assert staff(cast, "Amara Wren")[0].on_slt


@database
def test_a_technical_administrator_and_a_shared_address_are_refused(cast: Cast) -> None:
    with acting(None, page="test"), transaction.atomic():
        shared = email(cast, "officer")
    plan = take(cast, f"{everybody(cast)}\nB Gorse,{email(cast, 'admin')}\nAda Fern,{shared}")
    assert outcomes(plan)["B Gorse"] == "administrator"
    assert not staff(cast, "Barnaby Gorse")


@database
def test_what_changed_after_the_preview_is_not_written_over(cast: Cast) -> None:
    given, plan = planned(cast, NEW)
    take(cast, f"{everybody(cast)}\nNora New,nora.new@larkmoor.example")
    with acting(cast.user("spoc"), page="test") as viewer, pytest.raises(ChangedMeanwhile):
        take_staff_list(by=viewer, at=now(), school=cast.place("larkmoor"), given=given, shown=plan.digest)


# What no page may be trusted to hold


def refused(cast: Cast, key: str, statement: str, *values: object) -> bool:
    with acting(cast.user(key), page="test"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.rowcount == 0
        except DatabaseError:
            return True


TAKE = "select partnership_take_staff(%s, %s, false, partnership_staff_digest(%s, %s, false))"
ONE = '[{"name": "X", "email": "x@larkmoor.example"}]'


@database
@pytest.mark.parametrize("key", ["teacher", "dsl", "officer", "sergeant", "other-head", "admin", "youth-lead"])
def test_nobody_else_takes_a_list_over(cast: Cast, key: str) -> None:
    school = cast.place("larkmoor")
    assert refused(cast, key, TAKE, school, ONE, school, ONE)
    given = read_staff_list(NEW)
    with acting(cast.user(key), page="test") as viewer, pytest.raises(PermissionDenied):
        take_staff_list(by=viewer, at=now(), school=school, given=given, shown="")


@database
def test_a_head_teacher_takes_no_list_over_for_another_school(cast: Cast) -> None:
    school = cast.place("otterbridge")
    assert refused(cast, "head", TAKE, school, ONE, school, ONE)
    assert not refused(cast, "other-head", TAKE, school, ONE, school, ONE)


@database
def test_an_empty_list_is_refused_by_the_database_too(cast: Cast) -> None:
    school = cast.place("larkmoor")
    assert refused(cast, "head", TAKE.replace("false", "true"), school, "[]", school, "[]")


@database
def test_the_same_person_twice_in_raw_sql_is_one(cast: Cast) -> None:
    school, twice = cast.place("larkmoor"), ONE[:-1] + ", " + ONE[1:].replace("x@", "X@")
    assert not refused(cast, "head", TAKE, school, twice, school, twice)
    with acting(None, page="test"):
        assert Person.objects.filter(email="x@larkmoor.example").count() == 1


@database
@pytest.mark.parametrize(
    "statement",
    [
        "insert into directory_person (name, title, email, telephone) values ('X', '', 'x@x.example', '')",
        "update directory_person set name = 'X'",
        "update directory_person set user_id = null",
        'insert into directory_membership (person_id, organisation_id, role, on_slt, "group", since)'
        " select person_id, organisation_id, 'staff', true, '', '2031-01-01' from directory_membership limit 1",
        "update directory_membership set on_slt = true where role = 'staff'",
    ],
)
def test_without_the_list_a_head_teacher_writes_nobody(cast: Cast, statement: str) -> None:
    assert refused(cast, "head", statement)


@pytest.fixture
def as_circle_reader(as_superuser: Connection) -> Connection:
    """Whoever owns the function that takes a list over."""
    as_superuser.execute("set role schoolgate_circle_reader")
    return as_superuser


@pytest.mark.parametrize(
    "statement",
    [
        "update directory_person set user_id = null",
        "update directory_person set email = ''",
        "insert into directory_person (name, title, email, telephone, user_id) values ('X', '', '', '', 1)",
        "update directory_membership set role = 'head'",
        "update directory_membership set on_slt = true where role = 'spoc'",
        'insert into directory_membership (person_id, organisation_id, role, on_slt, "group", since)'
        " select person_id, organisation_id, 'dsl', true, '', '2031-01-01' from directory_membership"
        " where role = 'head' limit 1",
    ],
)
def test_the_functions_owner_writes_no_account_no_address_and_no_other_role(
    as_circle_reader: Connection, statement: str
) -> None:
    try:
        changed = as_circle_reader.execute(statement).rowcount  # type: ignore[call-overload]
    except InsufficientPrivilege:
        changed = 0
    assert changed == 0


# The page


@pytest.fixture
def head(cast: Cast, committed_database: str) -> Client:
    return signed_in(cast, "head")


def address(cast: Cast) -> str:
    return f"/schools/{cast.place('larkmoor')}/staff/list/"


def invitations(cast: Cast) -> str:
    return f"/schools/{cast.place('larkmoor')}/staff/invite/"


def carried(answer: HttpResponse) -> dict[str, str]:
    """What travels with the page, and the button."""
    inputs = dict(re.findall(r'<input type="hidden" name="(text|shown)" value="([^"]*)">', answer.content.decode()))
    return {name: html.unescape(value) for name, value in inputs.items()} | {"step": "take"}


def test_a_list_of_5000_with_40_bad_lines_is_looked_at_and_taken_over(cast: Cast, head: Client) -> None:
    good = [f"Person {n},person{n}@larkmoor.example" for n in range(4960)]
    text = "\n".join(["name,email", *good, *(f"Nobody {n}," for n in range(40))])
    file = SimpleUploadedFile("staff.csv", text.encode())
    answer = head.post(address(cast), {"file": file})
    page = answer.content.decode()
    assert "4,960" in page
    assert page.count("There is no e-mail") == 40
    assert not staff(cast, "Person 7")
    taken = head.post(address(cast), carried(answer) | {"invite": "yes"}, follow=True)
    assert "4,960 people were invited" in taken.text
    assert len(staff(cast, "Person 7")) == 1


def test_who_is_new_is_invited_unless_the_head_teacher_leaves_it_out(
    cast: Cast, head: Client, as_superuser: Connection
) -> None:
    shown = head.post(address(cast), {"text": NEW})
    assert re.search(r'name="invite"[^>]*checked', shown.text), "ticked to begin with"
    said = head.post(address(cast), carried(shown), follow=True).text
    assert "Who is new can sign in as soon as they are invited" in said
    assert "1 of them cannot sign in yet" in said
    assert "1 person was invited" in head.post(invitations(cast), follow=True).text
    assert "0 people were invited" in head.post(invitations(cast), follow=True).text
    second = head.post(address(cast), {"text": f"{NEW}\nOla Young,ola.young@larkmoor.example"})
    assert "1 person was invited" in head.post(address(cast), carried(second) | {"invite": "yes"}, follow=True).text
    told = as_superuser.execute("select args ->> 'mail' from procrastinate_jobs where task_name = %s", [MAIL_TASK])
    assert told.fetchall() == [("invitation",)] * 2
    accounts = (
        "select password from access_user where email in ('nora.new@larkmoor.example', 'ola.young@larkmoor.example')"
    )
    assert as_superuser.execute(accounts).fetchall() == [("!",)] * 2


def test_an_address_that_another_account_has_is_left_out(cast: Cast, head: Client, as_superuser: Connection) -> None:
    statement = "insert into access_user (email, password, is_active) values ('nora.new@larkmoor.example', '!', true)"
    as_superuser.execute(statement)
    shown = head.post(address(cast), {"text": NEW})
    assert "0 people were invited" in head.post(address(cast), carried(shown) | {"invite": "yes"}, follow=True).text


@pytest.mark.parametrize("key", ["teacher", "dsl", "officer", "sergeant", "other-head", "admin"])
def test_nobody_else_invites_the_staff(cast: Cast, head: Client, key: str) -> None:
    take(cast, NEW)
    assert signed_in(cast, key).post(invitations(cast)).status_code in (403, 404)
    assert refused(cast, key, "select partnership_invite_staff(%s)", cast.place("larkmoor"))
    assert refused(cast, "head", "select * from partnership_uninvited(%s)", cast.place("larkmoor"))
    assert "1 of them cannot sign in yet" in head.get(f"/schools/{cast.place('larkmoor')}/staff/").text


def test_a_pasted_list_is_shown_again_when_the_staff_changed_meanwhile(cast: Cast, head: Client) -> None:
    answer = head.post(address(cast), {"text": NEW})
    take(cast, f"{everybody(cast)}\nNora New,nora.new@larkmoor.example")
    again = head.post(address(cast), carried(answer))
    assert "Somebody changed the staff meanwhile" in again.content.decode()
    assert head.post(address(cast), carried(again)).status_code == 302


def test_an_empty_list_and_another_file_are_refused_beside_the_field(cast: Cast, head: Client) -> None:
    for sent, words in (
        ({"text": "name,email"}, "There is nobody in the list"),
        ({"text": "name,email\n" + "A,a@example.org\n" * 10_001}, "The list has more than 10,000 lines"),
        ({"text": ""}, "Choose the file, or paste the list"),
        ({"file": SimpleUploadedFile("staff.pdf", b"%PDF")}, "Choose a file that ends in"),
        ({"text": "name\nAda"}, "These are missing: email"),
    ):
        assert words in head.post(address(cast), sent).content.decode()


def test_the_page_says_who_may_set_the_slt(cast: Cast, head: Client) -> None:
    assert "only the head teacher" not in head.get(address(cast)).content.decode()
    assert "only the head teacher" in signed_in(cast, "spoc").get(address(cast)).content.decode()


def test_the_preview_names_what_is_not_taken_over_as_it_stands(cast: Cast, head: Client) -> None:
    bring_here(cast)
    text = f"name,email,slt\nAnother Name,{email(cast, 'other-school-teacher')},yes\nB Gorse,{email(cast, 'admin')},"
    shown = head.post(address(cast), {"text": text}).content.decode()
    assert "Line 2, Isolde Campion: only the role is given" in shown
    assert "A technical administrator holds no other role" in shown
    assert "The column about the SLT is left out" not in shown
    spoc = signed_in(cast, "spoc").post(address(cast), {"text": text}).content.decode()
    assert "The column about the SLT is left out" in spoc
