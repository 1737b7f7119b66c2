"""What is done in the exchange between a school and its police."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.bars import declare_bar
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.children.selectors import child_card
from schoolgate.children.services import add_child
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.enums import Marking
from schoolgate.core.ids import new_id
from schoolgate.core.once import keep_once
from schoolgate.deployment.selectors.serving import sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import people_with
from schoolgate.exchange.models import (
    OPEN,
    TRANSITIONS,
    Answer,
    ChildLink,
    CrimeReport,
    Enquiry,
    EnquiryKind,
    Ground,
    LegalBasis,
    Share,
    ShareStatus,
    ShareStep,
    Side,
    StepKind,
    SubjectCategory,
    Urgency,
)
from schoolgate.exchange.policies import (
    may_act_for_police,
    may_answer,
    may_edit_law,
    may_take_back,
    may_write,
    side_of,
)
from schoolgate.exchange.selectors import (
    RecipientChoice,
    due_at,
    end_of_next_school_day,
    first_in_line,
    one_more_in_time,
    other_side,
    recipients_side,
    spocs_to_tell,
    team_of,
)
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.selectors.agreements import agreement_state

RECORDED_WITHIN = dt.timedelta(hours=24)


class NotAgreed(Exception):
    """Routine sharing needs the SSP protocol and the Data Sharing Agreement in force; a ground would let it go."""


class NotARecipient(Exception):
    """It goes to named officers of the school (or, from the police, to its SPOC), and to nobody else."""


class NobodyLeft(Exception):
    """Nobody else on the side that it was sent to could answer it then."""


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
    own_reference: str = ""


@dataclass(frozen=True)
class Origin:
    """What a share comes from: the sender's own child record; who may never read it; the share that it corrects."""

    child: UUID | None = None
    barred: tuple[int, ...] = ()
    corrects: UUID | None = None


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
    NotARecipient for somebody who may not be addressed, or is barred;
    AlreadySent, as everything that takes a token, where that form was sent before and said something else.
    """
    require(may_write, by, school)
    line = other_side(by, school, at)
    return _send(by, at, school, details, once, origin, line)


def _send(
    by: Viewer,
    at: dt.datetime,
    school: int,
    details: ShareDetails,
    once: UUID,
    origin: Origin,
    line: list[RecipientChoice],
) -> UUID:
    """line: the other side, in the order of turning to them."""
    if details.ground == Ground.AGREEMENT:
        _refuse_without_agreement(school, at)
    _refuse_strangers(line, details.recipients, origin.barred)
    said = _said(details, side_of(by, school))
    share, is_new = keep_once(_share(by, at, school, details, once, origin), said)
    if is_new:
        _tell_recipients(share, by=by, at=at)
        _pass_on_when_too_late(share, line, by=by, at=at)
        _alert_without_agreement(share, by=by, at=at)
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
        _move(row, to=ShareStatus.ACKNOWLEDGED, due_at=end_of_next_school_day(row.school, at))


def plan_share(*, by: Viewer, at: dt.datetime, share: UUID, words: str, due_on: dt.date, once: UUID) -> None:
    """Say what will be done, and by which day. May be said again while it is not done.

    Raises Http404, PermissionDenied, OutOfTurn.
    """
    row = _to_answer(share, by)
    due = dt.datetime.combine(due_on, dt.time(23, 59), LONDON)
    if _take_step(row, by=by, at=at, kind=StepKind.PLANNED, words=words, due_on=due_on, once=once):
        _move(row, to=ShareStatus.PLANNED, due_at=due)


def record_done(*, by: Viewer, at: dt.datetime, share: UUID, words: str, once: UUID) -> None:
    """Say what was done. Raises Http404, PermissionDenied, OutOfTurn."""
    row = _to_answer(share, by)
    if _take_step(row, by=by, at=at, kind=StepKind.DONE, words=words, once=once):
        _move(row, to=ShareStatus.DONE, due_at=end_of_next_school_day(row.school, at))


def report_back(*, by: Viewer, at: dt.datetime, share: UUID, words: str, once: UUID) -> None:
    """Tell the sender in plain words what came of it; they may pass these words on to who raised the concern.

    Raises Http404, PermissionDenied, OutOfTurn.
    """
    row = _to_answer(share, by)
    if _take_step(row, by=by, at=at, kind=StepKind.REPORTED, words=words, once=once):
        _move(row, to=ShareStatus.REPORTED, due_at=None)
        spocs = [choice.person.id for choice in spocs_to_tell(row.school, at)] if row.holder == row.school else []
        _tell(row, NoticeKind.SHARE_REPORTED, by=by, at=at, to=[row.made_by, *spocs])


def _to_answer(share: UUID, by: Viewer) -> Share:
    """The share, locked, for somebody on the side that it was sent to."""
    row = _locked(share)
    require(may_answer, by, row.school, row.holder)
    return row


def _locked(share: UUID) -> Share:
    """The share, held until the end of the transaction. Raises Http404."""
    return get_object_or_404(Share.objects.select_for_update(), pk=share)


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
    """Add the step that leads to the status of the same name; False when that form was sent before.

    Raises OutOfTurn, AlreadySent.
    """
    if kind != row.status:
        _refuse_out_of_turn(row, kind, once)
    return _add_step(row, by=by, at=at, kind=kind, words=words, due_on=due_on, once=once)


def _move(row: Share, *, to: ShareStatus, due_at: dt.datetime | None) -> None:
    Share.objects.filter(pk=row.pk).update(status=to, due_at=due_at)


def _share(by: Viewer, at: dt.datetime, school: int, details: ShareDetails, once: UUID, origin: Origin) -> Share:
    return Share(
        **_made(by, at, school),
        **_said(details, side_of(by, school)),
        barred=list(origin.barred),
        child_id=origin.child,
        corrects_id=origin.corrects,
        basis_text=LegalBasis.objects.get(pk=details.basis).text,
        due_at=due_at(school, details.urgency, at),
        once=once,
    )


def _said(details: ShareDetails, side: Side | None) -> dict[str, Any]:
    """What the sender says, by the columns of Share."""
    told, parent = details.child_told, details.parent_told
    plain = ("child_name", "facts", "opinion", "purpose", "place", "occurred", "ground", "ground_reason", "handling",
             "marking", "urgency", "needs", "police_incident")  # fmt: skip
    return {name: getattr(details, name) for name in plain} | {
        "basis_id": details.basis,
        "recipients": list(details.recipients),
        "child_told_by": told.by,
        "child_told_on": told.on,
        "child_not_told_why": told.why_not,
        "child_view": told.view,
        "parent_told_by": parent.by,
        "parent_told_on": parent.on,
        "parent_not_told_why": parent.why_not,
        "parent_view": parent.view,
        **_references(side, details.own_reference),
    }


def _made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    """Who holds a new row about a school, who made it and when."""
    holder = school if side_of(by, school) == Side.SCHOOL else team_of(by, school, at)
    return {"holder": holder, "school": school, "made_by": by.person, "made_at": at}


def _refuse_without_agreement(school: int, at: dt.datetime) -> None:
    if not agreement_state(school, on=london_day(at)).agreed:
        raise NotAgreed


def _refuse_strangers(line: list[RecipientChoice], recipients: Iterable[int], barred: Iterable[int]) -> None:
    if not set(recipients) <= {choice.person.id for choice in line} - set(barred):
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
    """Add what happened to a share; False when that form was sent before. Raises AlreadySent."""
    step = ShareStep(
        **_made(by, at, share.school),
        share=share,
        kind=kind,
        words=words,
        people=list(people),
        due_on=due_on,
        once=once or new_id(),
        marking=share.marking,
    )
    # Whom it was passed to was chosen in the form; other people in a step follow from the share.
    chosen = ["people"] if kind == StepKind.PASSED else []
    return keep_once(step, ["share_id", "kind", "words", "due_on", *chosen])[1]


def _tell_recipients(share: Share, *, by: Viewer, at: dt.datetime) -> None:
    """The disclosure: a step, a notice to each recipient, and a row of the access log."""
    notice = NoticeKind.SHARE_DANGER if share.urgency == Urgency.AT_ONCE else NoticeKind.SHARE_SENT
    if share.corrects_id:
        notice = NoticeKind.SHARE_CORRECTED
    _add_step(share, by=by, at=at, kind=StepKind.SENT, people=share.recipients)
    _tell(share, notice, by=by, at=at, to=share.recipients)
    note(
        Operation.DISCLOSURE,
        "exchange.share",
        [share.pk],
        controller=share.controller,
        subjects=[share.child_id] if share.child_id else [],
        recipients=share.recipients,
        reason=share.basis_text,
    )


def _pass_on_when_too_late(share: Share, line: list[RecipientChoice], *, by: Viewer, at: dt.datetime) -> None:
    """Where nobody addressed is on duty in time: buddy, cover, then the sergeant get it as well."""
    if share.holder != share.school:
        return
    left = [choice for choice in line if choice.person.id not in share.barred]
    if also := one_more_in_time(left, share.recipients, share.due_at):
        _pass_to(share, also.person.id, by=by, at=at)


def _pass_to(
    share: Share, person: int, *, by: Viewer, at: dt.datetime, words: str = "", once: UUID | None = None
) -> None:
    if _add_step(share, by=by, at=at, kind=StepKind.PASSED, people=[person], words=words, once=once):
        _tell(share, NoticeKind.SHARE_PASSED_ON, by=by, at=at, to=[person])


def _alert_without_agreement(share: Share, *, by: Viewer, at: dt.datetime) -> None:
    """A share that no agreement carries is told to head teacher, sergeants and data protection officer."""
    if share.ground == Ground.AGREEMENT:
        return
    heads = {card.id for card in people_with(share.school, Role.HEAD, on=london_day(at))}
    sergeants = {card.id for card in sergeants_of(share.school, on=london_day(at))}
    officers = {card.id for card in people_with(share.controller, Role.DPO, on=london_day(at))}
    alerted = sorted((heads | sergeants | officers) - set(share.barred))
    _add_step(share, by=by, at=at, kind=StepKind.ALERTED, people=alerted)
    notice = NoticeKind.SHARE_WITHOUT_AGREEMENT
    _tell(share, notice, by=by, at=at, to=heads | sergeants)
    log_of_it = reverse("governance:record", args=[share.pk])
    # The data protection officer reads the log of it, never what it says.
    tell(by=by, at=at, notice=notice, record=share, page=log_of_it, to=officers)


def _tell(share: Share, notice: NoticeKind, *, by: Viewer, at: dt.datetime, to: Iterable[int]) -> None:
    page = reverse("exchange:share", args=[share.pk])
    tell(by=by, at=at, notice=notice, record=share, page=page, to=to)


def _references(side: Side | None, reference: str) -> dict[str, str]:
    """The number in the writer's own system, in the column of their side."""
    return {"school_reference" if side == Side.SCHOOL else "police_reference": reference}


