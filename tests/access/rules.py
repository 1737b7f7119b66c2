"""For each protected table, whose circles read and write it: the design's sentences, entered by hand."""

from dataclasses import dataclass

from tests.access.oracle import Circle

Part = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Rule:
    """owners: the columns that name organisations, with the kind that each may be.

    reads: parts are alternatives. adds, changes: alternatives of parts that must all hold.
    A part is (kind of circle, column of its organisation[, column of its person]).
    """

    owners: dict[str, tuple[str, ...]]
    reads: list[Part]
    adds: list[list[Part]]
    changes: list[list[Part]] | None = None
    change_column: str = ""


def circles(parts: list[Part], row: dict[str, object]) -> list[Circle]:
    """The circles that these parts name for a row; a part whose column is empty names none."""
    named = [(part[0], *[row.get(column) for column in part[1:]]) for part in parts]
    return [circle for circle in named if None not in circle]  # type: ignore[misc]


def together(alternatives: list[list[Part]], row: dict[str, object]) -> list[list[Circle]]:
    """The alternatives whose every part names a circle for this row."""
    named = [circles(parts, row) for parts in alternatives]
    return [found for found, parts in zip(named, alternatives, strict=True) if len(found) == len(parts)]


CHILD: list[Part] = [("school", "holder"), ("team", "holder"), ("agency", "holder")]

RULES: dict[str, Rule] = {
    # Each holder (a school, a police team, a provider) has its own child record.
    "children_child": Rule(
        owners={"holder": ("school", "team", "agency")},
        reads=CHILD,
        adds=[[part] for part in CHILD],
        changes=[[part] for part in CHILD],
        change_column="name",
    ),
}
