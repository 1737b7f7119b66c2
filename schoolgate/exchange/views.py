"""The pages of the exchange. Each calls one selector or one service."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.exchange import forms, presenters, selectors, services
from schoolgate.exchange.policies import may_answer
from schoolgate.ui.forms import Form

Save = Callable[..., None]


@require_GET
def shares(request: Request) -> HttpResponse:
    """The shares that the viewer may read."""
    page = selectors.shares_page(request.viewer, after=request.GET.get("after", ""))
    return render(request, "exchange/shares.html", presenters.list_page(page, now=now()))


@require_GET
def share(request: Request, share: UUID) -> HttpResponse:
    """One share."""
    record = selectors.share_record(request.viewer, share)
    words = presenters.share_page(record, request.viewer, now=now())
    return render(request, "exchange/share.html", words | {"once": uuid4()})


@require_POST
def acknowledge(request: Request, share: UUID) -> HttpResponse:
    """One tap."""
    form = forms.OnceForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    services.acknowledge_share(by=request.viewer, at=now(), share=share, once=form.cleaned_data["once"])
    messages.success(request, _("Acknowledged."))
    return redirect("exchange:share", share)


@require_http_methods(["GET", "POST"])
def plan(request: Request, share: UUID) -> HttpResponse:
    """What will be done, by when."""
    return _step(request, share, forms.PlanForm, services.plan_share, _("What will be done?"))


@require_http_methods(["GET", "POST"])
def done(request: Request, share: UUID) -> HttpResponse:
    """What was done."""
    return _step(request, share, forms.DoneForm, services.record_done, _("What was done?"))


@require_http_methods(["GET", "POST"])
def report(request: Request, share: UUID) -> HttpResponse:
    """What the sender may know."""
    return _step(request, share, forms.ReportForm, services.report_back, _("Report back"))


def _step(request: Request, share: UUID, form_class: type[Form], save: Save, heading: str) -> HttpResponse:
    """A form that takes a share one step on."""
    at = now()
    record = selectors.share_to(may_answer, request.viewer, share)
    form = form_class(request.POST or None, now=at)
    if request.method == "POST" and form.is_valid():
        try:
            save(by=request.viewer, at=at, share=share, **form.cleaned_data)
        except services.OutOfTurn:
            form.add_error(None, _("This share has moved on. Open it again to see where it stands."))
        else:
            messages.success(request, _("Saved."))
            return redirect("exchange:share", share)
    return render(request, "exchange/step.html", _form_words(form, heading, record))


def _form_words(form: Form, heading: str, record: selectors.ShareRecord) -> dict[str, Any]:
    return {"form": form, "heading": heading, "share": record}
