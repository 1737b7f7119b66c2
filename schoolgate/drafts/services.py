"""What is done with drafts. The database closes those of a form that is sent (see migration 0002)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.drafts.models import Draft, DraftKind
from schoolgate.drafts.policies import may_keep_drafts

LONGEST = 100_000  # characters; more than the longest form


class TooLong(Exception):
    """More than any form holds."""


class Closed(Exception):
    """What this form said was sent, or thrown away."""


@dataclass(frozen=True)
class FormPage:
    """One page that shows a form: the form's token, the page's own, and the draft's version that it showed."""

    once: UUID
    page: UUID
    version: int


def save_draft(
    *,
    by: Viewer,
    at: dt.datetime,
    holder: int,
    kind: DraftKind,
    address: str,
    form: FormPage,
    content: Mapping[str, list[str]],
) -> None:
    """Keep what somebody has typed so far. What another page saved meanwhile is never overwritten.

    Raises PermissionDenied; TooLong; Closed.
    """
    require(may_keep_drafts, by, holder)
    if sum(len(value) for values in content.values() for value in values) > LONGEST:
        raise TooLong
    mine = Draft.objects.filter(holder=holder, made_by=by.person or 0, once=form.once)
    if mine.filter(closed_at__isnull=False).exists():
        raise Closed
    change = {"content": dict(content), "page": form.page, "version": F("version") + 1, "changed_at": at}
    if mine.filter(page=form.page).update(**change):
        return
    if form.version and mine.filter(version=form.version).update(**change):
        return
    made = {"holder": holder, "made_by": by.person, "made_at": at, "changed_at": at}
    said = {"kind": kind, "address": address, "once": form.once, "page": form.page, "content": dict(content)}
    Draft(**made, **said).save(force_insert=True)


def discard_draft(*, by: Viewer, at: dt.datetime, holder: int, once: UUID) -> None:
    """Leave nothing of a draft that is thrown away. Raises PermissionDenied."""
    require(may_keep_drafts, by, holder)
    drafts = Draft.objects.filter(holder=holder, made_by=by.person or 0, once=once)
    drafts.update(content={}, version=F("version") + 1, changed_at=at, closed_at=at)
