"""Pages of the school circle: the inbox, a concern, what becomes of it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolgate.access.selectors import readers
from schoolgate.concerns import presenters, selectors, services
from schoolgate.concerns.forms import DecideForm
from schoolgate.concerns.models import Status
from schoolgate.concerns.selectors import TriagePage
from schoolgate.core.clock import now

SENSITIVE = "OFFICIAL-SENSITIVE"


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits in the school, late on top."""
    if not request.viewer.organisations("school"):
        raise Http404
    at = now()
    context = {
        "rows": presenters.inbox_rows(selectors.inbox(request.viewer, at), now=at),
        "decided": presenters.inbox_rows(selectors.decided(request.viewer, at), now=at),
    }
    return render(request, "concerns/inbox.html", context)


@require_http_methods(["GET", "POST"])
def concern(request: HttpRequest, concern: UUID) -> HttpResponse:
    """A concern with how it stands; looking at it opens it. A decision is posted here."""
    at = now()
    if request.method == "POST":
        return _decide(request, concern, at)
    services.open_concern(by=request.viewer, at=at, concern=concern)
    page = selectors.triage_page(concern)
    return _show(request, page, _form(request, page, at), at)


def _decide(request: HttpRequest, concern: UUID, at: dt.datetime) -> HttpResponse:
    page = selectors.triage_page(concern)
    form = _form(request, page, at)
    if not form.is_valid():
        return _show(request, page, form, at)
    try:
        services.decide(by=request.viewer, at=at, concern=concern, **form.decision)
    except services.DecidedMeanwhile:
        form.add_error(None, presenters.meanwhile_words(page, now=at))
        return _show(request, page, form.with_version(page.version), at)
    messages.success(request, _("Decided: %(decision)s.") % {"decision": Status(form.decision["decision"]).label})
    return redirect("concerns:triage", concern=concern)


def _form(request: HttpRequest, page: TriagePage, at: dt.datetime) -> DecideForm:
    posted = request.POST if request.method == "POST" else None
    return DecideForm(posted, now=at, status=page.status, version=page.version)


def _show(request: HttpRequest, page: TriagePage, form: DecideForm, at: dt.datetime) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "marking": SENSITIVE,
        "page": page,
        "state": str(Status(page.status).label),
        "tone": presenters.TONES.get(Status(page.status), "plain"),
        "state_text": presenters.status_words(page, now=at),
        "facts": presenters.concern_facts(page.concern, now=at),
        "timeline": presenters.steps_timeline(page, now=at),
        "readers": presenters.reader_rows(readers(page.concern.circles, page.concern.barred)),
    }
    return render(request, "concerns/triage.html", context)
