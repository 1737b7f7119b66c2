"""What is done with an agreement: proposed, read, delegated, signed, declined, withdrawn, confirmed, ended."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.enums import Marking
from schoolgate.core.once import AlreadySent, keep_once
from schoolgate.core.refusals import named_refusals
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import people_with, school_card
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.models import Agreement, AgreementKind, AgreementStep, Edition, IssuedCopy, StepKind
from schoolgate.partnership.policies import is_head, may_end, may_propose, may_sign, may_sign_for_trust
from schoolgate.partnership.selectors.agreements import AgreementRecord
from schoolgate.ui.prose import filled


class MovedOn(Exception):
    """It does not follow from how the agreement stands now: signed, declined or withdrawn meanwhile."""


class AnotherText(Exception):
    """What was read is not the text that stands in the record."""


REFUSALS = {"agreement_moves_on": MovedOn, "one_signature_each": MovedOn, "signs_this_text": AnotherText}


@dataclass(frozen=True)
class Signing:
    """What a person signs with: their name and role as they gave them, the statement that they agreed to, the digest
    of the text that they had before them, and the kind of second factor that they gave for it.
    """

    name: str
    role: str
    statement: str
    digest: str
    factor: str


def propose_agreement(
    *,
    by: Viewer,
    at: dt.datetime,
    school: int,
    team: int,
    edition: int,
    fields: Mapping[str, str],
    since: dt.date,
    until: dt.date,
    once: UUID,
) -> UUID:
    """Propose one published text to a school (see propose_agreements); give the agreement's id."""
    texts = {edition: (once, fields)}
    return propose_agreements(by=by, at=at, school=school, team=team, texts=texts, since=since, until=until)[0]


def propose_agreements(
    *,
    by: Viewer,
    at: dt.datetime,
    school: int,
    team: int,
    texts: Mapping[int, tuple[UUID, Mapping[str, str]]],
    since: dt.date,
    until: dt.date,
) -> list[UUID]:
    """Propose published texts to a school, their fields filled in; give the agreements' ids.

    The head teacher is told once, of all of them; who leads the trust, of the Data Sharing Agreement. texts: of each
    edition, its token and its fields.
    Raises PermissionDenied for anybody but the team's sergeant.
    """
    require(may_propose, by, team)
    kept = []
    for edition, (once, fields) in texts.items():
        row = _filled_in(Edition.objects.get(pk=edition), fields)
        row.holder, row.team, row.since, row.until, row.once = school, team, since, until, once
        row.made_by, row.made_at = by.person or 0, at
        kept.append(keep_once(row))
    new = [row for row, is_new in kept if is_new]
    if new:
        heads = [card.id for card in people_with(school, Role.HEAD, on=london_day(at))]
        page = _school_page(school) if len(new) > 1 else _page(new[0].pk)
        tell(by=by, at=at, notice=NoticeKind.AGREEMENT_PROPOSED, record=new[0], page=page, to=heads)
    for row in new:
        if row.kind == AgreementKind.DSA:
            to, page = _trust_leads(school, at), _page(row.pk)
            tell(by=by, at=at, notice=NoticeKind.AGREEMENT_FOR_TRUST, record=row, page=page, to=to)
    return [row.pk for row, _is_new in kept]


def _trust_leads(school: int, at: dt.datetime) -> list[int]:
    """Who leads the trust that answers for the school, where one does."""
    trust = school_card(school).controller
    return [card.id for card in people_with(trust, Role.TRUST_LEAD, on=london_day(at))] if trust else []


def _filled_in(text: Edition, fields: Mapping[str, str]) -> Agreement:
    words = {"title": text.title, "summary": filled(text.summary, fields), "body": filled(text.body, fields)}
    return Agreement(kind=text.kind, edition=text, marking=Marking.OFFICIAL, **words)


def once_for(once: UUID, of: int | UUID) -> UUID:
    """The token of one of several proposals or signatures that a form makes: by edition, or by agreement."""
    return uuid5(once, str(of))


def note_read(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, once: UUID) -> None:
    """Note that the head teacher, or whom they asked, read the whole text. Raises PermissionDenied."""
    require(may_sign, by, agreement.school, agreement.delegates)
    _step(agreement, StepKind.READ, by=by, at=at, once=once)


def delegate_signing(
    *, by: Viewer, at: dt.datetime, agreement: AgreementRecord, person: int, words: str, once: UUID
) -> None:
    """Ask a member of the SLT in writing to sign in one's place. Raises PermissionDenied, MovedOn."""
    require(is_head, by, agreement.school)
    step = _step(agreement, StepKind.DELEGATED, by=by, at=at, once=once, words=words, person=person)
    _tell_of_school(step, NoticeKind.AGREEMENT_DELEGATED, by=by, at=at, to=[person])


def sign_agreement(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, signing: Signing, once: UUID) -> None:
    """Sign for the school, and tell the police team's sergeants that it waits for their signature: once for both.

    Source: "Agree and sign the SSP protocol and Data Sharing Agreement" (head teacher).
    Raises PermissionDenied for anybody but the head teacher and whom they asked; MovedOn; AnotherText.
    """
    require(may_sign, by, agreement.school, agreement.delegates)
    step = _step(agreement, StepKind.SIGNED, by=by, at=at, once=once, **_signed(signing))
    _tell_of_school(step, NoticeKind.AGREEMENT_SIGNED, by=by, at=at, to=_sergeants(step, at))


