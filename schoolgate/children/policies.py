"""Who keeps records of children."""

from schoolgate.access.viewer import Viewer


def may_keep_children(viewer: Viewer, holder: int) -> bool:
    """A school's circle, a police team, an agency: each for itself."""
    return any(viewer.shares(kind, holder) for kind in ("school", "team", "agency"))
