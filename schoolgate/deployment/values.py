"""Reads a table of indicators, one school a line, by the school's number in the register. Touches no tables."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from schoolgate.deployment.models import IndicatorKind
from schoolgate.ui.spreadsheet import BadLine, UnreadableTable, rows_in

LARGEST_VALUE = Decimal(1_000_000)
# Who pupils are is no reason to post police: no column may say it, whatever it is called.
NEVER = re.compile(
    r"ethnic|\brac(e|es|ial)\b|\bba?me\b|minorit|nationalit|citizenship|migra(nt|tion)|asylum|refugee|religio|\bfaith\b"
    r"|muslim|islam|jewish|christian|hindu|sikh|\bblack\b|\basian\b|\bwhite\b|\bmixed heritage\b|caribbean|african"
    r"|gypsy|\broma\b|traveller|first language|home language|\beal\b|\bcolou?r\b|country of birth|place of birth",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Given:
    """The values of a table by school and indicator, and the lines that cannot be taken."""

    kinds: tuple[IndicatorKind, ...]
    values: Mapping[tuple[int, IndicatorKind], Decimal]
    bad: tuple[BadLine, ...]


def read_values(text: str, schools: Mapping[int, tuple[int, str]]) -> Given:
    """Read a table whose first line names the columns. schools: id and name by URN.

    Raises UnreadableTable for a column about ethnicity, religion or origin, an unknown column, or no URN.
    """
    rows = rows_in(text)
    first = next(rows, None)
    if first is None:
        raise UnreadableTable(_("The table is empty"))
    columns = _columns(first[1])
    values: dict[tuple[int, IndicatorKind], Decimal] = {}
    bad: list[BadLine] = []
    seen: set[int] = set()
    for number, cells in rows:
        try:
            school, row = _line(cells, columns, schools)
            if school in seen:
                raise ValueError(_("This school stands in the table twice"))
            seen.add(school)
            values |= {(school, kind): value for kind, value in row.items()}
        except ValueError as error:
            bad.append(BadLine(number, ", ".join(cells)[:120], str(error)))
    if not values and not bad:
        raise UnreadableTable(_("There is no line with a value"))
    return Given(tuple(kind for kind in columns if isinstance(kind, IndicatorKind)), values, tuple(bad))


def _columns(names: list[str]) -> list[IndicatorKind | str]:
    known = {_plain(word): kind for kind in IndicatorKind for word in (kind.value, str(kind.label))}
    found: list[IndicatorKind | str] = []
    for name in names:
        if NEVER.search(name.replace("_", " ")):
            words = _("The column “%s” says who pupils are: ethnicity, religion and origin cannot be indicators")
            raise UnreadableTable(words % name.strip())
        plain = _plain(name)
        if plain in ("urn", "name", "school"):
            found.append(plain)
        elif plain in known:
            found.append(known[plain])
        else:
            raise UnreadableTable(_("There is no indicator called “%s”") % name.strip())
    if "urn" not in found:
        raise UnreadableTable(_("The first line needs a column called URN"))
    kinds = [one for one in found if isinstance(one, IndicatorKind)]
    if not kinds:
        raise UnreadableTable(_("The first line needs a column with an indicator"))
    if len(kinds) != len(set(kinds)):
        raise UnreadableTable(_("An indicator stands in two columns"))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def _line(
    cells: list[str], columns: list[IndicatorKind | str], schools: Mapping[int, tuple[int, str]]
) -> tuple[int, dict[IndicatorKind, Decimal]]:
    if len(cells) > len(columns):
        raise ValueError(_("It has more cells than the first line"))
    urn = cells[columns.index("urn")].strip() if columns.index("urn") < len(cells) else ""
    if not re.fullmatch("[0-9]{1,9}", urn) or int(urn) not in schools:
        raise ValueError(_("No open school of the force has this URN"))
    return schools[int(urn)][0], dict(_cells(cells, columns))


def _cells(cells: list[str], columns: list[IndicatorKind | str]) -> Iterator[tuple[IndicatorKind, Decimal]]:
    for cell, column in zip(cells, columns, strict=False):
        typed = cell.strip().removesuffix("%").replace(",", "").strip()
        if not isinstance(column, IndicatorKind) or not typed:
            continue
        try:
            value = Decimal(typed)
        except InvalidOperation:
            value = Decimal(-1)
        if not value.is_finite() or not 0 <= value <= LARGEST_VALUE:
            words = _("%(what)s: “%(cell)s” is no number from 0 to 1,000,000")
            raise ValueError(words % {"what": column.label, "cell": cell.strip()})
        yield column, value.quantize(Decimal("0.01"))
