"""The briefing: everybody reads their pages and says so, again when the words are new; else they are reminded."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Notice, NoticeKind
from schoolgate.partnership.models import Acknowledgement, BriefingPage
from schoolgate.partnership.selectors import awareness
from schoolgate.partnership.services.awareness import remind_staff
from schoolgate.partnership.tests.doings import TODAY

pytestmark = pytest.mark.usefixtures("committed_database")


def address(cast: Cast, page: str = "") -> str:
    return f"/schools/{cast.place('larkmoor')}/briefing/{page}"


def acknowledge(browser: Client, cast: Cast, page: str = "ssp/", **changes: str) -> str:
    """Read a page and say so; gives what is said next."""
    shown = browser.get(address(cast, page)).text
    found = re.search(r'name="digest" value="([^"]*)"', shown)
    assert found
    return browser.post(address(cast, page), {"digest": found[1]} | changes, follow=True).text


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        ("teacher", ["School staff"]),
        ("spoc", ["The SPOC"]),
        ("head", ["The head teacher"]),
        ("dsl", ["The DSL"]),
        ("officer", ["The officer"]),
        ("sergeant", ["The Safer Schools sergeant"]),
    ],
)
def test_each_role_finds_its_own_pages_on_top(cast: Cast, key: str, titles: list[str]) -> None:
    mine, _heading, others = signed_in(cast, key).get(address(cast)).text.partition("The parts of the others")
    for title in ["What a Safer School Partnership is", *titles]:
        assert title in mine
        assert title not in others
    assert "School staff" in others or key == "teacher"


@pytest.mark.parametrize("page", list(BriefingPage))
def test_every_page_opens_with_this_schools_own_people_and_no_empty_field(cast: Cast, page: BriefingPage) -> None:
    shown = signed_in(cast, "teacher").get(address(cast, f"{page}/")).text
    assert "[[" not in shown
    assert "Josephine Larch" in shown or "Ada Fern" in shown or "Winifred Quill" in shown


def test_a_school_without_agreement_and_people_reads_it_too(cast: Cast) -> None:
    school = cast.place("candlewick")
    for page in BriefingPage:
        shown = signed_in(cast, "candlewick-head").get(f"/schools/{school}/briefing/{page}/").text
        assert "[[" not in shown


def test_it_is_acknowledged_once(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    assert teacher.get(address(cast)).text.count("To read") == 2
    assert "It is noted that you have read it" in acknowledge(teacher, cast)
    assert teacher.get(address(cast)).text.count("To read") == 1
    assert "To read" not in signed_in(cast, "officer").get(address(cast)).text, "officers acknowledge nothing"
    digest = awareness.digest_of(BriefingPage.SSP)
    for _ in range(2):
        teacher.post(address(cast, "ssp/"), {"digest": digest})
    with acting(cast.user("teacher"), page="test"):
        assert Acknowledgement.objects.filter(page="ssp").count() == 1


def test_new_words_must_be_read_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = signed_in(cast, "teacher")
    acknowledge(teacher, cast)
    with acting(cast.user("teacher"), page="test") as viewer:
        assert BriefingPage.SSP in awareness.read_by(viewer, cast.place("larkmoor"))
        monkeypatch.setattr(awareness, "_template", lambda page: f"New words of {page}.")
        assert BriefingPage.SSP not in awareness.read_by(viewer, cast.place("larkmoor"))
    assert "Read them first" in acknowledge(teacher, cast, digest="0" * 64)
    acknowledge(teacher, cast)
    with acting(cast.user("teacher"), page="test") as viewer:
        assert BriefingPage.SSP in awareness.read_by(viewer, cast.place("larkmoor"))


def test_the_head_teacher_sees_the_share_and_reminds_whoever_has_not_read_it(cast: Cast) -> None:
    acknowledge(signed_in(cast, "teacher"), cast)
    head = signed_in(cast, "head")
    page = f"/schools/{cast.place('larkmoor')}/staff/"
    _before, _heading, read = head.get(page).text.partition("Have read it</h2>")
    assert "Amara Wren" in read
    once = {"once": str(uuid4())}
    assert "Nobody was reminded yet." in head.get(page).text
    reminding = head.post(f"{page}remind/", once, follow=True).text
    assert "were reminded" in reminding
    assert "Last reminded: today at" in reminding
    head.post(f"{page}remind/", once)
    reminded = {}
    for key in ("teacher", "other-teacher", "spoc", "officer", "other-spoc"):
        with acting(cast.user(key), page="test"):
            reminded[key] = Notice.objects.filter(kind=NoticeKind.BRIEFING_TO_READ).count()
    assert reminded == {"teacher": 0, "other-teacher": 1, "spoc": 1, "officer": 0, "other-spoc": 0}


def test_the_share_is_of_a_hundred_and_only_all_are_all(cast: Cast) -> None:
    acknowledge(signed_in(cast, "teacher"), cast)
    with acting(cast.user("head"), page="test") as head:
        shares = awareness.shares_of(awareness.readers_of_briefing(head, cast.place("larkmoor"), on=TODAY))
    assert sum(share.aware for share in shares) == 1
    assert all(0 <= share.percent < 100 for share in shares)


@pytest.mark.parametrize("key", ["teacher", "dsl", "officer", "other-head"])
def test_nobody_but_head_teacher_and_spoc_reminds(cast: Cast, key: str) -> None:
    with acting(cast.user(key), page="test") as viewer, pytest.raises(PermissionDenied):
        remind_staff(by=viewer, at=now(), school=cast.place("larkmoor"), once=uuid4())


@pytest.mark.parametrize("key", ["other-head", "other-sergeant", "unassigned-officer", "yjs", "youth-lead", "admin"])
def test_outsiders_find_nothing(cast: Cast, key: str) -> None:
    browser = signed_in(cast, key)
    for page in ("", "ssp/", "staff/"):
        assert browser.get(address(cast, page)).status_code == 404


def test_a_page_that_is_none_is_not_there(cast: Cast) -> None:
    assert signed_in(cast, "teacher").get(address(cast, "governors/")).status_code == 404