def _everybody_told(share: Share) -> list[int]:
    """Whoever was sent it, had it passed on, or took a step with it on the other side."""
    told = set(share.recipients)
    for step in share.steps.exclude(kind=StepKind.ALERTED):
        told |= {*step.people} | ({step.made_by} if step.holder != share.holder else set())
    return sorted(told - set(share.barred))


def correct_share(*, by: Viewer, at: dt.datetime, share: UUID, details: ShareDetails, words: str, once: UUID) -> UUID:
    """Send a corrected share in place of one that was wrong, to everybody who was told; give the new one's id.

    words: what was wrong. The recipients must acknowledge the new one.
    Source: DPA 2018 s.38(5)(c): the recipient is told without delay.
    Raises Http404, PermissionDenied for the other side, OutOfTurn, and what send_share raises.
    """
    row = _to_take_back(share, by)
    _refuse_out_of_turn(row, ShareStatus.CORRECTED, once)
    told, line = _everybody_told(row), other_side(by, row.school, at)
    still_there = [person for person in told if person in {choice.person.id for choice in line}]
    everybody = replace(details, recipients=tuple(dict.fromkeys([*details.recipients, *still_there])))
    origin = Origin(child=row.child_id, barred=tuple(row.barred), corrects=row.pk)
    corrected = _send(by, at, row.school, everybody, once, origin, line)
    if _add_step(row, by=by, at=at, kind=StepKind.CORRECTED, words=words, people=told, once=once):
        _move(row, to=ShareStatus.CORRECTED, due_at=None)
    return corrected


