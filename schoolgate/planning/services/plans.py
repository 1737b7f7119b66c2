"""Plans: changed by hand, and accepted, whole or in part. What is accepted becomes proposals, and no posting."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.deployment.models import AssignmentKind, Extent, Manner
from schoolgate.deployment.services.postings import Terms, propose_end, propose_posting
from schoolgate.deployment.services.refusals import Refused
from schoolgate.planning.changes import Change, token_of, write_portfolios
from schoolgate.planning.handwork import give
from schoolgate.planning.models import Plan
from schoolgate.planning.optimiser.checking import faults, plan_costs
from schoolgate.planning.optimiser.problem import Plan as Found
from schoolgate.planning.optimiser.problem import Portfolio
from schoolgate.planning.policies import may_plan
from schoolgate.planning.selectors.plans import ChangeCard, PlanCard, beside_today
from schoolgate.planning.selectors.problem import number_of

MANNERS = {"dedicated": Manner.DEDICATED, "contact": Manner.POINT_OF_CONTACT}


class DataChanged(Exception):
    """Today's data are no longer those of the plan, or its first day has passed: plan anew."""


class BreaksRules(Exception):
    """The plan, as it was changed by hand, breaks a rule of its problem: none can be set aside."""


@dataclass(frozen=True)
class NotProposed:
    """A change that the rules refused, by the rule's name."""

    change: Change
    rule: str


def given(plan: PlanCard, school: str, officers: Sequence[str]) -> list[Portfolio]:
    """The portfolios of a plan once a school was given to others."""
    return give(plan.study.problem, plan.plan.portfolios, school, officers)


def faults_of(plan: PlanCard, portfolios: list[Portfolio]) -> list[str]:
    """Every rule that other portfolios for the same problem break."""
    cost = plan_costs(plan.study.problem, portfolios).total
    return faults(plan.study.problem, Found(portfolios, cost, None))


def keep_by_hand(
    *, by: Viewer, at: dt.datetime, plan: PlanCard, school: str, officers: Sequence[str], words: str, once: UUID
) -> Plan:
    """Keep a plan in which a school was given to others. The bound stays: it is the problem's.

    Raises PermissionDenied, AlreadySent.
    """
    require(may_plan, by, plan.study.team)
    portfolios = given(plan, school, officers)
    another = Plan(
        holder=plan.study.team, study_id=plan.study.id, portfolios=write_portfolios(portfolios),
        cost=plan_costs(plan.study.problem, portfolios).total, lower_bound=plan.plan.lower_bound or 0, based_on=plan.id,
        words=words, once=once, made_by=by.person or 0, made_at=at,
    )  # fmt: skip
    kept: Plan = keep_once(another, said=("study_id", "portfolios"))[0]
    return kept


def accept(
    *, by: Viewer, at: dt.datetime, plan: PlanCard, schools: Collection[str], reason: str
) -> tuple[int, list[NotProposed]]:
    """Propose what a plan changes at some schools; gives how many were proposed, and what the rules refused.

    Accepted twice, each is proposed once. Nothing goes live: head teacher and SPOC are told first, as of any posting.
    Raises PermissionDenied, BreaksRules, DataChanged: officers, schools or postings are not as they were when it was
    planned.
    """
    require(may_plan, by, plan.study.team)
    if plan.faults:
        raise BreaksRules
    compared = beside_today(plan, on=london_day(at))
    if not compared.can_be_accepted:
        raise DataChanged
    wanted = [card for card in compared.changes if card.change.school in schools and card.proposal is None]
    refused = [found for card in wanted if (found := _propose(by, at, plan, card, reason))]
    return len(wanted) - len(refused), refused


def _propose(by: Viewer, at: dt.datetime, plan: PlanCard, card: ChangeCard, reason: str) -> NotProposed | None:
    change, begins = card.change, plan.study.terms.begins_on
    about: dict[str, Any] = {"by": by, "at": at, "reason": reason, "once": token_of(plan.id, change)}
    try:
        if change.officer is None:
            last_day = begins - dt.timedelta(days=1)
            propose_end(posting=change.instead_of or 0, last_day=last_day, **about)
        else:
            propose_posting(
                officer=number_of(change.officer), team=plan.study.team, school=number_of(change.school),
                terms=_terms(plan, change), instead_of=change.instead_of, **about,
            )  # fmt: skip
    except Refused as refused:
        return NotProposed(change, refused.rule)
    return None


def _terms(plan: PlanCard, change: Change) -> Terms:
    hours = plan.study.problem.schools_by_id[change.school].hours * (0.5 if change.half else 1)
    return Terms(
        kind=AssignmentKind.LEAD,
        since=plan.study.terms.begins_on,
        extent=Extent.FULL_TIME if change.pattern == "dedicated" else Extent.PART_TIME,
        manner=MANNERS.get(change.pattern, Manner.ASSIGNED),
        half=change.half,
        hours=Decimal(str(hours)).quantize(Decimal("0.1")),
    )
