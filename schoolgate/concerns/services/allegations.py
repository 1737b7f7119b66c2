"""Allegations about adults: never the SPOC's inbox, never nowhere."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection
from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.bars import declare_bar, hold_for_bars
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import Allegation, AllegationStep, AllegationStepKind
from schoolgate.concerns.policies import may_raise, receives, route_of
from schoolgate.concerns.selectors.allegations import recipients_now, where_it_goes
from schoolgate.concerns.services.telling import digest_of, made, sent_now
from schoolgate.core.clock import london_day
from schoolgate.core.ids import new_id
from schoolgate.core.once import keep_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


def raise_allegation(
    *,
    by: Viewer,
    at: dt.datetime,
    school: int,
    about: str,
    complained_of: int | None,
    told: Mapping[str, Any],
    once: UUID,
) -> None:
    """Send an allegation where it must go, never to the person complained of.

    told: the columns of Allegation that the author fills in. complained_of: the person, where the directory has them.
    Staff and supply go to the head teacher; the head teacher to the chair of governors or proprietor and the LADO;
    an officer to head teacher, LADO and professional standards (Keeping children safe in education, part four).
    Raises PermissionDenied; AlreadySent when the same form was sent and said something else.
    """
    require(may_raise, by, school)
    going = where_it_goes(school, about, but={complained_of or 0, by.person or 0}, on=london_day(at))
    recipients = [person.id for person in going.people]
    row = Allegation(
        **made(by, at, school),
        **told,
        **asdict(going.route),
        about=about,
        complained_of=complained_of,
        recipients=recipients,
        once=once,
        digest=digest_of(told, about, complained_of),
        retention_class="allegation",
    )
    if sent_now(row):
        _tell(row, by, at, recipients)


def take_step(
    *, by: Viewer, at: dt.datetime, allegation: UUID, kind: str, words: str, author_hears: bool, once: UUID
) -> None:
    """Acknowledge, advise or close. The author hears of it where `author_hears`, and always that it was received.

    Raises Http404; PermissionDenied for anybody but a recipient; AlreadySent when the same form said something else.
    """
    row = get_object_or_404(Allegation, pk=allegation)
    route = route_of(row)
    require(receives, by, route)
    hears = author_hears or kind == AllegationStepKind.ACKNOWLEDGED
    heard_by = row.made_by if hears and not row.author_name else None
    said = {"kind": kind, "words": words, "heard_by": heard_by}
    step = AllegationStep(**made(by, at, row.holder), **asdict(route), **said, allegation=row, once=once)
    if keep_once(step, ["allegation_id", "made_by", *said])[1] and heard_by:
        _tell(row, by, at, [heard_by], NoticeKind.ALLEGATION_NEWS)


def keep_from(*, by: Viewer, at: dt.datetime, allegation: UUID, person: int, reason: str) -> None:
    """Keep an allegation from a recipient, for good: an interest, or it turns out to be about them.

    Where nobody else is left to read it, the same words go to the next in line, and its author is told so.
    Raises Http404; PermissionDenied for anybody but a recipient.
    """
    hold_for_bars(allegation)
    row = get_object_or_404(Allegation, pk=allegation)
    require(receives, by, route_of(row))
    if all(reader.person == person for reader in recipients_now(row.circles, row.barred)):
        _pass_on(row, by, at, person)
    declare_bar(by=by, at=at, table=Allegation._meta.db_table, record=allegation, person=person, reason=reason)


def _pass_on(row: Allegation, by: Viewer, at: dt.datetime, but_person: int) -> None:
    """The notice hangs on the row that the viewer has; it opens the one that its recipient has."""
    but = {*row.barred, row.made_by, but_person}
    going = where_it_goes(row.holder, row.about, but=but, on=london_day(at))
    people, copy, route = [person.id for person in going.people], new_id(), going.route
    to = (route.head_of, route.governors_of, route.lado_of, route.standards_of)
    with connection.cursor() as cursor:
        query = "select concerns_pass_on(%s, %s, %s, %s::int[], %s, %s, %s, %s, %s)"
        cursor.execute(query, [row.pk, copy, but_person, people, at, *to])
    kind, heard_by = AllegationStepKind.PASSED_ON, None if row.author_name else row.made_by
    said = {"kind": kind, "words": str(kind.label), "heard_by": heard_by, "once": copy}
    AllegationStep(**made(by, at, row.holder), **asdict(route_of(row)), **said, allegation=row).save(force_insert=True)
    page = reverse("concerns:allegation", args=[copy])
    tell(by=by, at=at, notice=NoticeKind.ALLEGATION, record=row, page=page, to=people)


def _tell(
    row: Allegation, by: Viewer, at: dt.datetime, to: list[int], kind: NoticeKind = NoticeKind.ALLEGATION
) -> None:
    tell(by=by, at=at, notice=kind, record=row, page=reverse("concerns:allegation", args=[row.pk]), to=to)
