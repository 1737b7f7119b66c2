"""The school's page, the agreed involvement, and the poster."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.directory.selectors import school_card
from schoolgate.drafts.keeping import drafted
from schoolgate.partnership import presenters_school as presenters
from schoolgate.partnership.forms.people import InvolvementForm
from schoolgate.partnership.policies import is_of_school, may_agree_involvement
from schoolgate.partnership.selectors import school as selectors
from schoolgate.partnership.selectors.pictures import pictures
from schoolgate.partnership.services.involvement import agree_involvement
from schoolgate.ui.documents import poster_as_pdf
from schoolgate.ui.forms import form_page


@require_GET
def school(request: Request, school: int) -> HttpResponse:
    """What everybody in the partnership opens first."""
    at = now()
    page = selectors.school_page(request.viewer, school, at=at)
    words = presenters.school_words(page, request.viewer, now=at)
    words |= {
        "page": page,
        "may_agree": may_agree_involvement(request.viewer, school),
        "offers": presenters.offers(page, request.viewer),
    }
    return render(request, "partnership/school.html", words)


@form_page
def involvement(request: Request, school: int) -> HttpResponse:
    """How school and officers work together, written down anew; what stood before stays in the record."""
    at = now()
    if not is_of_school(request.viewer, school):
        raise Http404
    require(may_agree_involvement, request.viewer, school)
    form = drafted(request, InvolvementForm, school=school, now=at, initial=_agreed(school))
    back = reverse("partnership:school", args=[school])
    if form.is_valid():
        agree_involvement(by=request.viewer, at=at, school=school, **form.cleaned_data)
        messages.success(request, _("Written down. It holds from now on, and the others were told."))
        return redirect(back)
    words = {"form": form, "heading": _("How we work together"), "caption": school_card(school).name}
    return render(request, "ui/form_page.html", words | {"back_url": back, "submit_text": _("Write it down")})


def _agreed(school: int) -> dict[str, object]:
    found = selectors.involvement(school)
    return vars(found) | {"visit_days": [str(day) for day in found.visit_days]} if found else {}


@require_GET
def poster(request: Request, school: int) -> HttpResponse:
    """For the wall: who the officer is, and what for."""
    page = selectors.school_page(request.viewer, school, at=now())
    shown = pictures(officer.card.id for officer in page.officers)
    response = HttpResponse(poster_as_pdf(presenters.poster(page, shown)), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="poster.pdf"'
    return response
