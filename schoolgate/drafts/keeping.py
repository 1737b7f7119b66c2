"""How the page of a form keeps what is typed on it.

    form = drafted(request, ShareForm, school=school, now=at, choices=choices)

gives the form as it was posted; or as this person typed it before and did not send it; or empty. The page then saves
it while they type (ui/drafts.js), and form.draft_words says that it was not sent yet. Without a script, a view saves
what was posted by keep_typed.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import QueryDict

from schoolgate.access.viewer import Request, Viewer
from schoolgate.core.ids import new_id, number_from
from schoolgate.drafts import presenters
from schoolgate.drafts.forms import PAGE, VERSION, DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.drafts.policies import holder_of
from schoolgate.drafts.selectors import DraftCard, unsent
from schoolgate.drafts.services import Closed, Desk, FormPage, TooLong, close_draft, save_draft
from schoolgate.ui.forms import typed_in

Drafted = TypeVar("Drafted", bound=DraftedForm)

# The version of the record that a page showed: a draft opened later shows the record as it is then.
SEEN = "version"


def drafted(request: Request, form: type[Drafted], *, school: int, now: dt.datetime, **about: Any) -> Drafted:
    """The form as posted, as it was typed and not sent, or empty (see the module).

    school: that it is about. about: what else the form must know.
    """

    def make(saved: QueryDict | None) -> Drafted:
        if saved is None:
            return form(request.POST or None, now=now, **about)
        return form.from_draft(saved, now=now, **about)

    desk = desk_of(request.viewer, form.draft_kind, school, _address(request))
    return opened(request, desk, make, now=now)


def desk_of(viewer: Viewer, kind: DraftKind, school: int, address: str) -> Desk | None:
    """Where a form about a school is kept for whoever asks; nothing where it is not."""
    holder = holder_of(viewer, school)
    return Desk(holder, kind, address) if holder else None


def _address(request: Request) -> str:
    """The address of the form, with the school that it asks about; whatever else somebody put into it is left out."""
    school = number_from(request.GET.get("school", ""))
    return request.path if school is None else f"{request.path}?school={school}"


def opened(
    request: Request, desk: Desk | None, make: Callable[[QueryDict | None], Drafted], *, now: dt.datetime
) -> Drafted:
    """The form that `make` gives for what was typed before, or for nothing, told where it is kept."""
    shown, others = _chosen(request, desk)
    form = make(_typed_before(shown) if shown else None)
    form.desk = desk
    form.draft_words = presenters.draft_words(shown, now=now) if shown else ""
    form.unsent = presenters.draft_rows(others, now=now, named=True)
    return form


def _chosen(request: Request, desk: Desk | None) -> tuple[DraftCard | None, list[DraftCard]]:
    """The draft that a page shows, and the others of the same form."""
    if desk is None or request.method == "POST" or not request.viewer.unsent:
        return None, []
    drafts = unsent(request.viewer, kinds=[desk.kind], address=desk.address)
    wanted = request.GET.get("draft")
    found = None if "empty" in request.GET else next((d for d in drafts if wanted in (None, str(d.id))), None)
    return found, [draft for draft in drafts if draft != found]


def _typed_before(draft: DraftCard) -> QueryDict:
    """What a draft holds, for a page of its own."""
    saved = query_of(draft.content)
    saved.pop(SEEN, None)
    saved[PAGE], saved[VERSION] = str(new_id()), str(draft.version)
    return saved


def query_of(typed: Mapping[str, list[str]]) -> QueryDict:
    """What was typed, as it would be posted."""
    posted = QueryDict(mutable=True)
    for name, values in typed.items():
        posted.setlist(name, values)
    return posted


def keep_typed(
    request: Request, desk: Desk | None, *, at: dt.datetime, typed: Mapping[str, list[str]] | None = None
) -> bool:
    """Keep what was posted and not sent; or what of it belongs on this form (typed). Whether it is kept."""
    typed = typed_in(request.POST) if typed is None else typed
    page = form_page_of(typed)
    if desk is None or page is None:
        return False
    try:
        save_draft(by=request.viewer, at=at, desk=desk, form=page, content=typed)
    except (TooLong, Closed):
        return False
    return True


def close_typed(request: Request, form: DraftedForm, *, at: dt.datetime) -> None:
    """What this form says was sent, where the database does not see it by itself (see services)."""
    if form.desk:
        close_draft(by=request.viewer, at=at, desk=form.desk, once=form.cleaned_data["once"])


def form_page_of(typed: Mapping[str, list[str]]) -> FormPage | None:
    """The tokens of the form; nothing where somebody tampered with them."""
    try:
        once, page = (UUID(typed[name][0]) for name in ("once", PAGE))
        version = typed[VERSION][0]
        return FormPage(once, page, UUID(version) if version else None)
    except (KeyError, ValueError):
        return None
