"""Pages on which agreements are proposed, read, signed, declined, ended, copied and checked."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.selectors import readers
from schoolgate.access.sign_in import fresh_second_factor
from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.directory.presenters import reader_rows
from schoolgate.directory.selectors import school_card, slt_of
from schoolgate.drafts.keeping import drafted
from schoolgate.partnership import presenters
from schoolgate.partnership.forms import agreements as forms
from schoolgate.partnership.policies import is_head, may_end, may_propose
from schoolgate.partnership.selectors import agreements, documents
from schoolgate.partnership.selectors.agreements import AgreementRecord
from schoolgate.partnership.selectors.filling import agreement_fields, team_proposing_to
from schoolgate.partnership.services import signing
from schoolgate.ui.documents import agreed_text_as_pdf
from schoolgate.ui.forms import form_page
from schoolgate.ui.parsing import once_of
from schoolgate.ui.prose import as_html, compared


@require_GET
def listed(request: Request) -> HttpResponse:
    """Every agreement that this person may read."""
    at = now()
    mine = agreements.to_sign(request.viewer, on=london_day(at))
    rows = presenters.agreement_rows(agreements.agreements_of(request.viewer, at=at), mine)
    words = {"heading": _("Agreements"), "rows": rows, "empty_text": _("No agreement was proposed yet.")}
    return render(request, "partnership/agreements.html", words)


@form_page
def propose(request: Request, school: int) -> HttpResponse:
    """Both documents, or one, for one school."""
    at = now()
    card = school_card(school)
    team = team_proposing_to(request.viewer, card, on=london_day(at))
    editions = list(documents.published(card.force or 0).values())
    form = forms.ProposeForm(request.POST or None, now=at, editions=editions)
    if form.is_valid():
        _propose(request, school, team, editions, form)
        messages.success(request, _("Proposed. The head teacher was told."))
        return redirect("partnership:agreements")
    words = {"form": form, "heading": _("Propose the agreements"), "caption": card.name, "submit_text": _("Propose")}
    words |= {"editions": editions, "under_way": presenters.under_way(agreements.standings(school, on=london_day(at)))}
    return render(request, "partnership/propose.html", words)


def _propose(request: Request, school: int, team: int, editions: list[Any], form: forms.ProposeForm) -> None:
    answers, at = form.cleaned_data, now()
    dates = {"since": answers["since"], "until": answers["until"]}
    texts = {
        edition.id: (
            signing.once_for(answers["once"], edition.id),
            agreement_fields(school, on=london_day(at), number=edition.number, **dates),
        )
        for edition in editions
        if edition.id in answers["editions"]
    }
    signing.propose_agreements(by=request.viewer, at=at, school=school, team=team, texts=texts, **dates)


@require_GET
def of_school(request: Request, school: int) -> HttpResponse:
    """What one school agreed to or is asked to sign, each in short: both documents on one page."""
    at = now()
    found = agreements.running_agreements(request.viewer, school, at=at)
    items = presenters.to_sign(request.viewer, found)
    waiting = sum(item["to_sign"] for item in items)
    return render(
        request,
        "partnership/school_agreements.html",
        {"school": school_card(school), "items": items, "waiting": waiting},
    )


@require_GET
def agreement(request: Request, agreement: UUID) -> HttpResponse:
    """One agreement: how it stands, who signed, the summary, the whole text."""
    at = now()
    record = agreements.agreement(request.viewer, agreement, at=at)
    words = {
        "heading": record.title,
        "caption": record.school_name,
        "state": presenters.STATES[record.state],
        "tone": presenters.TONES.get(record.state, "plain"),
        "state_text": presenters.span_words(record.since, record.until),
        "readers": reader_rows(readers(record.circles, record.barred)),
        "told": presenters.told(record, now=at),
        "record": record,
        "summary": as_html(record.summary),
        "body": as_html(record.body),
        "side": presenters.signing_side(request.viewer, record),
        "to_confirm": is_head(request.viewer, record.school)
        and presenters.waits_for_confirmation(record, request.viewer),
        "links": presenters.links(request.viewer, record),
        "signatures": presenters.signatures(record, now=at),
        "timeline": presenters.timeline(record, now=at),
        "once": uuid4(),
    }
    return render(request, "partnership/agreement.html", words)


@form_page
def sign(request: Request, agreement: UUID) -> HttpResponse:
    """The whole text once more, and the signature; a second factor is given for it."""
    at = now()
    record = agreements.agreement(request.viewer, agreement, at=at)
    side = presenters.signing_side(request.viewer, record)
    if side is None:
        return _not_to_sign(request, record)
    factor = fresh_second_factor(request, at=at)
    if not factor:
        return _ask_second_factor(request)
    initial = {"name": request.viewer.name, "digest": record.digest}
    is_trust = side == "trust_signed"
    also = agreements.also_for_trust(request.viewer, record, on=london_day(at)) if is_trust else []
    choices = presenters.same_text_choices(also)
    form = forms.SignForm(request.POST or None, now=at, initial=initial, also=choices)
    if form.is_valid() and _signed(request, record, side, form, factor):
        return _after_signing(request, record)
    words = {"form": form, "record": record, "body": as_html(record.body), "statement": presenters.STATEMENTS[side]}
    return render(request, "partnership/sign.html", words)


def _after_signing(request: Request, record: AgreementRecord) -> HttpResponse:
    """To what else the same school waits for this person to sign, if there is anything."""
    found = agreements.running_agreements(request.viewer, record.school, at=now())
    if any(item["to_sign"] for item in presenters.to_sign(request.viewer, found)):
        messages.success(request, _("Signed. There is more to read and sign."))
        return redirect("partnership:school_agreements", record.school)
    messages.success(request, _("Signed."))
    return redirect("partnership:agreement", record.id)


def _signed(request: Request, record: AgreementRecord, side: str, form: forms.SignForm, factor: str) -> bool:
    answers = form.cleaned_data
    given = signing.Signing(
        answers["name"], answers["role"], str(presenters.STATEMENTS[side]), answers["digest"], factor
    )
    others = [agreements.agreement(request.viewer, pk, at=now()) for pk in answers.get("also", ())]
    sign_it = partial(signing.sign_for_trust, also=others) if others else signing.SIGN[side]
    try:
        sign_it(by=request.viewer, at=now(), agreement=record, signing=given, once=answers["once"])
    except signing.MovedOn:
        form.add_error(None, _("It was signed, declined or withdrawn meanwhile. Nothing was signed now."))
    except signing.AnotherText:
        form.add_error(None, _("The text that you had before you is not the one in the record. Read it again below."))
    return not form.errors


def _not_to_sign(request: Request, record: AgreementRecord) -> HttpResponse:
    """Nobody signs what was signed or withdrawn meanwhile; what took its place is shown beside it."""
    if not presenters.is_one_who_signs(request.viewer, record):
        raise PermissionDenied
    instead = agreements.newest_proposal(record, request.viewer, at=now())
    if record.state != "withdrawn" or instead is None:
        messages.success(request, _("There is nothing for you to sign now. See below what happened."))
        return redirect("partnership:agreement", record.id)
    words = {
        "record": record,
        "instead": instead,
        "changes": presenters.change_rows(compared(record.body, instead.body)),
    }
    return render(request, "partnership/replaced.html", words)


def _ask_second_factor(request: Request) -> HttpResponseRedirect:
    """For a signature it is given afresh."""
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")


@require_POST
def read(request: Request, agreement: UUID) -> HttpResponse:
    """Note that the whole text was read, then go to the signature."""
    record = agreements.agreement(request.viewer, agreement, at=now())
    try:
        signing.note_read(by=request.viewer, at=now(), agreement=record, once=once_of(request.POST))
    except signing.MovedOn:
        return _moved_on(request, agreement)
    return redirect("partnership:sign", agreement)


@require_POST
def confirm(request: Request, agreement: UUID) -> HttpResponse:
    """The new head teacher stands by it."""
    record = agreements.agreement(request.viewer, agreement, at=now())
    try:
        signing.confirm_agreement(by=request.viewer, at=now(), agreement=record, once=once_of(request.POST))
    except signing.MovedOn:
        return _moved_on(request, agreement)
    messages.success(request, _("Confirmed."))
    return redirect("partnership:agreement", agreement)


def _moved_on(request: Request, agreement: UUID) -> HttpResponse:
    messages.success(request, _("It moved on since you opened the page. See below what happened."))
    return redirect("partnership:agreement", agreement)


@form_page
def delegate(request: Request, agreement: UUID) -> HttpResponse:
    """Somebody of the SLT signs in the head teacher's place."""
    at = now()
    record = _for(request, agreement, lambda record: is_head(request.viewer, record.school))
    others = [one for one in slt_of(record.school, on=london_day(at)) if one.id != request.viewer.person]
    form = drafted(request, forms.DelegateForm, school=record.school, now=at, people=others)
    told = _("Saved. They were told.")
    return _step(request, record, form, signing.delegate_signing, _("Ask somebody to sign in your place"), told)


