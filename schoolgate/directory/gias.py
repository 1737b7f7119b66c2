"""Reads an extract of Get Information about Schools, the Department for Education's register.

The extract names its columns in the first line, is Windows-1252 or UTF-8, and may be compressed with gzip. A line
that cannot be read is told with its column and reason and the rest goes on; a file that is no extract is refused.
The register names head teachers too: those columns are never read, people are entered by people.
"""

import csv
import datetime as dt
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from django.utils.translation import gettext as _

from schoolgate.directory.models import Phase, RegisterStatus
from schoolgate.directory.osgb import GRID_HEIGHT, GRID_WIDTH, to_position

# Ten times the size of the whole register, and fifty times its longest line.
LARGEST_FILE = 640 * 1024 * 1024
LONGEST_LINE = 128 * 1024
UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent to a page, opened as one on the disk is."""

    name: str
    content: bytes

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """The content from its beginning."""
        return BytesIO(self.content)


class UnreadableRegister(Exception):
    """The file is no extract of the register; its text is one line for the person who chose it."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One school as the register has it; None and "" mean not known. trust_name: the trust that runs the school."""

    line: int
    urn: int
    name: str
    status: str
    phase: str
    type_name: str
    la_code: str
    la_name: str
    gss_code: str = ""
    closed_on: dt.date | None = None
    low_age: int | None = None
    high_age: int | None = None
    pupils: int | None = None
    percentage_fsm: Decimal | None = None
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    trust_name: str = ""
    successor_urn: int | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that could not be read: which column ("" for the whole line), and why."""

    line: int
    column: str
    why: str


# What kinds of place the register's types are; looked for in this order, before the phase.
PHASE_OF_TYPE = {
    "pupil referral unit": Phase.PRU,
    "alternative provision": Phase.AP,
    "special": Phase.SPECIAL,
    "higher education": Phase.UNIVERSITY,
    "further education": Phase.COLLEGE,
    "sixth form": Phase.SIXTEEN_PLUS,
}
PHASE_OF_NAME = {
    "nursery": Phase.NURSERY,
    "primary": Phase.PRIMARY,
    "middle deemed primary": Phase.MIDDLE,
    "middle deemed secondary": Phase.MIDDLE,
    "secondary": Phase.SECONDARY,
    "all-through": Phase.ALL_THROUGH,
    "all through": Phase.ALL_THROUGH,
    "16 plus": Phase.SIXTEEN_PLUS,
}
# A trust answers for these. A foundation school's trust does not: its governing body does.
RUN_BY_TRUSTS = ("academy", "free school", "technical college", "technology college", "studio school")
STATUS_OF_NAME = {
    "open": RegisterStatus.OPEN,
    "open, but proposed to close": RegisterStatus.PROPOSED_TO_CLOSE,
    "proposed to open": RegisterStatus.PROPOSED_TO_OPEN,
    "closed": RegisterStatus.CLOSED,
}


def phase_of(*, phase_name: str, type_name: str) -> Phase:
    """The kind of school, from the register's phase and type; the register gives independent schools no phase."""
    kind, phase = type_name.lower(), PHASE_OF_NAME.get(phase_name.lower())
    for word, phase_of_type in PHASE_OF_TYPE.items():
        if word in kind:
            return phase_of_type
    if phase is None and ("independent" in kind or kind == "city technology college"):
        return Phase.INDEPENDENT
    return phase or Phase.UNKNOWN


