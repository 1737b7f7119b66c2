"""Who may do what about documents, signatures, the SPOC and the briefing. The database asks the same (0002)."""

from collections.abc import Set

from schoolgate.access.viewer import Viewer
from schoolgate.partnership.models import AFTER, NEVER_AFTER, AgreementKind, StepKind


def may_sign_some(viewer: Viewer) -> bool:
    """Whether there can be something to sign for this person: staff may be asked to sign for the head teacher."""
    return any(viewer.organisations(circle) for circle in ("staff", "sergeants", "trust"))


def may_have_agreements(viewer: Viewer) -> bool:
    """Whether there can be agreements that this person may read."""
    return may_sign_some(viewer) or bool(viewer.organisations("partnership"))


def may_write_documents(viewer: Viewer) -> bool:
    """The force's youth lead and its sergeants write its documents; of which force, the database knows."""
    return viewer.holds("youth_lead", "sergeant")


def may_propose(viewer: Viewer, team: int) -> bool:
    """The team's sergeant proposes, withdraws and signs for the police."""
    return viewer.holds("sergeant", organisation=team)


def is_head(viewer: Viewer, school: int) -> bool:
    """The head teacher agrees and signs the SSP protocol and the Data Sharing Agreement, and appoints the SPOC."""
    return viewer.holds("head", organisation=school)


def may_sign(viewer: Viewer, school: int, delegates: frozenset[int]) -> bool:
    """The head teacher, or whom they asked in writing to sign in their place."""
    return is_head(viewer, school) or viewer.person in delegates


def may_sign_for_trust(viewer: Viewer, controller: int) -> bool:
    """Who leads the trust signs one Data Sharing Agreement for its schools."""
    return viewer.holds("trust_lead", organisation=controller)


def is_signatory(viewer: Viewer, *, school: int, team: int, controller: int, delegates: frozenset[int]) -> bool:
    """Whether this person is one of those who sign an agreement, now, before or later."""
    return may_sign(viewer, school, delegates) or may_propose(viewer, team) or may_sign_for_trust(viewer, controller)


def side_to_sign(
    viewer: Viewer,
    *,
    school: int,
    team: int,
    controller: int,
    kind: AgreementKind,
    done: Set[StepKind],
    delegates: frozenset[int],
) -> StepKind | None:
    """For whom this person may sign an agreement that runs, after the steps that were done; for nobody: None."""
    sides = {
        StepKind.SIGNED: may_sign(viewer, school, delegates),
        StepKind.COUNTERSIGNED: may_propose(viewer, team),
        StepKind.TRUST_SIGNED: kind == AgreementKind.DSA and may_sign_for_trust(viewer, controller),
    }
    return next((side for side, may in sides.items() if may and _follows(side, done)), None)


def _follows(step: StepKind, done: Set[StepKind]) -> bool:
    return step not in done and AFTER.get(step, set()) <= done and not NEVER_AFTER.get(step, set()) & done


def may_end(viewer: Viewer, school: int, team: int) -> bool:
    """Either side may end what it signed."""
    return is_head(viewer, school) or may_propose(viewer, team)


def may_agree_involvement(viewer: Viewer, school: int) -> bool:
    """The school circle writes down how school and officers work together."""
    return viewer.shares("school", school)


def may_acknowledge(viewer: Viewer, school: int) -> bool:
    """Everybody on the staff says that they read the briefing; supply staff read nothing."""
    return viewer.shares("staff", school)


def may_keep_staff(viewer: Viewer, school: int) -> bool:
    """The head teacher and the SPOC with deputies keep the staff list."""
    return viewer.holds("head", "spoc", "deputy_spoc", organisation=school)


def may_oversee(viewer: Viewer) -> bool:
    """Sergeants and the youth lead see how every school of their force stands."""
    return viewer.holds("sergeant", "youth_lead")


def is_of_school(viewer: Viewer, school: int) -> bool:
    """Staff and the partnership of the school."""
    return viewer.shares("staff", school) or viewer.shares("partnership", school)
