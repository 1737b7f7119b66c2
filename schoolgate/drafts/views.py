"""What the page of a form asks for while somebody types, and the throwing away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schoolgate.access.idle_lock import open_when_locked
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.drafts import services
from schoolgate.drafts.forms import asked_desk
from schoolgate.drafts.keeping import form_page_of
from schoolgate.ui.forms import typed_in


@open_when_locked
@require_POST
def save(request: Request, kind: str, holder: int) -> HttpResponse:
    """Keep what is typed so far; asked by the page itself while somebody types."""
    typed = typed_in(request.POST)
    desk, form = asked_desk(kind, holder, request.GET.get("at", "")), form_page_of(typed)
    if desk is None or form is None:
        raise Http404
    try:
        services.save_draft(by=request.viewer, at=now(), desk=desk, form=form, content=typed)
    except services.TooLong:
        return HttpResponse(status=413)
    except services.Closed:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@require_POST
def discard(request: Request, draft: UUID) -> HttpResponse:
    """Throw away what was not sent."""
    services.discard_draft(by=request.viewer, at=now(), draft=draft)
    messages.success(request, _("The draft is gone."))
    return redirect("insight:home")
