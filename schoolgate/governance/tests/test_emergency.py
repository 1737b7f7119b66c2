"""Emergency access: next to the circle, for hours, with a reason; others are told, bars hold, it ends by itself."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.access.bars import declare_bar
from schoolgate.access.models import CircleKind
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import send, signed_in
from schoolgate.governance import selectors
from schoolgate.governance.services import NotNext, take_emergency_access
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

REASON = "The school's own officers cannot be reached."


def take(cast: Cast, who: str, kind: CircleKind = CircleKind.PARTNERSHIP, once: uuid.UUID | None = None) -> uuid.UUID:
    with acting(cast.user(who), page="test") as viewer:
        return take_emergency_access(
            by=viewer,
            at=now(),
            kind=kind,
            school=cast.place("larkmoor"),
            hours=4,
            reason=REASON,
            once=once or uuid.uuid4(),
        )


def can_read(cast: Cast, who: str, share: uuid.UUID) -> bool:
    return signed_in(cast, who).get(f"/shares/{share}/").status_code == 200


def test_an_officer_of_the_force_reads_what_the_partnership_reads(cast: Cast) -> None:
    share = send(cast)
    assert not can_read(cast, "unassigned-officer", share)
    take(cast, "unassigned-officer")
    assert can_read(cast, "unassigned-officer", share)


def test_it_ends_by_itself(cast: Cast, as_superuser: Connection) -> None:
    share = send(cast)
    taken = take(cast, "unassigned-officer")
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute(
        "update access_emergencyaccess set made_at = made_at - interval '5 hours', until = until - interval '5 hours'"
        " where id = %s",
        [taken],
    )
    assert not can_read(cast, "unassigned-officer", share)


def test_bars_hold(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test") as spoc:
        barred = cast.person("unassigned-officer")
        declare_bar(by=spoc, at=now(), table="exchange_share", record=share, person=barred, reason="An interest.")
    take(cast, "unassigned-officer")
    assert not can_read(cast, "unassigned-officer", share)


@pytest.mark.parametrize("who", ["other-force-officer", "other-teacher", "dpo", "yjs"])
def test_nobody_joins_a_partnership_that_is_not_next_to_them(cast: Cast, who: str) -> None:
    with pytest.raises((NotNext, PermissionDenied)):
        take(cast, who)


def test_staff_join_the_circle_of_their_own_school(cast: Cast) -> None:
    taken = take(cast, "other-teacher", CircleKind.SCHOOL)
    assert signed_in(cast, "other-teacher").get(f"/emergency/{taken}/").status_code == 200


def take_past_the_form(cast: Cast, who: str, hours: int) -> None:
    with acting(cast.user(who), page="test"), connection.cursor() as cursor:
        asked = [uuid.uuid4(), cast.place("larkmoor"), hours]
        cursor.execute("select access_take_emergency(%s, 'school', %s, %s, 'x')", asked)


def test_the_database_refuses_who_is_not_next_to_the_circle_whatever_the_form_says(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="not next to this circle"):
        take_past_the_form(cast, "yjs", 4)


def test_it_lasts_eight_hours_at_most(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="emergency_lasts_hours"):
        take_past_the_form(cast, "other-teacher", 9)


@pytest.mark.parametrize("who", ["head", "sergeant", "school-dpo"])
def test_head_teacher_sergeant_and_dpo_are_told_and_can_open_what_they_are_told_of(cast: Cast, who: str) -> None:
    taken = take(cast, "unassigned-officer")
    client = signed_in(cast, who)
    assert "Somebody took emergency access" in client.get("/notices/").content.decode()
    page = f"/log/record/{taken}/" if who == "school-dpo" else f"/emergency/{taken}/"
    shown = client.get(page).content.decode()
    assert "Morwenna Sedge" in shown
    assert "cannot be reached" in shown


def test_who_can_read_shows_it(cast: Cast) -> None:
    share = send(cast)
    take(cast, "unassigned-officer")
    shown = signed_in(cast, "spoc").get(f"/who-can-read/{share}/").content.decode()
    assert "PC Morwenna Sedge" in shown
    assert "Emergency access" in shown


def test_the_form_sent_twice_is_one_taking(cast: Cast, as_superuser: Connection) -> None:
    once = uuid.uuid4()
    with acting(cast.user("unassigned-officer"), page="test"), connection.cursor() as cursor:
        sent = [once, cast.place("larkmoor")]
        answers = []
        for _each in range(2):
            cursor.execute("select taken, is_first from access_take_emergency(%s, 'partnership', %s, 4, 'x')", sent)
            answers.append(cursor.fetchone())
    assert answers[0][0] == answers[1][0] != once
    assert [first for _taken, first in answers] == [True, False]
    assert as_superuser.execute("select count(*) from access_emergencyaccess").fetchone() == (1,)


def test_the_token_of_another_record_takes_nothing_of_it(cast: Cast) -> None:
    share = send(cast)
    assert take(cast, "unassigned-officer", once=share) != share


def test_another_persons_token_is_a_taking_of_ones_own(cast: Cast) -> None:
    once = uuid.uuid4()
    assert take(cast, "unassigned-officer", once=once) != take(cast, "other-teacher", CircleKind.SCHOOL, once=once)


@pytest.mark.parametrize(("who", "role"), [("unassigned-officer", "officer"), ("other-teacher", "staff")])
def test_it_ends_with_the_role_that_it_rests_on(cast: Cast, as_superuser: Connection, who: str, role: str) -> None:
    share = send(cast)
    take(cast, who, CircleKind.PARTNERSHIP if role == "officer" else CircleKind.SCHOOL)
    held = "select count(*) from circle_members where person = %s and role = 'emergency'"
    assert as_superuser.execute(held, [cast.person(who)]).fetchone() == (1,)
    as_superuser.execute(
        "update directory_membership set until = current_date - 1, since = least(since, current_date - 1)"
        " where person_id = %s and role = %s",
        [cast.person(who), role],
    )
    assert as_superuser.execute(held, [cast.person(who)]).fetchone() == (0,)
    assert not can_read(cast, who, share)


@pytest.mark.parametrize(
    ("who", "learns"), [("spoc", True), ("officer", True), ("other-head", False), ("other-force-officer", False)]
)
def test_who_has_it_is_told_to_those_around_the_school_alone(cast: Cast, who: str, learns: bool) -> None:
    take(cast, "unassigned-officer")
    with acting(cast.user(who), page="test"), connection.cursor() as cursor:
        every_circle = "array(select generate_series(1, 2000))"
        cursor.execute(f"select role from access_readers({every_circle}, '{{}}') where role = 'emergency'")
        assert bool(cursor.fetchall()) is learns


def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast: Cast) -> None:
    client = signed_in(cast, "unassigned-officer")
    shown = client.post("/emergency/new/", {"once": str(uuid.uuid4()), "reason": REASON}).content.decode()
    assert "Choose the school whose records you need" in shown
    assert "Choose for how long" in shown
    assert "cannot be reached" in shown


def test_the_list_shows_it_to_the_school_and_its_police_and_to_no_other_school(cast: Cast) -> None:
    take(cast, "unassigned-officer")
    for who, sees in (("head", True), ("officer", True), ("other-head", False), ("other-force-officer", False)):
        shown = signed_in(cast, who).get("/emergency/").content.decode()
        assert ("PC Morwenna Sedge" in shown) is sees


def test_emergency_access_goes_past_no_permission(cast: Cast) -> None:
    """It is for reading: who acts for the school or its police is still decided by role."""
    share = send(cast)
    take(cast, "unassigned-officer")
    answer = signed_in(cast, "unassigned-officer").post(f"/shares/{share}/acknowledge/", {"once": str(uuid.uuid4())})
    assert answer.status_code == 404  # There is nothing that they could change.


def test_the_time_is_the_databases_own(cast: Cast, as_superuser: Connection) -> None:
    taken = take(cast, "unassigned-officer")
    since, until = as_superuser.execute(
        "select made_at, until from access_emergencyaccess where id = %s", [taken]
    ).fetchone()
    assert abs(since - now()) < dt.timedelta(minutes=1)
    assert until - since == dt.timedelta(hours=4)


def test_where_there_is_nothing_to_take_there_is_no_form(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast, "unassigned-officer")
    assert "Take it" in client.get("/emergency/new/").text
    monkeypatch.setattr(selectors, "circles_near", lambda viewer: [])
    shown = client.get("/emergency/new/").text
    assert "There is no school whose records you do not read already." in shown
    assert [words in shown for words in ("Take it", 'name="reason"')] == [False, False]
