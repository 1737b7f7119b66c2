"""Whoever lost their session, or signed in again in another tab, loses nothing of what they typed."""

import re
from html import unescape

import pytest
from django.test import Client

from schoolgate.access.tests.browsing import enter_password, set_up_app

pytestmark = pytest.mark.usefixtures("committed_database")

TYPED = {"what": 'He said "no".\nThen left.', "who": ["Kit", "Bo"]}
AS_TYPED = [("what", 'He said "no".\nThen left.'), ("who", "Kit"), ("who", "Bo")]


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def kept(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page, re.S)
    return [(name, unescape(value)) for name, value in found]


def sign_in(browser: Client, email: str) -> None:
    """In a browser that sends no token, all the same."""
    browser.handler.enforce_csrf_checks = False
    enter_password(browser, email)
    browser.handler.enforce_csrf_checks = True


def test_what_a_stranger_sent_is_offered_again_once_they_signed_in(teacher: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/records/?step=2", TYPED)
    assert answer.status_code == 403
    assert "You were signed out" in answer.text
    assert 'href="/account/supply/" target="_blank"' in answer.text
    assert kept(answer.text) == AS_TYPED
    stale = token(answer.text)
    sign_in(browser, teacher)
    again = browser.post("/records/?step=2", TYPED | {"csrfmiddlewaretoken": stale})
    assert again.status_code == 403
    assert "Send it now?" in again.text
    assert 'action="/records/?step=2"' in again.text
    assert kept(again.text) == AS_TYPED
    sent = browser.post("/records/?step=2", TYPED | {"csrfmiddlewaretoken": token(again.text)})
    assert sent.content == b"records of Teacher"


def test_what_was_sent_before_the_second_factor_is_kept(spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    assert kept(browser.post("/records/", TYPED).text) == AS_TYPED
    set_up_app(browser)
    assert browser.post("/records/", TYPED).status_code == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.elsewhere.example"])
def test_words_that_another_site_sent_are_not_offered(teacher: str, origin: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    stranger = browser.post("/records/", TYPED, headers={"Origin": origin})
    assert stranger.headers["Location"].startswith("/account/login/")
    sign_in(browser, teacher)
    answer = browser.post("/records/", TYPED, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "He said" not in answer.text


def test_a_password_is_never_handed_back(teacher: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/account/login/", {"login": teacher, "password": "three random words"})
    assert answer.status_code == 403
    assert "three random words" not in answer.text


def test_what_was_sent_to_an_address_that_leads_elsewhere_is_not_offered() -> None:
    answer = Client().post("/", TYPED, PATH_INFO="//elsewhere.example/")
    assert answer.headers["Location"].startswith("/account/login/")
