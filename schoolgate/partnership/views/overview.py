"""How every school of the force stands: a list, a map, a spreadsheet. They show no personal data."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.partnership import presenters_overview as presenters
from schoolgate.partnership.forms.overview import OverviewForm
from schoolgate.partnership.selectors import overview as selectors
from schoolgate.ui.spreadsheet import as_csv


@require_GET
def overview(request: Request) -> HttpResponse:
    """A page of the schools, by name."""
    force = selectors.force_overseen(request.viewer)
    name, bcus = selectors.force_and_bcus(force)
    form = OverviewForm(request.GET or None, bcus=bcus)
    page = selectors.OverviewPage((), has_more=False)
    if not form.is_bound or form.is_valid():
        page = selectors.overview(force, form.wanted, on=london_day(now()))
    words = presenters.overview_words(page, request.GET)
    words |= {"heading": _("Schools of %s") % name, "filter": form}
    return render(request, "partnership/overview.html", words)


@require_GET
def spreadsheet(request: Request) -> HttpResponse:
    """All that are wanted, as CSV."""
    text = as_csv(presenters.COLUMNS, presenters.csv_rows(_all(request)))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="schools.csv"'
    return response


@require_GET
def places(request: Request) -> HttpResponse:
    """All that are wanted, for the map."""
    return JsonResponse(presenters.places(_all(request)))


def _all(request: Request) -> list[selectors.SchoolStanding]:
    """Raises Http404 for a filter that the page would complain of."""
    force = selectors.force_overseen(request.viewer)
    form = OverviewForm(request.GET or None, bcus=selectors.force_and_bcus(force)[1])
    if form.is_bound and not form.is_valid():
        raise Http404
    return selectors.all_schools(force, form.wanted, on=london_day(now()))
