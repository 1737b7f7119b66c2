"""The head teacher, and nobody else, appoints the SPOC, from the SLT; both sides are told; the post goes somewhere."""

import datetime as dt
import html
import re
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import slt_of
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Notice, NoticeKind
from schoolgate.partnership.selectors.people import appointed, in_place_of_spoc
from schoolgate.partnership.services.people import HoldsItAlready, NotOnSLT, appoint_spoc, end_spoc
from schoolgate.partnership.tests.doings import TODAY
from schoolgate.partnership.tests.test_faults import in_threads

pytestmark = pytest.mark.usefixtures("committed_database")
DAY = dt.timedelta(days=1)


def appoint(
    cast: Cast, key: str, *, by: str = "head", role: Role = Role.SPOC, since: dt.date = TODAY, school: str = "larkmoor"
) -> None:
    with acting(cast.user(by), page="test") as viewer:
        appoint_spoc(
            by=viewer, at=now(), school=cast.place(school), person=cast.person(key), role=role, since=since,
            words="Two enquiries are open.", once=uuid4(),
        )  # fmt: skip


def spocs(cast: Cast, on: dt.date = TODAY) -> dict[int, Role]:
    with acting(None, page="test"):
        return {one.person: one.role for one in appointed(cast.place("larkmoor")) if one.holds(on)}


def who_is_spoc(cast: Cast) -> list[int]:
    with acting(None, page="test"):
        found = appointed(cast.place("larkmoor"))
    return [one.person for one in found if one.role == Role.SPOC and one.holds(TODAY)]


def told(cast: Cast, key: str) -> int:
    with acting(cast.user(key), page="test"):
        return Notice.objects.filter(kind=NoticeKind.SPOC_CHANGED).count()


def test_another_member_of_the_slt_follows_the_spoc_from_a_day_on_and_both_sides_are_told(cast: Cast) -> None:
    appoint(cast, "dsl", since=TODAY + DAY)
    assert spocs(cast)[cast.person("spoc")] == Role.SPOC
    assert cast.person("dsl") not in spocs(cast)
    after = spocs(cast, TODAY + DAY)
    assert after[cast.person("dsl")] == Role.SPOC
    assert cast.person("spoc") not in after
    heard = {key: told(cast, key) for key in ("spoc", "dsl", "officer", "sergeant", "head", "teacher", "other-head")}
    assert heard == {"spoc": 1, "dsl": 1, "officer": 1, "sergeant": 1, "head": 0, "teacher": 0, "other-head": 0}


def test_who_hands_over_stays_on_the_staff_is_told_and_may_be_appointed_again(cast: Cast) -> None:
    appoint(cast, "dsl")
    assert cast.person("spoc") not in spocs(cast)
    assert told(cast, "spoc") == 1
    assert signed_in(cast, "spoc").get(f"/schools/{cast.place('larkmoor')}/").status_code == 200
    appoint(cast, "spoc", since=TODAY + DAY)
    assert spocs(cast, TODAY + DAY)[cast.person("spoc")] == Role.SPOC


@pytest.mark.parametrize("last_days", [(0,), (9, 4), (4, 9)], ids=["once", "then earlier", "then later"])
def test_who_is_spoc_no_more_is_on_the_staff_from_the_next_day(cast: Cast, last_days: tuple[int, ...]) -> None:
    for days in last_days:
        end_all(cast, Role.SPOC, TODAY + days * DAY)
    with acting(None, page="test"):
        for days in range(last_days[-1] + 1, 20):
            staff = {one.id for one in slt_of(cast.place("larkmoor"), on=TODAY + days * DAY)}
            assert cast.person("spoc") in staff


def test_the_deputy_may_become_the_spoc_and_is_no_deputy_of_their_own(cast: Cast) -> None:
    appoint(cast, "deputy-spoc")
    assert spocs(cast) == {cast.person("deputy-spoc"): Role.SPOC}
    with acting(None, page="test"):
        assert in_place_of_spoc(cast.place("larkmoor"), on=TODAY)[0].called == "Mr Devan Teasel"


