"""What every page is given besides its own view's words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from schoolgate.access.idle_lock import LOCKED
from schoolgate.access.viewer import Viewer
from schoolgate.ui.presenters import SignedIn


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the ways out, and whether this is the demonstration."""
    viewer = getattr(request, "viewer", Viewer())
    return {"viewer": viewer, "demo": settings.DEMO} | _ways_out(request, viewer)


def _ways_out(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Sign out and lock, for somebody who is signed in; a locked page has no more to lock."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    ways: dict[str, Any] = {"sign_out_url": reverse("account_logout")}
    if viewer.name:
        ways["signed_in"] = SignedIn(viewer.name, "")
    if not request.session.get(LOCKED):
        ways |= {"lock_url": reverse("account_lock"), "idle_seconds": settings.IDLE_MINUTES * 60}
    return ways
