"""Which police force serves a local authority: no authority of England or Wales is served by two.

From the Office for National Statistics' lookup of December 2024 (see docs/attribution.md).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from schoolgate.core.enums import Nation

TABLE = Path(__file__).parent / "data" / "la_to_force.csv"


class UnknownForce(Exception):
    """No territorial force of England or Wales is called that; its text is one line that says what is."""


@dataclass(frozen=True, slots=True)
class PoliceArea:
    """A force's area, under the identifier that data.police.uk gives the force."""

    slug: str
    name: str
    nation: Nation


def area_of(*, gss_code: str, la_code: str, la_name: str) -> PoliceArea | None:
    """The area of a local authority, by the first of its codes or name that the table knows, or None."""
    table = _areas_of_authorities()
    keys = (gss_code, la_code, la_name.casefold())
    return next((table[key] for key in keys if key in table), None)


def all_areas() -> frozenset[PoliceArea]:
    """Every territorial force's."""
    return frozenset(_areas_of_authorities().values())


def areas_called(names: Iterable[str]) -> frozenset[PoliceArea]:
    """The areas of these forces, each by name or identifier in any case. Raises UnknownForce."""
    called = {name.casefold(): area for area in _areas_of_authorities().values() for name in (area.slug, area.name)}
    for name in names:
        if name.casefold() not in called:
            raise UnknownForce(_unknown(name, called))
    return frozenset(called[name.casefold()] for name in names)


def _unknown(name: str, called: Mapping[str, PoliceArea]) -> str:
    text = _("No police force of England or Wales is called “%s”.") % name
    near = get_close_matches(name.casefold(), called, n=1)
    return " ".join([text, *(_("Did you mean “%s”?") % called[word].name for word in near)])


@cache
def _areas_of_authorities() -> dict[str, PoliceArea]:
    table: dict[str, PoliceArea] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            nation = Nation.WALES if row["gss_code"].startswith("W") else Nation.ENGLAND
            area = PoliceArea(row["force_slug"], row["force_name"], nation)
            keys = [row["gss_code"], row["la_code"], row["la_name"].casefold()]
            table |= {key: area for key in keys if key}
    return table
