"""How an officer comes to serve a school: proposed, told to head teacher and SPOC, then live."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.http import Http404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.ids import new_id
from schoolgate.core.once import keep_once
from schoolgate.core.refusals import named_refusals
from schoolgate.deployment.models import (
    Assignment,
    AssignmentKind,
    Change,
    Extent,
    Manner,
    Proposal,
    ProposalStatus,
    Refusal,
    Shadowing,
    Telling,
    TellingWay,
    Told,
)
from schoolgate.deployment.policies import may_deploy
from schoolgate.deployment.selectors.eligibility import first_day_possible, obstacles
from schoolgate.deployment.selectors.postings import people_to_tell
from schoolgate.deployment.services.refusals import NAMES, EndsBeforeStart, MovedOn, NotTold, Refused
from schoolgate.deployment.telling import draft
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell

TERMS = ("kind", "extent", "manner", "half", "hours", "covers", "ward", "since", "until")


@dataclass(frozen=True)
class Terms:
    """What is settled of a posting besides officer and school (see models.Terms)."""

    kind: AssignmentKind
    since: dt.date
    until: dt.date | None = None
    extent: Extent = Extent.PART_TIME
    manner: Manner = Manner.ASSIGNED
    half: bool = False
    hours: Decimal | None = None
    covers: int | None = None
    ward: str = ""


def propose_posting(
    *,
    by: Viewer,
    at: dt.datetime,
    officer: int,
    team: int,
    school: int,
    terms: Terms,
    reason: str = "",
    instead_of: int | None = None,
    once: UUID,
) -> Proposal:
    """Propose that an officer serves a school, with the words for head teacher and SPOC drafted.

    instead_of: the posting that ends on the day before. The rules are asked now and again when it goes live; what
    they refuse is kept as a refusal, and nothing else is.
    Raises PermissionDenied, Refused by name.
    """
    require(may_deploy, by, team)
    found = obstacles(officer, team=team, school=school, on=terms.since)
    if found:
        _keep_refusal(
            by, at, Refusal(holder=team, officer=officer, school=school, kind=terms.kind, since=terms.since), found[0]
        )
        raise NAMES[found[0]]
    if Assignment.objects.filter(pk=instead_of or 0, since__gte=terms.since).exists():
        raise EndsBeforeStart
    about = {"school": school, "officer": officer, "instead_of": instead_of, "reason": reason}
    return _propose(by, at, team, Change.POST, about, asdict(terms), once)


def propose_end(*, by: Viewer, at: dt.datetime, posting: int, last_day: dt.date, reason: str, once: UUID) -> Proposal:
    """Propose the last day of a posting. Raises PermissionDenied, Http404, EndsBeforeStart."""
    found = Assignment.objects.filter(pk=posting).first()
    if found is None:
        raise Http404
    require(may_deploy, by, found.team_id)
    if last_day < found.since:
        raise EndsBeforeStart
    about = {"school": found.school_id, "officer": found.officer_id, "posting": posting, "reason": reason}
    terms = {name: getattr(found, name) for name in TERMS} | {"until": last_day}
    return _propose(by, at, found.team_id, Change.END, about, terms, once)


def _propose(
    by: Viewer,
    at: dt.datetime,
    team: int,
    change: Change,
    about: Mapping[str, object],
    terms: Mapping[str, object],
    once: UUID,
) -> Proposal:
    proposal = Proposal(
        holder=team, change=change, once=once, made_by=by.person or 0, made_at=at, head_words="", spoc_words="",
        **about, **terms,
    )  # fmt: skip
    words = draft(proposal, by=by)
    proposal.head_words, proposal.spoc_words = words[Told.HEAD], words[Told.SPOC]
    return keep_once(proposal, said=("change", *about, *terms))[0]


def _keep_refusal(by: Viewer, at: dt.datetime, refusal: Refusal, rule: str) -> None:
    refusal.rule, refusal.made_by, refusal.made_at = rule, by.person or 0, at
    refusal.possible_from = first_day_possible(refusal.officer, team=refusal.holder, rule=rule)
    refusal.save(force_insert=True)


def record_telling(
    *,
    by: Viewer,
    at: dt.datetime,
    proposal: UUID,
    role: Told,
    way: TellingWay,
    words: str,
    person: int | None = None,
    name: str = "",
    once: UUID,
) -> Telling:
    """Record that head teacher or SPOC was told of a proposal, in which words; whoever has an account gets a notice.

    person: who; name: who, where they are not in the directory.
    Raises PermissionDenied, Http404, MovedOn, NotTheirs.
    """
    found = _open(by, proposal)
    telling = Telling(
        holder=found.holder, school=found.school, proposal_id=found.pk, role=role, person=person, name=name, way=way,
        words=words, once=once, made_by=by.person or 0, made_at=at,
    )  # fmt: skip
    with named_refusals(NAMES):
        kept, is_new = keep_once(telling, said=("proposal_id", "role", "way"))
    if is_new and person:
        page = reverse("deployment:told", args=[kept.pk])
        tell(by=by, at=at, notice=NoticeKind.POSTING_TOLD, record=kept, page=page, to=[person])
    return kept


def tell_here(*, by: Viewer, at: dt.datetime, proposal: UUID) -> None:
    """Tell head teacher and SPOC here, in the words as drafted: whoever was not told yet and has an account.

    Raises PermissionDenied, Http404, MovedOn.
    """
    found = _open(by, proposal)
    told = set(found.tellings.values_list("role", flat=True))
    for role, words in ((Told.HEAD, found.head_words), (Told.SPOC, found.spoc_words)):
        person = next(iter(people_to_tell(found.school, role, on=london_day(at))), None)
        if person and role not in told:
            record_telling(
                by=by, at=at, proposal=proposal, role=role, way=TellingWay.HERE, words=words, person=person.id,
                name=person.called, once=uuid5(proposal, role),
            )  # fmt: skip


def go_live(*, by: Viewer, at: dt.datetime, proposal: UUID) -> None:
    """Let a proposal take effect, now that head teacher and SPOC were told. The officer is told.

    Raises PermissionDenied, Http404, MovedOn, Refused by name; a refusal of the rules is kept.
    """
    found = _open(by, proposal)
    if found.tellings.values("role").distinct().count() < len(Told):
        raise NotTold
    try:
        with named_refusals(NAMES):
            _take_effect(found)
    except Refused as refused:
        told = {name: getattr(found, name) for name in ("holder", "officer", "school", "kind", "since")}
        _keep_refusal(by, at, Refusal(**told), refused.rule)
        raise
    to = [found.officer]
    tell(by=by, at=at, notice=NoticeKind.POSTING_CHANGED, record=found, page=reverse("deployment:own"), to=to)


def _take_effect(proposal: Proposal) -> None:
    if proposal.change == Change.END:
        posting = Assignment.objects.filter(pk=proposal.posting or 0)
        if not posting.update(until=proposal.until, ended_by=proposal.pk):
            raise MovedOn
    else:
        _end_replaced(proposal)
        terms = {name: getattr(proposal, name) for name in TERMS}
        Assignment(
            officer_id=proposal.officer,
            team_id=proposal.holder,
            school_id=proposal.school,
            proposal=proposal.pk,
            **terms,
        ).save(force_insert=True)


def _end_replaced(proposal: Proposal) -> None:
    """The one whose place is taken leaves the day before; an earlier last day stays as it is."""
    replaced = Assignment.objects.select_for_update().filter(pk=proposal.instead_of or 0).first()
    if proposal.instead_of and replaced is None:
        raise MovedOn
    last_day = proposal.since - dt.timedelta(days=1)
    if replaced and (replaced.until is None or replaced.until > last_day):
        Assignment.objects.filter(pk=replaced.pk).update(until=last_day, ended_by=proposal.pk)


def withdraw(*, by: Viewer, at: dt.datetime, proposal: UUID) -> None:
    """Undo a proposal; whoever was told of it is told that it is off. Raises PermissionDenied, Http404, MovedOn."""
    found = _open(by, proposal)
    Proposal.objects.filter(pk=found.pk).update(status=ProposalStatus.WITHDRAWN)
    for telling in found.tellings.exclude(person=None):
        page = reverse("deployment:told", args=[telling.pk])
        tell(by=by, at=at, notice=NoticeKind.POSTING_WITHDRAWN, record=telling, page=page, to=[telling.person or 0])


def _open(by: Viewer, proposal: UUID) -> Proposal:
    """A proposal that can still change, held for this transaction."""
    found = Proposal.objects.select_for_update().filter(pk=proposal).first()
    if found is None:
        raise Http404
    require(may_deploy, by, found.holder)
    if found.status != ProposalStatus.DRAFT:
        raise MovedOn
    return found


def assign_officer(
    *,
    by: Viewer,
    at: dt.datetime,
    officer: int,
    team: int,
    school: int,
    kind: AssignmentKind,
    since: dt.date,
    until: dt.date | None = None,
) -> int:
    """Propose a posting, tell both, and let it go live, in one go; give the posting's id.

    Source: "no officer should be posted as a SSO within their probationary period"; "Local risk assessments
    cannot be used to circumvent this direction": no role, reason or rank changes the answer.
    Raises PermissionDenied for anybody but the team's sergeant, Refused by name.
    """
    terms = Terms(kind=kind, since=since, until=until)
    made = propose_posting(by=by, at=at, officer=officer, team=team, school=school, terms=terms, once=new_id())
    for role in Told:
        person = next(iter(people_to_tell(school, role, on=london_day(at))), None)
        words = made.head_words if role == Told.HEAD else made.spoc_words
        way = TellingWay.HERE if person else TellingWay.MEETING
        told = {"person": person.id, "name": person.called} if person else {"name": str(role.label)}
        record_telling(by=by, at=at, proposal=made.pk, role=role, way=way, words=words, once=new_id(), **told)
    go_live(by=by, at=at, proposal=made.pk)
    return Assignment.objects.values_list("pk", flat=True).get(proposal=made.pk)


def name_shadow(
    *,
    by: Viewer,
    at: dt.datetime,
    team: int,
    school: int,
    officer: int,
    beside: int,
    first_day: dt.date,
    last_day: dt.date,
    words: str,
    once: UUID,
) -> Shadowing:
    """Name somebody who goes along with an officer to a school for some days. It opens nothing to them.

    Raises PermissionDenied for anybody but the team's sergeant.
    """
    require(may_deploy, by, team)
    shadowing = Shadowing(
        holder=team, school=school, officer=officer, beside=beside, first_day=first_day, last_day=last_day,
        words=words, once=once, made_by=by.person or 0, made_at=at,
    )  # fmt: skip
    return keep_once(shadowing, said=("school", "officer", "beside", "first_day", "last_day"))[0]
