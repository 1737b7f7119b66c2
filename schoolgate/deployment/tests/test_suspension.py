"""A later end of probation suspends what it reaches, in the same transaction, and the school and sergeants are told."""

import datetime as dt

import pytest
from django.urls import reverse
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, TODAY, note_probation, posted
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

RUNNING = "select school_id, until from deployment_assignment where officer_id = %s order by since"
KEPT = "select school, was_running, possible_from from deployment_suspension order by school"
TOLD = "select distinct person from notices_notice where kind = 'posting.suspended'"


def test_running_postings_end_yesterday_and_the_officer_reads_no_more(cast: Cast, as_superuser: Connection) -> None:
    officer, ends = cast.person("officer"), TODAY + 30 * DAY
    schools = sorted(cast.place(place) for place in ("larkmoor", "otterbridge", "thimble-hill"))
    with acting(cast.user("officer"), page="test") as before:
        assert before.organisations("partnership") == schools
    note_probation(cast, "officer", ends)
    with acting(cast.user("officer"), page="test") as after:
        assert after.organisations("partnership") == []
        assert after.organisations("police") == []
    assert as_superuser.execute(KEPT).fetchall() == [(school, True, ends + DAY) for school in schools]
    assert {row[1] for row in as_superuser.execute(RUNNING, [officer])} == {TODAY - DAY}


def test_a_posting_to_come_is_taken_out_and_kept(cast: Cast, as_superuser: Connection) -> None:
    posted(cast, since=IN_A_WEEK)
    note_probation(cast, "unassigned-officer", IN_A_WEEK)
    assert as_superuser.execute(RUNNING, [cast.person("unassigned-officer")]).fetchall() == []
    assert as_superuser.execute(KEPT).fetchall() == [(cast.place("fiddlers-green"), False, IN_A_WEEK + DAY)]


def test_one_that_begins_after_the_new_end_stays(cast: Cast, as_superuser: Connection) -> None:
    posted(cast, since=IN_A_WEEK)
    note_probation(cast, "unassigned-officer", IN_A_WEEK - DAY)
    assert len(as_superuser.execute(RUNNING, [cast.person("unassigned-officer")]).fetchall()) == 1
    assert as_superuser.execute(KEPT).fetchall() == []


@pytest.mark.parametrize("ends", [TODAY + 30 * DAY, None])
def test_head_teacher_spoc_and_other_sergeants_are_told(
    cast: Cast, as_superuser: Connection, ends: dt.date | None
) -> None:
    as_superuser.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since)"
        " values (%s, %s, 'sergeant', false, %s)",
        [cast.person("other-sergeant"), cast.place("safer-schools-north"), TODAY - DAY],
    )
    note_probation(cast, "officer", ends)
    told = {row[0] for row in as_superuser.execute(TOLD)}
    assert {
        cast.person(key) for key in ("head", "spoc", "deputy-spoc", "other-head", "other-spoc", "other-sergeant")
    } <= told
    assert cast.person("dsl") not in told
    board = signed_in(cast, "sergeant").get(reverse("deployment:board")).text
    assert "PC Ada Fern at Larkmoor School" in board
    assert ("Possible from" if ends else "Possible when the end of probation is known") in board
    school = signed_in(cast, "spoc").get(reverse("deployment:school", args=[cast.place("larkmoor")])).text
    assert "probation" not in school  # that is between the officer and their sergeants


def test_the_page_says_what_it_did(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    page = reverse("deployment:edit_officer", args=[cast.person("officer")])
    ends = TODAY + 30 * DAY
    typed = {"version": "1", "rank": "PC", "fte": "1", "probation_source": "Letter of 2 March"}
    typed |= {f"probation_ends_{part}": str(getattr(ends, part)) for part in ("day", "month", "year")}
    answer = sergeant.post(page, typed, follow=True)
    assert "Postings were suspended, and their head teachers and SPOCs were told." in answer.text
    assert sergeant.post(page, typed).status_code == 200  # the version has moved on: nothing is overwritten
    old = sergeant.post(page, typed).text
    assert "Somebody else changed this meanwhile" in old
    assert 'value="Letter of 2 March"' in old


def test_the_end_of_a_file_suspends_too(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute("delete from deployment_eligibility where officer_id = %s", [cast.person("officer")])
    assert len(as_superuser.execute(KEPT).fetchall()) == 3
