"""The patterns of a portfolio, and distances, in plain Python.

Source, GOOD PRACTICE: one priority school; a priority school and one or two others close by; several others close
by; a priority school shared with another officer (buddy system) and several others. Distances are straight lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from schoolgate.directory.models import Phase

EARTH_KM = 6371.0

SECONDARY = frozenset({Phase.SECONDARY, Phase.ALL_THROUGH, Phase.PRU, Phase.AP})
PRIMARY = frozenset({Phase.PRIMARY, Phase.NURSERY})
HIGHER = frozenset({Phase.COLLEGE, Phase.UNIVERSITY})


class Pattern(StrEnum):
    """The source's shapes of a portfolio; `none`: it has none of them."""

    DEDICATED = "dedicated"
    PRIORITY_PLUS = "priority_plus"
    CLUSTER = "cluster"
    BUDDY = "buddy"
    CONTACT = "contact"
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """A school as far as patterns need it.

    is_shared: two officers serve it, half each. posting: the one by which its officer serves it.
    """

    id: int
    name: str
    phase: str
    is_priority: bool
    latitude: float | None
    longitude: float | None
    is_shared: bool = False
    manner: str = "assigned"
    posting: int = 0


def pattern_of(places: Iterable[Place]) -> Pattern:
    """The shape of one officer's portfolio."""
    schools = list(places)
    whole = sum(one.is_priority and not one.is_shared for one in schools)
    shared = sum(one.is_priority and one.is_shared for one in schools)
    others = len(schools) - whole - shared
    shapes = {
        Pattern.DEDICATED: (whole, shared, others) == (1, 0, 0),
        Pattern.PRIORITY_PLUS: (whole, shared) == (1, 0) and others in (1, 2),
        Pattern.CLUSTER: (whole, shared) == (0, 0) and others >= 2,
        Pattern.BUDDY: (whole, shared) == (0, 1) and others >= 2,
        Pattern.CONTACT: len(schools) == 1 and schools[0].phase in HIGHER and schools[0].manner != "assigned",
    }
    return next((pattern for pattern, fits in shapes.items() if fits), Pattern.NONE)


def kilometres(one: Place, other: Place) -> float | None:
    """The straight line between two schools; None where a place is not known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    north, south = radians(float(one.latitude or 0)), radians(float(other.latitude or 0))
    west = radians(float(other.longitude or 0) - float(one.longitude or 0))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(west / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


@dataclass(frozen=True)
class Spread:
    """The two schools of a portfolio that lie farthest apart."""

    one: Place
    other: Place
    km: float


def spread_of(places: Iterable[Place]) -> Spread | None:
    """The farthest two schools of a portfolio; None for fewer than two with a known place."""
    found = [
        Spread(one, other, km)
        for one, other in combinations(list(places), 2)
        if (km := kilometres(one, other)) is not None
    ]
    return max(found, key=lambda spread: spread.km, default=None)


def works_in(places: Iterable[Place], phases: frozenset[Phase]) -> bool:
    """Whether at least half of an officer's schools are of these phases."""
    schools = list(places)
    return bool(schools) and 2 * sum(one.phase in phases for one in schools) >= len(schools)
