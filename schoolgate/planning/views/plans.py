"""Plans: beside today, changed by hand, compared, accepted."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.core.once import AlreadySent
from schoolgate.planning import forms, presenters, presenters_plan
from schoolgate.planning.policies import may_plan
from schoolgate.planning.selectors import plans as selectors
from schoolgate.planning.selectors import studies as study_selectors
from schoolgate.planning.services import plans as services
from schoolgate.ui.forms import form_page
from schoolgate.ui.presenters import counted


@require_GET
def plan(request: Request, plan: UUID) -> HttpResponse:
    """A plan beside today: costs, officers, schools, what would change, and what is proven."""
    one = selectors.plan(plan)
    compared, names = selectors.beside_today(one, on=london_day(now())), study_selectors.called(one.study)
    reading = readers(one.study.circles, one.study.barred)
    words = presenters_plan.plan_words(one, compared, names, reading, now=now())
    return render(request, "planning/plan.html", words | {"plan": one, "once": uuid4(), "back_url": _study_url(one)})


def _study_url(one: selectors.PlanCard) -> str:
    return reverse("planning:study", args=[one.study.id])


@require_GET
def places(request: Request, plan: UUID) -> JsonResponse:
    """A plan's schools, for the map."""
    one = selectors.plan(plan)
    where = study_selectors.where(one.study)
    compared, names = selectors.beside_today(one, on=london_day(now())), study_selectors.called(one.study)
    return JsonResponse(presenters_plan.places(one, compared, names, where))


@form_page
def change(request: Request, plan: UUID) -> HttpResponse:
    """Give a school to somebody else: see the cost (GET), keep it as another plan (POST)."""
    at, one = now(), selectors.plan(plan)
    require(may_plan, request.viewer, one.study.team)
    names = study_selectors.called(one.study)
    choices = {
        "officers": {officer.id: names.get(officer.id, officer.id) for officer in one.study.problem.postable},
        "schools": {school.id: names.get(school.id, school.id) for school in one.study.problem.schools},
    }
    back = reverse("planning:plan", args=[plan])
    keeping = forms.KeepForm(request.POST or None, now=at, initial=request.GET.dict(), **choices)
    if keeping.is_valid():
        made = _kept(request, one, keeping, names)
        if made:
            return redirect("planning:plan", made)
    typed = request.POST if request.method == "POST" else request.GET
    form = forms.HandForm(typed or None, now=at, **choices)
    words = {"form": form, "keeping": keeping, "heading": _("Change the plan by hand"), "caption": one.study.name}
    if form.is_valid():
        portfolios = services.given(one, form.cleaned_data["school"], form.officers)
        words["result"] = presenters_plan.hand_words(one, portfolios, services.faults_of(one, portfolios), names)
    return render(request, "planning/change.html", words | {"back_url": back})


def _kept(request: Request, one: selectors.PlanCard, form: forms.KeepForm, names: dict[str, str]) -> UUID | None:
    school, officers = form.cleaned_data["school"], form.officers
    words = presenters_plan.given_words(one, school, officers, names)
    try:
        made = services.keep_by_hand(
            by=request.viewer, at=now(), plan=one, school=school, officers=officers, words=words,
            once=form.cleaned_data["once"],
        )  # fmt: skip
    except AlreadySent:
        form.begin_anew()
        return None
    return made.pk


@require_GET
def compare(request: Request) -> HttpResponse:
    """Two plans side by side."""
    titles = {str(one.id): presenters_plan.plan_title(one, now=now()) for one in selectors.plan_titles(request.viewer)}
    asked = request.GET if "other" in request.GET else None  # the first comes with the link from its page
    form = forms.CompareForm(asked, now=now(), plans=titles, initial=request.GET.dict())
    words = {"form": form, "heading": _("Compare two plans"), "back_url": reverse("planning:studies")}
    if form.is_valid():
        chosen = [form.cleaned_data[name] for name in ("one", "other")]
        one, other = (selectors.plan(UUID(pk)) for pk in chosen)
        names = study_selectors.called(one.study) | study_selectors.called(other.study)
        words |= presenters_plan.compare_words(one, other, names)
        words |= {"titles": [titles[pk] for pk in chosen]}
    return render(request, "planning/compare.html", words)


@require_POST
def accept(request: Request, plan: UUID) -> HttpResponse:
    """Propose what the plan changes at the chosen schools."""
    one = selectors.plan(plan)
    chosen = set(request.POST.getlist("school"))
    if not chosen:
        messages.error(request, _("Choose at least one school of those that change."))
        return redirect("planning:plan", plan)
    try:
        made, refused = services.accept(by=request.viewer, at=now(), plan=one, schools=chosen, reason=_reason(one))
    except services.BreaksRules:
        messages.error(request, _("Nothing was proposed: the plan breaks a rule, which stands below."))
        return redirect("planning:plan", plan)
    except services.DataChanged:
        messages.error(request, _("Nothing was proposed: the data have changed since. What changed stands below."))
        return redirect("planning:plan", plan)
    names = study_selectors.called(one.study)
    for each in refused:
        messages.error(request, presenters_plan.refused_words(each.change, each.rule, names))
    if made:
        words = ngettext("%(count)s change was proposed.", "%(count)s changes were proposed.", made)
        messages.success(request, counted(words, made) + " " + _("Tell head teachers and SPOCs next."))
        return redirect("deployment:board")
    return redirect("planning:plan", plan)


def _reason(one: selectors.PlanCard) -> str:
    return _("From the plan “%(study)s”. %(proof)s") % {
        "study": one.study.name, "proof": presenters.gap_words(one.plan.gap or 0),
    }  # fmt: skip
