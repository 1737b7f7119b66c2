"""The pages of the exchange. Each calls one selector or one service for each thing it shows."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.copies import copy_out
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.core.ids import new_id, number_from
from schoolgate.core.once import AlreadySent
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.keeping import drafted, keep_typed
from schoolgate.exchange import forms, presenters, selectors, services
from schoolgate.exchange.policies import may_act_for_police, may_answer, may_take_back, may_write
from schoolgate.ui.forms import Form, OnceForm, form_page, typed_in

Words = dict[str, Any]

MOVED_ON = gettext_lazy("This share has moved on. Open it again to see where it stands.")
NO_NAMES = gettext_lazy("The agreements are not in date: ask without a name, or make a share.")
NOBODY_TO_ASK = gettext_lazy("There is nobody to ask at this school yet. Ring instead.")
NOBODY_LEFT = gettext_lazy("Nobody else could answer it then. First let somebody take up a role.")
ALREADY_SENT = gettext_lazy(
    "This form was sent before, and what was sent then stands. To change it or to say more, open what was sent."
)
NOT_A_RECIPIENT = gettext_lazy("Somebody chosen can no longer be addressed. Choose again.")


@require_GET
def shares(request: Request) -> HttpResponse:
    """The shares that the viewer may read."""
    page = selectors.shares_page(request.viewer, after=request.GET.get("after", ""))
    return render(request, "exchange/shares.html", presenters.share_list(page, request.viewer, now=now()))


@form_page
def new_share(request: Request) -> HttpResponse:
    """Tell the other side: the form, the check of what was typed, and off it goes."""
    schools = selectors.schools_to_write_for(request.viewer)
    school = _school(request, [pk for pk, _name in schools])
    if school is None:
        return _choose_school(request, schools, "exchange:new_share")
    at = now()
    choices = selectors.share_choices(request.viewer, school, at)
    form = drafted(request, forms.ShareForm, school=school, now=at, choices=choices)
    return share_form(request, form, lambda: _send(request, form, school), presenters.new_share(choices, now=at))


def _send(request: Request, form: forms.ShareForm, school: int) -> UUID:
    return services.send_share(
        by=request.viewer, at=now(), school=school, details=form.details, once=form.cleaned_data["once"]
    )


@form_page
def correct(request: Request, share: UUID) -> HttpResponse:
    """The same form, with what was wrong."""
    at = now()
    record = selectors.share_to(may_take_back, request.viewer, share)
    choices = selectors.share_choices(request.viewer, record.school, at)
    initial = forms.initial_of(record, choices)
    form = drafted(request, forms.CorrectionForm, school=record.school, now=at, choices=choices, initial=initial)
    return share_form(
        request, form, lambda: _correct(request, form, share), presenters.correction(record, choices, now=at)
    )


def _correct(request: Request, form: forms.CorrectionForm, share: UUID) -> UUID:
    answers = form.cleaned_data
    return services.correct_share(
        by=request.viewer, at=now(), share=share, details=form.details, words=answers["wrong"], once=answers["once"]
    )


def share_form(request: Request, form: forms.ShareForm, send: Callable[[], UUID], words: Words) -> HttpResponse:
    """Ask; show what was typed to be checked; send it. What was typed travels with the page, and is never lost."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step != "send":
        keep_typed(request, form.desk, at=now())
    if not form.is_valid():
        return render(request, "exchange/new_share.html", words | {"form": form})
    if step == "change":
        again = type(form).from_draft(request.POST, now=now(), choices=form.choices)
        again.desk = form.desk
        return render(request, "exchange/new_share.html", words | {"form": again})
    if step != "send":
        details = form.details
        in_time = selectors.taken_up_in_time(form.choices, details.recipients, details.urgency, now())
        check = presenters.check_share(form, in_time) | {"typed": typed_in(request.POST)}
        return render(request, "exchange/check_share.html", words | check)
    return _try(request, form, send, words)


