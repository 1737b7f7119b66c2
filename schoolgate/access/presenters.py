"""The words for accounts, and for the devices on which somebody is signed in."""

import datetime as dt
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from schoolgate.access.selectors import PersonAccount
from schoolgate.ui.presenters import capitalised, moment_words

# First match wins: Edge says that it is Chrome, Chrome says that it is Safari, Android says that it is Linux.
BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome"}
BROWSERS |= {"Safari": "Safari"}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS"}
SYSTEMS |= {"Macintosh": "Mac", "Linux": "Linux"}


def device_words(user_agent: str) -> str:
    """What a browser says that it is, in two words: "Chrome, Windows"."""
    browser = _first(BROWSERS, user_agent) or _("A browser")
    return ", ".join(filter(None, [browser, _first(SYSTEMS, user_agent)]))


def device_rows(sessions: Iterable[UserSession], *, now: dt.datetime) -> list[dict[str, str]]:
    """A row for each device: which, and since when; this one is said to be so."""
    return [
        {
            "name": _("This one") if session.is_current() else device_words(session.user_agent),
            "text": _("%(device)s at %(address)s, since %(when)s")
            % {
                "device": device_words(session.user_agent),
                "address": session.ip,
                "when": moment_words(session.created_at, now=now),
            },
        }
        for session in sessions
    ]


def account_facts(account: PersonAccount, *, now: dt.datetime) -> list[dict[str, str]]:
    """How far somebody has come with signing in."""
    last = capitalised(moment_words(account.last_sign_in, now=now)) if account.last_sign_in else _("Never")
    return [
        {"name": _("Signs in as"), "text": account.email},
        {"name": _("Signed in last"), "text": last},
        {"name": _("Password"), "text": _("Chosen") if account.has_password else _("Not chosen yet")},
        {"name": _("Second factor"), "text": _("Set up") if account.has_second_factor else _("Not set up")},
    ]


def _first(words: dict[str, str], user_agent: str) -> str:
    return next((word for mark, word in words.items() if mark in user_agent), "")
