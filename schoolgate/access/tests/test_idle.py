"""A session left alone is locked, and what was typed is kept."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from schoolgate.access.tests.browsing import PASSWORD, enter_password, is_signed_out
from schoolgate.core.clock import now

pytestmark = pytest.mark.usefixtures("committed_database")

TWELVE_MINUTES = 12 * 60


@pytest.fixture
def left_alone(teacher: str) -> Client:
    """A browser whose person was away for twelve minutes."""
    browser = Client()
    with time_machine.travel(now().timestamp() - TWELVE_MINUTES):
        enter_password(browser, teacher)
        assert browser.get("/records/").status_code == 200
    return browser


def hidden_inputs(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def test_a_session_in_use_stays_open(teacher: str) -> None:
    browser = Client()
    start = now().timestamp() - 60 * 60
    with time_machine.travel(start, tick=False):
        enter_password(browser, teacher)
    for minutes in (9, 18, 27):
        with time_machine.travel(start + minutes * 60, tick=False):
            assert browser.get("/records/").status_code == 200


def test_after_being_left_alone_the_next_page_asks_who_is_there_and_leads_back(left_alone: Client) -> None:
    answer = left_alone.get("/records/?page=2")
    assert answer.headers["Location"] == "/account/lock/?next=%2Frecords%2F%3Fpage%3D2"
    page = left_alone.get(answer.headers["Location"]).text
    assert "Locked" in page
    assert "records of" not in page
    unlocked = left_alone.post("/account/lock/", {"password": PASSWORD, "next": "/records/?page=2"})
    assert unlocked.headers["Location"] == "/records/?page=2"
    assert left_alone.get("/records/").content == b"records of Teacher"


def test_a_wrong_password_keeps_it_locked(left_alone: Client) -> None:
    left_alone.get("/records/")
    answer = left_alone.post("/account/lock/", {"password": "something else", "next": "/records/"})
    assert "That is not your password" in answer.text
    assert left_alone.get("/records/").status_code == 302


def test_no_password_at_all_keeps_it_locked(left_alone: Client) -> None:
    left_alone.get("/records/")
    assert "Locked" in left_alone.post("/account/lock/", {"next": "/records/"}).text
    assert left_alone.post("/account/lock/", {"credential": "{}"}).status_code == 200
    assert left_alone.get("/records/").status_code == 302


def test_it_stays_locked_however_soon_the_next_request_comes(left_alone: Client) -> None:
    for _ in range(2):
        assert left_alone.get("/records/").status_code == 302


def test_it_can_be_locked_on_demand(teacher: str) -> None:
    browser = Client()
    enter_password(browser, teacher)
    browser.get("/account/lock/?next=/records/")
    assert browser.get("/records/").status_code == 302


def test_how_one_signs_in_cannot_be_changed_while_locked(left_alone: Client) -> None:
    for address in ("/account/password/change/", "/account/devices/", "/account/second-factor/"):
        assert left_alone.get(address).headers["Location"].startswith("/account/lock/")


def test_a_form_sent_on_a_locked_session_is_kept_and_offered_for_sending(left_alone: Client) -> None:
    answer = left_alone.post("/records/?step=2", {"what": 'He said "no".\nThen left.', "who": ["Kit", "Bo"]})
    assert answer.status_code == 403
    assert "What you typed has not been sent yet" in answer.text
    kept = hidden_inputs(answer.text)
    wrong = left_alone.post("/account/lock/", kept | {"password": "something else"})
    again = left_alone.post("/account/lock/", hidden_inputs(wrong.text) | {"password": PASSWORD})
    assert "Send it now?" in again.text
    assert 'action="/records/?step=2"' in again.text
    typed = [
        (name, unescape(value))
        for name, value in re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', again.text, re.S)
    ]
    assert typed == [("what", 'He said "no".\nThen left.'), ("who", "Kit"), ("who", "Bo")]


def test_a_kept_form_leads_to_no_other_site(left_alone: Client) -> None:
    left_alone.get("/records/")
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = left_alone.post(
            "/account/lock/", {"password": PASSWORD, "next": address, "held_path": address, "held": "a=b"}
        )
        assert answer.headers["Location"] == "/"


def test_nothing_of_a_kept_form_is_stored(left_alone: Client) -> None:
    left_alone.post("/records/", {"what": "He said no"})
    assert "He said no" not in str(dict(left_alone.session))


def test_signing_out_works_while_locked(left_alone: Client) -> None:
    left_alone.get("/records/")
    assert left_alone.post("/account/logout/").headers["Location"] == "/account/login/"
    assert is_signed_out(left_alone)
