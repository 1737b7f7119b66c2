"""The words for drafts."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.drafts.models import DraftKind
from schoolgate.drafts.selectors import DraftCard
from schoolgate.ui.presenters import moment_words

NAMED_BY_CHILD = frozenset({DraftKind.CONCERN, DraftKind.ALLEGATION, DraftKind.SHARE, DraftKind.ENQUIRY})


def draft_words(draft: DraftCard, *, now: dt.datetime) -> str:
    """When a draft was last saved."""
    return _("Not sent yet, saved %(when)s") % {"when": moment_words(draft.changed_at, now=now)}


def draft_rows(drafts: list[DraftCard], *, now: dt.datetime) -> list[dict[str, Any]]:
    """Forms that were not sent, with where to carry on and where to throw them away."""
    return [
        {
            "title": _title(draft),
            "href": draft.href,
            "facts": [draft.kind.label, draft_words(draft, now=now)],
            "discard": reverse("drafts:discard", args=[draft.holder, draft.once]),
        }
        for draft in drafts
    ]


def _title(draft: DraftCard) -> str:
    """The child's name as typed, where the form asks for one."""
    if draft.kind not in NAMED_BY_CHILD:
        return str(draft.kind.label)
    return (draft.content.get("child_name") or [""])[0] or _("Without a name yet")
