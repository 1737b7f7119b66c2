"""The pages of oversight. Each calls one selector or one service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.audit.notes import Operation
from schoolgate.core.clock import now
from schoolgate.core.ids import number_from
from schoolgate.governance import presenters, selectors, services
from schoolgate.governance.forms import ChildForm, EmergencyForm, LogForm
from schoolgate.governance.policies import may_end_emergency_access, may_read_log, may_take_emergency_access
from schoolgate.ui.forms import form_page

TOO_MANY = gettext_lazy("More than 50,000 entries: choose fewer days, or one person or record")
NOT_NEXT = gettext_lazy("You can no longer join these records. Choose again")


@dataclass(frozen=True)
class Question:
    """What a page of the log is about, apart from its filter; told: disclosures only."""

    person: int | None = None
    record: UUID | None = None
    told: bool = False

    @property
    def settled(self) -> list[str]:
        """The questions of the filter that it answers already."""
        answers = {"who": self.person, "record": self.record, "operation": self.told}
        return [name for name, answer in answers.items() if answer]


@require_GET
def log(request: Request, as_csv: bool = False) -> HttpResponse:
    """Everything in the log that the data protection officer may see."""
    return _log(request, Question(), as_csv)


@require_GET
def told(request: Request, as_csv: bool = False) -> HttpResponse:
    """Who was told."""
    return _log(request, Question(told=True), as_csv)


@require_GET
def person(request: Request, person: int, as_csv: bool = False) -> HttpResponse:
    """What one person looked at and did."""
    if number_from(str(person)) is None:
        raise Http404
    return _log(request, Question(person=person), as_csv)


@require_GET
def record(request: Request, record: UUID, as_csv: bool = False) -> HttpResponse:
    """Who looked at a record, or at a child."""
    return _log(request, Question(record=record), as_csv)


@form_page
def children(request: Request) -> HttpResponse:
    """Which child a request for access is about: the records of that name, by their ids."""
    require(may_read_log, request.viewer)
    form = ChildForm(request.POST or None)
    found = selectors.children_called(form.cleaned_data["name"]) if form.is_valid() else []
    words = presenters.children_words(found, is_asked=form.is_valid(), now=now())
    return render(request, "governance/children.html", words | {"form": form})


def _log(request: Request, question: Question, as_csv: bool) -> HttpResponse:
    asked = any(name in request.GET for name in LogForm.base_fields)
    kinds = presenters.kind_choices()
    form = LogForm(request.GET if asked else None, now=now(), kinds=kinds, settled=question.settled)
    if as_csv and (not asked or form.is_valid()):
        try:
            return _file(request, _query(form, question))
        except selectors.TooManyEntries:
            form.add_error(None, TOO_MANY)
    before = _place(request.GET.get("before", ""))
    query = selectors.LogQuery(people=()) if form.errors else _query(form, question)
    page = selectors.log_page(request.viewer, query, before=before)
    words = presenters.log_words(page, request.path.removesuffix("csv/"), request.GET, now=now())
    heading = presenters.log_heading(question.person, question.record, question.told, page)
    return render(request, "governance/log.html", words | {"heading": heading, "filter": form})


def _file(request: Request, query: selectors.LogQuery) -> HttpResponse:
    """The file is whole before its first byte goes out, and so is the entry of it in the log."""
    text = presenters.csv_text(selectors.log_file(request.viewer, query))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="access-log.csv"'
    return response


def _query(form: LogForm, question: Question) -> selectors.LogQuery:
    """The page's own question goes before what is typed in the filter."""
    typed = form.cleaned_data if form.is_bound else {}
    people = (question.person,) if question.person else selectors.people_asked(typed.get("who", ""))
    return selectors.LogQuery(
        people=people,
        kind=typed.get("kind", ""),
        record=question.record or typed.get("record"),
        operation=Operation.DISCLOSURE if question.told else typed.get("operation", ""),
        since=form.moment("since"),
        until=form.moment("until", days_later=1),
    )


def _place(text: str) -> selectors.Place | None:
    if not text:
        return None
    try:
        moment, number = text.split("_")
        return selectors.Place(datetime.fromisoformat(moment), UUID(number))
    except ValueError as error:
        raise Http404 from error


@require_GET
def seal(request: Request) -> HttpResponse:
    """How the log is sealed."""
    health, restores = selectors.log_state(request.viewer)
    return render(request, "governance/seal.html", presenters.seal_words(health, restores, now=now()))


@require_GET
def who_can_read(request: Request, record: UUID) -> HttpResponse:
    """Who can read a record now."""
    found = selectors.who_reads(record)
    return render(request, "governance/who_can_read.html", presenters.who_reads_words(found, now=now()))


@require_GET
def emergencies(request: Request) -> HttpResponse:
    """Who took emergency access lately."""
    cards = selectors.emergencies(at=now())
    may_take = may_take_emergency_access(request.viewer)
    return render(request, "governance/emergencies.html", presenters.emergency_list_words(cards, may_take, now=now()))


@require_GET
def emergency(request: Request, taken: UUID) -> HttpResponse:
    """One taking of emergency access."""
    card = selectors.emergency(taken)
    may_end = may_end_emergency_access(request.viewer, card.holder, card.person.id)
    return render(request, "governance/emergency.html", presenters.emergency_words(card, may_end, now=now()))


@require_POST
def end_emergency(request: Request, taken: UUID) -> HttpResponse:
    """End it before its time."""
    services.end_emergency_access(by=request.viewer, at=now(), taken=taken)
    messages.success(request, _("The emergency access has ended."))
    return redirect("governance:emergencies")


@form_page
def take_emergency(request: Request) -> HttpResponse:
    """Take it."""
    near = selectors.circles_near(request.viewer)
    form = EmergencyForm(request.POST or None, now=now(), near=near)
    if form.is_valid():
        try:
            return redirect("governance:emergency", _take(request, form))
        except services.NotNext:
            form.add_error("circle", NOT_NEXT)
    return render(request, "governance/take_emergency.html", {"form": form, "near": near})


def _take(request: Request, form: EmergencyForm) -> UUID:
    answers, circle = form.cleaned_data, form.chosen
    return services.take_emergency_access(
        by=request.viewer,
        at=now(),
        kind=circle.kind,
        school=circle.school,
        hours=int(answers["hours"]),
        reason=answers["reason"],
        once=answers["once"],
    )