def test_a_deputy_ends_nobodys_role(cast: Cast) -> None:
    appoint(cast, "dsl", role=Role.DEPUTY_SPOC)
    assert spocs(cast)[cast.person("spoc")] == Role.SPOC
    assert spocs(cast)[cast.person("dsl")] == Role.DEPUTY_SPOC


def test_nobody_outside_the_slt_is_appointed(cast: Cast) -> None:
    with pytest.raises(NotOnSLT):
        appoint(cast, "teacher")
    assert cast.person("teacher") not in spocs(cast)
    assert cast.person("spoc") in spocs(cast), "the one before stays when the appointment is refused"


def test_nobody_is_appointed_twice(cast: Cast) -> None:
    with pytest.raises(HoldsItAlready):
        appoint(cast, "deputy-spoc", role=Role.DEPUTY_SPOC)


@pytest.mark.parametrize("key", ["spoc", "dsl", "teacher", "officer", "sergeant", "other-head", "youth-lead"])
def test_nobody_but_the_head_teacher_appoints_or_ends(cast: Cast, key: str) -> None:
    with pytest.raises(PermissionDenied):
        appoint(cast, "dsl", by=key)
    with acting(cast.user(key), page="test") as viewer, pytest.raises(PermissionDenied):
        end_spoc(by=viewer, at=now(), school=cast.place("larkmoor"), membership=1, last_day=TODAY)


ADD = (
    'insert into directory_membership (person_id, organisation_id, role, on_slt, "group", since)'
    " values (%s, %s, %s, %s, '', current_date)"
)
END = "update directory_membership set until = current_date where organisation_id = %s and role = %s"


def changed(cast: Cast, key: str, statement: str, *values: object) -> int:
    """How many rows a statement of the application changes for somebody; none where the database refuses it."""
    try:
        with acting(cast.user(key), page="test"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
    except DatabaseError:
        return 0


@pytest.mark.parametrize(
    ("by", "person", "role", "on_slt", "may"),
    [
        ("head", "dsl", "spoc", False, 1),
        ("head", "teacher", "spoc", False, 0),
        ("head", "teacher", "spoc", True, 0),
        ("head", "teacher", "deputy_spoc", False, 0),
        ("head", "dsl", "head", False, 0),
        ("head", "dsl", "staff", True, 0),
        ("spoc", "dsl", "spoc", False, 0),
        ("dsl", "dsl", "spoc", False, 0),
        ("officer", "dsl", "spoc", False, 0),
        ("other-head", "dsl", "spoc", False, 0),
        ("admin", "teacher", "spoc", False, 0),
    ],
)
def test_the_database_takes_a_spoc_from_the_head_teacher_and_the_slt_alone(
    cast: Cast, by: str, person: str, role: str, on_slt: bool, may: int
) -> None:
    assert changed(cast, by, ADD, cast.person(person), cast.place("larkmoor"), role, on_slt) == may


@pytest.mark.parametrize(
    ("by", "role", "may"), [("head", "spoc", 1), ("head", "dsl", 0), ("spoc", "spoc", 0), ("other-head", "spoc", 0)]
)
def test_the_database_lets_the_head_teacher_end_a_spoc_and_no_other_role(
    cast: Cast, by: str, role: str, may: int
) -> None:
    assert changed(cast, by, END, cast.place("larkmoor"), role) == may


def test_a_spoc_who_is_appointed_in_place_of_todays_follows_them_at_once(cast: Cast) -> None:
    for key in ("dsl", "deputy-spoc"):
        appoint(cast, key)
    assert who_is_spoc(cast) == [cast.person("deputy-spoc")]


def test_of_two_spocs_appointed_in_the_same_moment_one_is_left(cast: Cast) -> None:
    in_threads(*(partial(appoint, cast, key) for key in ("dsl", "deputy-spoc")))
    assert len(who_is_spoc(cast)) == 1


@pytest.fixture
def former_spoc(cast: Cast, as_superuser: Connection) -> int:
    """Somebody was SPOC of Larkmoor School until a month ago; gives the role's id."""
    row = as_superuser.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since, until)"
        " values (%s, %s, 'spoc', true, current_date - 60, current_date - 30) returning id",
        [cast.person("teacher"), cast.place("larkmoor")],
    ).fetchone()
    return int(row[0])  # type: ignore[index]


