"""Who oversees, and who may take emergency access."""

from schoolgate.access.viewer import Viewer


def may_read_log(viewer: Viewer) -> bool:
    """The data protection officer of any controller; which entries they see is the circles' business."""
    return bool(viewer.organisations("dpo"))


def may_take_emergency_access(viewer: Viewer) -> bool:
    """Somebody next to a circle: a force's officer beside a school's partnership, staff beside the school circle."""
    return bool(viewer.organisations("team") or viewer.organisations("staff"))


def may_end_emergency_access(viewer: Viewer, school: int, taken_by: int) -> bool:
    """Whoever took it, and the head teacher of the school."""
    return viewer.person == taken_by or viewer.shares("head", school)
