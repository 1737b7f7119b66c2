"""What staff do: raise a concern, keep a draft, add to what they sent."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import Addition, Allegation, Concern, ConcernPerson, Draft, Told, Triage
from schoolgate.concerns.policies import is_author, is_supply, may_raise
from schoolgate.concerns.selectors.people import ReadingTime, school_circle
from schoolgate.concerns.selectors.sent import sent_before
from schoolgate.concerns.services.keeping import added_once, made
from schoolgate.core.clock import london_day
from schoolgate.core.once import AlreadySent, inserted_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


class TooLong(Exception):
    """More than any form holds."""


LONGEST_DRAFT = 100_000  # characters; more than the longest form


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
    Raises PermissionDenied; AlreadySent when the same form was sent and said something else.
    """
    school = reading.school.id
    require(may_raise, by, school)
    kept_out, involved = sorted(barred), list(involved)
    recipients = reading.circle.in_line(barred=kept_out)
    concern = Concern(
        **made(by, at, school),
        **told,
        barred=kept_out,
        recipients=sorted(recipients),
        once=once,
        digest=digest_of(told, kept_out, [(one.name, one.involvement) for one in involved]),
        due_at=reading.by,
    )
    if not inserted_once(concern, "one_concern_a_form"):
        return refuse_other_words(concern)
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

    Raises Http404 for a concern that the viewer cannot read, PermissionDenied for somebody else's; AlreadySent when
    the same form was sent with other words.
    """
    row = get_object_or_404(Concern, pk=concern)
    require(is_author, by, row.made_by)
    addition = Addition(**made(by, at, row.holder), concern=row, words=words, once=once)
    if added_once(addition, "one_addition_a_form"):
        to = school_circle(row.holder, on=london_day(at)).in_line(barred=row.barred)
        tell_school(row, NoticeKind.CONCERN_ADDED, by=by, at=at, to=to)


def save_draft(
    *, by: Viewer, at: dt.datetime, school: int, kind: str, form: FormPage, content: Mapping[str, list[str]]
) -> None:
    """Keep what somebody has typed so far. What another page saved meanwhile is never overwritten.

    Raises PermissionDenied; TooLong. Nothing is kept for supply staff, who have no draft, nor of what was sent.
    """
    require(may_raise, by, school)
    if sum(len(value) for values in content.values() for value in values) > LONGEST_DRAFT:
        raise TooLong
    if is_supply(by, school) or _is_sent(school, form.once):
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


def _is_sent(school: int, once: UUID) -> bool:
    return any(sent_before(kind, school, once) for kind in (Concern, Allegation))


def empty_drafts(*, by: Viewer, at: dt.datetime, school: int, once: UUID) -> None:
    """Leave nothing of a draft that was sent or thrown away."""
    drafts = Draft.objects.filter(holder=school, made_by=by.person or 0, once=once)
    drafts.update(content={}, version=F("version") + 1, changed_at=at)


def digest_of(*said: Any) -> str:
    """A digest of all that a form said."""
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def refuse_other_words(again: Told) -> None:
    """Raise AlreadySent when what was sent before with this form's token says something else, or somebody else sent it.

    The database compares: supply staff cannot read what they sent.
    """
    sent = sent_before(type(again), again.holder, again.once)
    if sent is None or sent.digest != again.digest:
        raise AlreadySent(sent.record if sent else None)


def tell_school(concern: Concern, kind: NoticeKind, *, by: Viewer, at: dt.datetime, to: Iterable[int]) -> None:
    """Tell people of the school circle that something waits on the page of a concern's triage."""
    tell(by=by, at=at, notice=kind, record=concern, page=reverse("concerns:triage", args=[concern.pk]), to=to)
