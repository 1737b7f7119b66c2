"""Good practice, measured on today's deployment, with its map."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.deployment import presenters_practice as presenters
from schoolgate.deployment.policies import may_deploy_some
from schoolgate.deployment.selectors import practice as selectors
from schoolgate.deployment.selectors.priority import force_of_figures


@require_GET
def good_practice(request: Request) -> HttpResponse:
    """Each line of the source's list, measured today; each finding leads to what would mend it."""
    found = selectors.deployed(force_of_figures(request.viewer), on=london_day(now()))
    words = presenters.practice_words(found)
    words |= {"heading": _("Good practice, measured today"), "caption": found.force_name}
    return render(request, "deployment/good_practice.html", words | {"may": may_deploy_some(request.viewer)})


@require_GET
def places(request: Request) -> JsonResponse:
    """The force's schools and their officers, for the map."""
    force = force_of_figures(request.viewer)
    return JsonResponse(presenters.places(selectors.pins(force, on=london_day(now()))))
