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
    force, name, form = _asked(request)
    page = selectors.OverviewPage((), has_more=False)
    if not form.is_bound or form.is_valid():
        page = selectors.overview(force, form.wanted, on=london_day(now()))
    words = presenters.overview_words(page, request.GET)
    words |= {"heading": _("Schools of %s") % name, "filter": form}
    return render(request, "partnership/overview.html", words)


def _asked(request: Request) -> tuple[int, str, OverviewForm]:
    """The force, its name, and which of its schools; who oversees several chooses, and begins with the first."""
    forces = selectors.forces_to_oversee(request.viewer)
    chosen = request.GET.get("force", "")
    force, name = next((each for each in forces if str(each[0]) == chosen), forces[0])
    return force, name, OverviewForm(request.GET or None, forces=forces, bcus=selectors.bcus_of(force))


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
    force, _name, form = _asked(request)
    if form.is_bound and not form.is_valid():
        raise Http404
    return selectors.all_schools(force, form.wanted, on=london_day(now()))
