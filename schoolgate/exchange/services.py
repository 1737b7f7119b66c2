"""What is done in the exchange between a school and its police."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.shortcuts import get_object_or_404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.core.clock import LONDON
from schoolgate.core.enums import Marking
from schoolgate.core.ids import new_id
from schoolgate.core.once import keep_once
from schoolgate.deployment.selectors import sergeants_of
from schoolgate.directory.calendars import next_school_time
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import people_with, school_calendar
from schoolgate.exchange.models import (
    TRANSITIONS,
    Ground,
    LegalBasis,
    Share,
    ShareStatus,
    ShareStep,
    Side,
    StepKind,
    Urgency,
)
from schoolgate.exchange.policies import may_act_for_police, may_answer, may_tell_police, side_of
from schoolgate.exchange.selectors import officers_to_tell, spocs_to_tell, team_of
from schoolgate.partnership.selectors import agreement_state

AT_ONCE = dt.timedelta(hours=1)


class NotAgreed(Exception):
    """Routine sharing needs the SSP protocol and the Data Sharing Agreement in force; a ground would let it go."""


class NotARecipient(Exception):
    """A share goes to named officers of the school (or, from the police, to its SPOC), and to nobody else."""


class OutOfTurn(Exception):
    """The share has moved on, or is not there yet: this step does not follow from where it stands."""


@dataclass(frozen=True)
class Told:
    """Whether the child or a parent was told: by whom and when, or why not; and what they said of it."""

    by: str = ""
    on: dt.date | None = None
    why_not: str = ""
    view: str = ""


@dataclass(frozen=True)
class ShareDetails:
    """What a share says. `basis` is the id of a LegalBasis; `recipients` are ids of persons."""

    child_name: str
    facts: str
    purpose: str
    place: str
    occurred: str
    basis: int
    recipients: tuple[int, ...]
    handling: str
    child_told: Told
    parent_told: Told
    opinion: str = ""
    ground: str = Ground.AGREEMENT
    ground_reason: str = ""
    marking: str = Marking.OFFICIAL_SENSITIVE
    urgency: str = Urgency.NEXT_SCHOOL_DAY
    needs: str = ""
    police_incident: str = ""


@dataclass(frozen=True)
class Origin:
    """What a share comes from: the sender's own child record, and who may never read it (see `barred`)."""

    child: UUID | None = None
    barred: tuple[int, ...] = field(default=())


NO_ORIGIN = Origin()


def send_share(
    *, by: Viewer, at: dt.datetime, school: int, details: ShareDetails, once: UUID, origin: Origin = NO_ORIGIN
) -> UUID:
    """Tell the other side what is needed about a child of a school, and give the share's id.

    by: the SPOC, a deputy or the head teacher; or an officer or sergeant of the school, telling its SPOC.
    school: the school that it is about. once: the form's token; a second call gives the first one's id.
    origin: the sender's child record and the bars of the record that it was drawn from.

    Source: "Share information with the SSO where there are safeguarding and safety concerns" (SPOC);
    DPA 2018 s.38(5): what the recipient needs to judge it goes with it.
    The recipients are told; a share on any ground but the agreement is also told to head teacher,
    sergeants and data protection officer.
    Raises PermissionDenied; NotAgreed for a routine share without the agreements in force;
    NotARecipient for somebody who may not be addressed, or is barred.
    """
    require(may_tell_police if side_of(by, school) == Side.SCHOOL else may_act_for_police, by, school)
    _refuse_without_agreement(school, details.ground, at)
    _refuse_strangers(by, school, at, details.recipients, origin.barred)
    share, is_new = keep_once(_share(by, at, school, details, once, origin))
    if is_new:
        _add_step(share, by=by, at=at, kind=StepKind.SENT, people=share.recipients)
        _tell_of_sending(share, by=by, at=at)
    return share.pk


def acknowledge_share(*, by: Viewer, at: dt.datetime, share: UUID, once: UUID) -> None:
    """Say that it has been read and is taken up; each recipient may, the first moves it on.

    Of a recalled share: say that the recall has been seen.
    Raises Http404 for a share that the viewer may not read, PermissionDenied for the sender's side.
    """
    row = _to_answer(share, by)
    kind = StepKind.RECALL_SEEN if row.status == ShareStatus.RECALLED else StepKind.ACKNOWLEDGED
    if row.steps.filter(kind=kind, made_by=by.person or 0).exists():
        return
    if _add_step(row, by=by, at=at, kind=kind, once=once) and row.status == ShareStatus.SENT:
        _move(row, to=ShareStatus.ACKNOWLEDGED, due_at=_end_of_next_school_day(row.school, at))


def plan_share(*, by: Viewer, at: dt.datetime, share: UUID, words: str, due_on: dt.date, once: UUID) -> None:
    """Say what will be done, and by which day. May be said again while it is not done.

    Raises Http404, PermissionDenied, OutOfTurn.
    """
    row = _to_answer(share, by)
    due_at = dt.datetime.combine(due_on, dt.time(23, 59), LONDON)
    if _take_step(row, by=by, at=at, kind=StepKind.PLANNED, words=words, due_on=due_on, once=once):
        _move(row, to=ShareStatus.PLANNED, due_at=due_at)


def record_done(*, by: Viewer, at: dt.datetime, share: UUID, words: str, once: UUID) -> None:
    """Say what was done. Raises Http404, PermissionDenied, OutOfTurn."""
    row = _to_answer(share, by)
    if _take_step(row, by=by, at=at, kind=StepKind.DONE, words=words, once=once):
        _move(row, to=ShareStatus.DONE, due_at=_end_of_next_school_day(row.school, at))


