"""A concern that nobody opens in time goes to more people."""

import datetime as dt

import pytest
from psycopg import Connection

from schoolgate.concerns.services.late import escalate_unopened
from schoolgate.concerns.tests.doings import links, raise_concern, signed_in
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

A_WEEK = dt.timedelta(days=14)


def test_deputies_and_head_are_told_and_the_author_to_speak_to_somebody(cast: Cast, as_superuser: Connection) -> None:
    teacher = signed_in(cast, "teacher")
    raise_concern(teacher)

    assert escalate_unopened(at=now() + A_WEEK) == 1

    told = as_superuser.execute(
        "select distinct m.role from notices_notice n join directory_membership m on m.person_id = n.person"
        " where n.kind = 'concern.unopened'"
    ).fetchall()
    assert {role for (role,) in told} == {"deputy_spoc", "deputy_dsl", "head"}
    page = teacher.get(links(teacher, "/concerns/")[0]).text
    assert "Not read yet: speak to somebody now" in page


def test_it_is_told_once(cast: Cast) -> None:
    raise_concern(signed_in(cast, "teacher"))
    escalate_unopened(at=now() + A_WEEK)
    assert escalate_unopened(at=now() + A_WEEK) == 0


def test_nobody_is_told_within_the_hour_or_once_it_was_opened(cast: Cast) -> None:
    teacher, dsl = signed_in(cast, "teacher"), signed_in(cast, "dsl")
    raise_concern(teacher)
    assert escalate_unopened(at=now()) == 0
    dsl.get(links(dsl, "/triage/")[0])
    assert escalate_unopened(at=now() + A_WEEK) == 0


def test_what_supply_staff_raised_is_escalated_without_a_word_to_them(cast: Cast, as_superuser: Connection) -> None:
    raise_concern(signed_in(cast, "supply"), author_name="Jo Brook")
    assert escalate_unopened(at=now() + A_WEEK) == 1
    assert as_superuser.execute("select count(*) from concerns_authorword").fetchone() == (0,)


def test_a_concern_that_is_late_stands_on_top_and_says_so(cast: Cast, as_superuser: Connection) -> None:
    teacher, spoc = signed_in(cast, "teacher"), signed_in(cast, "spoc")
    raise_concern(teacher, child_name="On time")
    raise_concern(teacher, child_name="Late one")
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update concerns_concern set due_at = now() - interval '1 hour' where child_name = 'Late one'")

    page = spoc.get("/triage/").text

    assert "Late: it should have been opened by" in page
    assert page.index("Late one") < page.index("On time")


def test_the_application_role_cannot_act_as_the_clock(cast: Cast, as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select has_function_privilege('schoolgate_app', 'concerns_escalate(timestamptz, text)', 'execute')"
    ).fetchone()
    assert found == (False,)
