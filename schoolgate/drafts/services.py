"""What is done with drafts. The database closes those of a form that is sent (see migration 0002)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.ids import new_id
from schoolgate.drafts.models import Draft, DraftKind
from schoolgate.drafts.policies import may_keep_drafts

LONGEST = 500_000  # characters; more than the longest form


class TooLong(Exception):
    """More than any form holds."""


class Closed(Exception):
    """What this form said was sent, or thrown away."""


@dataclass(frozen=True)
class Desk:
    """The form of one page, as one person fills it in: who holds it, which form, where it stands."""

    holder: int
    kind: DraftKind
    address: str

    @property
    def save_url(self) -> str:
        """Where its page saves it."""
        return f"{reverse('drafts:save', args=[self.kind, self.holder])}?{urlencode({'at': self.address})}"

    def asking(self, more: str) -> str:
        """The address with one thing more asked of it."""
        return f"{self.address}{'&' if '?' in self.address else '?'}{more}"

    @property
    def empty_url(self) -> str:
        """Where it is opened without what was typed before."""
        return self.asking("empty")


@dataclass(frozen=True)
class FormPage:
    """One page that shows a form: the form's token, the page's own, and the version of the draft that it showed."""

    once: UUID
    page: UUID
    version: UUID | None


def save_draft(*, by: Viewer, at: dt.datetime, desk: Desk, form: FormPage, content: Mapping[str, list[str]]) -> None:
    """Keep what somebody has typed so far. What another page saved meanwhile is never overwritten.

    Raises PermissionDenied; TooLong; Closed.
    """
    require(may_keep_drafts, by, desk.holder)
    if sum(len(name) + len(value) for name, values in content.items() for value in values) > LONGEST:
        raise TooLong
    mine = Draft.objects.filter(made_by=by.person or 0, once=form.once)
    if mine.filter(closed_at__isnull=False).exists():
        raise Closed
    change = {"content": dict(content), "page": form.page, "version": new_id(), "changed_at": at}
    if mine.filter(page=form.page).update(**change):
        return
    if form.version and mine.filter(version=form.version).update(**change):
        return
    made = {"holder": desk.holder, "made_by": by.person, "made_at": at}
    draft = Draft(**made, **change, kind=desk.kind, address=desk.address, once=form.once)
    Draft.objects.bulk_create([draft], ignore_conflicts=True)  # the same page saved it in this very moment


def close_draft(*, by: Viewer, at: dt.datetime, desk: Desk, once: UUID) -> None:
    """Close the drafts of a form that changed a record in place. (One that made a record, the database closes.)"""
    require(may_keep_drafts, by, desk.holder)
    closed = {"content": {}, "version": new_id(), "changed_at": at, "closed_at": at}
    if not Draft.objects.filter(made_by=by.person or 0, once=once).update(**closed):
        made = {"holder": desk.holder, "made_by": by.person, "made_at": at, "once": once, "page": once}
        Draft.objects.create(**made, **closed, kind=desk.kind, address=desk.address)


def discard_draft(*, by: Viewer, at: dt.datetime, draft: UUID) -> None:
    """Leave nothing of a draft that is thrown away; whoever has its page open may go on typing. Raises Http404."""
    row = get_object_or_404(Draft, pk=draft)
    require(may_keep_drafts, by, row.holder)
    Draft.objects.filter(pk=draft).update(content={}, version=new_id(), changed_at=at)
