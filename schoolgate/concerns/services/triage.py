"""What the school circle does about a concern: opens it, decides, shares, keeps it from somebody."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.bars import declare_bar, hold_for_bars
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.children.selectors import child_card
from schoolgate.children.services import add_child
from schoolgate.concerns.models import (
    MATCHED,
    NOTED,
    TRANSITIONS,
    AuthorWord,
    Concern,
    Status,
    Triage,
    TriageStep,
    WordKind,
)
from schoolgate.concerns.policies import may_decide, may_triage
from schoolgate.concerns.selectors.concerns import TriagePage, as_opened, triage_page
from schoolgate.concerns.selectors.people import school_circle
from schoolgate.concerns.services.telling import made, tell_school
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.exchange.models import Share
from schoolgate.exchange.services import Origin, ShareDetails, send_share
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


class DecidedMeanwhile(Exception):
    """Somebody else did something about this concern after the page was opened."""


class NobodyLeft(Exception):
    """Barring this person would leave nobody at the school who reads the concern."""


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


def look_at(*, by: Viewer, at: dt.datetime, concern: UUID) -> TriagePage:
    """The page about a concern; whoever of the school circle looks first opens it. Raises Http404."""
    page = triage_page(concern)
    if page.status != Status.SENT or not may_triage(by, page.school):
        return page
    if open_concern(by=by, at=at, concern=concern):
        return as_opened(page, by=by, at=at)
    return triage_page(concern)  # Somebody else was first, in this very moment.


def page_to_decide(*, by: Viewer, concern: UUID) -> TriagePage:
    """The page about a concern as it stands, and stays until the end of the transaction.

    Raises Http404, PermissionDenied.
    """
    Triage.objects.select_for_update().filter(concern=concern).first()
    page = triage_page(concern)
    require(may_triage, by, page.school)
    return page


def open_concern(*, by: Viewer, at: dt.datetime, concern: UUID) -> bool:
    """Mark a concern as opened, by whom and when, and tell its author. Gives False where somebody was first.

    Raises Http404, PermissionDenied.
    """
    row = _triage(concern, by)
    opened = Triage.objects.filter(pk=row.pk, status=Status.SENT).update(
        status=Status.OPENED, opened_at=at, opened_by=by.person, changed_at=at, version=F("version") + 1
    )
    if opened:
        _add_step(row, by, at, Status.OPENED)
        _tell_author(row, by, at, WordKind.OPENED, _("It was read by %(name)s.") % {"name": by.name})
    return bool(opened)


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
    once: UUID,
) -> None:
    """Decide what becomes of a concern; its author hears `told` and nothing else.

    version: of the triage as the decider saw it. reason: why, for the school circle. ground: why it is not
    shared, where that is the decision (Children Act 2004 s.16LA; Keeping children safe in education). once: the
    form's token (see TriagePage.was_decided).
    Raises Http404; PermissionDenied; DecidedMeanwhile when somebody else did something first.
    """
    row = _triage(concern, by)
    circle = school_circle(row.holder, on=london_day(at))
    require(may_decide, by, row.holder, decision, circle.next_for_police(barred=row.barred))
    _move(row, at, version, decision)
    dsls = circle.next_for_protection(barred=row.barred)
    to = sorted(dsls - {by.person}) if decision == Status.WITH_DSL else []
    _add_step(row, by, at, decision, reason=reason, told=told, ground=ground, recipients=to, once=once)
    if told:
        _tell_author(row, by, at, WORD_OF[decision], told)
    if to:
        tell_school(row.concern, NoticeKind.CONCERN_WITH_DSL, by=by, at=at, to=to)


def share_concern(
    *, by: Viewer, at: dt.datetime, page: TriagePage, version: int, details: ShareDetails, told: str, once: UUID
) -> UUID:
    """Tell the officer what is needed of a concern, and give the share's id. The concern stays in the school.

    page: the concern as its sender saw it; its child and its bars go with the share. told: what the author hears.
    Source: "Share information with the SSO where there are safeguarding and safety concerns" (SPOC).
    Raises what exchange.services.send_share raises; DecidedMeanwhile, and then nothing was sent.
    """
    row = _triage(page.concern.id, by)
    with transaction.atomic():
        origin = Origin(page.child.id if page.child else None, page.barred)
        share = send_share(by=by, at=at, school=row.holder, details=details, once=once, origin=origin)
        if TriageStep.objects.filter(triage=row, share=share).exists():
            return share
        _move(row, at, version, Status.SHARED)
        _add_step(row, by, at, Status.SHARED, share_id=share, told=told, recipients=list(details.recipients))
        _tell_author(row, by, at, WORD_OF[Status.SHARED], told)
    return share


def link_child(*, by: Viewer, at: dt.datetime, concern: UUID, child: UUID, once: UUID) -> None:
    """Say which child of the school a concern is about (a combination, in the words of DPA 2018 s.62).

    once: the form's token; a second call changes nothing. Raises Http404, PermissionDenied, AlreadySent.
    """
    row, card = _triage(concern, by), child_card(child)
    if _add_once(row, by, at, MATCHED, once=once):
        _link(row, at, card.id)


def link_new_child(
    *,
    by: Viewer,
    at: dt.datetime,
    concern: UUID,
    name: str,
    born_on: dt.date | None,
    year_group: str,
    linked: str = "",
    once: UUID,
) -> None:
    """Make the school's record of the child that a concern is about (see link_child).

    linked: the child that it was linked to when the form was opened. Raises DecidedMeanwhile where it is another now:
    two people at once would make two records of one child.
    """
    row = _triage(concern, by)
    if str(row.child_id or "") != linked and not row.steps.filter(once=once).exists():
        raise DecidedMeanwhile
    if _add_once(row, by, at, MATCHED, once=once):
        _link(row, at, add_child(by=by, at=at, holder=row.holder, name=name, born_on=born_on, year_group=year_group))


def _link(row: Triage, at: dt.datetime, child: UUID) -> None:
    Triage.objects.filter(pk=row.pk).update(child=child, changed_at=at)
    note(Operation.COMBINATION, "concerns.triage", [row.pk], controller=row.controller, subjects=[child])


def add_note(*, by: Viewer, at: dt.datetime, concern: UUID, words: str, once: UUID) -> None:
    """Write down what was done or said, for the school circle. Raises Http404, PermissionDenied, AlreadySent."""
    _add_once(_triage(concern, by), by, at, NOTED, reason=words, once=once)


def keep_reference(*, by: Viewer, at: dt.datetime, concern: UUID, reference: str) -> None:
    """Keep the number under which the school's own system holds it. Raises Http404, PermissionDenied."""
    row = _triage(concern, by)
    Triage.objects.filter(pk=row.pk).update(own_reference=reference)