def sign_for_trust(
    *,
    by: Viewer,
    at: dt.datetime,
    agreement: AgreementRecord,
    signing: Signing,
    once: UUID,
    also: Iterable[AgreementRecord] = (),
) -> None:
    """Sign for the trust that answers for the school; the head teacher still signs.

    also: the same edition, as it waits for other schools of the trust. Either all are signed, or none.
    Raises PermissionDenied, MovedOn, AnotherText.
    """
    with transaction.atomic():
        require(may_sign_for_trust, by, agreement.controller)
        _step(agreement, StepKind.TRUST_SIGNED, by=by, at=at, once=once, **_signed(signing))
        for other in also:
            require(may_sign_for_trust, by, other.controller)
            if other.edition != agreement.edition:
                raise AnotherText
            own, its = once_for(once, other.id), replace(signing, digest=other.digest)
            _step(other, StepKind.TRUST_SIGNED, by=by, at=at, once=own, **_signed(its))


def countersign_agreement(
    *, by: Viewer, at: dt.datetime, agreement: AgreementRecord, signing: Signing, once: UUID
) -> None:
    """Sign for the police, which brings it into force on its first day. Raises PermissionDenied, MovedOn."""
    require(may_propose, by, agreement.team)
    step = _step(agreement, StepKind.COUNTERSIGNED, by=by, at=at, once=once, **_signed(signing))
    _tell_of_school(step, NoticeKind.AGREEMENT_IN_FORCE, by=by, at=at, to=_both_sides(agreement))


SIGN: dict[str, Callable[..., None]] = {
    StepKind.SIGNED: sign_agreement,
    StepKind.TRUST_SIGNED: sign_for_trust,
    StepKind.COUNTERSIGNED: countersign_agreement,
}


def decline_agreement(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, words: str, once: UUID) -> None:
    """Decline it with reasons, and tell the sergeants. Raises PermissionDenied, MovedOn."""
    require(is_head, by, agreement.school)
    step = _step(agreement, StepKind.DECLINED, by=by, at=at, once=once, words=words)
    _tell(step, NoticeKind.AGREEMENT_DECLINED, by=by, at=at, to=_sergeants(step, at))


def withdraw_agreement(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, words: str, once: UUID) -> None:
    """Take back what was proposed, for example because a new text takes its place. Raises PermissionDenied, MovedOn."""
    require(may_propose, by, agreement.team)
    step = _step(agreement, StepKind.WITHDRAWN, by=by, at=at, once=once, words=words)
    _tell(step, NoticeKind.AGREEMENT_WITHDRAWN, by=by, at=at, to=_both_sides(agreement))


def confirm_agreement(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, once: UUID) -> None:
    """A new head teacher stands by what the last one signed. Raises PermissionDenied, MovedOn."""
    require(is_head, by, agreement.school)
    _step(agreement, StepKind.CONFIRMED, by=by, at=at, once=once)


def end_agreement(
    *, by: Viewer, at: dt.datetime, agreement: AgreementRecord, words: str, last_day: dt.date, once: UUID
) -> None:
    """End what was signed, with the reason, after its last day. Raises PermissionDenied, MovedOn."""
    require(may_end, by, agreement.school, agreement.team)
    step = _step(agreement, StepKind.ENDED, by=by, at=at, once=once, words=words, effective_on=last_day)
    _tell(step, NoticeKind.AGREEMENT_ENDED, by=by, at=at, to=_both_sides(agreement))


def note_issued(*, by: Viewer, at: dt.datetime, agreement: AgreementRecord, digest: str) -> None:
    """Remember the digest of a PDF that was handed out, so that whoever holds it can check it later."""
    copy = IssuedCopy(
        holder=agreement.school, agreement_id=agreement.id, team=agreement.team, digest=digest,
        made_by=by.person or 0, made_at=at,
    )  # fmt: skip
    IssuedCopy.objects.bulk_create([copy], ignore_conflicts=True)


def _signed(signing: Signing) -> dict[str, str]:
    return {
        "signer_name": signing.name,
        "signer_role": signing.role,
        "statement": signing.statement,
        "digest": signing.digest,
        "factor": signing.factor,
    }


def _step(
    agreement: AgreementRecord, kind: StepKind, *, by: Viewer, at: dt.datetime, once: UUID, **said: object
) -> AgreementStep:
    """Add a step; the same form sent twice is one step, and one that was sent for another agreement is none."""
    step = AgreementStep(
        holder=agreement.school, agreement_id=agreement.id, team=agreement.team, kind=kind, once=once,
        made_by=by.person or 0, made_at=at, **said,
    )  # fmt: skip
    try:
        with named_refusals(REFUSALS):
            return keep_once(step, said=("agreement_id", "kind", "made_by"))[0]
    except (AgreementStep.DoesNotExist, AlreadySent) as other:  # somebody else took this step at the same moment
        raise MovedOn from other


def _page(agreement: UUID) -> str:
    return reverse("partnership:agreement", args=[agreement])


def _school_page(school: int) -> str:
    """Both documents on one page."""
    return reverse("partnership:school_agreements", args=[school])


def _tell(step: AgreementStep, notice: NoticeKind, *, by: Viewer, at: dt.datetime, to: list[int]) -> None:
    tell(by=by, at=at, notice=notice, record=step, page=_page(step.agreement_id), to=to)


def _tell_of_school(step: AgreementStep, notice: NoticeKind, *, by: Viewer, at: dt.datetime, to: list[int]) -> None:
    """Tell of a step that is often taken for both documents at once: who has not seen it yet is not told again."""
    tell(by=by, at=at, notice=notice, record=step, page=_school_page(step.holder), to=to, again=False)


def _sergeants(step: AgreementStep, at: dt.datetime) -> list[int]:
    """The sergeants of the police team."""
    return [card.id for card in people_with(step.team, Role.SERGEANT, on=london_day(at))]


def _both_sides(agreement: AgreementRecord) -> list[int]:
    """The school circle, its officers and their sergeants."""
    return [reader.person for reader in readers(agreement.circles, agreement.barred) if reader.kind == "partnership"]
