"""Signing in and out, locking out, and what stays in the browser: nothing."""

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from procrastinate.contrib.django import app
from psycopg import Connection

from schoolgate.access.tests.browsing import PASSWORD, enter_password, is_signed_out, run_the_jobs
from schoolgate.core.clock import now

pytestmark = pytest.mark.usefixtures("committed_database")

NEW_PASSWORD = "other random words"


def test_a_wrong_password_says_so_and_keeps_the_address(teacher: str) -> None:
    answer = enter_password(Client(), teacher, "wrong")
    assert "The e-mail address or the password is not right" in answer.text
    assert f'value="{teacher}"' in answer.text


def test_an_empty_form_says_what_to_do() -> None:
    answer = enter_password(Client(), "", "")
    assert "Enter your e-mail address" in answer.text
    assert "Enter your password" in answer.text


def test_five_wrong_passwords_lock_the_account_here_and_say_until_when(teacher: str, spoc: str) -> None:
    for _ in range(4):
        assert enter_password(Client(), teacher, "wrong").status_code == 200
    for password in ("wrong", PASSWORD):
        answer = enter_password(Client(), teacher, password)
        assert answer.status_code == 429
        assert "Too many wrong attempts" in answer.text
        assert re.search(r"Try again today at [0-9]", answer.text)
    assert enter_password(Client(), spoc).status_code == 302, "another account at the same address"
    elsewhere = Client(REMOTE_ADDR="10.1.1.1")
    assert enter_password(elsewhere, teacher).status_code == 302, "the same account elsewhere"


def test_trying_while_locked_out_does_not_make_it_longer(teacher: str) -> None:
    start = now().timestamp() - 60 * 60
    for minutes in (0, 0, 0, 0, 0, 14):
        with time_machine.travel(start + minutes * 60):
            enter_password(Client(), teacher, "wrong")
    with time_machine.travel(start + 16 * 60):
        assert enter_password(Client(), teacher).status_code == 302


def test_failures_and_lock_outs_are_kept_without_the_password(teacher: str, as_superuser: Connection) -> None:
    for _ in range(5):
        enter_password(Client(), teacher, "almost my password")
    failures = as_superuser.execute("select username, locked_out from axes_accessfailurelog order by id").fetchall()
    assert failures == [(teacher, False)] * 4 + [(teacher, True)]
    kept = as_superuser.execute("select post_data from axes_accessattempt").fetchall()
    assert "almost my password" not in str(kept)


def test_a_closed_account_is_told_so_only_with_the_right_password(teacher: str, as_superuser: Connection) -> None:
    as_superuser.execute("update access_user set is_active = false where email = %s", [teacher])
    assert "not right" in enter_password(Client(), teacher, "wrong").text
    browser = Client()
    assert enter_password(browser, teacher).headers["Location"] == "/account/inactive/"
    assert "This account is closed" in browser.get("/account/inactive/").text
    assert is_signed_out(browser)


def test_signing_in_changes_the_session(teacher: str) -> None:
    browser = Client()
    browser.get("/account/login/")
    session = browser.session
    session["planted"] = "yes"
    session.save()
    browser.cookies["sessionid"] = before = session.session_key
    enter_password(browser, teacher)
    assert browser.cookies["sessionid"].value != before


def test_the_session_ends_with_the_browser_and_is_hidden_from_scripts(teacher: str) -> None:
    cookie = enter_password(Client(), teacher).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_no_answer_is_kept_by_the_browser(teacher: str) -> None:
    browser = Client()
    answers = [browser.get("/account/login/"), enter_password(browser, teacher), browser.get("/records/")]
    answers += [browser.get("/account/devices/"), browser.get("/nothing-here/")]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 5


def test_signing_out_ends_the_session_and_clears_the_browser(teacher: str) -> None:
    browser = Client()
    enter_password(browser, teacher)
    answer = browser.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert is_signed_out(browser)
    assert browser.get("/account/devices/").status_code == 302


def test_a_link_elsewhere_is_not_followed_after_signing_in(teacher: str) -> None:
    assert enter_password(Client(), teacher, next="https://elsewhere.example/").headers["Location"] == "/"


def test_signing_out_everywhere_else_leaves_only_this_session(teacher: str) -> None:
    here, there = Client(), Client(REMOTE_ADDR="10.1.1.1")
    for browser in (here, there):
        enter_password(browser, teacher)
    assert "10.1.1.1" in here.get("/account/devices/").text
    here.post("/account/devices/")
    assert is_signed_out(there)
    assert here.get("/records/").content == b"records of Teacher"


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(teacher: str) -> None:
    browser = Client()
    browser.post("/account/password/reset/", {"email": teacher})
    run_the_jobs()
    link = re.search(r"http://127\.0\.0\.1:\d+(/\S+)", mail.outbox[0].body)
    assert link
    answer = browser.get(link[1], follow=True)
    assert "Choose your password" in answer.text
    address = answer.redirect_chain[-1][0]
    for_short = browser.post(address, {"password1": "short", "password2": "short"})
    assert "too short" in for_short.text
    browser.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert enter_password(Client(), teacher, NEW_PASSWORD).status_code == 302
    assert enter_password(Client(), teacher, PASSWORD).status_code == 200
    assert "no longer works" in Client().get(link[1]).text


def test_asking_for_a_link_does_not_tell_who_has_an_account(teacher: str) -> None:
    answers = [
        Client().post("/account/password/reset/", {"email": email}, follow=True).text
        for email in (teacher, "nobody@north.example")
    ]
    assert answers[0] == answers[1]
    run_the_jobs()
    assert len(mail.outbox) == 1


def test_changing_the_password_asks_for_the_old_one_and_is_told_by_mail(teacher: str) -> None:
    browser = Client()
    enter_password(browser, teacher)
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "not your password" in browser.post("/account/password/change/", {"oldpassword": "wrong"} | new).text
    browser.post("/account/password/change/", {"oldpassword": PASSWORD} | new)
    assert enter_password(Client(), teacher, NEW_PASSWORD).status_code == 302
    run_the_jobs()
    assert [(message.to, "Your password was changed" in message.body) for message in mail.outbox] == [([teacher], True)]


def test_nobody_can_sign_up() -> None:
    for address in ("/account/signup/", "/account/second-factor/signup/", "/account/passkeys/signup/"):
        assert Client().get(address).status_code == 404


def test_sessions_that_ended_are_cleared_every_night(teacher: str, spoc: str, as_superuser: Connection) -> None:
    with time_machine.travel(now().timestamp() - 13 * 60 * 60):
        enter_password(Client(), teacher)
    enter_password(Client(), spoc)
    app.perform_import_paths()
    app.tasks["access.clear_sessions"](timestamp=0)
    assert as_superuser.execute("select count(*) from django_session").fetchone() == (1,)
