"""What the clock does: a concern that nobody opened in time goes to more people."""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import Concern
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell

NOBODY = Viewer()


def escalate_unopened(*, at: dt.datetime) -> int:
    """Tell deputies and head teacher of each concern not opened within one school hour, and its author to speak up.

    Runs as nobody, through a database function that knows ids only; a second run tells nobody twice. Gives how many.
    """
    words = _("Nobody has opened it yet. Speak to somebody now: the DSL, the head teacher, or their deputies.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select concern, author, people from concerns_escalate(%s, %s)", [at, words])
            unopened = cursor.fetchall()
        for concern, author, people in unopened:
            _tell(concern, NoticeKind.CONCERN_UNOPENED, at, reverse("concerns:triage", args=[concern]), people)
            if author:
                _tell(concern, NoticeKind.CONCERN_SPEAK, at, reverse("concerns:concern", args=[concern]), [author])
    return len(unopened)


def _tell(concern: UUID, kind: NoticeKind, at: dt.datetime, page: str, to: list[int]) -> None:
    tell(by=NOBODY, at=at, notice=kind, record=Concern(pk=concern), page=page, to=to)
