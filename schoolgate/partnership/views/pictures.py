"""An officer's picture, and the page on which it is put up and taken down."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.partnership import presenters_school as presenters
from schoolgate.partnership.forms.pictures import PictureForm
from schoolgate.partnership.selectors import pictures as selectors
from schoolgate.partnership.services import pictures as services
from schoolgate.ui.forms import form_page


@require_GET
def picture(request: Request, officer: int) -> HttpResponse:
    """The picture itself."""
    return HttpResponse(selectors.picture(officer), content_type="image/jpeg")


@form_page
def change(request: Request, officer: int) -> HttpResponse:
    """Put it up, or another one."""
    shown = selectors.picture_to_keep(officer)
    form = PictureForm(request.POST or None, request.FILES or None, now=now())
    if request.method == "POST" and not form.is_bound:
        form = PictureForm({"file": ""}, now=now())
    if form.is_valid():
        services.put_up_picture(by=request.viewer, at=now(), officer=officer, portrait=form.portrait)
        messages.success(request, _("The picture is up: on the page of each school, and on its poster."))
        return redirect("partnership:change_picture", officer)
    words = {"form": form, "shown": shown, "portrait": presenters.portrait(shown.officer, shown.is_there)}
    return render(request, "partnership/picture.html", words)


@require_POST
def remove(request: Request, officer: int) -> HttpResponse:
    """Take it down."""
    services.take_down_picture(by=request.viewer, at=now(), officer=officer)
    messages.success(request, _("The picture was taken down, and no copy of it is kept here."))
    return redirect("partnership:change_picture", officer)
