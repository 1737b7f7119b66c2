"""Reads a problem file. Whatever is wrong with it becomes one line that names the place."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from schoolgate.planning.optimiser.problem import (
    PHASES,
    Officer,
    Pattern,
    Problem,
    Range,
    Rounding,
    School,
    Weights,
)

FARTHEST_M = 1e8  # larger numbers are mistakes, and would drown the smaller ones in the sums
MOST = 1e6
LONGEST = 60  # characters of a value that a line shows

Row = TypeVar("Row", Officer, School, Pattern)


class BadProblem(Exception):
    """The problem cannot be planned; the message says what and where, in one line."""


def read_problem(path: Path) -> Problem:
    """Read and check a problem file. Raises BadProblem."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except OSError as error:
        raise BadProblem(f"{path} cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise BadProblem(f"{path} is not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise BadProblem(f"{path} is not JSON: {str(error) or 'nested too deeply'}") from None
    return build_problem(content)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def build_problem(content: object) -> Problem:
    """Turn the decoded content of a problem file into a problem. Raises BadProblem."""
    root = _Field(content, "the problem")
    problem = Problem(
        officers=_rows(root, "officers", _officer),
        schools=_rows(root, "schools", _school),
        patterns=_rows(root, "patterns", _pattern),
        weights=_weights(root.child("weights")),
        **_distance(root),
        within_team=root.flag("within_team", False),
        fixed=_pairs(root, "fixed"),
        forbidden=_pairs(root, "forbidden"),
        allow_unassigned_officers=root.flag("allow_unassigned_officers", False),
    )
    _check_pairs(problem)
    return problem


class _Field:
    """An object of the file with the words that say where it stands."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise BadProblem(f"{place} must be an object, is {_shown(value)}")
        self.values: Mapping[str, Any] = value
        self.place = place

    def get(self, name: str) -> Any:
        if name not in self.values:
            raise BadProblem(f"{self.place}: the field {name} is missing")
        return self.values[name]

    def wrong(self, name: str, wanted: str) -> BadProblem:
        return BadProblem(f"{self.place}: {name} must be {wanted}, is {_shown(self.values.get(name))}")

    def child(self, name: str) -> "_Field":
        return _Field(self.get(name), f"{self.place}: {name}" if self.place != "the problem" else name)

    def text(self, name: str) -> str:
        value = self.get(name)
        if not isinstance(value, str) or not value:
            raise self.wrong(name, "a text that is not empty")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self.get(name) if default is None else self.values.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        value = self.get(name)
        if not _is_number(value) or not low <= value <= high:
            raise self.wrong(name, f"a number from {low:,.9g} to {high:,.9g}")
        return float(value)

    def positive(self, name: str, high: float) -> float:
        value = self.number(name, 0, high)
        if value <= 0:
            raise self.wrong(name, "a number above 0")
        return value

    def items(self, name: str, default: list[Any] | None = None) -> list[Any]:
        value = self.get(name) if default is None else self.values.get(name, default)
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        return value

    def texts(self, name: str, default: list[Any] | None = None) -> frozenset[str]:
        values = self.items(name, default)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(name, "a list of texts")
        return frozenset(values)

    def phases(self, name: str) -> frozenset[str]:
        phases = self.texts(name)
        unknown = sorted(phases - set(PHASES))
        if unknown:
            raise BadProblem(f"{self.place}: {name} names the unknown phase {_shown(unknown[0])}")
        return phases

    def team(self) -> str | None:
        return self.text("team") if self.values.get("team") is not None else None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**20 else "a huge number"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"


def _rows(root: _Field, name: str, read: Callable[[_Field], Row]) -> list[Row]:
    values = root.items(name)
    if not values:
        raise BadProblem(f"the problem has no {name}")
    rows = [read(_Field(value, _place(name, number, value))) for number, value in enumerate(values, 1)]
    _check_once(name, (row.id for row in rows))
    return rows


def _place(name: str, number: int, value: object) -> str:
    known = value.get("id") if isinstance(value, dict) else None
    if not isinstance(known, str) or not known:
        return f"{name[:-1]} number {number}"
    return f"{name[:-1]} {known if known.isprintable() and len(known) <= LONGEST else _shown(known)}"


def _check_once(name: str, ids: Iterable[str]) -> None:
    for known, times in Counter(ids).items():
        if times > 1:
            raise BadProblem(f"{name}: the id {_shown(known)} is given {times} times")


def _officer(row: _Field) -> Officer:
    return Officer(
        id=row.text("id"),
        easting=row.number("easting", -FARTHEST_M, FARTHEST_M),
        northing=row.number("northing", -FARTHEST_M, FARTHEST_M),
        fte=row.positive("fte", 1),
        in_probation=row.flag("in_probation"),
        phases=row.phases("phases"),
        max_hours=row.number("max_hours", 0, MOST),
        team=row.team(),
    )


def _school(row: _Field) -> School:
    if row.get("phase") not in PHASES:
        raise row.wrong("phase", f"one of {', '.join(PHASES)}")
    return School(
        id=row.text("id"),
        easting=row.number("easting", -FARTHEST_M, FARTHEST_M),
        northing=row.number("northing", -FARTHEST_M, FARTHEST_M),
        phase=row.get("phase"),
        priority=row.flag("priority"),
        hours=row.number("hours", 0, MOST),
        visits=row.number("visits", 0, MOST),
        current_officers=row.texts("current_officers"),
        team=row.team(),
    )


def _pattern(row: _Field) -> Pattern:
    counts = {name: _range(row, name) for name in ("priority", "shared_priority", "other")}
    if not any(count.high for count in counts.values()):
        raise BadProblem(f"{row.place} fits nothing: it allows no school of any kind")
    phases = row.phases("phases") if row.values.get("phases") else None
    return Pattern(id=row.text("id"), **counts, phases=phases)


def _range(row: _Field, name: str) -> Range:
    values = row.items(name, [0, 0])
    if len(values) != 2 or not all(type(value) is int and 0 <= value <= MOST for value in values):
        raise row.wrong(name, "two whole numbers, lowest and highest")
    if values[0] > values[1]:
        raise BadProblem(f"{row.place} fits nothing: {name} is at least {values[0]} and at most {values[1]}")
    return Range(*values)


def _weights(row: _Field) -> Weights:
    return Weights(**{name: row.number(name, 0, MOST) for name in ("travel", "proximity", "balance", "change")})


def _distance(root: _Field) -> dict[str, Any]:
    if root.values.get("distance") is None:
        return {}
    row = root.child("distance")
    if row.values.get("rounding", "nearest") not in list(Rounding):
        raise row.wrong("rounding", f"one of {', '.join(Rounding)}")
    return {
        "unit_m": row.positive("unit_m", FARTHEST_M) if "unit_m" in row.values else 100.0,
        "rounding": Rounding(row.values.get("rounding", "nearest")),
    }


def _pairs(root: _Field, name: str) -> frozenset[tuple[str, str]]:
    pairs = root.items(name, [])
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise BadProblem(f"{name}: {_shown(pair)} must be a pair of an officer's and a school's id")
    return frozenset((officer, school) for officer, school in pairs)


def _check_pairs(problem: Problem) -> None:
    for name, pairs in (("fixed", problem.fixed), ("forbidden", problem.forbidden)):
        for officer, school in sorted(pairs):
            if officer not in problem.officers_by_id:
                raise BadProblem(f"{name}: there is no officer {_shown(officer)}")
            if school not in problem.schools_by_id:
                raise BadProblem(f"{name}: there is no school {_shown(school)}")
