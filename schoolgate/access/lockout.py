"""Too many wrong passwords or codes: whom that counts for, and what the person is told."""

from collections.abc import Mapping
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schoolgate.core.clock import now
from schoolgate.ui.presenters import moment_words

Credentials = Mapping[str, Any] | None
CODES = "code for supply staff"
WRONG_PASSWORDS = 5
# All supply staff of a school share its address, so a few who mistype must not lock out the others. Of 500,000,000,000
# codes a stranger tries fewer than 10,000 a day from one address.
WRONG_CODES = 100


def failures_allowed(request: HttpRequest, credentials: Credentials = None) -> int:
    """How many wrong attempts at an account or a code lock it for the address that they came from."""
    return WRONG_CODES if name_tried(request, credentials) == CODES else WRONG_PASSWORDS


def name_tried(request: HttpRequest, credentials: Credentials = None) -> str:
    """The account that somebody tries to open; with the address of the computer it is what gets locked."""
    if "day_code" in (credentials or {}):
        return CODES
    return str((credentials or {}).get("email") or request.POST.get("login", "")).strip().lower()


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Credentials) -> HttpResponse:
    """Say when to try again and whom to ring."""
    address = request.META["REMOTE_ADDR"]
    tried = AccessAttempt.objects.filter(username=name_tried(request, credentials), ip_address=address)
    ends = tried.latest("attempt_time").attempt_time + settings.AXES_COOLOFF_TIME
    context = {"again": moment_words(ends, now=now()), "contact": settings.SUPPORT_CONTACT}
    return render(request, "account/locked_out.html", context, status=429)
