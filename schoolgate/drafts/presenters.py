"""The words for drafts."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.drafts.selectors import DraftCard
from schoolgate.drafts.services import Desk
from schoolgate.ui.presenters import moment_words


def draft_words(draft: DraftCard, *, now: dt.datetime) -> str:
    """When a draft was last saved."""
    return _("Not sent yet, saved %(when)s") % {"when": moment_words(draft.changed_at, now=now)}


def draft_rows(drafts: list[DraftCard], *, now: dt.datetime, named: bool = False) -> list[dict[str, Any]]:
    """Forms that were not sent, with where to carry on and where to throw them away.

    named: by the child's name where one was typed; never on a home page, which others see over a shoulder.
    """
    return [
        {
            "title": (named and _child(draft)) or str(draft.kind.label),
            "href": Desk(draft.holder, draft.kind, draft.address).asking(f"draft={draft.id}"),
            "facts": [draft_words(draft, now=now)],
            "discard": reverse("drafts:discard", args=[draft.id]),
        }
        for draft in drafts
    ]


def _child(draft: DraftCard) -> str:
    return (draft.content.get("child_name") or [""])[0]
