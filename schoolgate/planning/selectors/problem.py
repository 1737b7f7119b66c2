"""The problem of the contract, built from today's data: officers' files, postings, priority, places.

It names officers and schools by `officer-12` and `school-34`; words put the names in.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from schoolgate.deployment.models import Assignment, AssignmentKind
from schoolgate.deployment.selectors.eligibility import OfficerFile, team_files
from schoolgate.deployment.selectors.priority import priority_schools
from schoolgate.directory.models import Organisation, Phase, School
from schoolgate.directory.osgb import to_grid
from schoolgate.directory.selectors import held_on
from schoolgate.planning.optimiser import problem as contract
from schoolgate.planning.terms import PRIORITY, WEEKS, Need, Pair, StudyTerms, patterns_of

# The contract's phase of each of the register's. Independent schools and those of unknown phase count as secondary.
PHASES: dict[str, str] = {
    Phase.NURSERY: "primary", Phase.PRIMARY: "primary", Phase.SIXTEEN_PLUS: "college", Phase.COLLEGE: "college",
    Phase.UNIVERSITY: "university", Phase.SPECIAL: "special", Phase.PRU: "pru_ap", Phase.AP: "pru_ap",
}  # fmt: skip
SECONDARY = "secondary"
NO_BASE = "no_base"
NO_PLACE = "no_place"
LEAVES = "leaves"


@dataclass(frozen=True)
class Holder:
    """An officer who serves a school today, by which posting, whole or half."""

    officer: int
    posting: int
    team: int
    half: bool


@dataclass(frozen=True)
class SchoolIn:
    """A school of the problem, or one that cannot come in, and why."""

    id: int
    name: str
    phase: str
    is_priority: bool
    need: Need
    grid: tuple[float, float] | None
    holders: tuple[Holder, ...]
    why_not: str = ""


@dataclass(frozen=True)
class OfficerIn:
    """An officer of the team, with what keeps them out of the plan: the rules by name, or that no base is known."""

    file: OfficerFile
    why_not: tuple[str, ...]
    in_probation: bool


@dataclass(frozen=True)
class Built:
    """What the planner would be given, and what it would not."""

    terms: StudyTerms
    officers: tuple[OfficerIn, ...]
    schools: tuple[SchoolIn, ...]

    @cached_property
    def planned_schools(self) -> list[SchoolIn]:
        return [school for school in self.schools if not school.why_not]

    def counts(self, pair: Pair) -> bool:
        """Whether both of a settled pair are planned; else the planner is not told of it."""
        officers = {one.file.card.id for one in self.officers if not one.why_not and not one.in_probation}
        return pair.officer in officers and pair.school in {school.id for school in self.planned_schools}

    @cached_property
    def content(self) -> dict[str, Any]:
        """The contract's file."""
        officers = [_officer(self.terms, one.file, one.in_probation) for one in self.officers if not one.why_not]
        officers += _joiners(self.terms)
        pairs = [pair for pair in self.terms.pairs if self.counts(pair)]
        return {
            "officers": officers,
            "schools": [_school(school) for school in self.planned_schools],
            "patterns": patterns_of(self.terms),
            "weights": {name: getattr(self.terms, name) for name in ("travel", "proximity", "balance", "change")},
            "fixed": [[officer_id(pair.officer), school_id(pair.school)] for pair in pairs if pair.must],
            "forbidden": [[officer_id(pair.officer), school_id(pair.school)] for pair in pairs if not pair.must],
            "allow_unassigned_officers": self.terms.may_stay_free,
            "left_out": dict(self._left_out()),
        }

    def _left_out(self) -> Iterator[tuple[str, list[str]]]:
        """Who and what is not in the plan, and why; the planner does not read it."""
        for officer in self.officers:
            if officer.in_probation or officer.why_not:
                why = ["nobody_in_probation"] if officer.in_probation else officer.why_not
                yield officer_id(officer.file.card.id), list(why)
        for school in self.schools:
            if school.why_not:
                yield school_id(school.id), [school.why_not]


def officer_id(officer: int) -> str:
    """How the problem names an officer."""
    return f"officer-{officer}"