def _text(longest: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if UNREADABLE in value:
            raise ValueError(_("holds characters that are neither UTF-8 nor Windows-1252"))
        if len(value) > longest:
            raise ValueError(_("is longer than %s characters") % longest)
        return value

    return read


def _name(value: str) -> str:
    if not value:
        raise ValueError(_("is empty"))
    return _text(200)(value)


def _urn(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", value):
        raise ValueError(_("“%s” is not a URN") % _shown(value))
    return int(value)


def _first_urn(value: str) -> int | None:
    """A school that was split has several successors, the first of which is kept."""
    return _urn(value.split("|")[0]) if value else None


def _whole_number(most: int) -> Callable[[str], int | None]:
    def read(value: str) -> int | None:
        if value and not (re.fullmatch(r"[0-9]{1,6}", value) and int(value) <= most):
            raise ValueError(_("“%s” is not a whole number up to %s") % (_shown(value), most))
        return int(value) if value else None

    return read


def _percentage(value: str) -> Decimal | None:
    if value and not (re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", value) and Decimal(value) <= 100):
        raise ValueError(_("“%s” is not a percentage") % _shown(value))
    return Decimal(value).quantize(Decimal("0.1")) if value else None


def _metres(end: int) -> Callable[[str], float | None]:
    def read(value: str) -> float | None:
        if value and not (re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) and float(value) < end):
            raise ValueError(_("“%s” lies outside the National Grid") % _shown(value))
        return float(value) or None if value else None

    return read


def _date(value: str) -> dt.date | None:
    """dd-mm-yyyy, or with strokes as spreadsheets write it."""
    try:
        day, month, year = map(int, re.split("[-/]", value)) if value else (0, 0, 0)
        return dt.date(year, month, day) if value else None
    except ValueError as error:
        raise ValueError(_("“%s” is not a date such as 31-08-2026") % _shown(value)) from error


def _status(value: str) -> RegisterStatus:
    try:
        return STATUS_OF_NAME[value.lower()]
    except KeyError:
        raise ValueError(_("“%s” is not a status that the register uses") % _shown(value)) from None


def _shown(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


class _Column(NamedTuple):
    heading: str
    read: Callable[[str], Any]
    required: bool = False


COLUMNS = {
    "urn": _Column("URN", _urn, required=True),
    "name": _Column("EstablishmentName", _name, required=True),
    "status": _Column("EstablishmentStatus (name)", _status, required=True),
    "phase_name": _Column("PhaseOfEducation (name)", _text(100), required=True),
    "type_name": _Column("TypeOfEstablishment (name)", _text(100), required=True),
    "la_code": _Column("LA (code)", _text(9), required=True),
    "la_name": _Column("LA (name)", _text(100), required=True),
    "gss_code": _Column("GSSLACode (name)", _text(9)),
    "closed_on": _Column("CloseDate", _date),
    "low_age": _Column("StatutoryLowAge", _whole_number(120)),
    "high_age": _Column("StatutoryHighAge", _whole_number(120)),
    "pupils": _Column("NumberOfPupils", _whole_number(999_999)),
    "percentage_fsm": _Column("PercentageFSM", _percentage),
    "postcode": _Column("Postcode", _text(10)),
    "easting": _Column("Easting", _metres(GRID_WIDTH)),
    "northing": _Column("Northing", _metres(GRID_HEIGHT)),
    "trust_name": _Column("Trusts (name)", _text(200)),
    "successor_urn": _Column("x_successor_urn", _first_urn),
}
LINK_HEADINGS = ("URN", "LinkURN", "LinkType")


class Register:
    """An open extract. `fields` names the fields of RegisterRow that this file has; iterate once for its rows."""

    def __init__(self, lines: Iterable[str], progress: Callable[[], None]) -> None:
        self._reader = csv.reader(lines)
        self._progress = progress
        self._headings = [heading.strip() for heading in next(self._reader, [])]
        self._places = _find_columns(self._headings)
        self.fields = self._places.keys() - {"phase_name", "easting", "northing"} | {"phase"}
        if {"easting", "northing"} <= self._places.keys():
            self.fields |= {"latitude", "longitude"}

    def __iter__(self) -> Iterator[RegisterRow | BadRow]:
        """Raises UnreadableRegister where the file stops being an extract."""
        line_of_urn: dict[int, int] = {}
        line = self._reader.line_num + 1
        for values in self._reader:
            if any(values):
                yield _refuse_second(self._read(line, values), line_of_urn)
            line = self._reader.line_num + 1
            self._progress()

    def _read(self, line: int, values: Sequence[str]) -> RegisterRow | BadRow:
        if len(values) != len(self._headings):
            why = _("has %s columns where the first line has %s") % (len(values), len(self._headings))
            return BadRow(line, "", why)
        found = {}
        for field, place in self._places.items():
            try:
                found[field] = COLUMNS[field].read(values[place].strip())
            except ValueError as error:
                return BadRow(line, COLUMNS[field].heading, str(error))
        return _to_row(line, found)


def _to_row(line: int, found: dict[str, Any]) -> RegisterRow:
    easting, northing = found.pop("easting", None), found.pop("northing", None)
    if easting and northing:
        found |= to_position(easting, northing)._asdict()
    kind = found["type_name"].lower()
    if not any(word in kind for word in RUN_BY_TRUSTS):
        found["trust_name"] = ""
    phase = phase_of(phase_name=found.pop("phase_name"), type_name=found["type_name"])
    return RegisterRow(line=line, phase=phase, **found)


def _refuse_second(row: RegisterRow | BadRow, line_of_urn: dict[int, int]) -> RegisterRow | BadRow:
    if isinstance(row, BadRow):
        return row
    first = line_of_urn.setdefault(row.urn, row.line)
    if first != row.line:
        return BadRow(row.line, "URN", _("%s is on line %s already") % (row.urn, first))
    return row


def _find_columns(headings: Sequence[str]) -> dict[str, int]:
    """Where each column is. Our own tables and some exports leave out "(name)"."""
    places = {}
    for field, column in COLUMNS.items():
        found = [place for place, heading in enumerate(headings) if heading in _spellings(column.heading)]
        if len(found) > 1:
            raise UnreadableRegister(_("The column %s is there twice.") % column.heading)
        if found:
            places[field] = found[0]
    missing = [column.heading for field, column in COLUMNS.items() if column.required and field not in places]
    if missing:
        raise UnreadableRegister(_("The first line lacks these columns: %s.") % ", ".join(missing))
    return places


def _spellings(heading: str) -> tuple[str, str]:
    return heading, heading.removesuffix(" (name)")


@contextmanager
def open_register(
    source: Path | Upload, *, progress: Callable[[int, int], None] = lambda done, of: None
) -> Iterator[Register]:
    """Open an extract, compressed or not.

    progress: told the bytes read and the bytes of the file after each line.
    Raises UnreadableRegister when the file is missing, damaged, not text, or lacks required columns.
    """
    with _opened(source) as file:
        size = file.seek(0, SEEK_END)
        file.seek(0)
        yield Register(_lines(_decompressed(file)), lambda: progress(file.tell(), size))


def read_successors(path: Path) -> dict[int, int]:
    """Read the register's file of links: the URN of each school's successor, the first of several.

    Raises UnreadableRegister as above, and at a line without two URNs: a link half read leads nowhere.
    """
    successors: dict[int, int] = {}
    with _opened(path) as file:
        rows = csv.DictReader(_lines(_decompressed(file)))
        missing = [heading for heading in LINK_HEADINGS if heading not in (rows.fieldnames or ())]
        if missing:
            raise UnreadableRegister(_("The first line of the links lacks these columns: %s.") % ", ".join(missing))
        for row in rows:
            urn, successor, kind = (row[heading] or "" for heading in LINK_HEADINGS)
            if kind.startswith("Successor"):
                successors.setdefault(*_linked(rows.line_num, urn, successor))
    return successors


def _linked(line: int, urn: str, successor: str) -> tuple[int, int]:
    try:
        return _urn(urn), _urn(successor)
    except ValueError as error:
        raise UnreadableRegister(_("Line %s of the links: %s.") % (line, error)) from error


@contextmanager
def _opened(source: Path | Upload) -> Iterator[BinaryIO]:
    try:
        with source.open("rb") as file:
            yield file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableRegister(_("%s is damaged or was cut short.") % source.name) from error
    except OSError as error:
        raise UnreadableRegister(_("%s cannot be read: %s.") % (source.name, error.strerror)) from error
    except csv.Error as error:
        raise UnreadableRegister(_("%s has a quotation mark that is never closed.") % source.name) from error


def _decompressed(file: BinaryIO) -> BinaryIO:
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK"):
        raise UnreadableRegister(_("This is a zip archive or a workbook: unpack it, or save it as CSV."))
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableRegister(_("This is UTF-16 text: save it as CSV in UTF-8."))
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if start.startswith(b"\x1f\x8b") else file


def _lines(file: BinaryIO) -> Iterator[str]:
    number = size = 0
    while line := file.readline(LONGEST_LINE + 1):
        number, size = number + 1, size + len(line)
        if len(line) > LONGEST_LINE or size > LARGEST_FILE:
            raise UnreadableRegister(_("Line %s is too long, or the file too large, for the register.") % number)
        if b"\0" in line:
            raise UnreadableRegister(_("Line %s is not text: the file is no CSV file.") % number)
        yield _decoded(line)
    if not number:
        raise UnreadableRegister(_("The file is empty."))


def _decoded(line: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252, the extract's own; five of its bytes mean nothing."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