def report_back(*, by: Viewer, at: dt.datetime, share: UUID, words: str, once: UUID) -> None:
    """Tell the sender in plain words what came of it; they may pass these words on to who raised the concern.

    Raises Http404, PermissionDenied, OutOfTurn.
    """
    row = _to_answer(share, by)
    if _take_step(row, by=by, at=at, kind=StepKind.REPORTED, words=words, once=once):
        _move(row, to=ShareStatus.REPORTED, due_at=None)


def _to_answer(share: UUID, by: Viewer) -> Share:
    """The share, locked, for somebody on the side that it was sent to."""
    row = get_object_or_404(Share.objects.select_for_update(), pk=share)
    require(may_answer, by, row.school, row.holder)
    return row


def _take_step(
    row: Share,
    *,
    by: Viewer,
    at: dt.datetime,
    kind: StepKind,
    words: str,
    once: UUID,
    due_on: dt.date | None = None,
) -> bool:
    """Add the step that leads to the status of the same name; False when that form was sent before."""
    if row.steps.filter(once=once).exists():
        return False
    if kind != row.status and kind not in TRANSITIONS[row.status]:
        raise OutOfTurn
    return _add_step(row, by=by, at=at, kind=kind, words=words, due_on=due_on, once=once)


def _move(row: Share, *, to: ShareStatus, due_at: dt.datetime | None) -> None:
    Share.objects.filter(pk=row.pk).update(status=to, due_at=due_at)


def _share(by: Viewer, at: dt.datetime, school: int, details: ShareDetails, once: UUID, origin: Origin) -> Share:
    told, parent = details.child_told, details.parent_told
    return Share(
        **_made(by, at, school),
        marking=details.marking,
        barred=list(origin.barred),
        child_id=origin.child,
        child_name=details.child_name,
        facts=details.facts,
        opinion=details.opinion,
        purpose=details.purpose,
        place=details.place,
        occurred=details.occurred,
        basis_id=details.basis,
        basis_text=LegalBasis.objects.get(pk=details.basis).text,
        ground=details.ground,
        ground_reason=details.ground_reason,
        recipients=list(details.recipients),
        handling=details.handling,
        urgency=details.urgency,
        child_told_by=told.by,
        child_told_on=told.on,
        child_not_told_why=told.why_not,
        child_view=told.view,
        parent_told_by=parent.by,
        parent_told_on=parent.on,
        parent_not_told_why=parent.why_not,
        parent_view=parent.view,
        needs=details.needs,
        police_incident=details.police_incident,
        due_at=_due(school, details.urgency, at),
        once=once,
    )


def _made(by: Viewer, at: dt.datetime, school: int) -> dict[str, object]:
    """Who holds a new row about a school, who made it and when."""
    holder = school if side_of(by, school) == Side.SCHOOL else team_of(by, school, at)
    return {"holder": holder, "school": school, "made_by": by.person, "made_at": at}


def _due(school: int, urgency: str, at: dt.datetime) -> dt.datetime:
    """When somebody must have taken it up: within the hour, or by the end of the next school day."""
    if urgency == Urgency.AT_ONCE:
        return at + AT_ONCE
    return _end_of_next_school_day(school, at)


def _end_of_next_school_day(school: int, at: dt.datetime) -> dt.datetime:
    calendar = school_calendar(school)
    tomorrow = dt.datetime.combine(at.astimezone(LONDON).date() + dt.timedelta(days=1), dt.time(), LONDON)
    return dt.datetime.combine(next_school_time(tomorrow, calendar).date(), calendar.hours.closes, LONDON)


def _refuse_without_agreement(school: int, ground: str, at: dt.datetime) -> None:
    if ground == Ground.AGREEMENT and not agreement_state(school, on=at.astimezone(LONDON).date()).agreed:
        raise NotAgreed


def _refuse_strangers(
    by: Viewer, school: int, at: dt.datetime, recipients: Iterable[int], barred: Iterable[int]
) -> None:
    choices = officers_to_tell(school, at) if side_of(by, school) == Side.SCHOOL else spocs_to_tell(school, at)
    if not set(recipients) <= {choice.person.id for choice in choices} - set(barred):
        raise NotARecipient


def _add_step(
    share: Share,
    *,
    by: Viewer,
    at: dt.datetime,
    kind: StepKind,
    words: str = "",
    people: Iterable[int] = (),
    due_on: dt.date | None = None,
    once: UUID | None = None,
) -> bool:
    """Add what happened to a share; False when that form was sent before."""
    step = ShareStep(
        **_made(by, at, share.school),
        share=share,
        kind=kind,
        words=words,
        people=list(people),
        due_on=due_on,
        once=once or new_id(),
        marking=share.marking,
        barred=share.barred,
    )
    return keep_once(step)[1]


def _tell_of_sending(share: Share, *, by: Viewer, at: dt.datetime) -> None:
    """Note the disclosure, and alert those who must know of a share without agreement."""
    alerted = [] if share.ground == Ground.AGREEMENT else _alerted(share, at)
    if alerted:
        _add_step(share, by=by, at=at, kind=StepKind.ALERTED, people=alerted)
    note(
        Operation.DISCLOSURE,
        "exchange.share",
        [share.pk],
        controller=share.controller,
        subjects=[share.child_id] if share.child_id else [],
        recipients=share.recipients,
        reason=share.basis_text,
    )


def _alerted(share: Share, at: dt.datetime) -> list[int]:
    """The head teacher, the sergeants and the controller's data protection officer, less who is barred."""
    day = at.astimezone(LONDON).date()
    cards = people_with(share.school, Role.HEAD, on=day) + sergeants_of(share.school, on=day)
    cards += people_with(share.controller, Role.DPO, on=day)
    return sorted({card.id for card in cards} - set(share.barred))
