"""Every address of the sign-in pages, asked by a stranger, a teacher and a locked session."""

import pytest
from django.test import Client
from django.urls import reverse

from schoolgate.access.tests.browsing import enter_password
from schoolgate.access.urls import urlpatterns

pytestmark = pytest.mark.usefixtures("committed_database")

FILLED = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
    "mfa_remove_webauthn": {"pk": 1},
    "openid_connect_login": {"provider_id": "1"},
    "openid_connect_callback": {"provider_id": "1"},
}
ADDRESSES = {pattern.name: reverse(pattern.name, kwargs=FILLED.get(pattern.name)) for pattern in urlpatterns}

# What a stranger finds; every other address sends them to sign in.
OPEN = {
    "account_login": 200,
    "account_supply": 200,
    "account_school": 200,
    "account_inactive": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "socialaccount_login_cancelled": 200,
    "openid_connect_login": 404,
    "openid_connect_callback": 404,
}
OPEN_WHEN_LOCKED = {
    "account_logout",
    "account_lock",
    "account_supply",
    "account_school",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
}


def test_a_stranger_finds_only_the_ways_in() -> None:
    for name, address in ADDRESSES.items():
        shown, sent = Client().get(address), Client().post(address)
        assert (shown.headers["Cache-Control"], sent.headers["Cache-Control"]) == ("no-store", "no-store"), name
        assert sent.status_code in (OPEN.get(name, 302), 302, 405), (name, sent.status_code)
        assert shown.status_code == OPEN.get(name, 302), (name, shown.status_code)
        if name not in OPEN:
            assert shown.headers["Location"].startswith("/account/login/"), (name, shown.headers["Location"])


def test_no_address_fails_for_a_teacher(teacher: str) -> None:
    for name, address in ADDRESSES.items():
        browser = Client()
        enter_password(browser, teacher)
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code in (200, 302, 404, 405), (name, answer.status_code)


def test_a_locked_session_finds_only_the_ways_out(teacher: str) -> None:
    browser = Client()
    for name, address in ADDRESSES.items():
        if "_auth_user_id" not in browser.session:
            enter_password(browser, teacher)
            browser.get("/account/lock/")
        answer = browser.get(address)
        locked_out = answer.headers.get("Location", "").startswith("/account/lock/")
        assert locked_out == (name not in OPEN_WHEN_LOCKED), (name, answer.status_code)
