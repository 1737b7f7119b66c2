"""The deployment planning problem and its plan, as they are read and written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

PHASES = ("secondary", "pru_ap", "special", "primary", "college", "university")


class Rounding(StrEnum):
    """What becomes of the fraction of a distance."""

    NEAREST = "nearest"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer with a base (OSGB metres), hours a week for school work at most, and the phases served."""

    id: str
    easting: float
    northing: float
    fte: float
    in_probation: bool
    phases: frozenset[str]
    max_hours: float
    team: str | None = None


@dataclass(frozen=True, slots=True)
class School:
    """A school with the hours and visits a week that it needs."""

    id: str
    easting: float
    northing: float
    phase: str
    priority: bool
    hours: float
    visits: float
    current_officers: frozenset[str] = frozenset()
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A lowest and a highest number, both allowed."""

    low: int = 0
    high: int = 0

    def holds(self, number: int) -> bool:
        """Is the number allowed?"""
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shape that a portfolio may have: counts of schools by kind, and the phases taken (None: all)."""

    id: str
    priority: Range = Range()
    shared_priority: Range = Range()
    other: Range = Range()
    phases: frozenset[str] | None = None

    @property
    def ranges(self) -> tuple[Range, Range, Range]:
        """Priority schools held whole, those held half, other schools."""
        return self.priority, self.shared_priority, self.other


@dataclass(frozen=True, slots=True)
class Weights:
    """What a unit of each part of the cost weighs."""

    travel: float
    proximity: float
    balance: float
    change: float


@dataclass(frozen=True)
class Problem:
    """All that a plan depends on. `fixed` and `forbidden` are pairs of the ids of an officer and a school."""

    officers: Sequence[Officer]
    schools: Sequence[School]
    patterns: Sequence[Pattern]
    weights: Weights
    unit_m: float = 100
    rounding: Rounding = Rounding.NEAREST
    within_team: bool = False
    fixed: frozenset[tuple[str, str]] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    allow_unassigned_officers: bool = False

    @cached_property
    def postable(self) -> list[Officer]:
        """The officers out of probation. No input adds another."""
        return [officer for officer in self.officers if not officer.in_probation]

    @cached_property
    def fair_hours(self) -> float:
        """All schools' hours over all postable officers' full-time equivalents; 0 where nobody may be posted."""
        fte = sum(officer.fte for officer in self.postable)
        return sum(school.hours for school in self.schools) / fte if fte else 0.0

    @cached_property
    def schools_by_id(self) -> Mapping[str, School]:
        """Every school under its id."""
        return {school.id: school for school in self.schools}

    @cached_property
    def officers_by_id(self) -> Mapping[str, Officer]:
        """Every officer under the id, those in probation too."""
        return {officer.id: officer for officer in self.officers}

    @cached_property
    def patterns_by_id(self) -> Mapping[str, Pattern]:
        """Every pattern under its id."""
        return {pattern.id: pattern for pattern in self.patterns}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A school in a portfolio, whole (1) or half (0.5)."""

    school: str
    share: float


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What one officer covers, and in which pattern."""

    officer: str
    pattern: str
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Plan:
    """Portfolios with their cost and the proven bound; or none, and the sentences that say why.

    `steps` counts the planner's steps: given as a limit, it brings about the same plan again.
    """

    portfolios: Sequence[Portfolio]
    cost: float | None
    lower_bound: float | None
    seconds: float = 0.0
    steps: int = 0
    explanation: Sequence[str] = field(default_factory=tuple)

    @property
    def gap(self) -> float | None:
        """By what part of its cost a better plan could be cheaper; None where there is no plan."""
        if self.cost is None or self.lower_bound is None:
            return None
        return max(0.0, self.cost - self.lower_bound) / self.cost if self.cost else 0.0
