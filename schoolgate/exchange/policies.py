"""Who may do what in the exchange. What they may read is the circles' business."""

from schoolgate.access.viewer import Viewer
from schoolgate.exchange.models import Side

SPEAKS_FOR_SCHOOL = ("spoc", "deputy_spoc", "head")


def side_of(viewer: Viewer, school: int) -> Side | None:
    """On whose behalf this person deals with a school: its own, its police's, or nobody's."""
    if viewer.shares("school", school):
        return Side.SCHOOL
    return Side.POLICE if viewer.shares("police", school) else None


def may_tell_police(viewer: Viewer, school: int) -> bool:
    """The SPOC and deputies, and the head teacher where they cannot: every enquiry goes via the SPOC."""
    return viewer.holds(*SPEAKS_FOR_SCHOOL, organisation=school)


def may_act_for_police(viewer: Viewer, school: int) -> bool:
    """The officers assigned to the school and their sergeants; they also note what the school never sees."""
    return viewer.shares("police", school)


def may_write(viewer: Viewer, school: int) -> bool:
    """Either side of the exchange: the school only through those who speak for it. They also pass on what was sent."""
    return may_tell_police(viewer, school) or may_act_for_police(viewer, school)


def may_edit_law(viewer: Viewer) -> bool:
    """Technical administrators keep the list of legal bases, as the force's lawyers confirm it."""
    return viewer.holds("administrator")


def may_answer(viewer: Viewer, school: int, holder: int) -> bool:
    """Acknowledge, plan, report back: the side that it was sent to."""
    return may_act_for_police(viewer, school) if holder == school else may_tell_police(viewer, school)


def may_take_back(viewer: Viewer, school: int, holder: int) -> bool:
    """Correct or recall: the side that sent it."""
    return may_tell_police(viewer, school) if holder == school else may_act_for_police(viewer, school)
