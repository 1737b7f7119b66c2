"""The demonstration's deployment: what is known of officers, what the force asks, which schools come first, and what is
proposed today. Each act by whoever would do it, by the product's own services.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schoolgate.access.acting import acting
from schoolgate.core.clock import london_day
from schoolgate.core.ids import new_id
from schoolgate.deployment.models import AssignmentKind, IndicatorKind, ServedPhase, TellingWay, Told, VettingLevel
from schoolgate.deployment.selectors.postings import people_to_tell
from schoolgate.deployment.selectors.priority import schools_by_urn
from schoolgate.deployment.services import officers, postings
from schoolgate.deployment.services.priority import decide_priority, set_weights, take_values
from schoolgate.deployment.services.refusals import InProbation
from schoolgate.deployment.values import read_values
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import FIRST_URN, SCHOOLS, WEXMOOR
from schoolgate.planning.services import studies
from schoolgate.planning.terms import StudyTerms

JOB = "job:nonprod.deploy"
DAY = dt.timedelta(days=1)
LANTERN_STREET, TALLOW_WHARF = ("Lantern Street", 665_200, 532_400), ("Tallow Wharf", 669_800, 519_300)
COURSE, OTHER_COURSE = "Child-centred policing", "Appropriate adults and children's rights"


@dataclass(frozen=True)
class Known:
    """What a sergeant knows of an officer; days from today."""

    officer: str
    sergeant: str
    team: str
    base: tuple[str, int, int]
    joined: int
    probation_ends: int
    vetting_ends: int
    fte: str = "1"
    review_in: int = 200
    course_ends: int = 500
    specialisms: str = ""


NORTH, SOUTH = "safer-schools-north", "safer-schools-south"
KNOWN = (
    Known("officer", "sergeant", NORTH, LANTERN_STREET, -2600, -900, 420, specialisms="Exploitation; online harm"),
    Known("buddy-officer", "sergeant", NORTH, LANTERN_STREET, -1900, -900, 38, specialisms="SEND"),
    Known("unassigned-officer", "sergeant", NORTH, LANTERN_STREET, -1700, -900, 700, fte="0.8"),
    Known("probationer", "sergeant", NORTH, LANTERN_STREET, -580, 150, 900, review_in=0),
    Known("south-officer", "other-sergeant", SOUTH, TALLOW_WHARF, -3300, -900, 300, review_in=24),
    Known("second-south-officer", "other-sergeant", SOUTH, TALLOW_WHARF, -2100, -900, 510, fte="0.6", course_ends=45),
)

WEIGHTS = {
    IndicatorKind.KNIFE_INCIDENTS: 30,
    IndicatorKind.ROBBERY: 20,
    IndicatorKind.EXPLOITATION: 20,
    IndicatorKind.ASB: 10,
    IndicatorKind.SUSPENSIONS: 10,
    IndicatorKind.DEPRIVATION: 10,
}
# How much happens at a school; elsewhere little does.
MUCH = {
    "larkmoor": 6, "marigold": 7, "candlewick": 5, "second-wind": 4, "lantern-house": 4, "two-rivers": 3,
    "otterbridge": 2, "saltmarsh": 2, "wexmoor-college": 3,
}  # fmt: skip
PRIORITY = (
    ("larkmoor", "sergeant", "Knives in the park behind the school twice this term; two bus routes meet at its gate."),
    (
        "marigold",
        "other-sergeant",
        "Robbery after school on the harbour road, and exploitation by a group from outside.",
    ),
    ("candlewick", "other-sergeant", "The same group was seen at its gate; the head teacher asked for an officer."),
)


def deploy(cast: Cast, *, at: dt.datetime) -> None:
    """Everything about today's deployment that the partnership's past has not told."""
    _set_rules(cast, at)
    for known in KNOWN:
        _note(cast, known, at)
    _measure(cast, at)
    for school, sergeant, reasons in PRIORITY:
        with acting(cast.user(sergeant), page=JOB) as by:
            decide_priority(
                by=by, at=at, force=cast.place(WEXMOOR), school=cast.place(school), is_priority=True, reasons=reasons,
                once=new_id(),
            )  # fmt: skip
    _propose(cast, at)
    _plan(cast, at)


def _set_rules(cast: Cast, at: dt.datetime) -> None:
    with acting(cast.user("youth-lead"), page=JOB) as by:
        officers.set_rules(
            by=by, at=at, force=cast.place(WEXMOOR), version=0, vetting_needed=VettingLevel.RECRUITMENT,
            courses=[COURSE], sign_off_needed=False, short_months=12, near_km=5,
        )  # fmt: skip


def _note(cast: Cast, known: Known, at: dt.datetime) -> None:
    today, officer, team = london_day(at), cast.person(known.officer), cast.place(known.team)
    name, easting, northing = known.base
    facts: dict[str, Any] = {
        "joined_on": today + known.joined * DAY,
        "probation_source": "Letter of confirmation, personnel file",
        "vetting_level": VettingLevel.RECRUITMENT,
        "vetting_expires": today + known.vetting_ends * DAY,
        "fte": Decimal(known.fte),
        "phases": [phase for phase in ServedPhase if phase != ServedPhase.UNIVERSITY],
        "specialisms": known.specialisms,
        "base_name": name,
        "base_easting": easting,
        "base_northing": northing,
        "tenure_until": today + 700 * DAY,
    }
    with acting(cast.user(known.sergeant), page=JOB) as by:
        about = {"by": by, "at": at, "officer": officer, "team": team}
        officers.record_eligibility(**about, probation_ends=today + known.probation_ends * DAY, **facts)  # type: ignore[arg-type]
        courses = ((COURSE, known.course_ends), (OTHER_COURSE, 800))
        for course, ends in courses if known.review_in else ():
            days = {"completed_on": today - 300 * DAY, "expires_on": today + ends * DAY}
            officers.record_training(**about, course=course, **days)  # type: ignore[arg-type]
        if known.review_in:
            officers.sign_off(
                **about, version=2, review_on=today + known.review_in * DAY,  # type: ignore[arg-type]
                words="Observed at two schools; fair and calm; knows the schools' policies.",
            )  # fmt: skip


def _measure(cast: Cast, at: dt.datetime) -> None:
    """Figures that follow from a school's place in the list: invented, and the same on every day."""
    force = cast.place(WEXMOOR)
    lines = ["URN,knife_incidents,robbery,exploitation,asb,suspensions"]
    for number, school in enumerate(SCHOOLS):
        if school.force == WEXMOOR:
            much = MUCH.get(school.place, 1)
            figures = (much, much * 3 - number % 3, much - 1, much * 4 + number % 5, much * 2 + number % 4)
            lines.append(",".join(map(str, (FIRST_URN + number, *figures))))
    with acting(cast.user("sergeant"), page=JOB) as by:
        reason = "What the schools and the team named at the meeting of the autumn."
        set_weights(by=by, at=at, force=force, number=0, weights=WEIGHTS, reason=reason)
        given = read_values("\n".join(lines), schools_by_urn(force))
        take_values(by=by, at=at, force=force, given=given, as_at=london_day(at) - 20 * DAY)