@pytest.mark.parametrize("days", [-40, 0, 30])
def test_a_role_that_is_over_is_not_ended_on_another_day(cast: Cast, former_spoc: int, days: int) -> None:
    address = f"/schools/{cast.place('larkmoor')}/spoc/{former_spoc}/end/"
    answer = signed_in(cast, "head").post(address, {"last_day": str(TODAY + days * DAY)})
    assert "This role is over" in answer.text
    assert cast.person("teacher") not in spocs(cast)


def test_who_left_the_slt_is_no_longer_spoc_than_was_said(cast: Cast, as_superuser: Connection) -> None:
    appoint(cast, "dsl")
    with acting(None, page="test"):
        (one,) = [one for one in appointed(cast.place("larkmoor")) if one.person == cast.person("dsl")]
    address = f"/schools/{cast.place('larkmoor')}/spoc/{one.membership}/end/"
    head = signed_in(cast, "head")
    assert head.post(address, {"last_day": str(TODAY + DAY)}).status_code == 302
    as_superuser.execute("update directory_membership set on_slt = false where person_id = %s", [one.person])
    assert "not on the SLT any more" in head.post(address, {"last_day": str(TODAY + 2 * DAY)}).text
    assert head.post(address, {"last_day": str(TODAY)}).status_code == 302


def test_without_a_spoc_the_post_goes_to_the_deputy_then_to_the_head_teacher(cast: Cast) -> None:
    def next_in_line() -> str:
        with acting(None, page="test"):
            return in_place_of_spoc(cast.place("larkmoor"), on=TODAY + DAY)[0].called

    assert next_in_line() == "Mrs Josephine Larch"
    end_all(cast, Role.SPOC)
    assert next_in_line() == "Mr Devan Teasel"
    end_all(cast, Role.DEPUTY_SPOC)
    assert next_in_line() == "Dr Winifred Quill"


def test_the_page_says_who_stands_in_where_there_is_no_spoc(cast: Cast, as_superuser: Connection) -> None:
    school, head = cast.place("larkmoor"), signed_in(cast, "head")
    assert "This school has no SPOC" not in head.get(f"/schools/{school}/spoc/").text
    ended = "update directory_membership set until = %s where organisation_id = %s and role = 'spoc'"
    as_superuser.execute(ended, [TODAY - DAY, school])
    assert "What comes in goes to Mr Devan Teasel" in head.get(f"/schools/{school}/spoc/").text


def end_all(cast: Cast, role: Role, last_day: dt.date = TODAY) -> None:
    """The head teacher ends everybody with this role."""
    with acting(cast.user("head"), page="test") as head:
        school = cast.place("larkmoor")
        for one in appointed(school):
            if one.role == role:
                end_spoc(by=head, at=now(), school=school, membership=one.membership, last_day=last_day)


def test_the_page_offers_the_slt_to_the_head_teacher_and_nothing_to_others(cast: Cast) -> None:
    address = f"/schools/{cast.place('larkmoor')}/spoc/"
    head = signed_in(cast, "head")
    shown = head.get(address).text
    assert "Ms Nadia Bracken" in shown
    assert "Ms Amara Wren" not in shown
    once = html.unescape(re.findall(r'name="once" value="([^"]*)"', shown)[0])
    sent = {"once": once, "person": str(cast.person("dsl")), "role": "spoc", "since": str(TODAY), "words": ""}
    assert head.post(address, sent | {"person": ""}).text.count("Choose a member of the SLT") > 0
    assert [head.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert list(spocs(cast).values()).count(Role.SPOC) == 1
    for key, status in (("deputy-spoc", 403), ("teacher", 403), ("officer", 403), ("other-head", 404)):
        browser = signed_in(cast, key)
        assert browser.post(address, sent).status_code == status
        assert "Appoint" not in browser.get(address).text
