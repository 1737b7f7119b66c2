"""Who may change a deployment. The database asks the same (migration 0002)."""

from schoolgate.access.viewer import Viewer


def may_deploy(viewer: Viewer, team: int) -> bool:
    """The team's sergeant posts its officers and keeps their hours."""
    return viewer.holds("sergeant", organisation=team)


def may_keep_hours(viewer: Viewer, officer: int, team: int) -> bool:
    """An officer keeps their own hours and absences; so does the sergeant."""
    return viewer.person == officer or may_deploy(viewer, team)
