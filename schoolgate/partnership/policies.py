"""Who may do what about agreements."""

from schoolgate.access.viewer import Viewer


def may_sign(viewer: Viewer, school: int) -> bool:
    """The head teacher agrees and signs the SSP protocol and the Data Sharing Agreement."""
    return viewer.holds("head", organisation=school)
