"""Pages on which staff tell: the form, its drafts, their own concerns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from schoolgate.access.copies import copy_addresses, copy_out
from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.sign_in import SUPPLY_NAME
from schoolgate.access.viewer import Request, Viewer
from schoolgate.concerns import presenters
from schoolgate.concerns.forms.allegations import AllegationForm
from schoolgate.concerns.forms.telling import ADULT, AdditionForm, ConcernForm, ToldForm
from schoolgate.concerns.policies import is_supply, may_raise
from schoolgate.concerns.selectors import allegations, concerns, people
from schoolgate.concerns.selectors.people import ReadingTime
from schoolgate.concerns.services import telling
from schoolgate.concerns.services.allegations import raise_allegation
from schoolgate.core.clock import london_day, now
from schoolgate.core.ids import number_from
from schoolgate.core.once import AlreadySent
from schoolgate.directory.presenters import reader_rows
from schoolgate.directory.selectors import names
from schoolgate.drafts.keeping import desk_of, drafted, keep_typed, opened, query_of
from schoolgate.drafts.presenters import draft_rows
from schoolgate.drafts.selectors import unsent
from schoolgate.drafts.services import Desk
from schoolgate.ui.components import rendered
from schoolgate.ui.forms import form_page, typed_in

DRAFTS = [form.draft_kind for form in (ConcernForm, AllegationForm)]
SENSITIVE = "OFFICIAL-SENSITIVE"
FORMS: dict[str, type[ToldForm]] = {form.draft_kind: form for form in (ConcernForm, AllegationForm)}


@dataclass(frozen=True)
class Asking:
    """One request to tell something to one school."""

    request: Request
    viewer: Viewer
    school: int
    at: dt.datetime
    kind: str
    reading: ReadingTime

    @property
    def address(self) -> str:
        return f"{reverse(f'concerns:new_{self.kind}')}?school={self.school}"

    @property
    def desk(self) -> Desk | None:
        """Where the form is kept, whichever way it was opened."""
        if is_supply(self.viewer, self.school):
            return None
        return desk_of(self.viewer, FORMS[self.kind].draft_kind, self.school, self.address)


@form_page
def new_concern(request: Request) -> HttpResponse:
    """A concern about a child: typed, checked, sent."""
    return _tell(request, ConcernForm.draft_kind)


@form_page
def new_allegation(request: Request) -> HttpResponse:
    """About an adult who works or volunteers at the school, or an officer."""
    return _tell(request, AllegationForm.draft_kind)


def _tell(request: Request, kind: str) -> HttpResponse:
    schools = _schools(request.viewer)
    school = _chosen(request.GET.get("school"), schools)
    if school is None:
        listed = [{"title": name, "href": f"?school={pk}"} for pk, name in names(schools).items()]
        return render(request, "ui/choose_school.html", {"rows": listed})
    at = now()
    asking = Asking(request, request.viewer, school, at, kind, people.reading_time(school, at))
    return _take(asking) if request.method == "POST" else _open(asking)


def _schools(viewer: Viewer) -> list[int]:
    """The schools to which this person may tell something. Raises Http404 for an outsider."""
    schools = sorted({*viewer.organisations("staff"), *viewer.organisations("supply")})
    if not schools:
        raise Http404
    return schools


def _chosen(wanted: str | None, schools: list[int]) -> int | None:
    if wanted is None:
        return schools[0] if len(schools) == 1 else None
    school = number_from(wanted)
    if school not in schools:
        raise Http404
    return school


def _open(asking: Asking) -> HttpResponse:
    """Show what was typed before and not sent, or an empty form."""

    def make(saved: QueryDict | None) -> ToldForm:
        return _form_of(asking, saved) if saved else _form(asking)

    return _show(asking, opened(asking.request, asking.desk, make, now=asking.at))


def _take(asking: Asking) -> HttpResponse:
    """Take what was posted: keep it, then do what the button says."""
    typed, step = typed_in(asking.request.POST), asking.request.POST.get("step", "check")
    if asking.kind == ConcernForm.draft_kind and ADULT in typed.get("about", []):
        return _turn_to_allegation(asking, typed)
    form = _form(asking, asking.request.POST)
    if step in ("more", "change"):
        return _show(asking, _form_of(asking, asking.request.POST, more=step == "more"))
    if step == "send" and form.is_valid():
        return _send(asking, form)
    is_kept = keep_typed(asking.request, asking.desk, at=asking.at)
    if step == "later" and is_kept:
        messages.success(asking.request, _("Saved. It is not sent yet."))
        return redirect("concerns:own")
    if step == "later":
        form.add_error(None, _("It was not saved: this form was sent or thrown away before, or it is too long."))
    return _check(asking, form, typed) if form.is_valid() else _show(asking, form)


def _turn_to_allegation(asking: Asking, typed: dict[str, list[str]]) -> HttpResponse:
    """It is about an adult: the same words on the other form, and nothing of them where a SPOC could read it."""
    turned = replace(asking, kind=AllegationForm.draft_kind)
    kept = {name: values for name, values in typed.items() if name != "about"}
    keep_typed(turned.request, turned.desk, at=turned.at, typed=kept)
    return _show(turned, _form_of(turned, query_of(kept)))


def _send(asking: Asking, form: ToldForm) -> HttpResponse:
    try:
        return _send_allegation(asking, form) if isinstance(form, AllegationForm) else _send_concern(asking, form)
    except AlreadySent as sent:
        record = None if _is_supply(asking) else sent.record
        form.add_error(None, presenters.already_sent_words(can_add=record is not None))
        return _show(asking, form, sent=record)


def _is_supply(asking: Asking) -> bool:
    return is_supply(asking.viewer, asking.school)


def _send_concern(asking: Asking, form: Any) -> HttpResponse:
    telling.raise_concern(
        by=asking.viewer,
        at=asking.at,
        reading=asking.reading,
        told=form.told,
        involved=form.involved,
        barred=form.cleaned_data["keep_from"],
        once=form.cleaned_data["once"],
    )
    return redirect("concerns:sent", school=asking.school, once=form.cleaned_data["once"])


def _send_allegation(asking: Asking, form: AllegationForm) -> HttpResponse:
    """The page to which this leads finds where it went by the form's token: no address may say it."""
    raise_allegation(
        by=asking.viewer,
        at=asking.at,
        school=asking.school,
        about=form.subject,
        complained_of=form.complained_of,
        told=form.told,
        once=form.cleaned_data["once"],
    )
    return redirect("concerns:sent_allegation", school=asking.school, once=form.cleaned_data["once"])


