"""Pages of those who receive allegations about adults."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.copies import copy_addresses, copy_out
from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.viewer import Request
from schoolgate.concerns import presenters
from schoolgate.concerns.forms.allegations import AllegationStepForm
from schoolgate.concerns.policies import may_receive_allegations, receives
from schoolgate.concerns.selectors import allegations as selectors
from schoolgate.concerns.services import allegations as services
from schoolgate.core.clock import now
from schoolgate.core.once import AlreadySent
from schoolgate.directory.presenters import reader_rows
from schoolgate.drafts.keeping import drafted
from schoolgate.exchange.forms import KeepForm
from schoolgate.ui.forms import form_page

SENSITIVE = "OFFICIAL-SENSITIVE"


@require_GET
def received(request: Request) -> HttpResponse:
    """What came to one of this person's roles."""
    if not may_receive_allegations(request.viewer):
        raise Http404
    rows = presenters.allegation_rows(selectors.received_allegations(request.viewer), now=now())
    return render(request, "concerns/allegations.html", {"rows": rows})


@form_page
def allegation(request: Request, allegation: UUID) -> HttpResponse:
    """One allegation: what was told, what was done; its recipients add what they do."""
    at, page = now(), selectors.allegation_page(allegation)
    form = drafted(request, AllegationStepForm, school=page.school, now=at)
    if form.is_valid():
        try:
            services.take_step(by=request.viewer, at=at, allegation=allegation, **form.cleaned_data)
        except AlreadySent:
            form.begin_anew()
        else:
            messages.success(request, _("Saved."))
            return redirect("concerns:allegation", allegation=allegation)
    is_recipient = receives(request.viewer, page.route)
    context = {
        "form": form if is_recipient else None,
        "marking": SENSITIVE,
        "keep_url": reverse("concerns:keep_allegation", args=[allegation]),
        "state": presenters.allegation_state(page),
        "facts": presenters.allegation_facts(page, now=at, is_own=not is_recipient),
        "timeline": presenters.allegation_timeline(page, now=at),
        "told": presenters.allegation_told_rows(page, now=at),
        "readers": reader_rows(readers(page.circles, page.barred)),
    } | (copy_addresses("concerns:copy_allegation", allegation) if is_recipient else {})
    return render(request, "concerns/allegation.html", context)


@require_GET
def copy(request: Request, allegation: UUID, form: str) -> HttpResponse:
    """An allegation with what was done, for a record of its recipient's own."""
    page = selectors.allegation_page(allegation)
    require(receives, request.viewer, page.route)
    return copy_out(request, form, presenters.allegation_document(page), kind="concerns.allegation", record=page)


@form_page
def keep(request: Request, allegation: UUID) -> HttpResponse:
    """Keep it from a recipient: an interest, or it turns out to be about them."""
    at, page = now(), selectors.allegation_page(allegation)
    require(receives, request.viewer, page.route)
    people = [(reader.person, reader.called) for reader in selectors.recipients_now(page.circles, page.barred)]
    form = KeepForm(request.POST or None, people=people, me=request.viewer.person)
    if form.is_valid():
        services.keep_from(by=request.viewer, at=at, allegation=allegation, **form.cleaned_data)
        messages.success(request, _("It is kept from them. Somebody else has it."))
        return redirect("concerns:allegations")
    context = {
        "form": form,
        "heading": _("Keep it from somebody"),
        "marking": SENSITIVE,
        "back_url": reverse("concerns:allegation", args=[allegation]),
        "submit_text": _("Save"),
    }
    return render(request, "ui/form_page.html", context)
