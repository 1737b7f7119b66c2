"""What people do at the sign-in pages, in a browser without scripts."""

import json
import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from schoolgate.access import services

PASSWORD = "three random words"


def enter_password(browser: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return browser.post("/account/login/", {"login": email, "password": password, **extra})


def code_of(secret: str, steps_from_now: int = 0) -> str:
    """What an authenticator app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_from_now))


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app for whoever is signed in; gives its secret."""
    assert "Set up an authenticator app" in browser.get("/account/second-factor/app/").text
    secret = str(browser.session["mfa.totp.secret"])
    answer = browser.post("/account/second-factor/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/second-factor/recovery-codes/"
    return secret


def recovery_codes(browser: Client) -> list[str]:
    """The codes that the page shows now."""
    return re.findall(r'<li class="sg-code">([0-9]+)</li>', browser.get("/account/second-factor/recovery-codes/").text)


def is_signed_out(browser: Client) -> bool:
    """Whether a page of records sends this browser to sign in."""
    return browser.get("/records/").headers.get("Location") == "/account/login/?next=/records/"


def run_the_jobs() -> None:
    """Send the e-mails that wait, as the worker does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where task_name = %s returning args::text", [services.SEND_ACCOUNT_MAIL]
        )
        waiting = [json.loads(row[0]) for row in cursor.fetchall()]
    app.perform_import_paths()
    for arguments in waiting:
        app.tasks[services.SEND_ACCOUNT_MAIL](**arguments)
