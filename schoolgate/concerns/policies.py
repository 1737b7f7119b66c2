"""Who may do what about a concern. What they may read is the circles' business."""

from collections.abc import Collection
from dataclasses import dataclass

from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import TRANSITIONS, Allegation, Status
from schoolgate.exchange.policies import may_tell_police


@dataclass(frozen=True)
class Route:
    """The organisations whose circle gets an allegation."""

    head_of: int | None = None
    governors_of: int | None = None
    lado_of: int | None = None
    standards_of: int | None = None


def route_of(row: Allegation) -> Route:
    """Where an allegation went."""
    return Route(row.head_of, row.governors_of, row.lado_of, row.standards_of)


def may_raise(viewer: Viewer, school: int) -> bool:
    """Any member of staff of the school, and supply staff with today's code."""
    return viewer.shares("staff", school) or viewer.shares("supply", school)


def is_supply(viewer: Viewer, school: int) -> bool:
    """Supply staff write and never read: no draft, and their name is asked."""
    return viewer.shares("supply", school) and not viewer.shares("staff", school)


def may_triage(viewer: Viewer, school: int) -> bool:
    """The school circle: every concern reaches SPOC and DSL together."""
    return viewer.shares("school", school)


def protects(viewer: Viewer, school: int) -> bool:
    """The DSL and deputies: what was given to the DSL is theirs to do next."""
    return viewer.holds("dsl", "deputy_dsl", organisation=school)


# The police question. That a concern is the DSL's, a question to its author, its end: anybody's of the circle.
POLICE_QUESTION = frozenset({Status.SCHOOL_MATTER, Status.EARLY_INTERVENTION, Status.NOT_SHARED})


def may_decide(viewer: Viewer, school: int, decision: str, line: Collection[int]) -> bool:
    """The police question is the SPOC's, their deputies' and the head teacher's, else of the next in line (`line`).

    To share is only theirs who speak for the school to the police.
    """
    if decision == Status.SHARING:
        return may_tell_police(viewer, school)
    if decision in POLICE_QUESTION:
        return may_tell_police(viewer, school) or viewer.person in line
    return may_triage(viewer, school)


def decisions_of(viewer: Viewer, school: int, status: str, line: Collection[int]) -> list[str]:
    """What this person may decide about a concern that stands so."""
    return [decision for decision in TRANSITIONS[status] if may_decide(viewer, school, decision, line)]


def is_author(viewer: Viewer, made_by: int) -> bool:
    """Only the author adds to a concern."""
    return viewer.person == made_by


# The circles that an allegation may go to, by the column that names each one's organisation.
RECEIVING = {
    "head": "head_of",
    "governors": "governors_of",
    "lado": "lado_of",
    "professional_standards": "standards_of",
}


def may_receive_allegations(viewer: Viewer) -> bool:
    """Head teachers, chairs of governors or proprietors, LADOs, professional standards."""
    return any(viewer.organisations(kind) for kind in RECEIVING)


def receives(viewer: Viewer, route: Route) -> bool:
    """Whether an allegation went to one of this person's roles (its author is not thereby a recipient)."""
    places = {kind: getattr(route, column) for kind, column in RECEIVING.items()}
    return any(place is not None and viewer.shares(kind, place) for kind, place in places.items())
