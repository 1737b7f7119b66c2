"""Studies: begun, settled, put to the planner; how far it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.core.once import AlreadySent
from schoolgate.planning import forms, presenters
from schoolgate.planning.optimiser.reading import BadProblem
from schoolgate.planning.policies import may_plan
from schoolgate.planning.selectors import plans as plan_selectors
from schoolgate.planning.selectors import studies as selectors
from schoolgate.planning.selectors import supposing
from schoolgate.planning.services import studies as services
from schoolgate.planning.terms import OwnNeed, Pair, StudyTerms
from schoolgate.ui.forms import Form, OnceForm, form_page


@require_GET
def studies(request: Request) -> HttpResponse:
    """What was planned and is being planned."""
    words = presenters.list_words(selectors.studies(request.viewer), now=now())
    words |= {"heading": _("Plans of who covers which school"), "back_url": reverse("deployment:board")}
    return render(request, "planning/studies.html", words)


@form_page
def new(request: Request) -> HttpResponse:
    """Begin a study."""
    at = now()
    teams = selectors.teams(request.viewer)
    initial = {"wider": list(StudyTerms.wider)}
    form = forms.StudyForm(request.POST or None, now=at, teams=teams, initial=initial)
    if form.is_valid():
        answers = dict(form.cleaned_data)
        terms = StudyTerms(answers.pop("begins_on"), wider=tuple(answers.pop("wider")))
        try:
            made = services.begin_study(by=request.viewer, at=at, terms=terms, **answers)
        except AlreadySent:
            form.begin_anew()
        else:
            return redirect("planning:study", made.pk)
    words = {"form": form, "heading": _("Plan who covers which school"), "back_url": reverse("planning:studies")}
    return render(request, "ui/form_page.html", words | {"submit_text": _("Go on")})


@require_GET
def study(request: Request, study: UUID) -> HttpResponse:
    """What would be planned, how far the planner is, or what came of it."""
    one = selectors.study(study)
    built = selectors.built(one) if one.state == "draft" else None
    words = presenters.study_words(
        one, built, plan_selectors.plans_of(one), selectors.last_step(study), selectors.called(one),
        readers(one.circles, one.barred), now=now(),
    )  # fmt: skip
    words |= {"study": one, "back_url": reverse("planning:studies"), "once": uuid4()}
    return render(request, "planning/study.html", words)


@require_GET
def progress(request: Request, study: UUID) -> JsonResponse:
    """How far the planner is, for the page that shows it."""
    state = selectors.state_of(study)
    words = presenters.step_words(selectors.last_step(study))
    return JsonResponse({"goes_on": presenters.goes_on(state), "says": words})


@form_page
def settle(request: Request, study: UUID) -> HttpResponse:
    """What counts, and how much."""
    one = selectors.study(study)
    require(may_plan, request.viewer, one.team)
    initial = forms.TermsForm.initial_of(one.terms, one.version)
    form = forms.TermsForm(request.POST or None, now=now(), initial=initial)
    settled = lambda: replace(one.terms, **form.settled)  # noqa: E731
    return _settling(request, one, form, _("What counts, and how much"), settled, page="planning/settle.html")


def _settling(
    request: Request,
    one: selectors.StudyCard,
    form: Form,
    heading: str,
    settled: Callable[[], StudyTerms],
    *,
    page: str = "ui/form_page.html",
) -> HttpResponse:
    """A page that changes what a study asks for."""
    back = reverse("planning:study", args=[one.id])
    if form.is_valid():
        try:
            services.settle(by=request.viewer, study=one.id, version=form.cleaned_data["version"], terms=settled())
        except services.MovedOn:
            form.add_error(
                None, _("Somebody changed the study meanwhile, or it is being planned. Open it in a new tab.")
            )
        else:
            return redirect(back)
    words = {"form": form, "heading": heading, "caption": one.name, "back_url": back, "submit_text": _("Keep")}
    return render(request, page, words)


@form_page
def need(request: Request, study: UUID, school: int) -> HttpResponse:
    """What one school needs, or that it stays out."""
    one = selectors.study(study)
    require(may_plan, request.viewer, one.team)
    its = selectors.school_of(one, school)
    initial: dict[str, Any] = {
        "version": one.version,
        "measure": "kind",
        "hours": its.need.hours,
        "visits": its.need.visits,
    }
    if school in one.terms.own_needs:
        initial |= {"measure": "own", "reason": one.terms.own_needs[school].reason}
    if school in one.terms.left_out:
        initial |= {"measure": "out", "reason": one.terms.left_out[school]}
    form = forms.NeedForm(request.POST or None, now=now(), initial=initial)

    def settled() -> StudyTerms:
        answers, terms = form.cleaned_data, one.terms.without_school(school)
        if answers["measure"] == "own":
            own = OwnNeed(answers["hours"], answers["visits"], answers["reason"])
            return replace(terms, own_needs={**terms.own_needs, school: own})
        if answers["measure"] == "out":
            return replace(terms, left_out={**terms.left_out, school: answers["reason"]})
        return terms

    return _settling(request, one, form, its.name, settled)


@form_page
def pair(request: Request, study: UUID) -> HttpResponse:
    """Settle that an officer must, or must not, have a school."""
    one = selectors.study(study)
    require(may_plan, request.viewer, one.team)
    built = selectors.built(one)
    officers = {each.file.card.id: each.file.card.called for each in built.officers}
    schools = {each.id: each.name for each in built.planned_schools}
    initial = {"version": one.version}
    form = forms.PairForm(request.POST or None, now=now(), officers=officers, schools=schools, initial=initial)

    def settled() -> StudyTerms:
        answers = form.cleaned_data
        about = int(answers["officer"]), int(answers["school"])
        others = one.terms.without_pair(*about).pairs
        return replace(one.terms, pairs=(*others, Pair(*about, answers["must"] == "yes", answers["reason"])))

    return _settling(request, one, form, _("Settle a pair"), settled)


@require_POST
def forget_pair(request: Request, study: UUID, officer: int, school: int) -> HttpResponse:
    """No longer settle a pair."""
    one = selectors.study(study)
    left = one.terms.without_pair(officer, school)
    try:
        services.settle(by=request.viewer, study=study, version=one.version, terms=left)
    except services.MovedOn:
        messages.error(request, _("It is being planned, or was planned: begin another study with the same terms."))
    return redirect("planning:study", study)


@require_POST
def run(request: Request, study: UUID) -> HttpResponse:
    """Put it to the planner."""
    selectors.study(study)
    try:
        services.ask_for_plan(by=request.viewer, at=now(), study=study)
    except BadProblem as bad:
        messages.error(request, _("It cannot be planned yet: %s.") % presenters.bad_words(bad))
    return redirect("planning:study", study)


@require_POST
def stop(request: Request, study: UUID) -> HttpResponse:
    """Have the planner stop, and keep the best plan so far."""
    services.stop(by=request.viewer, study=study)
    messages.success(request, _("Asked to stop. The best plan so far is kept."))
    return redirect("planning:study", study)


@require_POST
def again(request: Request, study: UUID) -> HttpResponse:
    """Begin another study with the same terms, on today's data."""
    form = OnceForm(request.POST)
    if not form.is_valid():
        return redirect("planning:study", study)
    made = services.again(by=request.viewer, at=now(), study=study, once=form.cleaned_data["once"])
    return redirect("planning:study", made.pk)


@form_page
def suppose(request: Request, study: UUID) -> HttpResponse:
    """What if an officer leaves, a school becomes a priority, one more officer comes?"""
    at, one = now(), selectors.study(study)
    require(may_plan, request.viewer, one.team)
    choices = supposing.what_if_choices(one)
    form = forms.WhatIfForm(
        request.POST or None, now=at, officers=choices.officers, schools=choices.schools, places=choices.places
    )
    if form.is_valid():
        more = choices.what_if(form.cleaned_data)
        try:
            made = services.suppose(
                by=request.viewer,
                at=at,
                study=study,
                name=presenters.supposed_name(one, more, choices),
                more=more,
                once=form.cleaned_data["once"],
            )
        except BadProblem as bad:
            form.add_error(None, presenters.bad_words(bad))
        except AlreadySent:
            form.begin_anew()
        else:
            return redirect("planning:study", made.pk)
    words = {"form": form, "heading": _("What if…"), "caption": one.name, "submit_text": _("Plan that")}
    return render(request, "ui/form_page.html", words | {"back_url": reverse("planning:study", args=[study])})
