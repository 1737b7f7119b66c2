"""What staff do: raise a concern, add to what they sent."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import Addition, Concern, ConcernPerson, Told, Triage
from schoolgate.concerns.policies import is_author, may_raise
from schoolgate.concerns.selectors.people import ReadingTime, school_circle
from schoolgate.concerns.selectors.sent import sent_like
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


@dataclass(frozen=True)
class Involved:
    """Somebody else who is involved, and how."""

    name: str
    involvement: str


def made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    """The columns that say who made a record of a school, and when."""
    return {"holder": school, "made_by": by.person, "made_at": at}


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
    if not sent_now(concern):
        return
    ConcernPerson.objects.bulk_create(
        ConcernPerson(**made(by, at, school), concern=concern, name=one.name, involvement=one.involvement)
        for one in involved
    )
    Triage(**made(by, at, school), concern=concern, changed_at=at).save(force_insert=True)
    kind = NoticeKind.CONCERN_DANGER if concern.in_danger else NoticeKind.CONCERN_RAISED
    tell_school(concern, kind, by=by, at=at, to=recipients)


def add_words(*, by: Viewer, at: dt.datetime, concern: UUID, words: str, once: UUID) -> None:
    """Add to one's own concern, or answer a question about it. The concern itself never changes.

    Raises Http404 for a concern that the viewer cannot read, PermissionDenied for somebody else's; AlreadySent when
    the same form was sent with other words.
    """
    row = get_object_or_404(Concern, pk=concern)
    require(is_author, by, row.made_by)
    addition = Addition(**made(by, at, row.holder), concern=row, words=words, once=once)
    if keep_once(addition, ["concern_id", "words", "made_by"])[1]:
        to = school_circle(row.holder, on=london_day(at)).in_line(barred=row.barred)
        tell_school(row, NoticeKind.CONCERN_ADDED, by=by, at=at, to=to)


def digest_of(*said: Any) -> str:
    """A digest of all that a form said."""
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def sent_now(row: Told) -> bool:
    """Insert what somebody sends; False when the very same was sent before with this form's token.

    The database compares: supply staff cannot read what they sent. Raises AlreadySent when it said something else, or
    somebody else sent it.
    """
    return keep_once(row, ["digest"], find=sent_like)[1]


def tell_school(concern: Concern, kind: NoticeKind, *, by: Viewer, at: dt.datetime, to: Iterable[int]) -> None:
    """Tell people of the school circle that something waits on the page of a concern's triage."""
    tell(by=by, at=at, notice=kind, record=concern, page=reverse("concerns:triage", args=[concern.pk]), to=to)
