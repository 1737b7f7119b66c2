"""Which schools come first: the ranking, its weights and values, the sergeant's decision, the equality check."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.deployment import presenters_priority as presenters
from schoolgate.deployment.forms import priority as forms
from schoolgate.deployment.policies import may_deploy_some, may_weigh
from schoolgate.deployment.selectors import priority as selectors
from schoolgate.deployment.services import priority as services
from schoolgate.ui.forms import form_page


@require_GET
def priority(request: Request) -> HttpResponse:
    """The force's schools by score, with what was decided beside it."""
    force = selectors.force_of_figures(request.viewer)
    words = presenters.ranking_words(selectors.ranking(force), now=now())
    words |= {"heading": _("Which schools come first"), "may_weigh": may_weigh(request.viewer)}
    return render(request, "deployment/priority.html", words)


@form_page
def weights(request: Request) -> HttpResponse:
    """The next version of the weights."""
    at = now()
    force = selectors.force_of_figures(request.viewer)
    require(may_weigh, request.viewer)
    versions = selectors.matrices(force)
    initial = {kind.value: weight for kind, weight in versions[0].weights} | {"number": versions[0].number}
    form = forms.WeightsForm(request.POST or None, now=at, initial=initial)
    if form.is_valid():
        answers = {
            "number": form.cleaned_data["number"],
            "reason": form.cleaned_data["reason"],
            "weights": form.weights,
        }
        try:
            services.set_weights(by=request.viewer, at=at, force=force, **answers)
        except services.ChangedMeanwhile:
            form.add_error(
                None, _("Somebody else set other weights meanwhile. Open this page in a new tab and compare.")
            )
        else:
            messages.success(request, _("Kept as a new version. The ranking follows it from now on."))
            return redirect("deployment:priority")
    words = {"form": form, "heading": _("What counts, and how much"), "back_url": reverse("deployment:priority")}
    words |= {"versions": [presenters.matrix_words(one, now=at) for one in versions if one.number]}
    return render(request, "deployment/weights.html", words | {"submit_text": _("Keep as a new version")})


@form_page
def values(request: Request) -> HttpResponse:
    """Hand a table in; look at what it would do; take it, whole or not at all."""
    at = now()
    force = selectors.force_of_figures(request.viewer)
    schools = selectors.schools_by_urn(force)
    takes = request.POST.get("step") == "take"
    kind = forms.TakeValuesForm if takes else forms.ValuesForm
    form = kind(request.POST or None, request.FILES or None, now=at, schools=schools)
    words: dict[str, object] = {"heading": _("Bring in values"), "back_url": reverse("deployment:priority")}
    if not form.is_valid():
        shown = forms.ValuesForm(now=at, schools=schools) if takes else form
        return render(request, "deployment/values.html", words | {"form": shown})
    as_at = form.cleaned_data["as_at"]
    if takes and not form.given.bad:
        services.take_values(by=request.viewer, at=at, force=force, given=form.given, as_at=as_at)
        messages.success(request, _("Taken. The ranking follows it from now on."))
        return redirect("deployment:priority")
    carried = {"text": form.cleaned_data["text"], "as_at": as_at}
    words |= {"preview": presenters.preview_words(form.given, as_at=as_at), "carried": carried}
    return render(request, "deployment/values.html", words)


@form_page
def decide(request: Request, school: int) -> HttpResponse:
    """What a school's score is made of, and the sergeant's decision with its reasons, apart from it."""
    at = now()
    force = selectors.force_of_figures(request.viewer)
    one = selectors.ranked_school(force, school)
    may = may_deploy_some(request.viewer)
    if request.method == "POST":
        require(may_deploy_some, request.viewer)
    form = forms.DecisionForm(request.POST or None, now=at)
    if form.is_valid():
        services.decide_priority(by=request.viewer, at=at, force=force, school=school, **form.cleaned_data)
        messages.success(request, _("Decided. The reasons are kept beside the score of today."))
        return redirect("deployment:priority")
    words = {
        "form": form if may else None,
        "heading": one.name,
        "caption": _("Priority"),
        "one": one,
        "parts": presenters.part_rows(one),
        "decision": presenters.decision_words(one, now=at),
    }
    return render(request, "deployment/decide.html", words)


@require_GET
def equality(request: Request) -> HttpResponse:
    """What changes without deprivation and attainment."""
    force = selectors.force_of_figures(request.viewer)
    words = presenters.equality_words(selectors.equality(force))
    return render(request, "deployment/equality.html", words | {"heading": _("Equality check of the priorities")})
