"""A session left alone is locked: the next page asks who is there, and nothing that was typed is lost.

The time of the last request is kept to the minute, so a session locks after IDLE_MINUTES to a minute more.
A form sent on a locked session comes back inside the page that asks for the password, and is offered for
sending after it; nothing of it is kept on the server. Drafts are saved even then (see open_when_locked).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from schoolgate.access.forms import UnlockForm
from schoolgate.access.middleware import SIGN_IN_PATHS
from schoolgate.access.sign_in import SUPPLY_NAME, account_of
from schoolgate.core.clock import now

LOCKED, SEEN, ENDS = "locked", "seen", "ends"
LONGEST_HELD = 500_000  # characters; more than the longest form

View = TypeVar("View", bound=Callable[..., Any])


def open_when_locked(view: View) -> View:
    """Mark a view that answers on a locked session too: the ways out, and the saving of drafts."""
    view.open_when_locked = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Held:
    """A form that was sent on a locked session, on its way through the page that unlocks."""

    path: str
    content: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Names and values, as they were sent."""
        content = QueryDict(self.content)
        return [(name, value) for name, values in content.lists() for value in values]


def held_from(request: HttpRequest) -> Held | None:
    """The held form that came with the password, if there is one and it goes to a page of ours."""
    held = Held(request.POST.get("held_path", ""), request.POST.get("held", ""))
    return held if held.content and is_ours(request, held.path) else None


def is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


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
        "is_held": bool(held),
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
    content = request.POST.copy()
    content.pop("csrfmiddlewaretoken", None)
    held = Held(request.get_full_path(), content.urlencode())
    fits = len(held.content) <= LONGEST_HELD
    return lock_page(request, form=UnlockForm(), back="/", held=held if fits else None, status=403)
