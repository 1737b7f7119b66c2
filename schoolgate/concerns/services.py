"""What is done about concerns: raised, added to, opened, decided, told."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import (
    TRANSITIONS,
    Addition,
    AuthorWord,
    Concern,
    ConcernPerson,
    Draft,
    Status,
    Triage,
    TriageStep,
    WordKind,
)
from schoolgate.concerns.policies import is_author, is_supply, may_raise, may_triage
from schoolgate.concerns.selectors import POLICE_LINE, PROTECTION_LINE, next_in_line
from schoolgate.core.clock import LONDON
from schoolgate.core.protected import Protected
from schoolgate.directory.calendars import school_time_after
from schoolgate.directory.selectors import school_calendar, school_card
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


class AlreadySent(Exception):
    """This form was sent before, and what was sent then says something else. `concern` is its id."""

    def __init__(self, concern: UUID) -> None:
        self.concern = concern


class DecidedMeanwhile(Exception):
    """Somebody else did something about this concern after the page was opened."""


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
    school: int,
    told: Mapping[str, Any],
    involved: Iterable[Involved],
    barred: Iterable[int],
    once: UUID,
) -> None:
    """Send a concern to SPOC and DSL together.

    told: the columns of Concern that the author fills in. barred: people of the school circle who must not
    read it. once: the form's token; a second call changes nothing.

    Source: "Share information with the SSP SPOC where there are safeguarding and safety concerns" and
    "Identify young people who may require early intervention and diversion" (School staff).
    Raises PermissionDenied; AlreadySent when the same form was sent with other words.
    """
    require(may_raise, by, school)
    concern = Concern(**_made(by, at, school), **told, barred=sorted(barred), once=once, due_at=_due(school, at))
    if not _inserted(concern, "one_concern_a_form"):
        return _refuse_other_words(concern, told)
    ConcernPerson.objects.bulk_create(
        ConcernPerson(**_made(by, at, school), concern=concern, name=one.name, involvement=one.involvement)
        for one in involved
    )
    Triage(**_made(by, at, school), concern=concern, changed_at=at).save(force_insert=True)
    empty_drafts(by=by, at=at, school=school, once=once)
    kind = NoticeKind.CONCERN_DANGER if concern.in_danger else NoticeKind.CONCERN_RAISED
    return _tell_school(concern, by, at, kind)


def save_draft(
    *, by: Viewer, at: dt.datetime, school: int, kind: str, form: FormPage, content: Mapping[str, list[str]]
) -> None:
    """Keep what somebody has typed so far. What another page saved meanwhile is never overwritten.

    Raises PermissionDenied. Supply staff have no draft: nothing is kept.
    """
    require(may_raise, by, school)
    if is_supply(by, school):
        return
    mine = Draft.objects.filter(holder=school, made_by=by.person, once=form.once)
    change = {"kind": kind, "content": dict(content), "page": form.page, "version": F("version") + 1, "changed_at": at}
    if mine.filter(page=form.page).update(**change):
        return
    if form.version and mine.filter(version=form.version).update(**change):
        return
    draft = Draft(
        **_made(by, at, school), kind=kind, once=form.once, page=form.page, content=dict(content), changed_at=at
    )
    draft.save(force_insert=True)


def empty_drafts(*, by: Viewer, at: dt.datetime, school: int, once: UUID) -> None:
    """Leave nothing of a draft that was sent or thrown away."""
    drafts = Draft.objects.filter(holder=school, made_by=by.person, once=once)
    drafts.update(content={}, version=F("version") + 1, changed_at=at)


def add_words(*, by: Viewer, at: dt.datetime, concern: UUID, words: str, once: UUID) -> None:
    """Add to one's own concern, or answer a question about it. The concern itself never changes.

    Raises Http404 for a concern that the viewer cannot read, PermissionDenied for somebody else's.
    """
    row = get_object_or_404(Concern, pk=concern)
    require(is_author, by, row.made_by)
    addition = Addition(**_made(by, at, row.holder), concern=row, words=words, once=once)
    if _inserted(addition, "one_addition_a_form"):
        _tell_school(row, by, at, NoticeKind.CONCERN_ADDED)


def open_concern(*, by: Viewer, at: dt.datetime, concern: UUID) -> None:
    """Mark a concern as opened, by whom and when, and tell its author. Only the first to open it counts.

    Raises Http404, PermissionDenied.
    """
    row = _triage(concern)
    require(may_triage, by, row.holder)
    opened = Triage.objects.filter(pk=row.pk, status=Status.SENT).update(
        status=Status.OPENED, opened_at=at, opened_by=by.person, changed_at=at, version=F("version") + 1
    )
    if opened:
        _add_step(row, by, at, Status.OPENED)
        _tell_author(row, by, at, WordKind.OPENED, _("It was read by %(name)s.") % {"name": by.name})


def decide(
    *,
    by: Viewer,
    at: dt.datetime,
    concern: UUID,
    version: int,
    decision: Status,
    reason: str = "",
    told: str = "",
    ground: str = "",
) -> None:
    """Decide what becomes of a concern; its author hears `told` and nothing else.

    version: of the triage as the decider saw it. reason: why, for the school circle. ground: why it is not
    shared, where that is the decision (Children Act 2004 s.16LA; Keeping children safe in education).
    Raises Http404; PermissionDenied; DecidedMeanwhile when somebody else did something first.
    """
    row = _triage(concern)
    require(may_triage, by, row.holder)
    _move(row, by, at, version, decision)
    _add_step(row, by, at, decision, reason=reason, told=told, ground=ground)
    if told:
        _tell_author(row, by, at, WORD_OF[decision], told)


WORD_OF = {
    Status.SCHOOL_MATTER: WordKind.OUTCOME,
    Status.NOT_SHARED: WordKind.OUTCOME,
    Status.CLOSED: WordKind.OUTCOME,
    Status.ASKED: WordKind.QUESTION,
    Status.WITH_DSL: WordKind.DEALT_WITH,
    Status.EARLY_INTERVENTION: WordKind.DEALT_WITH,
    Status.SHARED: WordKind.DEALT_WITH,
    Status.OPENED: WordKind.DEALT_WITH,
}


def _move(row: Triage, by: Viewer, at: dt.datetime, version: int, to: Status) -> None:
    if to not in TRANSITIONS[row.status]:
        raise DecidedMeanwhile
    moved = Triage.objects.filter(pk=row.pk, version=version).update(status=to, changed_at=at, version=F("version") + 1)
    if not moved:
        raise DecidedMeanwhile


def _triage(concern: UUID) -> Triage:
    return get_object_or_404(Triage, concern=concern)


def _made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    return {"holder": school, "made_by": by.person, "made_at": at}


def _due(school: int, at: dt.datetime) -> dt.datetime:
    allowed = dt.timedelta(minutes=school_card(school).minutes_to_open_concern)
    return school_time_after(at, allowed, school_calendar(school))


def _inserted(row: Protected, once: str) -> bool:
    """Insert a row that its writer may be unable to read back; False when its form was sent before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if once not in str(error):
            raise
        return False
    return True