def _check(asking: Asking, form: ToldForm, typed: Mapping[str, list[str]]) -> HttpResponse:
    context = {
        "action": asking.address,
        "answers": presenters.answers(form, now=asking.at),
        "typed": typed,
        "danger": _danger(asking, form) if form.told["in_danger"] else "",
        "was_long_ago": form.was_long_ago,
    } | _where(asking, form)
    return render(asking.request, "concerns/check.html", context)


def _show(asking: Asking, form: ToldForm, *, sent: UUID | None = None) -> HttpResponse:
    form.desk = asking.desk
    context = {
        "form": form,
        "action": asking.address,
        "sent_url": reverse(f"concerns:{asking.kind}", args=[sent]) if sent else "",
        "own_system": asking.reading.school.keeps_own_system,
    } | _where(asking)
    return render(asking.request, f"concerns/new_{asking.kind}.html", context)


def _where(asking: Asking, form: ToldForm | None = None) -> dict[str, str]:
    """Who reads it and when; an allegation says it when it is known whom it is about."""
    if asking.kind == ConcernForm.draft_kind:
        return {
            "reading": presenters.reading_words(asking.reading, now=asking.at, kept_from=_kept_from(form)),
            "out_of_hours": presenters.out_of_hours_words(asking.reading),
        }
    out_of_hours = {"out_of_hours": presenters.out_of_hours_words(asking.reading)}
    if not isinstance(form, AllegationForm):
        return {"reading": _("It never goes to the person it is about, nor to the SPOC's inbox.")} | out_of_hours
    but = {form.complained_of or 0, asking.viewer.person or 0}
    going = allegations.where_it_goes(asking.school, form.subject, but=but, on=london_day(asking.at))
    return {"reading": presenters.ring_words(going.people)} | out_of_hours


def _kept_from(form: ToldForm | None) -> list[int]:
    """Whom the author keeps a concern from, once they have said so."""
    return form.cleaned_data["keep_from"] if form else []


def _danger(asking: Asking, form: ToldForm | None = None) -> str:
    if asking.kind == AllegationForm.draft_kind:
        return presenters.adult_danger_words(asking.reading)
    return presenters.danger_words(asking.reading, kept_from=_kept_from(form))


def _form(asking: Asking, data: QueryDict | None = None) -> ToldForm:
    name = {"author_name": asking.request.session.get(SUPPLY_NAME, "")}
    return FORMS[asking.kind](data, now=asking.at, initial=name, **_about(asking, data or {}))


def _form_of(asking: Asking, typed: QueryDict, *, more: bool = False) -> ToldForm:
    """The form as it was typed, without complaints."""
    return FORMS[asking.kind].from_draft(typed, now=asking.at, **_about(asking, typed, more=more))