def recall_share(*, by: Viewer, at: dt.datetime, share: UUID, words: str, once: UUID) -> None:
    """Take a share back: everybody who was told hears at once that they must not use it, and acknowledges.

    words: why. Source: DPA 2018 s.38(5)(c): also where the transmission was unlawful.
    Raises Http404, PermissionDenied for the other side, OutOfTurn.
    """
    row = _to_take_back(share, by)
    _refuse_out_of_turn(row, ShareStatus.RECALLED, once)
    told = _everybody_told(row)
    if _add_step(row, by=by, at=at, kind=StepKind.RECALLED, words=words, people=told, once=once):
        _move(row, to=ShareStatus.RECALLED, due_at=None)
        _tell(row, NoticeKind.SHARE_RECALLED, by=by, at=at, to=told)


def pass_share(*, by: Viewer, at: dt.datetime, share: UUID, to: int, words: str, once: UUID) -> None:
    """Hand a share to another of the officers of the school, or their sergeant. Either side may.

    Raises Http404, PermissionDenied, OutOfTurn where nothing is left to do, NotARecipient.
    """
    row = _locked(share)
    require(may_write, by, row.school)
    if row.status not in OPEN:
        raise OutOfTurn
    if to not in {choice.person.id for choice in recipients_side(row.school, row.holder, at)} - set(row.barred):
        raise NotARecipient
    _pass_to(row, to, by=by, at=at, words=words, once=once)