def _refuse_other_words(again: Concern, told: Mapping[str, Any]) -> None:
    """Supply staff cannot read what they sent, so nothing can be compared for them."""
    first = Concern.objects.filter(holder=again.holder, once=again.once, made_by=again.made_by).first()
    if first and any(getattr(first, column) != value for column, value in told.items()):
        raise AlreadySent(first.pk)


def _tell_school(concern: Concern, by: Viewer, at: dt.datetime, kind: NoticeKind) -> None:
    """SPOC and DSL, or whoever is next in line for each."""
    today = at.astimezone(LONDON).date()
    lines = [
        next_in_line(concern.holder, line, barred=concern.barred, on=today) for line in (POLICE_LINE, PROTECTION_LINE)
    ]
    to = {person.id for line in lines for person in line}
    tell(by=by, at=at, notice=kind, record=concern, page=reverse("concerns:triage", args=[concern.pk]), to=to)


def _add_step(row: Triage, by: Viewer, at: dt.datetime, kind: str, **said: Any) -> None:
    TriageStep(**_made(by, at, row.holder), triage=row, kind=kind, **said).save(force_insert=True)


def _tell_author(row: Triage, by: Viewer, at: dt.datetime, kind: WordKind, words: str) -> None:
    """Supply staff hear nothing: they have no circle to read it in."""
    concern = Concern.objects.get(pk=row.concern_id)
    if concern.author_name:
        return
    word = AuthorWord(**_made(by, at, row.holder), concern=concern, author=concern.made_by, kind=kind, words=words)
    word.save(force_insert=True)
    asked = NoticeKind.CONCERN_ASKED if kind == WordKind.QUESTION else NoticeKind.CONCERN_NEWS
    page = reverse("concerns:concern", args=[concern.pk])
    if kind != WordKind.OPENED:
        tell(by=by, at=at, notice=asked, record=concern, page=page, to=[concern.made_by])
