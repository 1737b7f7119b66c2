"""Who sees which board."""

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role


def may_hand_over(viewer: Viewer, school: int) -> bool:
    """The officers posted to a school and their sergeants hand it over."""
    return viewer.shares("police", school)


def may_see_board(viewer: Viewer) -> bool:
    """The Safer Schools sergeant: overdue shares and enquiries, never triage."""
    return viewer.holds(Role.SERGEANT)