def keep_from(*, by: Viewer, at: dt.datetime, share: UUID, person: int, reason: str) -> None:
    """Keep a share and all that belongs to it from a person, for good; what waited for them goes to the next in line.

    What it corrects and what corrects it is kept from them as well: the database sees to that.
    person: who has an interest in it; it may be the viewer, whoever they are.
    Raises Http404; PermissionDenied for somebody who may not handle the share and speaks of another;
    NobodyLeft where nobody else could answer it.
    """
    row = _locked(share)
    if person != by.person:
        require(may_write, by, row.school)
    kept_from = {*row.barred, person}
    left = [
        choice.person.id for choice in recipients_side(row.school, row.holder, at) if choice.person.id not in kept_from
    ]
    if not left:
        raise NobodyLeft
    latest = _latest(row)
    if latest.status in OPEN and not _addressed(latest) - kept_from:
        _pass_to(latest, left[0], by=by, at=at)
    declare_bar(by=by, at=at, table=Share._meta.db_table, record=share, person=person, reason=reason)


def _latest(row: Share) -> Share:
    """The share that stands in its place after all corrections; only that one can still be open."""
    correction = Share.objects.filter(corrects=row).first()
    return _latest(correction) if correction else row


def _addressed(row: Share) -> set[int]:
    """Those to whom it was sent or passed on."""
    passed = row.steps.filter(kind=StepKind.PASSED).values_list("people", flat=True)
    return {*row.recipients, *(person for people in passed for person in people)}


def keep_reference(*, by: Viewer, at: dt.datetime, share: UUID, reference: str) -> None:
    """Note the number that a share has in the viewer's own system. Raises Http404, PermissionDenied."""
    row = _locked(share)
    require(may_write, by, row.school)
    Share.objects.filter(pk=share).update(**_references(side_of(by, row.school), reference))


