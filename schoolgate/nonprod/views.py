"""The demonstration's own pages: sign in as one of the cast, and see what e-mails would have gone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolgate.core.clock import now
from schoolgate.nonprod import selectors, services
from schoolgate.nonprod.personas import PERSONAS
from schoolgate.nonprod.presenters import mail_rows
from schoolgate.nonprod.services import NotLoaded


@require_GET
def cast(request: HttpRequest) -> HttpResponse:
    """Everybody one can sign in as, with what to look at."""
    return _page(request)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the person whose key was sent, and go to their home page."""
    if request.method == "GET":
        return redirect("nonprod:cast")
    key = request.POST.get("persona", "")
    if key not in {person.key for person in PERSONAS}:
        return _page(request, problem=_("There is nobody of that name in the demonstration. Choose one of these."))
    try:
        services.sign_in(request, key, at=now())
    except NotLoaded:
        return _page(request, problem=_("The demonstration is not loaded yet. Try again in a moment."))
    return redirect("/")


@require_POST
def day_code(request: HttpRequest) -> HttpResponse:
    """Show today's code for supply staff, as the SPOC would write it on the board in the staff room."""
    try:
        return _page(request, code=services.make_code(at=now()))
    except NotLoaded:
        return _page(request, problem=_("The demonstration is not loaded yet. Try again in a moment."))


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The e-mails that would have gone: they never say what it is about."""
    context = {
        "heading": _("E-mails that would have gone"),
        "items": mail_rows(selectors.mails(), now=now()),
        "empty_text": _("No e-mail would have gone yet."),
    }
    return render(request, "nonprod/mail.html", context)


def _page(request: HttpRequest, *, problem: str = "", code: str = "") -> HttpResponse:
    context = {"heading": _("The demonstration"), "groups": selectors.groups(), "problem": problem, "code": code}
    return render(request, "nonprod/cast.html", context, status=404 if problem else 200)
