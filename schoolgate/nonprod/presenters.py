"""E-mails in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from schoolgate.notices.models import Mail
from schoolgate.ui.presenters import capitalised, moment_words


def mail_rows(mails: Iterable[Mail], *, now: dt.datetime) -> list[dict[str, Any]]:
    """A timeline (see ui/macros.html) of e-mails."""
    return [
        {
            "title": mail.subject,
            "when": capitalised(moment_words(mail.sent_at, now=now)),
            "by": mail.address,
            "text": mail.text,
        }
        for mail in mails
    ]