@form_page
def decline(request: Request, agreement: UUID) -> HttpResponse:
    """No, and why."""
    record = _for(request, agreement, lambda record: is_head(request.viewer, record.school))
    form, told = _reasons(request, record), _("Declined. The sergeants were told.")
    return _step(request, record, form, signing.decline_agreement, _("Decline it"), told)


@form_page
def withdraw(request: Request, agreement: UUID) -> HttpResponse:
    """Take back what was proposed."""
    record = _for(request, agreement, lambda record: may_propose(request.viewer, record.team))
    return _step(request, record, _reasons(request, record), signing.withdraw_agreement, _("Withdraw it"))


@form_page
def end(request: Request, agreement: UUID) -> HttpResponse:
    """End what was signed."""
    record = _for(request, agreement, lambda record: may_end(request.viewer, record.school, record.team))
    form = drafted(request, forms.EndForm, school=record.school, now=now())
    return _step(request, record, form, signing.end_agreement, _("End it"))


def _reasons(request: Request, record: AgreementRecord) -> forms.ReasonForm:
    return drafted(request, forms.ReasonForm, school=record.school, now=now())


def _for(request: Request, agreement: UUID, may: Callable[[AgreementRecord], bool]) -> AgreementRecord:
    record = agreements.agreement(request.viewer, agreement, at=now())
    if not may(record):
        raise PermissionDenied
    return record