def _try(request: Request, form: forms.ShareForm, send: Callable[[], UUID], words: Words) -> HttpResponse:
    try:
        share = send()
    except services.NotAgreed:
        form.add_error("ground", forms.NOT_AGREED)
    except services.NotARecipient:
        form.add_error("recipients", NOT_A_RECIPIENT)
    except services.OutOfTurn:
        form.add_error(None, MOVED_ON)
    except AlreadySent as sent:
        form.add_error(None, ALREADY_SENT)
        words = words | _what_was_sent("exchange:share", sent)
    else:
        messages.success(request, _("Sent."))
        return redirect("exchange:share", share)
    return render(request, "exchange/new_share.html", words | {"form": form})


def _what_was_sent(page: str, sent: AlreadySent) -> Words:
    """Where to open what the same form sent before, where whoever asks may know it."""
    return {"sent_url": reverse(page, args=[sent.record]) if sent.record else ""}


@require_GET
def share(request: Request, share: UUID) -> HttpResponse:
    """One share."""
    at = now()
    record = selectors.share_record(share)
    police = selectors.police_side(request.viewer, record)
    duty = selectors.duty_of(request.viewer, record, at)
    words = presenters.share_page(record, police, duty, request.viewer, now=at)
    return render(request, "exchange/share.html", words | {"once": new_id()})


@require_POST
def acknowledge(request: Request, share: UUID) -> HttpResponse:
    """One tap."""
    form = OnceForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    services.acknowledge_share(by=request.viewer, at=now(), share=share, once=form.cleaned_data["once"])
    messages.success(request, _("Acknowledged."))
    return redirect("exchange:share", share)


@form_page
def plan(request: Request, share: UUID) -> HttpResponse:
    """What will be done, by when."""
    record = selectors.share_to(may_answer, request.viewer, share)
    form = drafted(request, forms.PlanForm, school=record.school, now=now())
    return _step(request, record, form, services.plan_share, _("Say what will be done"))


@form_page
def done(request: Request, share: UUID) -> HttpResponse:
    """What was done."""
    record = selectors.share_to(may_answer, request.viewer, share)
    form = drafted(request, forms.DoneForm, school=record.school, now=now(), sent_by=record.sent_by)
    return _step(request, record, form, services.record_done, _("Record what was done"))


@form_page
def report(request: Request, share: UUID) -> HttpResponse:
    """What the sender may know."""
    record = selectors.share_to(may_answer, request.viewer, share)
    form = drafted(request, forms.ReportForm, school=record.school, now=now())
    return _step(request, record, form, services.report_back, _("Report back"), _("Report back"))


@form_page
def recall(request: Request, share: UUID) -> HttpResponse:
    """Take it back."""
    record = selectors.share_to(may_take_back, request.viewer, share)
    form = drafted(request, forms.RecallForm, school=record.school, now=now())
    return _step(request, record, form, services.recall_share, _("Take this share back"), _("Take it back"))


@form_page
def pass_on(request: Request, share: UUID) -> HttpResponse:
    """Hand it to another."""
    at = now()
    record = selectors.share_about(may_write, request.viewer, share)
    choices = selectors.passing_choices(record, at)
    form = forms.PassForm(request.POST or None, now=at, choices=choices)
    return _step(request, record, form, services.pass_share, _("Pass it on"), _("Pass it on"))


@form_page
def category(request: Request, share: UUID) -> HttpResponse:
    """How the police see a person in it."""
    record = selectors.share_about(may_act_for_police, request.viewer, share)
    form = forms.CategoryForm(request.POST or None, initial={"person": record.child_name})
    return _step(request, record, form, services.set_category, _("Category of a person"))


@form_page
def record_crime(request: Request, share: UUID) -> HttpResponse:
    """A crime that it discloses."""
    record = selectors.share_about(may_act_for_police, request.viewer, share)
    form = forms.CrimeForm(request.POST or None)
    return _step(request, record, form, services.record_crime, _("A crime was disclosed"))


