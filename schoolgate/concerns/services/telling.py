"""What staff do: raise a concern, keep a draft, add to what they sent."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import Addition, Concern, ConcernPerson, Draft, Told, Triage
from schoolgate.concerns.policies import is_author, is_supply, may_raise
from schoolgate.concerns.selectors.people import ReadingTime, school_circle
from schoolgate.concerns.services.keeping import made
from schoolgate.core.clock import london_day
from schoolgate.core.once import AlreadySent, inserted_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


@dataclass(frozen=True)
class Involved:
    """Somebody else who is involved, and how."""

    name: str
    involvement: str


@dataclass(frozen=True)
class FormPage:
    """One page that shows a form: the form's token, the page's own, and the draft's version that it showed."""

    once: UUID
    page: UUID
    version: int


def raise_concern(
    *,
    by: Viewer,
    at: dt.datetime,
    reading: ReadingTime,
    told: Mapping[str, Any],
    involved: Iterable[Involved],
    barred: Iterable[int],
    once: UUID,
) -> None:
    """Send a concern to SPOC and DSL together.

    reading: of the school that is told, at this moment. told: the columns of Concern that the author fills in.
    barred: people of the school circle who must not read it. once: the form's token; a second call changes nothing.

    Source: "Share information with the SSP SPOC where there are safeguarding and safety concerns" and
    "Identify young people who may require early intervention and diversion" (School staff).
    Raises PermissionDenied; AlreadySent when the same form was sent with other words.
    """
    school = reading.school.id
    require(may_raise, by, school)
    kept_out = sorted(barred)
    recipients = reading.circle.in_line(barred=kept_out)
    concern = Concern(
        **made(by, at, school),
        **told,
        barred=kept_out,
        recipients=sorted(recipients),
        once=once,
        due_at=reading.by,
    )
    if not inserted_once(concern, "one_concern_a_form"):
        return refuse_other_words(concern, told)
    ConcernPerson.objects.bulk_create(
        ConcernPerson(**made(by, at, school), concern=concern, name=one.name, involvement=one.involvement)
        for one in involved
    )
    Triage(**made(by, at, school), concern=concern, changed_at=at).save(force_insert=True)
    empty_drafts(by=by, at=at, school=school, once=once)
    kind = NoticeKind.CONCERN_DANGER if concern.in_danger else NoticeKind.CONCERN_RAISED
    return tell_school(concern, kind, by=by, at=at, to=recipients)


def add_words(*, by: Viewer, at: dt.datetime, concern: UUID, words: str, once: UUID) -> None:
    """Add to one's own concern, or answer a question about it. The concern itself never changes.

    Raises Http404 for a concern that the viewer cannot read, PermissionDenied for somebody else's.
    """
    row = get_object_or_404(Concern, pk=concern)
    require(is_author, by, row.made_by)
    addition = Addition(**made(by, at, row.holder), concern=row, words=words, once=once)
    if inserted_once(addition, "one_addition_a_form"):
        to = school_circle(row.holder, on=london_day(at)).in_line(barred=row.barred)
        tell_school(row, NoticeKind.CONCERN_ADDED, by=by, at=at, to=to)


def save_draft(
    *, by: Viewer, at: dt.datetime, school: int, kind: str, form: FormPage, content: Mapping[str, list[str]]
) -> None:
    """Keep what somebody has typed so far. What another page saved meanwhile is never overwritten.

    Raises PermissionDenied. Supply staff have no draft: nothing is kept.
    """
    require(may_raise, by, school)
    if is_supply(by, school):
        return
    mine = Draft.objects.filter(holder=school, made_by=by.person or 0, once=form.once)
    change = {"kind": kind, "content": dict(content), "page": form.page, "version": F("version") + 1, "changed_at": at}
    if mine.filter(page=form.page).update(**change):
        return
    if form.version and mine.filter(version=form.version).update(**change):
        return
    draft = Draft(
        **made(by, at, school), kind=kind, once=form.once, page=form.page, content=dict(content), changed_at=at
    )
    draft.save(force_insert=True)


def empty_drafts(*, by: Viewer, at: dt.datetime, school: int, once: UUID) -> None:
    """Leave nothing of a draft that was sent or thrown away."""
    drafts = Draft.objects.filter(holder=school, made_by=by.person or 0, once=once)
    drafts.update(content={}, version=F("version") + 1, changed_at=at)


def refuse_other_words(again: Told, told: Mapping[str, Any]) -> None:
    """Raise AlreadySent when what was sent before with this form's token reads differently.

    Supply staff cannot read what they sent, so nothing is compared for them.
    """
    sent = type(again)._default_manager.filter(holder=again.holder, once=again.once, made_by=again.made_by).first()
    if sent and any(getattr(sent, column) != value for column, value in told.items()):
        raise AlreadySent(sent.pk)


def tell_school(concern: Concern, kind: NoticeKind, *, by: Viewer, at: dt.datetime, to: Iterable[int]) -> None:
    """Tell people of the school circle that something waits on the page of a concern's triage."""
    tell(by=by, at=at, notice=kind, record=concern, page=reverse("concerns:triage", args=[concern.pk]), to=to)
