"""A session left alone is locked: the next page asks who is there, and nothing that was typed is lost.

The time of the last request is kept to the minute, so a session locks after IDLE_MINUTES to a minute more.
A form sent on a locked session comes back inside the page that asks for the password, and is offered for
sending after it (see held). Drafts are saved even then (see open_when_locked).
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse

from schoolgate.access.forms import UnlockForm
from schoolgate.access.held import Held, held_of
from schoolgate.access.sign_in import SIGN_IN_PATHS, SUPPLY_NAME, account_of
from schoolgate.core.clock import now

LOCKED, SEEN, ENDS = "locked", "seen", "ends"

View = TypeVar("View", bound=Callable[..., Any])


def open_when_locked(view: View) -> View:
    """Mark a view that answers on a locked session too: the ways out, and the saving of drafts."""
    view.open_when_locked = True  # type: ignore[attr-defined]
    return view


def lock(request: HttpRequest) -> None:
    """Lock this session until its person shows who they are."""
    request.session[LOCKED] = True


def unlock(request: HttpRequest, *, at: dt.datetime) -> None:
    """Open the session again; whoever calls this has made sure that it is the same person."""
    request.session.pop(LOCKED, None)
    request.session[SEEN] = int(at.timestamp())


def end_at(request: HttpRequest, moment: dt.datetime) -> None:
    """End this session at that moment, used or not."""
    request.session[ENDS] = int(moment.timestamp())


def is_locked(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether the session is locked; one that was left alone too long is locked from now on."""
    idle = at.timestamp() - request.session.get(SEEN, at.timestamp())
    if idle > (settings.IDLE_MINUTES + 1) * 60:
        lock(request)
    return bool(request.session.get(LOCKED))


def lock_page(request: HttpRequest, *, form: UnlockForm, back: str, held: Held | None, status: int) -> HttpResponse:
    """The page that asks who is there.

    back: where the person was. held: the form that they sent.
    """
    account = account_of(request)
    passkeys = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.WEBAUTHN).exists()
    context = {
        "form": form,
        "hidden": {"next": back} | ({"held_path": held.path, "held": held.content} if held else {}),
        "held": held,
        "password": account.has_usable_password(),
        "passkey": {"request_options": begin_authentication(account)} if passkeys else None,
        "supply": SUPPLY_NAME in request.session,
        "provider": SocialAccount.objects.filter(user_id=account.pk).values_list("provider", flat=True).first(),
        "button": may_unlock_by_button(request),
    }
    return render(request, "account/lock.html", context, status=status)


def may_unlock_by_button(request: HttpRequest) -> bool:
    """Whether nothing is asked: the demonstration's people have neither password nor passkey."""
    return bool(settings.DEMO and not account_of(request).has_usable_password() and SUPPLY_NAME not in request.session)


class IdleLockMiddleware:
    """Stands outside CirclesMiddleware: a locked session enters no circle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/") or not request.user.is_authenticated:
            return self.get_response(request)
        at = now()
        if request.session.get(ENDS, at.timestamp()) < at.timestamp():
            logout(request)
            return self.get_response(request)
        if is_locked(request, at=at):
            return self.get_response(request) if _is_open(request) else _locked_out(request)
        if at.timestamp() - request.session.get(SEEN, 0) > 60:
            request.session[SEEN] = int(at.timestamp())
        return self.get_response(request)


def _is_open(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "open_when_locked", False)
    except Resolver404:
        return True


def _locked_out(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" or request.path_info.startswith(SIGN_IN_PATHS):
        return redirect(f"{reverse('account_lock')}?{urlencode({'next': request.get_full_path()})}")
    return lock_page(request, form=UnlockForm(), back="/", held=held_of(request), status=403)
