"""Whoever reads others' records gives a second factor."""

import pytest
import time_machine
from django.test import Client

from schoolgate.access.tests.browsing import code_of, enter_password, is_signed_out, recovery_codes, set_up_app
from schoolgate.core.clock import now

pytestmark = pytest.mark.usefixtures("committed_database")


def test_a_teacher_signs_in_with_a_password_alone(teacher: str) -> None:
    browser = Client()
    assert enter_password(browser, teacher, next="/records/").headers["Location"] == "/records/"
    assert browser.get("/records/").content == b"records of Teacher"


def test_a_spoc_without_a_second_factor_sees_only_its_set_up(spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    answer = browser.get("/records/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/second-factor/")
    sent = browser.post("/records/", {"words": "what was typed"})
    assert (sent.status_code, "what was typed" in sent.text, "records of" in sent.text) == (403, True, False)
    assert "Set up your second factor" in browser.get("/account/second-factor/").text


def test_setting_up_an_app_opens_the_records_and_shows_the_recovery_codes_once(spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    page = browser.get("/account/second-factor/recovery-codes/")
    assert 'download="schoolgate-recovery-codes.txt"' in page.text
    assert page.text.count('<li class="sg-code">') == 10
    assert recovery_codes(browser) == []
    assert browser.get("/records/").content == b"records of Spoc"


def test_the_next_sign_in_asks_for_a_code_and_refuses_a_wrong_one(spoc: str) -> None:
    first = Client()
    enter_password(first, spoc)
    secret = set_up_app(first)
    browser = Client()
    assert enter_password(browser, spoc).headers["Location"] == "/account/second-factor/ask/"
    assert is_signed_out(browser)
    wrong = browser.post("/account/second-factor/ask/", {"code": "000000"})
    assert "That code is not right" in wrong.text
    assert browser.post("/account/second-factor/ask/", {"code": code_of(secret)}).status_code == 302
    assert browser.get("/records/").content == b"records of Spoc"


def test_a_code_that_was_used_is_refused_while_it_would_still_be_accepted(spoc: str) -> None:
    start = int(now().timestamp()) // 30 * 30
    browsers = [Client() for _each in range(4)]
    with time_machine.travel(start, tick=False):
        enter_password(browsers[0], spoc)
        secret = set_up_app(browsers[0])
        for browser in browsers[1:]:
            enter_password(browser, spoc)
        code = code_of(secret)
        assert browsers[1].post("/account/second-factor/ask/", {"code": code}).status_code == 302
        assert "used before" in browsers[2].post("/account/second-factor/ask/", {"code": code}).text
    with time_machine.travel(start + 59, tick=False):
        assert "used before" in browsers[2].post("/account/second-factor/ask/", {"code": code}).text
        fresh = {"code": code_of(secret)}
        assert browsers[3].post("/account/second-factor/ask/", fresh).status_code == 302


def test_a_recovery_code_works_once(spoc: str) -> None:
    first = Client()
    enter_password(first, spoc)
    set_up_app(first)
    code = recovery_codes(first)[0]
    second, third = Client(), Client()
    for browser in (second, third):
        enter_password(browser, spoc)
    assert second.post("/account/second-factor/ask/", {"code": code}).status_code == 302
    assert second.get("/records/").content == b"records of Spoc"
    assert "That code is not right" in third.post("/account/second-factor/ask/", {"code": code}).text


def test_wrong_codes_are_counted_across_processes_and_stopped(spoc: str) -> None:
    first = Client()
    enter_password(first, spoc)
    secret = set_up_app(first)
    browser = Client()
    enter_password(browser, spoc)
    for _ in range(5):
        browser.post("/account/second-factor/ask/", {"code": "000000"})
    assert "Too many wrong codes" in browser.post("/account/second-factor/ask/", {"code": code_of(secret)}).text


def test_removing_the_last_second_factor_closes_the_records_at_once(spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    browser.post("/account/second-factor/app/remove/")
    assert browser.get("/records/").headers["Location"] == "/account/second-factor/"


def test_one_persons_second_factor_proves_nothing_for_the_next(teacher: str, spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    browser.post("/account/logout/")
    enter_password(browser, teacher)
    assert "second_factor" not in browser.session


def test_secrets_of_apps_are_not_readable_in_the_database(spoc: str, as_superuser) -> None:
    browser = Client()
    enter_password(browser, spoc)
    secret = set_up_app(browser)
    kept = as_superuser.execute("select data::text from mfa_authenticator where type = 'totp'").fetchone()[0]
    assert secret not in kept
