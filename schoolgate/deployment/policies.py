"""Who may change a deployment. The database asks the same (migrations 0002, 0004 and 0006)."""

from schoolgate.access.viewer import Viewer


def may_deploy(viewer: Viewer, team: int) -> bool:
    """The team's sergeant posts its officers and keeps what is known of them."""
    return viewer.holds("sergeant", organisation=team)


def may_keep_file(viewer: Viewer, officer: int, team: int) -> bool:
    """The team's sergeant keeps what is known of an officer, and nobody what is known of themselves."""
    return viewer.person != officer and may_deploy(viewer, team)


def may_deploy_some(viewer: Viewer) -> bool:
    """The sergeant of any team."""
    return viewer.holds("sergeant")


def may_keep_hours(viewer: Viewer, officer: int, team: int) -> bool:
    """An officer keeps their own hours and absences; so does the sergeant."""
    return viewer.person == officer or may_deploy(viewer, team)


def may_set_rules(viewer: Viewer, force: int) -> bool:
    """The force's youth lead says which vetting and training it asks for. The rule on probation is nobody's to set."""
    return viewer.holds("youth_lead", organisation=force)


def may_see_figures(viewer: Viewer) -> bool:
    """Sergeants, the youth lead and the analyst see how the force's schools compare, and how they are covered."""
    return viewer.holds("sergeant", "youth_lead", "analyst")


def may_weigh(viewer: Viewer) -> bool:
    """Sergeants and the youth lead say which indicators count, and how much."""
    return viewer.holds("sergeant", "youth_lead")


def may_see_postings(viewer: Viewer, school: int) -> bool:
    """Who served a school, and when: its partnership, and whoever posts or oversees."""
    return viewer.shares("partnership", school) or viewer.holds("sergeant", "youth_lead")
