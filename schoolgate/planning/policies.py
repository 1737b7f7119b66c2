"""Who plans. The database asks the same (migration 0002)."""

from schoolgate.access.viewer import Viewer
from schoolgate.deployment.policies import may_deploy, may_deploy_some


def may_plan(viewer: Viewer, team: int) -> bool:
    """The sergeant who posts the team's officers."""
    return may_deploy(viewer, team)


def may_plan_some(viewer: Viewer) -> bool:
    """The sergeant of any team."""
    return may_deploy_some(viewer)
