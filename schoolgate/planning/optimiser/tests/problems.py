"""Problems of many kinds, made from a seed."""

import random
from copy import deepcopy
from itertools import product
from typing import Any

DEFAULT_PATTERNS = [
    {"id": "dedicated", "priority": [1, 1]},
    {"id": "priority_plus", "priority": [1, 1], "other": [1, 2]},
    {"id": "cluster", "other": [2, 6]},
    {"id": "buddy", "shared_priority": [1, 1], "other": [2, 4]},
]
WEIGHTS = {"travel": 1, "proximity": 1, "balance": 10, "change": 30}


def officer(name: str, **fields: Any) -> dict[str, Any]:
    """An officer of the invented force."""
    return {
        "id": name, "easting": 0, "northing": 0, "fte": 1.0, "in_probation": False, "phases": ["secondary"],
        "max_hours": 40,
    } | fields  # fmt: skip


def school(name: str, **fields: Any) -> dict[str, Any]:
    """A school of the invented force."""
    return {
        "id": name, "easting": 0, "northing": 0, "phase": "secondary", "priority": False, "hours": 4, "visits": 1,
        "current_officers": [],
    } | fields  # fmt: skip


def problem(
    officers: list[dict[str, Any]],
    schools: list[dict[str, Any]],
    patterns: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A problem with the source's own patterns unless others are given."""
    return {
        "officers": officers, "schools": schools, "patterns": deepcopy(patterns or DEFAULT_PATTERNS),
        "weights": dict(WEIGHTS),
    } | fields  # fmt: skip


def random_problem(seed: int, officers: int = 3, schools: int = 6) -> dict[str, Any]:
    """A problem with a bit of everything: phases, teams, pairs, odd hours, any rounding, idle officers."""
    dice = random.Random(seed)
    teams = dice.random() < 0.3
    hours = dice.choice([[2, 3, 4, 5], [2.5, 3.5, 4, 5], [2.37, 3.11, 4.73], [1 / 3, 3.3, 4.1]])
    people = [
        officer(
            f"O{number}", easting=dice.randrange(9000), northing=dice.randrange(9000), fte=dice.choice([1, 1, 0.6]),
            phases=dice.choice([["secondary"], ["secondary", "special"]]), max_hours=dice.choice([12, 16, 20.5]),
            **({"team": dice.choice("AB")} if teams else {}),
        )
        for number in range(officers)
    ]  # fmt: skip
    places = [
        school(
            f"S{number}", easting=dice.randrange(9000), northing=dice.randrange(9000), hours=dice.choice(hours),
            phase=dice.choice(["secondary"] * 5 + ["special"]), priority=number < dice.choice([0, 1, 2]),
            visits=dice.choice([1, 2]), current_officers=dice.choice([[], [f"O{dice.randrange(officers)}"]]),
            **({"team": dice.choice("AB")} if teams else {}),
        )
        for number in range(schools)
    ]  # fmt: skip
    patterns = [
        *DEFAULT_PATTERNS,
        {"id": "pair", "priority": [0, 2], "other": [0, 1]},
        {"id": "special", "other": [1, 3], "phases": ["special"]},
    ]
    return problem(
        people,
        places,
        patterns if dice.random() < 0.6 else None,
        distance={"unit_m": dice.choice([1, 100]), "rounding": dice.choice(["nearest", "down", "none"])},
        within_team=teams and dice.random() < 0.5,
        fixed=[["O0", f"S{schools - 1}"]] if dice.random() < 0.3 else [],
        forbidden=[[f"O{officers - 1}", "S0"]] if dice.random() < 0.3 else [],
        allow_unassigned_officers=dice.random() < 0.4,
    )


def random_force(seed: int, officers: int, schools: int) -> dict[str, Any]:
    """A force of the size asked for, with clustered schools and a few bases, in the manner of a real one."""
    dice = random.Random(seed)
    centres = [(dice.randrange(60_000), dice.randrange(60_000)) for _ in range(max(2, officers // 7))]
    priority = max(1, schools // 9)

    def at(centre: tuple[int, int]) -> dict[str, int]:
        return {"easting": centre[0], "northing": centre[1]}

    def near(centre: tuple[int, int]) -> dict[str, int]:
        return {"easting": centre[0] + int(dice.gauss(0, 4000)), "northing": centre[1] + int(dice.gauss(0, 4000))}

    places = [
        school(
            f"S{number:04}", **near(dice.choice(centres)), priority=number < priority,
            visits=3 if number < priority else 1,
            hours=dice.choice([10, 12, 13] if number < priority else [3, 4, 4, 5]),
            current_officers=[f"O{dice.randrange(officers):04}"] if dice.random() < 0.7 else [],
        )
        for number in range(schools)
    ]  # fmt: skip
    fair = sum(place["hours"] for place in places) / officers
    people = [
        officer(f"O{number:04}", **at(dice.choice(centres)), max_hours=round(1.5 * fair + 4))
        for number in range(officers)
    ]
    most = -(-schools // officers) + 3
    patterns = [*DEFAULT_PATTERNS[:2], {"id": "cluster", "other": [2, most]}, DEFAULT_PATTERNS[3]]
    return problem(people, places, patterns)


def exhaustive_optimum(content: dict[str, Any], cost_of: Any) -> float | None:
    """The least cost over all portfolios of all officers, tried one and all; None where there is no plan.

    cost_of gives the cost of one officer's portfolio (a tuple of school and share), or None where it breaks a rule.
    """
    people = [row["id"] for row in content["officers"] if not row["in_probation"]]
    parts = {row["id"]: (0, 0.5, 1) if row["priority"] else (0, 1) for row in content["schools"]}
    names = list(parts)
    best: dict[tuple[float, ...], float] = {tuple(0.0 for _ in names): 0.0}
    shares = list(product(*parts.values()))
    for person in people:
        after: dict[tuple[float, ...], float] = {}
        costs = {share: cost_of(person, share) for share in shares}
        for done, spent in best.items():
            for share, cost in costs.items():
                together = tuple(a + b for a, b in zip(done, share, strict=True))
                if cost is not None and max(together) <= 1 and spent + cost < after.get(together, float("inf")):
                    after[together] = spent + cost
        best = after
    return best.get(tuple(1.0 for _ in names))
