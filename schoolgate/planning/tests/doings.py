"""What sergeants do in tests: begin a study, have it planned."""

from typing import Any
from uuid import UUID

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.core.ids import new_id
from schoolgate.deployment.services import officers
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, NORTH, PROBATION_ENDS, TODAY
from schoolgate.nonprod.cast import Cast
from schoolgate.planning.selectors import plans as plan_selectors
from schoolgate.planning.selectors import studies as selectors
from schoolgate.planning.services import running, studies
from schoolgate.planning.terms import StudyTerms

SECONDS = 5
OFFICERS = ("officer", "buddy-officer", "unassigned-officer")


def based(cast: Cast) -> None:
    """The sergeant notes where the officers work from, and which schools they serve."""
    with acting(cast.user("sergeant"), page="test") as sergeant:
        for officer in (*OFFICERS, "probationer"):
            ends = PROBATION_ENDS if officer == "probationer" else TODAY - 900 * DAY
            officers.record_eligibility(
                by=sergeant, at=now(), officer=cast.person(officer), team=cast.place(NORTH),
                probation_ends=ends, base_name="Lantern Street", base_easting=665_200,
                base_northing=532_400,
            )  # fmt: skip


def begun(cast: Cast, *, by: str = "sergeant", team: str = NORTH, **terms: Any) -> UUID:
    """A study that begins in a week."""
    settled = StudyTerms(IN_A_WEEK, **({"seconds": SECONDS} | terms))
    with acting(cast.user(by), page="test") as sergeant:
        about = {"team": cast.place(team), "name": "Spring term", "terms": settled, "once": new_id()}
        return studies.begin_study(by=sergeant, at=now(), **about).pk  # type: ignore[arg-type]


def asked(cast: Cast, **about: Any) -> UUID:
    """A study that waits for the planner."""
    study = begun(cast, **about)
    with acting(cast.user(about.get("by", "sergeant")), page="test") as sergeant:
        studies.ask_for_plan(by=sergeant, at=now(), study=study)
    return study


def planned(cast: Cast, **about: Any) -> UUID:
    """A study that was planned."""
    study = asked(cast, **about)
    running.run_study(study, user=cast.user(about.get("by", "sergeant")), at=now())
    return study


def plan_of(cast: Cast, study: UUID, *, by: str = "sergeant") -> UUID:
    """The planner's plan of a study."""
    with acting(cast.user(by), page="test"):
        return plan_selectors.plans_of(selectors.study(study))[0].id