@form_page
def link(request: Request, share: UUID) -> HttpResponse:
    """Which child of the team's it is."""
    record = selectors.share_about(may_act_for_police, request.viewer, share)
    choices = selectors.children_to_link(request.viewer, record, now())
    form = forms.LinkForm(request.POST or None, choices=choices)
    return _step(request, record, form, services.link_child, _("Link the child"))


@form_page
def keep(request: Request, share: UUID) -> HttpResponse:
    """Keep it from somebody."""
    record = selectors.share_record(share)
    readers = selectors.keepable_from(request.viewer, record)
    people = [(reader.person, reader.called) for reader in readers]
    form = forms.KeepForm(request.POST or None, people=people, me=request.viewer.person)
    if form.is_valid():
        try:
            services.keep_from(by=request.viewer, at=now(), share=share, **form.cleaned_data)
        except services.NobodyLeft:
            form.add_error("person", NOBODY_LEFT)
        else:
            messages.success(request, _("It is kept from them."))
            return redirect("exchange:shares")
    return render(request, "ui/form_page.html", presenters.step_form(record, form, _("Keep it from somebody")))


@form_page
def reference(request: Request, share: UUID) -> HttpResponse:
    """Its number in the viewer's own system."""
    record = selectors.share_about(may_write, request.viewer, share)
    own = record.school_reference if request.viewer.shares("school", record.school) else record.police_reference
    form = forms.ReferenceForm(request.POST or None, initial={"reference": own})
    return _step(request, record, form, services.keep_reference, _("Number in our own system"))


def _step(
    request: Request,
    record: selectors.ShareRecord,
    form: Form,
    save: Callable[..., Any],
    heading: str,
    submit_text: str = "",
) -> HttpResponse:
    """A form about one share. submit_text: what its button does, where that is more than to save."""
    words = presenters.step_form(record, form, heading)
    words |= {"submit_text": submit_text or words["submit_text"]}
    if form.is_valid():
        try:
            save(by=request.viewer, at=now(), share=record.id, **form.cleaned_data)
        except services.OutOfTurn:
            form.add_error(None, MOVED_ON)
        except services.NotARecipient:
            form.add_error(None, NOT_A_RECIPIENT)
        except AlreadySent:
            form.add_error(None, ALREADY_SENT)
            words |= {"sent_url": reverse("exchange:share", args=[record.id])}
        else:
            messages.success(request, _("Saved."))
            return redirect("exchange:share", record.id)
    return render(request, "ui/form_page.html", words)


@require_GET
def crimes(request: Request) -> HttpResponse:
    """The crimes that wait for the force's reference."""
    rows = selectors.crimes_without_reference()
    return render(request, "exchange/crimes.html", presenters.crime_list(rows, now=now()))


@form_page
def crime(request: Request, crime: UUID) -> HttpResponse:
    """The force's reference."""
    row = selectors.crime_record(crime)
    form = forms.CrimeReferenceForm(request.POST or None, initial={"reference": row.force_reference})
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        share = services.give_reference(by=request.viewer, at=now(), crime=crime, reference=reference)
        messages.success(request, _("Saved."))
        return redirect("exchange:share", share)
    return render(request, "ui/form_page.html", presenters.crime_form(row, form))


@require_GET
def copy_share(request: Request, share: UUID, form: str) -> HttpResponse:
    """A share for the viewer's own record."""
    record = selectors.share_record(share)
    document = presenters.share_document(record, request.viewer)
    return copy_out(request, form, document, kind="exchange.share", record=record)


@require_GET
def legal_bases(request: Request) -> HttpResponse:
    """The list of legal bases, with their dates."""
    words = presenters.legal_basis_list(selectors.legal_basis_rows(request.viewer), request.viewer)
    return render(request, "exchange/legal_bases.html", words)


