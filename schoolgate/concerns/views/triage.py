"""Pages of the school circle: the inbox, a concern, what becomes of it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, cast
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
from schoolgate.children.selectors import children_named_like
from schoolgate.concerns import presenters
from schoolgate.concerns.forms.triage import (
    OFFERED,
    ChildForm,
    DecideForm,
    NoteForm,
    ShareFromConcernForm,
)
from schoolgate.concerns.policies import decisions_of, may_triage
from schoolgate.concerns.selectors import concerns
from schoolgate.concerns.selectors.concerns import TriagePage
from schoolgate.concerns.selectors.people import school_circle
from schoolgate.concerns.services import triage
from schoolgate.core.clock import london_day, now
from schoolgate.core.once import AlreadySent
from schoolgate.directory.presenters import reader_rows
from schoolgate.directory.selectors import names, school_card
from schoolgate.drafts.keeping import drafted
from schoolgate.exchange.forms import KeepForm, ReferenceForm
from schoolgate.exchange.policies import may_tell_police
from schoolgate.exchange.selectors import share_choices
from schoolgate.exchange.views import share_form
from schoolgate.ui.forms import Form, OnceForm, form_page

SENSITIVE = "OFFICIAL-SENSITIVE"


@require_GET
def inbox(request: Request) -> HttpResponse:
    """What waits in the school, late on top."""
    schools, at = request.viewer.organisations("school"), now()
    if not schools:
        raise Http404
    context = {
        "groups": presenters.inbox_groups(concerns.inbox(request.viewer, at), request.viewer, now=at),
        "own_system": any(school_card(school).keeps_own_system for school in schools),
    }
    return render(request, "concerns/inbox.html", context)


@require_GET
def decided(request: Request) -> HttpResponse:
    """What was decided lately."""
    if not request.viewer.organisations("school"):
        raise Http404
    at = now()
    rows = presenters.inbox_rows(concerns.decided(request.viewer, at), now=at)
    return render(request, "concerns/decided.html", {"rows": rows})


@form_page
def concern(request: Request, concern: UUID) -> HttpResponse:
    """A concern with how it stands; looking at it opens it. A decision is posted here."""
    at = now()
    if request.method == "POST":
        return _decide(request, concern, at)
    page = triage.look_at(by=request.viewer, at=at, concern=concern)
    return _show(request, page, _decide_form(request, page, at), at)


def _decide(request: Request, concern: UUID, at: dt.datetime) -> HttpResponse:
    page = triage.page_to_decide(by=request.viewer, concern=concern)
    form = _decide_form(request, page, at)
    if form.seen != str(page.version):
        return _decided_meanwhile(request, page, form, at)
    if not form.is_valid():
        return _show(request, page, form, at)
    triage.decide(by=request.viewer, at=at, concern=concern, **form.decision)
    return _decided(request, form, concern)


def _decided_meanwhile(request: Request, page: TriagePage, form: DecideForm, at: dt.datetime) -> HttpResponse:
    """Somebody did something after the page was opened: it was this form, sent twice; or nothing typed is lost."""
    typed = DecideForm(request.POST, now=at, allowed=OFFERED, version=page.version, report=page.report)
    if typed.is_valid() and page.was_decided(**typed.decision):
        return _decided(request, typed, page.concern.id)
    form.errors.clear()
    unsaid = presenters.unsaid_facts(typed.unsaid(form))
    return _show(request, page, _said_again(form, page, at), at, unsaid=unsaid)


def _decided(request: Request, form: DecideForm, concern: UUID) -> HttpResponse:
    if form.leads_to_share:
        return redirect("concerns:share", concern=concern)
    messages.success(request, _("Decided. The member of staff who raised it is told in your words."))
    return redirect("concerns:triage", concern=concern)


def _decide_form(request: Request, page: TriagePage, at: dt.datetime) -> DecideForm:
    speaks = may_tell_police(request.viewer, page.school)
    line = () if speaks else school_circle(page.school, on=london_day(at)).next_for_police(barred=page.barred)
    allowed = decisions_of(request.viewer, page.school, page.status, line)
    offered = {"allowed": allowed, "version": page.version, "report": page.report}
    return drafted(request, DecideForm, school=page.school, now=at, **offered)


def _said_again(form: Any, page: TriagePage, at: dt.datetime) -> Any:
    """The same form as typed, on top of what somebody else did meanwhile."""
    form.data = form.data.copy()
    form.data["version"] = str(page.version)
    form.add_error(None, presenters.meanwhile_words(page, now=at))
    return form


def _show(
    request: Request, page: TriagePage, form: DecideForm, at: dt.datetime, *, unsaid: Sequence[Any] = ()
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form if may_triage(request.viewer, page.school) else None,
        "unsaid": unsaid,
        "danger": page.is_urgent,
        "marking": SENSITIVE,
        "page": page,
        "share": presenters.share_words(page, may_share=may_tell_police(request.viewer, page.school)),
        "child": presenters.child_words(page),
        "state": presenters.state_words(page),
        "tone": presenters.tone(page.status),
        "state_text": presenters.status_words(page, now=at),
        "facts": presenters.concern_facts(page.concern, now=at),
        "timeline": presenters.steps_timeline(page, now=at),
        "readers": reader_rows(readers(page.concern.circles, page.barred)),
        "told": presenters.told_rows(page.concern, page.steps, now=at),
        **copy_addresses("concerns:copy", page.concern.id),
    }
    return render(request, "concerns/triage.html", context)


@form_page
def share(request: Request, concern: UUID) -> HttpResponse:
    """Tell the officer what is needed of it: filled in from the concern, changed as need be, checked, sent."""
    at, page = now(), concerns.triage_page(concern)
    choices = share_choices(request.viewer, page.school, at)
    initial = presenters.share_initial(page)
    form = drafted(request, ShareFromConcernForm, school=page.school, now=at, choices=choices, initial=initial)
    words = presenters.share_page(page, choices, now=at)
    try:
        return share_form(request, form, lambda: _share(request, page, form, at), words)
    except triage.DecidedMeanwhile:
        return render(request, "exchange/new_share.html", words | {"form": _said_again(form, page, at)})


def _share(request: Request, page: TriagePage, form: ShareFromConcernForm, at: dt.datetime) -> UUID:
    answers = form.cleaned_data
    return triage.share_concern(
        by=request.viewer,
        at=at,
        page=page,
        version=answers["version"],
        details=form.details,
        told=answers["author_told"],
        once=answers["once"],
    )


def _to_work_on(request: Request, concern: UUID) -> TriagePage:
    """The page about a concern, for the school circle: emergency access only reads."""
    page = concerns.triage_page(concern)
    require(may_triage, request.viewer, page.school)
    return page


@form_page
def child(request: Request, concern: UUID) -> HttpResponse:
    """Which child of the school it is about; only the school circle is offered matches."""
    at, page = now(), _to_work_on(request, concern)
    known = children_named_like(page.school, page.concern.child_name)
    initial = {"name": page.concern.child_name, "linked": page.child.id if page.child else None}
    form = ChildForm(request.POST or None, now=at, known=known, initial=initial)

    def save() -> None:
        if form.chosen:
            once = form.cleaned_data["once"]
            triage.link_child(by=request.viewer, at=at, concern=concern, child=form.chosen, once=once)
        else:
            triage.link_new_child(by=request.viewer, at=at, concern=concern, **form.new_child)

    return _form_page(request, page, form, save, _("Which child is it about?"))


@form_page
def note(request: Request, concern: UUID) -> HttpResponse:
    """What was done or said."""
    at, page = now(), _to_work_on(request, concern)
    form = drafted(request, NoteForm, school=page.school, now=at)

    def save() -> None:
        triage.add_note(by=request.viewer, at=at, concern=concern, **form.cleaned_data)

    return _form_page(request, page, form, save, _("Add a note"))


@form_page
def reference(request: Request, concern: UUID) -> HttpResponse:
    """Where the school's own system holds it."""
    at, page = now(), _to_work_on(request, concern)
    form = ReferenceForm(request.POST or None, initial={"reference": page.own_reference})

    def save() -> None:
        triage.keep_reference(by=request.viewer, at=at, concern=concern, **form.cleaned_data)

    return _form_page(request, page, form, save, _("Number in our own system"))