def _to_take_back(share: UUID, by: Viewer) -> Share:
    row = _locked(share)
    require(may_take_back, by, row.school, row.holder)
    return row


def _refuse_out_of_turn(row: Share, to: str, once: UUID) -> None:
    """A form that is sent again was in turn the first time."""
    if to not in TRANSITIONS[row.status] and not row.steps.filter(once=once).exists():
        raise OutOfTurn


def set_category(
    *, by: Viewer, at: dt.datetime, share: UUID, person: str, categories: Iterable[str], footing: str, once: UUID
) -> None:
    """Say how the police see a person in a share: suspect, convicted, victim, witness or other; fact or assessment.

    A later saying about the same person takes the place of the earlier, which is kept.
    Source: DPA 2018 s.38(2) and (3). The school never sees it. Raises Http404, PermissionDenied.
    """
    row = _locked(share)
    require(may_act_for_police, by, row.school)
    said = {"person": person, "categories": list(categories), "footing": footing}
    keep_once(SubjectCategory(**_about(row, by, at), **said, once=once), ["share_id", *said])


def link_child(*, by: Viewer, at: dt.datetime, share: UUID, child: UUID | None) -> None:
    """Say which child record of the recipient's own team the name in a share is; None makes a new one. Once a share.

    Source: DPA 2018 s.62 (combination). Raises Http404 for a child that is not the team's, PermissionDenied.
    """
    row = _locked(share)
    require(may_act_for_police, by, row.school)
    about = _about(row, by, at)
    if ChildLink.objects.filter(holder=about["holder"], share=row).exists():
        return
    team = int(about["holder"])
    own = _own_child(child, team) if child else add_child(by=by, at=at, holder=team, name=row.child_name)
    link = ChildLink(**about, child_id=own)
    link.save(force_insert=True)
    kept = ChildLink.objects.get(pk=link.pk)
    note(Operation.COMBINATION, "exchange.childlink", [link.pk], controller=kept.controller, subjects=[own])


def _own_child(child: UUID, team: int) -> UUID:
    card = child_card(child)
    if card.holder != team:
        raise Http404
    return card.id


def record_crime(*, by: Viewer, at: dt.datetime, share: UUID, what: str, once: UUID) -> None:
    """Note a crime that a share disclosed; the force's reference is due within 24 hours.

    Source: Home Office Counting Rules. Raises Http404, PermissionDenied.
    """
    row = _locked(share)
    require(may_act_for_police, by, row.school)
    crime = CrimeReport(**_about(row, by, at), what=what, due_at=at + RECORDED_WITHIN, once=once)
    keep_once(crime, ["share_id", "what"])


def give_reference(*, by: Viewer, at: dt.datetime, crime: UUID, reference: str) -> UUID:
    """Note the force's reference of a recorded crime; give the share's id. Raises Http404, PermissionDenied."""
    row = get_object_or_404(CrimeReport, pk=crime)
    require(may_act_for_police, by, row.school)
    recorded_at = row.recorded_at or at
    CrimeReport.objects.filter(pk=crime).update(force_reference=reference, recorded_at=recorded_at)
    return row.share_id


def _about(row: Share, by: Viewer, at: dt.datetime) -> dict[str, Any]:
    """What a police row about a share carries."""
    return _made(by, at, row.school) | {"share": row, "marking": row.marking}


def ask_for_advice(*, by: Viewer, at: dt.datetime, school: int, question: str, once: UUID) -> UUID:
    """Ask the other side for advice, which names no child, and give its id. It goes to whom an enquiry goes to.

    Source: "Advise Head Teacher(s) and their staff on policing issues". Raises PermissionDenied, NotARecipient.
    """
    return _ask(by, at, school, once, kind=EnquiryKind.ADVICE, question=question)


