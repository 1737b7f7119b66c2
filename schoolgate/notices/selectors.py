"""The only door to notices: a person reads their own."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from schoolgate.audit.notes import note_reads
from schoolgate.notices.models import Notice, NoticeKind

RECENT = dt.timedelta(days=31)
AT_MOST = 100


@dataclass(frozen=True)
class NoticeLine:
    """One line of the list."""

    id: UUID
    kind: NoticeKind
    made_at: dt.datetime
    seen: bool


def notices(*, at: dt.datetime) -> list[NoticeLine]:
    """The viewer's notices: what is new first, then what was seen in the last month; newest first, at most 100."""
    rows = list(
        Notice.objects.filter(Q(seen_at=None) | Q(made_at__gt=at - RECENT)).only(
            "id", "kind", "made_at", "seen_at", "controller"
        )
    )
    rows.sort(key=lambda row: (row.seen_at is None, row.made_at), reverse=True)
    note_reads("notices.notice", rows[:AT_MOST])
    return [NoticeLine(row.pk, NoticeKind(row.kind), row.made_at, row.seen_at is not None) for row in rows[:AT_MOST]]
