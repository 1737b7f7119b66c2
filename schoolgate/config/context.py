"""What every page is given besides its own view's words."""

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from schoolgate.access.idle_lock import LOCKED
from schoolgate.access.selectors import name_of_account
from schoolgate.access.sign_in import SUPPLY_NAME, is_supply_account
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.policies import may_receive_allegations
from schoolgate.core.clock import now
from schoolgate.directory.policies import administers
from schoolgate.governance.policies import may_read_log
from schoolgate.insight.policies import may_see_board
from schoolgate.partnership.policies import may_have_agreements, may_oversee, may_write_documents
from schoolgate.ui.forms import TYPED_BY
from schoolgate.ui.presenters import NavigationLink, moment_words


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the menu, the ways out, and whether this is the demonstration."""
    viewer = getattr(request, "viewer", Viewer())
    always = {
        "messages": get_messages(request),
        "demo": settings.DEMO,
        "navigation": navigation(viewer, request.path_info),
    }
    return always | _ways_out(request, viewer)


def _ways_out(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Sign out and lock, for somebody who is signed in; a locked page has no more to lock."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    name = request.session.get(SUPPLY_NAME) or viewer.name or _name_at_the_door(request) or request.user.email
    ways: dict[str, Any] = {"sign_out_url": reverse("account_logout"), "signed_in": name}
    ways["csrf_input"] = _token_input(request)
    ways["opened_at"] = moment_words(now(), now=None)
    if not request.session.get(LOCKED):
        ways |= {
            "account_url": "" if is_supply_account(request.user) else reverse("account_home"),
            "lock_url": reverse("account_lock"),
            "idle_seconds": settings.IDLE_MINUTES * 60,
        }
    return ways


def _token_input(request: HttpRequest) -> Markup:
    """What every form sends unseen: its token, and whose account it was shown to."""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return hidden.format("csrfmiddlewaretoken", get_token(request)) + hidden.format(TYPED_BY, request.user.pk)


def _name_at_the_door(request: HttpRequest) -> str:
    """Whoever is signed in, on a page that enters no circle."""
    return "" if hasattr(request, "viewer") else name_of_account(request.user.pk or 0)


def navigation(viewer: Viewer, path: str) -> list[NavigationLink]:
    """The menu of this person: what their roles open, and the notices that wait; nothing for a stranger.

    What is rarely wanted stands on the home page (see insight): a phone shows the menu on every page.
    """
    if viewer.person is None:
        return []
    writes, triages = viewer.organisations("staff"), viewer.organisations("school")
    exchanges, notices = viewer.organisations("partnership"), reverse("notices:notices")
    places = [
        (True, _("Home"), reverse("insight:home")),
        (writes, _("My concerns"), reverse("concerns:own")),
        (triages, _("Triage"), reverse("concerns:inbox")),
        (may_receive_allegations(viewer), _("Concerns about adults"), reverse("concerns:allegations")),
        (exchanges, _("Shares"), reverse("exchange:shares")),
        (exchanges, _("Enquiries"), reverse("exchange:enquiries")),
        (may_see_board(viewer), _("The board"), reverse("insight:board")),
        (may_have_agreements(viewer), _("Agreements"), reverse("partnership:agreements")),
        (may_write_documents(viewer), _("Documents"), reverse("partnership:documents")),
        (may_oversee(viewer), _("Schools"), reverse("partnership:overview")),
        (may_read_log(viewer), _("The log"), reverse("governance:log")),
        (administers(viewer), _("Directory"), reverse("directory:start")),
        (True, _("Notices"), notices),
    ]
    return [
        NavigationLink(text, href, current=_is_here(path, href), count=viewer.waiting if href == notices else 0)
        for opens, text, href in places
        if opens
    ]


def _is_here(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))
