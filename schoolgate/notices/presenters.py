"""Notices in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.notices.models import AT_ONCE
from schoolgate.notices.selectors import NoticeLine
from schoolgate.ui.presenters import capitalised, moment_words


def notice_rows(lines: Iterable[NoticeLine], *, now: dt.datetime) -> list[dict[str, Any]]:
    """Rows of a list (see ui/macros.html)."""
    return [
        {
            "title": line.kind.label,
            "href": reverse("notices:open", args=[line.id]),
            "state": "" if line.seen else _("New"),
            "tone": "late" if line.kind in AT_ONCE else "active",
            "facts": [capitalised(moment_words(line.made_at, now=now))],
        }
        for line in lines
    ]
