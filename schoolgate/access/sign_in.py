"""What a session proves: who signed in, whether with a second factor, and whether it is locked."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from schoolgate.access.models import User
from schoolgate.core.clock import now

# Pages of the sign-in role: they hold no records, and run before anybody is known.
SIGN_IN_PATHS = ("/account/", "/demo/", "/static/", "/health/")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECOND_FACTOR = "second_factor"
LAST_FACTOR = "last_factor"  # which kind of second factor was given last, and when
FRESH = dt.timedelta(minutes=5)
DEMONSTRATION = "demonstration"
SUPPLY_NAME = "supply_name"  # who came with the code for the day, as they gave it


def sign_in_as(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Sign the person in without asking them, in a new session; whoever calls this has made sure who they are.

    second_factor: whether what made sure counts as a second factor.
    """
    request.session.flush()
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    if second_factor:
        request.session[SECOND_FACTOR] = user.pk


def account_of(request: HttpRequest) -> User:
    """The account that is signed in. Raises PermissionDenied for nobody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def is_supply_account(user: Any) -> bool:
    """Whether an account is the one that all supply staff of a school share, which only the code for the day opens."""
    return str(getattr(user, "email", "")).endswith("@supply.invalid")


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session's person gave a second factor, or a passkey, in it."""
    return bool(request.session.get(SECOND_FACTOR) == request.user.pk)


def remember_second_factor(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Called by the sign-in library when a second factor was used or has just been set up."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES or "reauthenticated" in kwargs:
        request.session[SECOND_FACTOR] = user.pk
        request.session[LAST_FACTOR] = [authenticator.type, int(now().timestamp())]


def fresh_second_factor(request: HttpRequest, *, at: dt.datetime) -> str:
    """The kind of second factor that was given within the last five minutes, for a signature; else nothing.

    The demonstration's people have no second factor to give.
    """
    kind, given = request.session.get(LAST_FACTOR, ["", 0])
    if kind == DEMONSTRATION:
        return DEMONSTRATION if settings.DEMO else ""
    return str(kind) if at.timestamp() - given < FRESH.total_seconds() else ""


def forget_second_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Called by the sign-in library when a second factor was removed: the last takes the proof with it."""
    if not Authenticator.objects.filter(user_id=user.pk).exists():
        request.session.pop(SECOND_FACTOR, None)
