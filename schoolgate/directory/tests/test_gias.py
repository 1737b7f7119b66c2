"""The register's extract as it is published, and as it should not be."""

import datetime as dt
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolgate.directory import gias
from schoolgate.directory.gias import BadRow, RegisterRow, UnreadableRegister, open_register, phase_of, read_successors
from schoolgate.directory.models import Phase, RegisterStatus
from schoolgate.directory.tests.registers import EXTRACT, HEADINGS, PLAIN, PUBLISHED, as_csv


def read(path: Path) -> list[RegisterRow | BadRow]:
    with open_register(path) as register:
        return list(register)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines of cells, or bytes, as a file to be read."""

    def write(content: list[dict[str, str]] | bytes, name: str = "register.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else as_csv(content))
        return path

    return write


def test_a_published_row_is_read_whole() -> None:
    assert read(PUBLISHED)[4] == RegisterRow(
        line=6,
        urn=100049,
        name="Haverstock School",
        status=RegisterStatus.OPEN,
        phase=Phase.SECONDARY,
        type_name="Community school",
        la_code="202",
        la_name="Camden",
        gss_code="E09000007",
        low_age=11,
        high_age=18,
        pupils=973,
        percentage_fsm=Decimal("59.5"),
        postcode="NW3 2BQ",
        latitude=51.544833,
        longitude=-0.153229,
    )


def test_every_published_row_is_read() -> None:
    assert [type(row) for row in read(PUBLISHED)] == [RegisterRow] * 8


def test_the_full_extract_of_140_columns_in_windows_1252_is_read() -> None:
    first, high_school, closed, *rest = read(EXTRACT)
    assert (first.name, first.closed_on) == ("St Thérèse’s Primary School", None)
    assert (high_school.trust_name, high_school.percentage_fsm) == ("Larkmoor Learning Trust", Decimal("31.0"))
    assert (closed.status, closed.closed_on) == (RegisterStatus.CLOSED, dt.date(2016, 8, 31))
    assert [row.urn for row in rest] == [900004, 900005, 900006, 900007]


def test_a_head_teachers_name_is_never_read() -> None:
    assert b"Quillfeather" in EXTRACT.read_bytes()
    assert "Quillfeather" not in repr(read(EXTRACT))


def test_the_file_says_which_fields_it_has() -> None:
    with open_register(PUBLISHED) as published, open_register(EXTRACT) as extract:
        assert {"latitude", "pupils", "successor_urn"} <= published.fields
        assert not {"trust_name", "closed_on", "easting", "phase_name"} & published.fields
        assert {"trust_name", "closed_on", "phase"} <= extract.fields


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_encoding_of_the_register_gives_the_same_rows(write: Callable[..., Path], encoding: str) -> None:
    text = EXTRACT.read_bytes().decode("cp1252")
    assert read(write(text.encode(encoding))) == read(EXTRACT)


def test_a_compressed_file_gives_the_same_rows_whatever_its_name(write: Callable[..., Path]) -> None:
    assert read(write(gzip.compress(PUBLISHED.read_bytes()), "register.csv.gz")) == read(PUBLISHED)
    assert read(write(gzip.compress(PUBLISHED.read_bytes()))) == read(PUBLISHED)


def test_headings_without_their_name_suffix_are_understood(write: Callable[..., Path]) -> None:
    assert read(write(PUBLISHED.read_bytes().replace(b" (name)", b""))) == read(PUBLISHED)


def test_zero_and_blank_coordinates_are_unknown(write: Callable[..., Path]) -> None:
    rows = [PLAIN | {"URN": "900001", "Easting": "0", "Northing": "0"}, PLAIN | {"URN": "900002"}]
    assert [(row.latitude, row.longitude) for row in read(write(rows))] == [(None, None), (None, None)]


def test_the_first_of_several_successors_is_kept() -> None:
    assert read(PUBLISHED)[-1].successor_urn == 150934


def test_blank_lines_are_passed_over_and_lines_keep_their_numbers(write: Callable[..., Path]) -> None:
    rows = read(write(as_csv([PLAIN]) + b"\r\n\r\n" + as_csv([PLAIN | {"URN": "900002"}]).splitlines()[1]))
    assert [row.line for row in rows] == [2, 5]


def test_a_name_over_two_lines_counts_as_both(write: Callable[..., Path]) -> None:
    rows = read(write([PLAIN | {"EstablishmentName": "Larkmoor\nSchool"}, PLAIN | {"URN": "900002"}]))
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("URN", "", "“” is not a URN"),
        ("URN", "12O034", "“12O034” is not a URN"),
        ("URN", "٣٤٥٦٧٨", "“٣٤٥٦٧٨” is not a URN"),
        ("URN", "9" * 99, f"“{'9' * 40}…” is not a URN"),
        ("EstablishmentName", "", "is empty"),
        ("EstablishmentName", "x" * 201, "is longer than 200 characters"),
        ("EstablishmentStatus (name)", "Opne", "“Opne” is not a status that the register uses"),
        ("Easting", "700000", "“700000” lies outside the National Grid"),
        ("Northing", "-1", "“-1” lies outside the National Grid"),
        ("Northing", "nan", "“nan” lies outside the National Grid"),
        ("NumberOfPupils", "12.5", "“12.5” is not a whole number up to 999999"),
        ("StatutoryHighAge", "121", "“121” is not a whole number up to 120"),
        ("PercentageFSM", "100.1", "“100.1” is not a percentage"),
        ("PercentageFSM", "nan", "“nan” is not a percentage"),
        ("CloseDate", "31-02-2026", "“31-02-2026” is not a date such as 31-08-2026"),
        ("CloseDate", "soon", "“soon” is not a date such as 31-08-2026"),
        ("x_successor_urn", "?", "“?” is not a URN"),
    ],
)
def test_a_wrong_value_is_told_by_line_column_and_reason(
    write: Callable[..., Path], column: str, value: str, why: str
) -> None:
    good = PLAIN | {"URN": "900009"}
    first, second = read(write([PLAIN | {column: value}, good]))
    assert first == BadRow(2, column, why)
    assert second.urn == 900009


def test_a_second_line_with_the_same_urn_is_told(write: Callable[..., Path]) -> None:
    assert read(write([PLAIN, PLAIN]))[1] == BadRow(3, "URN", "900001 is on line 2 already")


def test_a_line_with_too_few_columns_is_told(write: Callable[..., Path]) -> None:
    rows = read(write(as_csv([PLAIN]) + b"900002,Short\r\n"))
    assert rows[1] == BadRow(3, "", f"has 2 columns where the first line has {len(HEADINGS)}")


def test_bytes_of_no_known_encoding_are_told(write: Callable[..., Path]) -> None:
    (row,) = read(write(as_csv([PLAIN]).replace(b"Larkmoor", b"Lark\x81moor")))
    assert row == BadRow(2, "EstablishmentName", "holds characters that are neither UTF-8 nor Windows-1252")


def test_a_date_as_spreadsheets_write_it_is_read(write: Callable[..., Path]) -> None:
    (row,) = read(write([PLAIN | {"CloseDate": "31/08/2026"}]))
    assert row.closed_on == dt.date(2026, 8, 31)


def test_missing_columns_are_named(write: Callable[..., Path]) -> None:
    with pytest.raises(UnreadableRegister, match=r"lacks these columns: EstablishmentName, LA \(code\)\."):
        read(write(as_csv([], [h for h in HEADINGS if h not in ("EstablishmentName", "LA (code)")])))


def test_a_column_that_is_there_twice_is_named(write: Callable[..., Path]) -> None:
    with pytest.raises(UnreadableRegister, match="The column URN is there twice"):
        read(write(as_csv([], [*HEADINGS, "URN"])))


REFUSED = {
    "empty": (b"", "is empty"),
    "a workbook": (b"PK\x03\x04rest", "zip archive or a workbook"),
    "UTF-16": ("URN,x\r\n".encode("utf-16"), "UTF-16"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "lacks these columns: URN"),
    "NUL bytes in a row": (as_csv([PLAIN]).replace(b"Larkmoor", b"Lark\0moor"), "Line 2 is not text"),
    "a huge line": (as_csv([PLAIN]) + b"9" * 200_000, "Line 3 is too long"),
    "a page": (b"<html><body>Sign in</body></html>", "lacks these columns: URN"),
    "gzip cut short": (gzip.compress(PUBLISHED.read_bytes())[:-20], "damaged or was cut short"),
    "gzip altered": (gzip.compress(PUBLISHED.read_bytes())[:-8] + b"\0" * 8, "damaged or was cut short"),
    "an open quotation mark": (as_csv([PLAIN]) + b'900002,"' + b"word,\r\n" * 30_000, "never closed"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_extract_is_refused_in_one_line(write: Callable[..., Path], content: bytes, why: str) -> None:
    with pytest.raises(UnreadableRegister, match=why) as refusal:
        read(write(content))
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRegister, match=r"none\.csv cannot be read: No such file"):
        read(tmp_path / "none.csv")


def test_a_file_that_swells_without_end_is_refused(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gias, "LARGEST_FILE", 1024 * 1024)
    swelling = gzip.compress(as_csv([PLAIN]) + b"\r\n" * 1024 * 1024)
    assert len(swelling) < 10_000
    with pytest.raises(UnreadableRegister, match="too large"):
        read(write(swelling))


LINKS = b""""URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"
900001,900002,"Otterbridge Academy","Successor","31-08-2026"
900001,900004,"Larkmoor Infants","Successor - Split School",""
900002,900001,"Larkmoor School","Predecessor","31-08-2026"
900005,900006,"Quay Sixth Form","Sixth Form Centre Link",""
900007,900008,"Tidewater School","Successor - merged",""
"""


def test_links_give_the_first_successor_of_each_school(write: Callable[..., Path]) -> None:
    assert read_successors(write(LINKS)) == {900001: 900002, 900007: 900008}
    assert read_successors(write(gzip.compress(LINKS))) == {900001: 900002, 900007: 900008}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (as_csv([PLAIN]), "The first line of the links lacks these columns: LinkURN, LinkType"),
        (LINKS.replace(b"900008", b""), "Line 6 of the links: “” is not a URN"),
    ],
)
def test_a_file_that_holds_no_links_is_refused(write: Callable[..., Path], content: bytes, why: str) -> None:
    with pytest.raises(UnreadableRegister, match=why):
        read_successors(write(content))


def test_progress_reaches_the_size_of_the_file() -> None:
    told = []
    with open_register(PUBLISHED, progress=lambda done, of: told.append((done, of))) as register:
        list(register)
    assert told[-1] == (PUBLISHED.stat().st_size, PUBLISHED.stat().st_size)
    assert len(told) == 8


def test_a_trust_that_does_not_run_the_school_is_passed_over(write: Callable[..., Path]) -> None:
    """A foundation school's trust holds its land; the governing body answers for it."""
    trust = {"Trusts (name)": "Larkmoor Foundation"}
    academy, foundation = (
        PLAIN | trust | {"URN": "900001", "TypeOfEstablishment (name)": "Academy converter"},
        PLAIN | trust | {"URN": "900002", "TypeOfEstablishment (name)": "Foundation school"},
    )
    assert [row.trust_name for row in read(write([academy, foundation]))] == ["Larkmoor Foundation", ""]


