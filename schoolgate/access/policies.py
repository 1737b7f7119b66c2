"""Who may do what about accounts and codes."""

from schoolgate.access.viewer import Viewer

MAKES_CODES = ("spoc", "deputy_spoc", "head")


def may_make_day_code(viewer: Viewer, school: int) -> bool:
    """The SPOC, deputies and head teacher make their school's code for supply staff."""
    return viewer.holds(*MAKES_CODES, organisation=school)


def may_make_code(viewer: Viewer) -> bool:
    """Whether there is a school whose code this person makes."""
    return viewer.holds(*MAKES_CODES)


def may_look_after_accounts(viewer: Viewer) -> bool:
    """Technical administrators; the database asks again."""
    return viewer.holds("administrator")
