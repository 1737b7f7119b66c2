"""Who may do what in the directory. The database's policies hold the same, row by row."""

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role


def may_import_schools(viewer: Viewer) -> bool:
    """Technical administrators import the register, for their force and those that have no administrator."""
    return viewer.holds(Role.ADMINISTRATOR)


def administers(viewer: Viewer, force: int | None = None) -> bool:
    """Technical administrators keep the directory of their force: the one named, or any."""
    return viewer.holds(Role.ADMINISTRATOR, organisation=force)
