"""How the partnership of a school stands, derived from its officers and both documents."""

from collections.abc import Iterable, Mapping

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import names_of_forces
from schoolgate.partnership.models import AgreementKind, PartnershipState
from schoolgate.partnership.selectors.agreements import WAITING, Standing

Leading = Mapping[AgreementKind, Standing]
# Of several agreements of one kind, that in force counts, else what is on its way, else what was; then what came to
# nothing.
UNDER_WAY = ("agreed", *WAITING)
OVER = ("lapsed", "ended")
ORDER = {"active": 3} | dict.fromkeys(UNDER_WAY, 2) | dict.fromkeys(OVER, 1)


def leading(standings: Iterable[Standing]) -> dict[AgreementKind, Standing]:
    """The agreement of each kind that counts for a school."""
    ordered = sorted(standings, key=lambda one: (ORDER.get(one.state, 0), one.until))
    return {one.kind: one for one in ordered}


def state_of(found: Leading, *, has_officer: bool) -> PartnershipState:
    """How the partnership stands: active with both documents in force, else by what is missing."""
    states = {one.state for one in found.values()}
    if len(found) == len(AgreementKind) and states == {"active"}:
        return PartnershipState.ACTIVE
    if not states.intersection(UNDER_WAY):
        for state in PartnershipState.LAPSED, PartnershipState.ENDED:
            if state in states:
                return state
    if states.intersection(("active", *UNDER_WAY)):
        return PartnershipState.PROPOSED
    return PartnershipState.OFFICER_NAMED if has_officer else PartnershipState.NONE


def forces_overseen(viewer: Viewer) -> dict[int, str]:
    """The names, by id, of forces whose schools this person sees all of: by a sergeant's teams, a youth lead's own."""
    led = [force for force in viewer.organisations("figures") if viewer.holds(Role.YOUTH_LEAD, organisation=force)]
    teams = [team for team in viewer.organisations("team") if viewer.holds(Role.SERGEANT, organisation=team)]
    return names_of_forces(led, teams=teams)
