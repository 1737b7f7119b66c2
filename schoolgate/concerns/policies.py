"""Who may do what about a concern. What they may read is the circles' business."""

from collections.abc import Collection

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role
from schoolgate.exchange.policies import may_tell_police


def may_raise(viewer: Viewer, school: int) -> bool:
    """Any member of staff of the school, and supply staff with today's code."""
    return viewer.shares("staff", school) or viewer.shares("supply", school)


def is_supply(viewer: Viewer, school: int) -> bool:
    """Supply staff write and never read: no draft, and their name is asked."""
    return viewer.shares("supply", school) and not viewer.shares("staff", school)


def may_triage(viewer: Viewer, school: int) -> bool:
    """The school circle: every concern reaches SPOC and DSL together."""
    return viewer.shares("school", school)


def may_decide(viewer: Viewer, school: int, line: Collection[int]) -> bool:
    """The police question is the SPOC's, their deputies' and the head teacher's; else of the next in line."""
    return may_tell_police(viewer, school) or viewer.person in line


def may_take(viewer: Viewer, school: int) -> bool:
    """Child protection is the DSL's: they may take any concern."""
    return viewer.holds(Role.DSL, Role.DEPUTY_DSL, organisation=school)


def is_author(viewer: Viewer, made_by: int) -> bool:
    """Only the author adds to a concern."""
    return viewer.person == made_by
