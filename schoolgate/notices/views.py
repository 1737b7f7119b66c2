"""The list of what waits for a person, and the way from there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.notices import selectors, services
from schoolgate.notices.presenters import notice_rows


@require_GET
def notices(request: Request) -> HttpResponse:
    """What is new, then what was seen."""
    at = now()
    lines = selectors.notices(at=at)
    context = {
        "heading": _("Notices"),
        "rows": notice_rows(lines, now=at),
        "some_new": any(not line.seen for line in lines),
        "empty_text": _("Nothing has come for you in the last month."),
        "empty_action": _("Go to your home page"),
        "empty_href": reverse("insight:home"),
    }
    return render(request, "notices/notices.html", context)


@require_GET
def open_notice(request: Request, notice: UUID) -> HttpResponse:
    """Mark it as seen and go to what it is about."""
    return redirect(services.mark_seen(by=request.viewer, at=now(), notice=notice))


@require_POST
def mark_all_seen(request: Request) -> HttpResponse:
    """Mark all as seen."""
    count = services.mark_all_seen(by=request.viewer, at=now())
    words = ngettext("%(count)s notice marked as seen", "%(count)s notices marked as seen", count)
    messages.success(request, words % {"count": count})
    return redirect("notices:notices")