def _step(
    request: Request, record: AgreementRecord, form: Any, take: Callable[..., None], heading: str, told: str = ""
) -> HttpResponse:
    """One question about an agreement, on a page of its own."""
    if form.is_valid():
        try:
            take(by=request.viewer, at=now(), agreement=record, **form.cleaned_data)
        except signing.MovedOn:
            form.add_error(None, _("It was signed, declined or withdrawn meanwhile."))
        else:
            messages.success(request, told or _("Saved. The other side was told."))
            return redirect("partnership:agreement", record.id)
    back = reverse("partnership:agreement", args=[record.id])
    words = {"form": form, "heading": heading, "caption": record.title, "back_url": back, "cancel_url": back}
    return render(request, "ui/form_page.html", words | {"submit_text": _("Save")})


@require_GET
def copy(request: Request, agreement: UUID) -> HttpResponse:
    """The PDF with the signatures; its digest is remembered, so that it can be checked."""
    at = now()
    record = agreements.agreement(request.viewer, agreement, at=at)
    pdf = agreed_text_as_pdf(presenters.document(record))
    signing.note_issued(by=request.viewer, at=at, agreement=record, digest=hashlib.sha256(pdf).hexdigest())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{record.kind}-{record.school}.pdf"'
    return response


@form_page
def check(request: Request) -> HttpResponse:
    """Whether a copy that somebody holds is one of ours, unchanged, and what became of what it says."""
    form = forms.CheckForm(request.POST or None, request.FILES or None, now=now())
    found, asked = None, form.is_valid()
    if asked:
        found = agreements.checked_copy(form.sha256, on=london_day(now()))
    words = {"form": form, "asked": asked, "found": presenters.checked(found, now=now()) if found else None}
    return render(request, "partnership/check.html", words)
