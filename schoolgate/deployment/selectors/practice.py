"""Today's deployment of a force, as the source's list of good practice measures it. It names officers, no child."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from schoolgate.deployment.models import Assignment, AssignmentKind, Manner
from schoolgate.deployment.practice import (
    HIGHER,
    PRIMARY,
    SECONDARY,
    Pattern,
    Place,
    Spread,
    pattern_of,
    spread_of,
    works_in,
)
from schoolgate.deployment.selectors.eligibility import Rules, rules_of
from schoolgate.deployment.selectors.postings import Uncovered, uncovered
from schoolgate.deployment.selectors.priority import priority_schools
from schoolgate.directory.models import Organisation, Phase, School
from schoolgate.directory.selectors import PersonCard, held_on, people


@dataclass(frozen=True)
class Portfolio:
    """The schools of one officer on a day, cover left aside."""

    officer: PersonCard
    team: int
    places: tuple[Place, ...]

    @cached_property
    def pattern(self) -> Pattern:
        return pattern_of(self.places)

    @cached_property
    def spread(self) -> Spread | None:
        return spread_of(self.places)

    @property
    def priorities(self) -> list[Place]:
        """The priority schools that this officer serves."""
        return [place for place in self.places if place.is_priority]

    def works_in(self, phases: frozenset[Phase]) -> bool:
        return works_in(self.places, phases)


@dataclass(frozen=True)
class Deployed:
    """A force's deployment on a day."""

    force: int
    force_name: str
    rules: Rules
    portfolios: tuple[Portfolio, ...]
    uncovered: Uncovered
    half_covered: tuple[Place, ...]
    higher_uncovered: tuple[tuple[int, str], ...]

    @property
    def in_secondary(self) -> list[Portfolio]:
        """Officers who work in secondary schools, PRUs and AP."""
        return [one for one in self.portfolios if one.works_in(SECONDARY)]

    @property
    def in_primary(self) -> list[Portfolio]:
        return [one for one in self.portfolios if one.works_in(PRIMARY) and not one.works_in(SECONDARY)]

    @property
    def of_higher(self) -> list[tuple[Portfolio, Place]]:
        """Officers of colleges and universities."""
        return [(one, place) for one in self.portfolios for place in one.places if place.phase in HIGHER]

    @property
    def vague_higher(self) -> list[tuple[Portfolio, Place]]:
        """Colleges and universities whose officer is neither dedicated nor a point of contact."""
        return [(one, place) for one, place in self.of_higher if place.manner == Manner.ASSIGNED]

    @property
    def far_apart(self) -> list[Portfolio]:
        """Portfolios whose schools lie farther apart than the force calls close."""
        near = float(self.rules.near_km)
        return [one for one in self.portfolios if one.spread and one.spread.km > near]

    def of_pattern(self, pattern: Pattern) -> list[Portfolio]:
        return [one for one in self.portfolios if one.pattern == pattern]


def deployed(force: int, *, on: dt.date) -> Deployed:
    """The deployment of a force on a day."""
    running = Assignment.objects.filter(held_on(on), school__organisation__force=force)
    rows = list(running.select_related("school__organisation").order_by("since", "pk"))
    halved = {row.school_id for row in rows if row.half or row.kind == AssignmentKind.BUDDY}
    posted = [row for row in rows if row.kind != AssignmentKind.COVER]
    officers = Counter(school for _officer, school in {(row.officer_id, row.school_id) for row in posted})
    shared = {school for school in halved if officers[school] > 1}
    portfolios = _portfolios(posted, priority_schools([force]), shared)
    return Deployed(
        force,
        Organisation.objects.values_list("name", flat=True).get(pk=force),
        rules_of(force),
        portfolios,
        uncovered([force], on=on),
        tuple(place for one in portfolios for place in one.places if place.id in halved - shared),
        tuple(_uncovered_higher(force, set(officers))),
    )


def _portfolios(rows: Iterable[Assignment], priority: set[int], shared: set[int]) -> tuple[Portfolio, ...]:
    """Each officer's schools, by the officers' names."""
    teams: dict[int, int] = {}
    found: dict[int, dict[int, Place]] = defaultdict(dict)
    for row in rows:
        teams.setdefault(row.officer_id, row.team_id)
        found[row.officer_id][row.school_id] = _place(row, row.school_id in priority, row.school_id in shared)
    cards = people(found)
    portfolios = [
        Portfolio(cards[officer], teams[officer], tuple(places.values())) for officer, places in found.items()
    ]
    return tuple(sorted(portfolios, key=lambda one: one.officer.name))


def _place(row: Assignment, is_priority: bool, is_shared: bool) -> Place:
    its = row.school
    return Place(
        row.school_id, its.organisation.name, its.phase, is_priority, its.latitude, its.longitude, is_shared,
        row.manner, row.pk,
    )  # fmt: skip


def _uncovered_higher(force: int, served: set[int]) -> list[tuple[int, str]]:
    schools = School.objects.filter(organisation__force=force, organisation__closed_on=None, phase__in=list(HIGHER))
    return list(schools.exclude(pk__in=served).order_by("organisation__name").values_list("pk", "organisation__name"))


@dataclass(frozen=True)
class Pin:
    """A school on the map: its officers, whether it is a priority."""

    id: int
    name: str
    latitude: float
    longitude: float
    is_priority: bool
    officers: tuple[str, ...]


def pins(force: int, *, on: dt.date) -> list[Pin]:
    """The open schools of a force whose place is known, with their officers of a day."""
    priority = priority_schools([force])
    serving: dict[int, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(held_on(on), school__organisation__force=force)
    for school, title, name in rows.values_list("school", "officer__title", "officer__name"):
        serving[school].append(f"{title} {name}".strip())
    schools = School.objects.filter(
        organisation__force=force, organisation__closed_on=None, latitude__isnull=False, longitude__isnull=False
    )
    return [
        Pin(pk, name, latitude or 0, longitude or 0, pk in priority, tuple(serving[pk]))
        for pk, name, latitude, longitude in schools.order_by("organisation__name").values_list(
            "pk", "organisation__name", "latitude", "longitude"
        )
    ]