def make_enquiry(*, by: Viewer, at: dt.datetime, school: int, question: str, once: UUID, child_name: str = "") -> UUID:
    """Ask the other side something, and give its id.

    An officer's enquiry goes to the school's SPOC and nobody else; the SPOC's to the school's officer.
    Source: "All enquiries to and from the SSO must go via the SPOC."
    Raises PermissionDenied; NotAgreed for one that names a child without the agreements in force;
    NotARecipient where there is nobody to ask.
    """
    require(may_write, by, school)
    if child_name:
        _refuse_without_agreement(school, at)
    return _ask(by, at, school, once, kind=EnquiryKind.ENQUIRY, question=question, child_name=child_name)


def _ask(by: Viewer, at: dt.datetime, school: int, once: UUID, **said: str) -> UUID:
    require(may_write, by, school)
    asked = [choice.person.id for choice in first_in_line(by, school, at)]
    if not asked:
        raise NotARecipient
    due = end_of_next_school_day(school, at)
    row = Enquiry(**_made(by, at, school), **said, asked=asked, due_at=due, once=once)
    enquiry, is_new = keep_once(row, ["school", *said])
    if is_new:
        _tell_of_enquiry(enquiry, NoticeKind.ENQUIRY_SENT, by=by, at=at, to=asked)
    return enquiry.pk


def answer_enquiry(*, by: Viewer, at: dt.datetime, enquiry: UUID, words: str, once: UUID) -> None:
    """Answer, or add to what was asked. The first words of the side that was asked answer it.

    Raises Http404, PermissionDenied.
    """
    row = get_object_or_404(Enquiry.objects.select_for_update(), pk=enquiry)
    require(may_write, by, row.school)
    answer = Answer(**_made(by, at, row.school), enquiry=row, words=words, once=once)
    is_new = keep_once(answer, ["enquiry_id", "words"])[1]
    if not is_new:
        return
    is_answer = may_answer(by, row.school, row.holder)
    if is_answer and row.answered_at is None:
        Enquiry.objects.filter(pk=enquiry).update(answered_at=at)
    have_it = [*row.asked, *row.passed.values_list("person", flat=True)]
    notice, to = (NoticeKind.ENQUIRY_ANSWERED, [row.made_by]) if is_answer else (NoticeKind.ENQUIRY_SENT, have_it)
    _tell_of_enquiry(row, notice, by=by, at=at, to=to)


def _tell_of_enquiry(row: Enquiry, notice: NoticeKind, *, by: Viewer, at: dt.datetime, to: Iterable[int]) -> None:
    tell(by=by, at=at, notice=notice, record=row, page=reverse("exchange:enquiry", args=[row.pk]), to=to)


def edit_legal_basis(
    *, by: Viewer, at: dt.datetime, basis: int, text: str, source: str, as_at: dt.date, active: bool
) -> None:
    """Change the words of a legal basis, their source and date, or take it off the list; shares keep their words.

    Raises PermissionDenied for anybody but an administrator.
    """
    require(may_edit_law, by)
    LegalBasis.objects.filter(pk=basis).update(text=text, source=source, as_at=as_at, active=active)


def pass_on_late_shares(*, at: dt.datetime) -> int:
    """What the clock does: shares that nobody took up in time go to the next in line. Gives how many went.

    Runs as nobody, through a database function that knows ids only.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select share, person from exchange_pass_on(%s)", [at])
        passed = cursor.fetchall()
        for share, person in passed:
            _tell(Share(pk=share), NoticeKind.SHARE_PASSED_ON, by=Viewer(), at=at, to=[person])
    return len(passed)


def pass_on_enquiries(*, at: dt.datetime) -> int:
    """What the clock does: enquiries that nobody who has them can answer, or did in time, go to the next in line.

    Gives how many went. Runs as nobody, through a database function that knows ids only.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select enquiry, person from exchange_pass_on_enquiries(%s)", [at])
        passed = cursor.fetchall()
        for enquiry, person in passed:
            _tell_of_enquiry(Enquiry(pk=enquiry), NoticeKind.ENQUIRY_PASSED_ON, by=Viewer(), at=at, to=[person])
    return len(passed)
