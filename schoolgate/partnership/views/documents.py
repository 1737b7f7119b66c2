"""Pages on which a force writes its documents."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.core.ids import number_from
from schoolgate.directory.selectors import force_card, forces_of
from schoolgate.drafts.keeping import close_typed, drafted, keep_typed
from schoolgate.partnership import presenters
from schoolgate.partnership.forms.documents import EditionForm
from schoolgate.partnership.policies import may_write_documents
from schoolgate.partnership.selectors import documents
from schoolgate.partnership.selectors.documents import EditionText
from schoolgate.partnership.selectors.filling import FIELDS
from schoolgate.partnership.services import documents as services
from schoolgate.ui.forms import form_page
from schoolgate.ui.prose import as_html, compared

CHANGED = gettext_lazy(
    "Somebody else changed this since you opened it. Look at it in another window; Save again keeps what stands here."
)


@require_GET
def listed(request: Request) -> HttpResponse:
    """The force's documents, edition by edition."""
    writes = may_write_documents(request.viewer)
    forces = [force_card(force) for force in forces_of(request.viewer.person or 0)] if writes else []
    begin = [(force, kind) for force in forces for kind in documents.KINDS]
    rows = presenters.edition_rows(documents.editions(request.viewer))
    return render(request, "partnership/documents.html", {"rows": rows, "begin": begin})


@require_POST
def begin(request: Request, force: int, kind: str) -> HttpResponse:
    """Begin the next edition, or go on with the one that is being written."""
    require(may_write_documents, request.viewer)
    if force not in forces_of(request.viewer.person or 0):
        raise Http404
    nation = force_card(force).nation
    made = services.begin_edition(
        by=request.viewer, at=now(), force=force, kind=documents.kind_called(kind), nation=nation
    )
    return redirect("partnership:edit_edition", made)


@require_GET
def edition(request: Request, edition: int) -> HttpResponse:
    """One edition as it reads."""
    shown = documents.edition(request.viewer, edition)
    words = _words(shown) | {
        "summary": as_html(shown.summary),
        "body": as_html(shown.body),
        "writes": may_write_documents(request.viewer),
        "before": documents.edition_before(shown),
    }
    return render(request, "partnership/edition.html", words)


@form_page
def edit(request: Request, edition: int) -> HttpResponse:
    """Write it; with a preview of what it will look like."""
    shown = documents.edition(request.viewer, edition)
    require(may_write_documents, request.viewer)
    if shown.published_at:
        return redirect("partnership:edition", edition)
    initial = {name: getattr(shown, name) for name in ("title", "as_at", "summary", "body")}
    initial["begun_from"] = shown.version
    form = drafted(request, EditionForm, school=shown.force, now=now(), initial=initial)
    if form.is_valid() and request.POST.get("step") != "preview" and _kept(request, shown, form):
        messages.success(request, _("Saved."))
        return redirect("partnership:edition", edition)
    words = _words(shown) | {"form": form, "fields": FIELDS}
    if request.method == "POST":
        keep_typed(request, form.desk, at=now())
    if form.is_bound and form.is_valid():
        words |= {name: as_html(form.cleaned_data[name]) for name in ("summary", "body")}
    return render(request, "partnership/edit_edition.html", words)


def _kept(request: Request, shown: EditionText, form: EditionForm) -> bool:
    answers = {name: form.cleaned_data[name] for name in ("title", "summary", "body", "as_at")}
    if form.cleaned_data["begun_from"] == str(shown.version):
        try:
            services.change_edition(by=request.viewer, at=now(), shown=shown, **answers)
            close_typed(request, form, at=now())
            return True
        except services.ChangedMeanwhile:
            pass
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["begun_from"] = str(shown.version)  # type: ignore[index]
    form.add_error(None, CHANGED)
    return False


@require_GET
def compare(request: Request, edition: int) -> HttpResponse:
    """What changed from the edition before."""
    shown = documents.edition(request.viewer, edition)
    before = documents.edition_before(shown)
    if before is None:
        raise Http404
    words = _words(shown) | {
        "before": before,
        "summary": presenters.change_rows(compared(before.summary, shown.summary)),
        "body": presenters.change_rows(compared(before.body, shown.body)),
    }
    return render(request, "partnership/compare.html", words)


@require_POST
def publish(request: Request, edition: int) -> HttpResponse:
    """Fix the text, so that it can be proposed."""
    shown = documents.edition(request.viewer, edition)
    read = number_from(request.POST.get("version", "")) or 0
    try:
        services.publish_edition(by=request.viewer, at=now(), shown=shown, version=read)
        messages.success(request, _("Published. It can be proposed to schools now."))
    except services.ChangedMeanwhile:
        messages.success(request, _("Somebody changed it meanwhile, so it was not published. Read it again."))
    return redirect("partnership:edition", edition)


def _words(shown: EditionText) -> dict[str, Any]:
    heading = _("%(title)s, edition %(number)s") % {"title": shown.title, "number": shown.number}
    return {"edition": shown, "heading": heading, "state": presenters.edition_state(shown)}