def _about(asking: Asking, typed: Mapping[str, Any], *, more: bool = False) -> dict[str, Any]:
    """What the form must know: whom to ring, who could read it, how many people to ask about."""
    asked = {"danger": _danger(asking), "is_supply": _is_supply(asking)}
    on = london_day(asking.at)
    if asking.kind == ConcernForm.draft_kind:
        rows = sum(1 for name in typed if name.startswith("person_") and name.endswith("_name"))
        return asked | {"people": max(rows, 1) + more, "circle": asking.reading.circle.people}
    return asked | {
        "staff": allegations.adults_at(asking.school, on=on),
        "officers": allegations.officers_at(asking.school, on=on),
        "heads": allegations.heads_at(asking.school, on=on),
        "receivers": allegations.on_any_route(asking.school, on=on),
        "named": typed.get("complained_of_name", ""),
        "ring": _ring(asking),
    }


def _ring(asking: Asking) -> dict[str, Markup]:
    """Whom to ring, by whom it is about."""
    but, on = {asking.viewer.person or 0}, london_day(asking.at)
    going = allegations.everywhere_it_goes(asking.school, but=but, on=on)
    return {
        subject: rendered("ui/macros.html", "inset", presenters.ring_words(where.people))
        for subject, where in going.items()
    }


@require_GET
def sent(request: Request, school: int, once: UUID) -> HttpResponse:
    """It was sent: when it is read, by whom, and whom to ring."""
    require(may_raise, request.viewer, school)
    at = now()
    reading, told = people.reading_time(school, at), concerns.told_of(school, once)
    kept_from = [person.id for person in reading.circle.people if person.id not in told]
    context = {
        "text": presenters.reading_words(reading, now=at, kept_from=kept_from),
        "out_of_hours": presenters.out_of_hours_words(reading),
        "danger": presenters.danger_words(reading, kept_from=kept_from),
        "reads_back": not is_supply(request.viewer, school),
    }
    return render(request, "concerns/sent.html", context)


@require_GET
def sent_allegation(request: Request, school: int, once: UUID) -> HttpResponse:
    """A concern about an adult was sent: to whom, and whom to ring."""
    require(may_raise, request.viewer, school)
    at = now()
    reading = people.reading_time(school, at)
    context = {
        "text": presenters.ring_words(allegations.sent_to(school, once, on=london_day(at))),
        "out_of_hours": presenters.out_of_hours_words(reading),
        "danger": presenters.adult_danger_words(reading),
        "reads_back": not is_supply(request.viewer, school),
        "is_about_adult": True,
    }
    return render(request, "concerns/sent.html", context)


@require_GET
def own(request: Request) -> HttpResponse:
    """One's own concerns and drafts."""
    schools, at = _schools(request.viewer), now()
    reads_back = any(not is_supply(request.viewer, school) for school in schools)
    context = {
        "reads_back": reads_back,
        "rows": presenters.own_rows(concerns.own_concerns(request.viewer), now=at),
        "drafts": draft_rows(unsent(request.viewer, kinds=DRAFTS), now=at, named=True),
        "allegations": presenters.allegation_rows(allegations.own_allegations(request.viewer), now=at),
    }
    return render(request, "concerns/own.html", context)


@form_page
def concern(request: Request, concern: UUID) -> HttpResponse:
    """One of one's own concerns: one's words, what one was told, and a box to add."""
    own, at = concerns.own_concern(request.viewer, concern), now()
    form = drafted(request, AdditionForm, school=own.concern.school, now=at)
    if form.is_valid():
        try:
            telling.add_words(by=request.viewer, at=at, concern=concern, **form.cleaned_data)
        except AlreadySent:
            form.begin_anew()
        else:
            messages.success(request, _("Added. SPOC and DSL are told."))
            return redirect("concerns:concern", concern=concern)
    context = {
        "form": form,
        "marking": SENSITIVE,
        "state": presenters.own_state(own),
        "question": own.question.words if own.question and not own.is_answered else "",
        "facts": presenters.concern_facts(own.concern, now=at, is_own=True),
        "timeline": presenters.words_timeline(own, now=at),
        "readers": reader_rows(readers(own.concern.circles, own.concern.barred)),
        "told": presenters.told_rows(own.concern, (), now=at),
        **copy_addresses("concerns:copy_own", concern),
    }
    return render(request, "concerns/concern.html", context)


@require_GET
def copy(request: Request, concern: UUID, form: str) -> HttpResponse:
    """One of one's own concerns, with what one was told, for a record of one's own."""
    own = concerns.own_concern(request.viewer, concern)
    school = own.concern.school
    document = presenters.own_document(own, school=names([school])[school])
    return copy_out(request, form, document, kind="concerns.concern", record=own.concern)