@form_page
def keep(request: Request, concern: UUID) -> HttpResponse:
    """Keep it from somebody: an interest of one's own, or of a colleague."""
    at, page = now(), _to_work_on(request, concern)
    circle = school_circle(page.school, on=london_day(at))
    others = [(person.id, person.called) for person in circle.people if person.id not in page.barred]
    form = KeepForm(request.POST or None, people=others, me=request.viewer.person)
    if form.is_valid():
        try:
            triage.keep_from(by=request.viewer, at=at, concern=concern, **form.cleaned_data)
        except triage.NobodyLeft:
            form.add_error("person", _("Nobody else could read it then. First let somebody take up a role."))
        else:
            messages.success(request, _("It is kept from them. Whoever is next in line was told."))
            return redirect("concerns:inbox")
    return render(request, "ui/form_page.html", _form_words(page, form, _("Keep it from somebody")))


@require_GET
def copy(request: Request, concern: UUID, form: str) -> HttpResponse:
    """A concern with its triage for the school's own record."""
    page = concerns.triage_page(concern)
    document = presenters.triage_document(page, school=names([page.school])[page.school])
    subjects = [page.child.id] if page.child else []
    return copy_out(request, form, document, kind="concerns.concern", record=page.concern, subjects=subjects)


def _form_page(request: Request, page: TriagePage, form: Form, save: Callable[[], None], heading: str) -> HttpResponse:
    """One question about a concern, on a page of its own."""
    if form.is_valid():
        try:
            save()
        except AlreadySent:
            cast(OnceForm, form).begin_anew()
        except triage.DecidedMeanwhile:
            form.add_error(None, _("Somebody linked it to a child meanwhile. Open the concern again to see to which."))
        else:
            messages.success(request, _("Saved."))
            return redirect("concerns:triage", concern=page.concern.id)
    return render(request, "ui/form_page.html", _form_words(page, form, heading))


def _form_words(page: TriagePage, form: Form, heading: str) -> dict[str, Any]:
    return {
        "form": form,
        "heading": heading,
        "caption": page.concern.child_name,
        "marking": SENSITIVE,
        "back_url": reverse("concerns:triage", args=[page.concern.id]),
        "submit_text": _("Save"),
    }
