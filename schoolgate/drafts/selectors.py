"""The only door to drafts: a person reads their own."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.drafts.models import Draft, DraftKind

AT_MOST = 50


@dataclass(frozen=True)
class DraftCard:
    """What somebody has typed and not sent, and where the form stands."""

    id: UUID
    holder: int
    kind: DraftKind
    address: str
    once: UUID
    version: UUID
    changed_at: dt.datetime
    content: dict[str, list[str]]


def unsent(viewer: Viewer, *, kinds: Iterable[DraftKind] = DraftKind, address: str | None = None) -> list[DraftCard]:
    """What this person has not sent yet, newest first; of the form at one address, where one is given."""
    mine = Draft.objects.filter(made_by=viewer.person or 0)
    closed = mine.filter(once=OuterRef("once"), closed_at__isnull=False)
    rows = mine.filter(~Exists(closed), kind__in=kinds, closed_at=None).exclude(content={})
    if address is not None:
        rows = rows.filter(address=address)
    drafts = sorted(rows, key=lambda row: row.changed_at, reverse=True)[:AT_MOST]
    note_reads("drafts.draft", drafts)
    return [_card(row) for row in drafts]


def _card(row: Draft) -> DraftCard:
    return DraftCard(
        row.pk, row.holder, DraftKind(row.kind), row.address, row.once, row.version, row.changed_at, row.content
    )
