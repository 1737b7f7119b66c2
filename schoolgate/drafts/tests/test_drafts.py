"""What was typed and not sent is kept, for its author alone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.concerns.tests.doings import signed_in, typed
from schoolgate.core.clock import now
from schoolgate.drafts.models import DraftKind
from schoolgate.drafts.services import LONGEST, Desk, FormPage, save_draft
from schoolgate.drafts.tests.test_every_form import tokens
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

NEW = "/concerns/new/"


def save_url(cast: Cast) -> str:
    """Where the page of a concern at Larkmoor School saves it."""
    school = cast.place("larkmoor")
    return Desk(school, DraftKind.CONCERN, f"{NEW}?school={school}").save_url


def test_a_draft_comes_back_when_the_form_is_opened_again(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")

    assert teacher.post(save_url(cast), typed(seen="Half a sent")).status_code == 204

    assert "Half a sent" in teacher.get(NEW).text
    assert "Half a sent" not in teacher.get(f"{NEW}?empty").text


def test_a_draft_is_saved_though_the_screen_was_locked_meanwhile(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    teacher.get("/account/lock/")

    assert teacher.post(save_url(cast), typed(seen="Half a sent")).status_code == 204
    assert teacher.get(NEW).headers["Location"].startswith("/account/lock/")

    teacher.post("/account/lock/")
    assert "Half a sent" in teacher.get(NEW).text


def test_a_draft_is_read_by_its_author_alone(cast: Cast, as_superuser: Connection) -> None:
    signed_in(cast, "teacher").post(save_url(cast), typed(seen="Half a sentence"))
    assert "Half a sentence" not in signed_in(cast, "other-teacher").get(NEW).text
    circles = as_superuser.execute(
        "select c.kind, c.person from drafts_draft d join access_circle c on c.id = any (d.circles)"
    ).fetchall()
    assert circles == [("author", cast.person("teacher"))]


def test_a_draft_is_emptied_when_it_is_sent(cast: Cast, as_superuser: Connection) -> None:
    teacher, form = signed_in(cast, "teacher"), typed(seen="All of it")
    teacher.post(save_url(cast), form)

    teacher.post(NEW, form | {"step": "send"})

    assert as_superuser.execute("select content from drafts_draft").fetchall() == [({},)]
    assert "All of it" not in teacher.get(NEW).text


def test_two_pages_of_one_draft_never_overwrite_each_other(cast: Cast, as_superuser: Connection) -> None:
    teacher, first = signed_in(cast, "teacher"), typed(seen="In the first tab")
    teacher.post(save_url(cast), first)
    second = typed(seen="In the second tab") | tokens(teacher.get(NEW).text)
    teacher.post(save_url(cast), first | {"seen": "In the first tab, later"})

    teacher.post(save_url(cast), second)

    kept = as_superuser.execute("select content ->> 'seen' from drafts_draft order by 1").fetchall()
    assert kept == [('["In the first tab, later"]',), ('["In the second tab"]',)]


def test_of_two_drafts_of_one_form_each_is_carried_on_by_itself(cast: Cast, as_superuser: Connection) -> None:
    teacher, first = signed_in(cast, "teacher"), typed(seen="In the first tab")
    teacher.post(save_url(cast), first)
    second = typed(seen="In the second tab") | tokens(teacher.get(NEW).text)
    for form in (first, second, first, second):
        assert teacher.post(save_url(cast), form).status_code == 204

    carried_on = typed(seen="The newest, carried on") | tokens(teacher.get(NEW).text)
    assert teacher.post(save_url(cast), carried_on).status_code == 204

    kept = as_superuser.execute("select content ->> 'seen' from drafts_draft order by 1").fetchall()
    assert kept == [('["In the first tab"]',), ('["The newest, carried on"]',)]


def test_a_page_that_opens_a_draft_carries_it_on(cast: Cast, as_superuser: Connection) -> None:
    teacher = signed_in(cast, "teacher")
    teacher.post(save_url(cast), typed(seen="Begun on the phone"))

    carried_on = typed(seen="Begun on the phone, carried on at a desk") | tokens(teacher.get(NEW).text)
    teacher.post(save_url(cast), carried_on)

    kept = as_superuser.execute("select content ->> 'seen' from drafts_draft").fetchall()
    assert kept == [('["Begun on the phone, carried on at a desk"]',)]


def test_save_and_send_later_keeps_it_without_a_script(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    saved = teacher.post(NEW, typed(step="later", seen="For later"), follow=True)
    assert "It is not sent yet" in saved.text
    assert "Ffion Ap Rhys, 9B" in saved.text


def test_what_was_sent_is_not_said_to_be_saved_for_later(cast: Cast) -> None:
    teacher, form = signed_in(cast, "teacher"), typed(seen="All of it")
    teacher.post(NEW, form | {"step": "send"})

    again = teacher.post(NEW, form | {"step": "later", "seen": "All of it, and more"})

    assert "It was not saved" in again.text
    assert "All of it, and more" in again.text


def test_of_two_drafts_of_one_form_the_one_thrown_away_is_gone(cast: Cast, as_superuser: Connection) -> None:
    teacher, first = signed_in(cast, "teacher"), typed(seen="In the first tab")
    teacher.post(save_url(cast), first)
    teacher.post(save_url(cast), typed(once=first["once"], seen="In the second tab"))
    found = as_superuser.execute("select id from drafts_draft where content ->> 'seen' like '%first%'").fetchone()
    assert found

    teacher.post(f"/drafts/{found[0]}/discard/")

    kept = as_superuser.execute("select content ->> 'seen' from drafts_draft order by 1").fetchall()
    assert kept == [('["In the second tab"]',), (None,)]
    assert "In the second tab" in teacher.get(NEW).text


@pytest.mark.parametrize("at", ["/x?y=" + "1" * 300, "/concerns/new/?school=24%0A", "//elsewhere.example/", ""])
def test_a_draft_that_stands_nowhere_of_ours_is_refused(cast: Cast, at: str) -> None:
    address = f"/drafts/concern/{cast.place('larkmoor')}/?at={at}"
    assert signed_in(cast, "teacher").post(address, typed()).status_code == 404


def test_a_page_that_saves_twice_in_one_moment_is_one_draft(cast: Cast, as_superuser: Connection) -> None:
    form, school = typed(seen="At once"), cast.place("larkmoor")
    page = FormPage(UUID(form["once"]), UUID(form["draft_page"]), None)
    gate = Barrier(2)

    def save() -> None:
        with acting(cast.user("teacher"), page="test") as teacher:
            gate.wait()
            desk = Desk(school, DraftKind.CONCERN, f"{NEW}?school={school}")
            save_draft(by=teacher, at=now(), desk=desk, form=page, content={"seen": ["At once"]})

    with ThreadPoolExecutor(2) as both:
        first, second = both.submit(save), both.submit(save)
        assert (first.exception(60), second.exception(60)) == (None, None)
    assert as_superuser.execute("select count(*) from drafts_draft").fetchone() == (1,)


def test_nobody_throws_away_what_another_typed(cast: Cast, as_superuser: Connection) -> None:
    signed_in(cast, "teacher").post(save_url(cast), typed())
    found = as_superuser.execute("select id from drafts_draft").fetchone()
    assert found
    assert signed_in(cast, "spoc").post(f"/drafts/{found[0]}/discard/").status_code == 404


def test_a_draft_about_an_adult_stays_with_its_author(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    turned = teacher.post(NEW, typed(about="adult", seen="He shouted at her, alone in the lab."))
    assert "Raise a concern about an adult" in turned.text
    assert "He shouted at her, alone in the lab." in turned.text
    assert "He shouted at her" in teacher.get("/concerns/adult/").text


@pytest.mark.parametrize("wrong", [{"once": "nonsense"}, {"draft_page": ""}, {"draft_version": "x"}])
def test_a_draft_without_its_tokens_is_refused(cast: Cast, wrong: dict[str, str]) -> None:
    assert signed_in(cast, "teacher").post(save_url(cast), typed(**wrong)).status_code == 404


def test_what_was_sent_does_not_come_back_when_its_page_saves_it_late(cast: Cast, as_superuser: Connection) -> None:
    teacher, form = signed_in(cast, "teacher"), typed(seen="All of it")
    teacher.post(NEW, form | {"step": "send"})

    assert teacher.post(save_url(cast), form).status_code == 409

    assert as_superuser.execute("select content from drafts_draft where content <> '{}'").fetchall() == []
    assert "All of it" not in teacher.get(NEW).text


def test_a_draft_longer_than_any_form_is_refused(cast: Cast, as_superuser: Connection) -> None:
    teacher, endless = signed_in(cast, "teacher"), typed(seen="x" * (LONGEST + 1))
    assert teacher.post(save_url(cast), endless).status_code == 413
    assert "Use 20,000 characters or fewer" in teacher.post(NEW, endless).text
    assert as_superuser.execute("select count(*) from drafts_draft").fetchone() == (0,)


def test_whoever_asked_for_an_empty_form_comes_back_to_the_draft_after_the_lock(cast: Cast) -> None:
    page = signed_in(cast, "teacher").get("/account/lock/", {"next": f"{NEW}?school=3&empty"}).text
    assert f'name="next" value="{NEW}?school=3"' in page
    assert "Your drafts are saved" not in page