@form_page
def legal_basis(request: Request, basis: int) -> HttpResponse:
    """Change one."""
    row = selectors.legal_basis(request.viewer, basis)
    form = forms.LegalBasisForm(request.POST or None, now=now(), initial=asdict(row))
    if form.is_valid():
        services.edit_legal_basis(by=request.viewer, at=now(), basis=basis, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("exchange:legal_bases")
    words = {"form": form, "heading": _("Change a legal basis"), "submit_text": _("Save")}
    return render(request, "ui/form_page.html", words | {"back_url": reverse("exchange:legal_bases")})


@require_GET
def enquiries(request: Request) -> HttpResponse:
    """The enquiries that the viewer may read."""
    page = selectors.enquiries_page(request.viewer, after=request.GET.get("after", ""))
    return render(request, "exchange/enquiries.html", presenters.enquiry_list(page, request.viewer, now=now()))


@form_page
def new_enquiry(request: Request) -> HttpResponse:
    """An enquiry, which may name a child."""
    return _ask(request, forms.EnquiryForm, services.make_enquiry, presenters.enquiry_form(), "exchange:new_enquiry")


@form_page
def new_advice(request: Request) -> HttpResponse:
    """Advice, without names."""
    return _ask(request, forms.AdviceForm, services.ask_for_advice, presenters.advice_form(), "exchange:new_advice")


def _ask(
    request: Request, asking: type[DraftedForm], ask: Callable[..., UUID], words: Words, address: str
) -> HttpResponse:
    schools = selectors.schools_to_write_for(request.viewer)
    school = _school(request, [pk for pk, _name in schools])
    if school is None:
        return _choose_school(request, schools, address)
    form = drafted(request, asking, school=school, now=now())
    if form.is_valid():
        try:
            enquiry = ask(by=request.viewer, at=now(), school=school, **form.cleaned_data)
        except services.NotAgreed:
            form.add_error("child_name", NO_NAMES)
        except services.NotARecipient:
            form.add_error(None, NOBODY_TO_ASK)
        except AlreadySent as sent:
            form.add_error(None, ALREADY_SENT)
            words = words | _what_was_sent("exchange:enquiry", sent)
        else:
            messages.success(request, _("Sent."))
            return redirect("exchange:enquiry", enquiry)
    choices = selectors.ask_choices(request.viewer, school, now())
    return render(request, "exchange/ask.html", words | presenters.asked(choices, now=now()) | {"form": form})


@form_page
def enquiry(request: Request, enquiry: UUID) -> HttpResponse:
    """One enquiry, with its answers."""
    record = selectors.enquiry_record(enquiry)
    form = drafted(request, forms.AnswerForm, school=record.school, now=now())
    words = presenters.enquiry_page(record, request.viewer, now=now())
    if form.is_valid():
        try:
            services.answer_enquiry(by=request.viewer, at=now(), enquiry=enquiry, **form.cleaned_data)
        except AlreadySent:
            form.add_error(None, ALREADY_SENT)
            words |= {"sent_url": reverse("exchange:enquiry", args=[enquiry])}
        else:
            messages.success(request, _("Sent."))
            return redirect("exchange:enquiry", enquiry)
    return render(request, "exchange/enquiry.html", words | {"form": form})


@require_GET
def copy_enquiry(request: Request, enquiry: UUID, form: str) -> HttpResponse:
    """An enquiry with its answers for the viewer's own record."""
    record = selectors.enquiry_record(enquiry)
    return copy_out(request, form, presenters.enquiry_document(record), kind="exchange.enquiry", record=record)


def _school(request: Request, offered: list[int]) -> int | None:
    """The school that a page is about: the only one, or the one chosen. None when it must still be chosen.

    Raises Http404 for one that is not offered: what was typed about one school never goes to another.
    """
    if not offered:
        raise PermissionDenied
    if "school" not in request.GET:
        return offered[0] if len(offered) == 1 else None
    chosen = number_from(request.GET["school"])
    if chosen not in offered:
        raise Http404
    return chosen


def _choose_school(request: Request, schools: list[tuple[int, str]], address: str) -> HttpResponse:
    rows = [{"title": name, "href": f"{reverse(address)}?school={pk}"} for pk, name in schools]
    return render(request, "ui/choose_school.html", {"rows": rows})