def keep_from(*, by: Viewer, at: dt.datetime, concern: UUID, person: int, reason: str) -> None:
    """Keep a concern, what belongs to it and the shares drawn from it from a person of the school circle, for good.

    The next in line is told.

    person: who has an interest in it (it may be the viewer), or whom it concerns.
    Raises Http404, PermissionDenied; NobodyLeft when nobody else at the school could read it.
    """
    hold_for_bars(concern)
    row = _triage(concern, by)
    told = get_object_or_404(Concern, pk=concern)
    circle, kept_from = school_circle(row.holder, on=london_day(at)), {*row.barred, person}
    if not {card.id for card in circle.people} - kept_from:
        raise NobodyLeft
    declare_bar(by=by, at=at, table=Concern._meta.db_table, record=concern, person=person, reason=reason)
    for share in _shares_of(row):
        if not Share.objects.filter(pk=share).exclude(barred__contains=[person]).exists():
            continue  # a share and its correction are kept from a person together
        declare_bar(by=by, at=at, table=Share._meta.db_table, record=share, person=person, reason=reason)
    new_in_line = circle.in_line(barred=kept_from) - circle.in_line(barred=row.barred)
    tell_school(told, NoticeKind.CONCERN_RAISED, by=by, at=at, to=new_in_line)


def _shares_of(row: Triage) -> set[UUID]:
    """The shares drawn from a concern, and what corrected them."""
    found = set(TriageStep.objects.filter(triage=row, share__isnull=False).values_list("share_id", flat=True))
    while corrections := set(Share.objects.filter(corrects__in=found).values_list("id", flat=True)) - found:
        found |= corrections
    return found


def _triage(concern: UUID, by: Viewer) -> Triage:
    """How a concern stands, held until the end of the transaction."""
    row = get_object_or_404(Triage.objects.select_for_update(), concern=concern)
    require(may_triage, by, row.holder)
    return row


def _move(row: Triage, at: dt.datetime, version: int, to: Status) -> None:
    moved = to in TRANSITIONS[row.status] and Triage.objects.filter(pk=row.pk, version=version).update(
        status=to, changed_at=at, version=F("version") + 1
    )
    if not moved:
        raise DecidedMeanwhile


def _add_step(row: Triage, by: Viewer, at: dt.datetime, kind: str, **said: Any) -> None:
    _step(row, by, at, kind, **said).save(force_insert=True)


def _add_once(row: Triage, by: Viewer, at: dt.datetime, kind: str, *, once: UUID, **said: Any) -> bool:
    """Add a step; False when that form was sent before. Raises AlreadySent when it said something else."""
    step = _step(row, by, at, kind, once=once, **said)
    return keep_once(step, ["triage_id", "made_by", "kind", *said])[1]


def _step(row: Triage, by: Viewer, at: dt.datetime, kind: str, **said: Any) -> TriageStep:
    return TriageStep(**made(by, at, row.holder), triage=row, kind=kind, **said)


def _tell_author(row: Triage, by: Viewer, at: dt.datetime, kind: WordKind, words: str) -> None:
    """Supply staff hear nothing: they have no circle to read it in. That it was read needs no notice."""
    concern = Concern.objects.get(pk=row.concern_id)
    if concern.author_name:
        return
    AuthorWord(**made(by, at, row.holder), concern=concern, author=concern.made_by, kind=kind, words=words).save(
        force_insert=True
    )
    if kind != WordKind.OPENED:
        notice = NoticeKind.CONCERN_ASKED if kind == WordKind.QUESTION else NoticeKind.CONCERN_NEWS
        page = reverse("concerns:concern", args=[concern.pk])
        tell(by=by, at=at, notice=notice, record=concern, page=page, to=[concern.made_by])