def school_id(school: int) -> str:
    """How the problem names a school."""
    return f"school-{school}"


def number_of(name: str) -> int:
    """The officer or school that a name of the problem stands for; joiners have negative numbers."""
    kind, _, number = name.partition("-")
    return -int(number) if kind == "joiner" else int(number)


def build(team: int, terms: StudyTerms) -> Built:
    """What a team's problem is today under these terms."""
    officers = [_officer_in(file, terms) for file in team_files(team, on=terms.begins_on)]
    return Built(terms, tuple(officers), tuple(_schools_in(team, terms)))


def _officer_in(file: OfficerFile, terms: StudyTerms) -> OfficerIn:
    rules = file.obstacles(terms.begins_on)
    in_probation = "nobody_in_probation" in rules
    why_not = [] if in_probation else rules
    if file.base_easting is None:
        why_not.append(NO_BASE)
    if file.card.id in terms.what_if.leaves:
        why_not.append(LEAVES)
    return OfficerIn(file, tuple(why_not), in_probation)


def _officer(terms: StudyTerms, file: OfficerFile, in_probation: bool) -> dict[str, Any]:
    fte = float(file.fte)
    return {
        "id": officer_id(file.card.id),
        "easting": file.base_easting,
        "northing": file.base_northing,
        "fte": fte,
        "in_probation": in_probation,
        "phases": sorted(file.phases or contract.PHASES),
        "max_hours": fte * terms.full_time_hours,
    }


def _joiners(terms: StudyTerms) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(terms.what_if.joins, 1):
        yield {
            "id": f"joiner-{number}",
            "easting": one.easting,
            "northing": one.northing,
            "fte": one.fte,
            "in_probation": False,
            "phases": sorted(contract.PHASES),
            "max_hours": one.fte * terms.full_time_hours,
        }


def _school(school: SchoolIn) -> dict[str, Any]:
    easting, northing = school.grid or (0, 0)
    return {
        "id": school_id(school.id),
        "easting": easting,
        "northing": northing,
        "phase": PHASES.get(school.phase, SECONDARY),
        "priority": school.is_priority,
        "hours": school.need.hours,
        "visits": school.need.visits / WEEKS,
        "current_officers": [officer_id(holder.officer) for holder in school.holders],
    }


def holders(force: int, *, on: dt.date) -> dict[int, tuple[Holder, ...]]:
    """Who serves the schools of a force on a day, cover left aside."""
    rows = Assignment.objects.filter(held_on(on), school__organisation__force=force).exclude(kind=AssignmentKind.COVER)
    found: defaultdict[int, list[Holder]] = defaultdict(list)
    for pk, school, officer, team, half, kind in rows.order_by("since", "pk").values_list(
        "pk", "school", "officer", "team", "half", "kind"
    ):
        found[school].append(Holder(officer, pk, team, half or kind == AssignmentKind.BUDDY))
    return {school: tuple(held) for school, held in found.items()}


def _schools_in(team: int, terms: StudyTerms) -> Iterator[SchoolIn]:
    force = Organisation.objects.values_list("force", flat=True).get(pk=team) or 0
    held, priority = holders(force, on=terms.begins_on), priority_schools([force])
    columns = ("pk", "organisation__name", "phase", "latitude", "longitude")
    rows = School.objects.filter(organisation__force=force, organisation__closed_on=None)
    for pk, name, phase, latitude, longitude in rows.order_by("organisation__name", "pk").values_list(*columns):
        its = held.get(pk, ())
        is_priority = terms.what_if.priority.get(pk, pk in priority)
        kind = PHASES.get(phase, SECONDARY)
        wanted = PRIORITY if is_priority else kind
        if any(holder.team == team for holder in its) or (not its and (wanted in terms.wider)):
            grid = _grid(latitude, longitude)
            need = terms.need(pk, kind, is_priority=is_priority)
            school = SchoolIn(pk, name, phase, is_priority, need, grid, its)
            yield replace(school, why_not=terms.left_out.get(pk) or ("" if grid else NO_PLACE))


def _grid(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    if latitude is None or longitude is None:
        return None
    with suppress(ValueError):
        return to_grid(latitude, longitude)
    return None
