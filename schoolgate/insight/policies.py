"""Who sees which board."""

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role


def may_see_board(viewer: Viewer) -> bool:
    """The Safer Schools sergeant: overdue shares and enquiries, never triage."""
    return viewer.holds(Role.SERGEANT)