def _propose(cast: Cast, at: dt.datetime) -> None:
    """A posting of which the head teacher alone was told; one that the rules refuse; a day of going along."""
    today, team = london_day(at), cast.place(NORTH)
    with acting(cast.user("sergeant"), page=JOB) as by:
        terms = postings.Terms(kind=AssignmentKind.LEAD, since=today + 10 * DAY)
        made = postings.propose_posting(
            by=by, at=at, officer=cast.person("unassigned-officer"), team=team, school=cast.place("fiddlers-green"),
            terms=terms, reason="The school asked for an officer in the autumn.", once=new_id(),
        )  # fmt: skip
        head = people_to_tell(cast.place("fiddlers-green"), Told.HEAD, on=today)[0]
        postings.record_telling(
            by=by, at=at, proposal=made.pk, role=Told.HEAD, way=TellingWay.HERE, words=made.head_words, person=head.id,
            name=head.called, once=new_id(),
        )  # fmt: skip
        with suppress(InProbation):  # as it must be: the board shows the day on which it becomes possible
            postings.propose_posting(
                by=by, at=at, officer=cast.person("probationer"), team=team, school=cast.place("pocket-lane"),
                terms=terms, once=new_id(),
            )  # fmt: skip
        postings.name_shadow(
            by=by, at=at, team=team, school=cast.place("larkmoor"), officer=cast.person("probationer"),
            beside=cast.person("officer"), first_day=today + 3 * DAY, last_day=today + 4 * DAY,
            words="Learning the role", once=new_id(),
        )  # fmt: skip


def _plan(cast: Cast, at: dt.datetime) -> None:
    """A study of the northern team, which the worker plans as soon as it runs."""
    terms = StudyTerms(
        london_day(at) + 30 * DAY, wider=("priority", "secondary", "pru_ap", "primary"), balance=5, seconds=20
    )
    with acting(cast.user("sergeant"), page=JOB) as by:
        made = studies.begin_study(by=by, at=at, team=cast.place(NORTH), name="Next term", terms=terms, once=new_id())
        studies.ask_for_plan(by=by, at=at, study=made.pk)
