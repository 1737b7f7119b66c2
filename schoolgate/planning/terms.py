"""What a study asks for, in plain Python: when, how much each school needs, what weighs how much, which pairs."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from schoolgate.planning.optimiser.problem import PHASES

PRIORITY = "priority"  # a kind of school by itself, whatever its phase
KINDS = (PRIORITY, *PHASES)
FULL_TIME_HOURS = 30
MOST_OTHERS = 6
WEEKS = 4  # visits are counted in so many weeks, so that one a fortnight is a whole number
JUNIOR = ["primary"]
HIGHER = ["college", "university"]
# Source, GOOD PRACTICE: the shapes of a portfolio; the small primary team and the college's own officer beside them.
PATTERNS = ("dedicated", "priority_plus", "cluster", "buddy", "primary_team", "contact")


@dataclass(frozen=True)
class Need:
    """What a school needs: hours a week, and visits in four weeks."""

    hours: int
    visits: int


# A start of our own, to be changed: as much as practice gives to a school of that kind.
NEEDS = {
    PRIORITY: Need(12, 12), "secondary": Need(4, 4), "pru_ap": Need(4, 4), "special": Need(3, 4), "primary": Need(1, 2),
    "college": Need(4, 4), "university": Need(4, 4),
}  # fmt: skip


@dataclass(frozen=True)
class OwnNeed(Need):
    """What one school needs, apart from its kind, and why."""

    reason: str


@dataclass(frozen=True)
class Pair:
    """That an officer must, or must not, have a school, and why."""

    officer: int
    school: int
    must: bool
    reason: str


@dataclass(frozen=True)
class Joining:
    """An officer who does not exist yet: where they would work from, and how much."""

    easting: float
    northing: float
    fte: float
    near: str


@dataclass(frozen=True)
class WhatIf:
    """What is supposed beyond today's data: officers who leave, schools that become a priority or cease to, joiners."""

    leaves: tuple[int, ...] = ()
    priority: Mapping[int, bool] = field(default_factory=dict)
    joins: tuple[Joining, ...] = ()

    def with_more(self, more: Self) -> Self:
        """What is supposed already, and more; of a school's priority the last word counts."""
        priority = {**self.priority, **more.priority}
        return replace(self, leaves=self.leaves + more.leaves, priority=priority, joins=self.joins + more.joins)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept (see StudyTerms.from_json)."""
        return cls(
            tuple(kept["leaves"]),
            {int(school): is_one for school, is_one in kept["priority"].items()},
            tuple(Joining(**one) for one in kept["joins"]),
        )


@dataclass(frozen=True)
class StudyTerms:
    """All that a sergeant settles of a study.

    wider: the kinds of school without an officer that come in, beside those which the team serves. left_out: schools,
    with the reason. seconds: how long the planner may take.
    """

    begins_on: dt.date
    wider: tuple[str, ...] = (PRIORITY,)
    full_time_hours: int = FULL_TIME_HOURS
    needs: Mapping[str, Need] = field(default_factory=lambda: dict(NEEDS))
    travel: int = 1
    proximity: int = 1
    balance: int = 10
    change: int = 30
    patterns: tuple[str, ...] = PATTERNS
    most_others: int = MOST_OTHERS
    may_stay_free: bool = True
    seconds: int = 60
    own_needs: Mapping[int, OwnNeed] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    what_if: WhatIf = WhatIf()

    def need(self, school: int, phase: str, *, is_priority: bool) -> Need:
        """What a school needs: its own measure, or that of its kind."""
        return self.own_needs.get(school) or self.needs[PRIORITY if is_priority else phase]

    def without_school(self, school: int) -> Self:
        """The terms without anything about one school."""
        own = {key: need for key, need in self.own_needs.items() if key != school}
        left = {key: reason for key, reason in self.left_out.items() if key != school}
        return replace(self, own_needs=own, left_out=left)

    def without_pair(self, officer: int, school: int) -> Self:
        """The terms without what was settled of an officer and a school."""
        left = tuple(pair for pair in self.pairs if (pair.officer, pair.school) != (officer, school))
        return replace(self, pairs=left)

    def as_json(self) -> dict[str, Any]:
        """What is kept, as JSON gives it back."""
        kept: dict[str, Any] = json.loads(json.dumps(asdict(self), default=dt.date.isoformat))
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was kept. JSON turns numbers as keys into text, and tuples into lists."""
        return cls(
            **{name: value for name, value in kept.items() if not isinstance(value, dict | list)}
            | {
                "begins_on": dt.date.fromisoformat(kept["begins_on"]),
                "wider": tuple(kept["wider"]),
                "patterns": tuple(kept["patterns"]),
                "needs": {kind: Need(**need) for kind, need in kept["needs"].items()},
                "own_needs": {int(school): OwnNeed(**need) for school, need in kept["own_needs"].items()},
                "left_out": {int(school): reason for school, reason in kept["left_out"].items()},
                "pairs": tuple(Pair(**pair) for pair in kept["pairs"]),
                "what_if": WhatIf.from_json(kept["what_if"]),
            }
        )


def patterns_of(terms: StudyTerms) -> list[dict[str, Any]]:
    """The patterns asked for, as the contract writes them."""
    most = terms.most_others
    shapes: dict[str, dict[str, Any]] = {
        "dedicated": {"priority": [1, 1]},
        "priority_plus": {"priority": [1, 1], "other": [1, 2]},
        "cluster": {"other": [2, most]},
        "buddy": {"shared_priority": [1, 1], "other": [2, max(2, most - 2)]},
        "primary_team": {"other": [1, 3 * most], "phases": JUNIOR},
        "contact": {"other": [1, 1], "phases": HIGHER},
    }
    return [{"id": pattern} | shapes[pattern] for pattern in PATTERNS if pattern in terms.patterns]