@pytest.mark.parametrize(
    ("phase_name", "type_name", "phase"),
    [
        ("Nursery", "Local authority nursery school", Phase.NURSERY),
        ("Primary", "Community school", Phase.PRIMARY),
        ("Middle deemed primary", "Academy converter", Phase.MIDDLE),
        ("Middle deemed secondary", "Academy converter", Phase.MIDDLE),
        ("Secondary", "University technical college", Phase.SECONDARY),
        ("All-through", "Free schools", Phase.ALL_THROUGH),
        ("16 plus", "Free schools 16 to 19", Phase.SIXTEEN_PLUS),
        ("Not applicable", "Sixth form centres", Phase.SIXTEEN_PLUS),
        ("16 plus", "Further education", Phase.COLLEGE),
        ("Not applicable", "Higher education institutions", Phase.UNIVERSITY),
        ("Not applicable", "Pupil referral unit", Phase.PRU),
        ("Primary", "Academy alternative provision converter", Phase.AP),
        ("Not applicable", "Other independent special school", Phase.SPECIAL),
        ("Not applicable", "Special post 16 institution", Phase.SPECIAL),
        ("Not applicable", "Other independent school", Phase.INDEPENDENT),
        ("Not applicable", "City technology college", Phase.INDEPENDENT),
        ("Not applicable", "Secure units", Phase.UNKNOWN),
        ("", "", Phase.UNKNOWN),
    ],
)
def test_the_kind_of_school_follows_from_phase_and_type(phase_name: str, type_name: str, phase: Phase) -> None:
    assert phase_of(phase_name=phase_name, type_name=type_name) == phase


@given(st.binary(max_size=300))
def test_whatever_the_bytes_each_line_is_read_or_told_or_the_file_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "register.csv"
    path.write_bytes(as_csv([]) + content)
    try:
        rows = read(path)
    except UnreadableRegister:
        rows = []
    assert all(isinstance(row, RegisterRow | BadRow) for row in rows)
