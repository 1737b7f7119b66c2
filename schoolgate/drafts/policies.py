"""Who keeps a draft, and who of their organisations holds it."""

from schoolgate.access.viewer import Viewer


def may_keep_drafts(viewer: Viewer, holder: int) -> bool:
    """Whoever reads back what they write there: not supply staff, and nobody by emergency access."""
    return viewer.shares("author", holder)


def holder_of(viewer: Viewer, school: int) -> int | None:
    """Which organisation holds what this person types about a school: the school, if it is theirs, else their own."""
    if may_keep_drafts(viewer, school):
        return school
    return min(viewer.organisations("author"), default=None)
