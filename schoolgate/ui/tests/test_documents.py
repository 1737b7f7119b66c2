"""Copies of records."""

import json
from typing import Any

import pytest
import typst

from schoolgate.ui.documents import Document, Fact, Section, as_pdf, as_text

DOCUMENT = Document(
    "Share",
    "OFFICIAL-SENSITIVE",
    [Section("What was shared", [Fact("Facts", '#panic("run") *not bold*\nsecond line')])],
    "Copied on Tuesday 3 March 2026",
)


def test_what_people_wrote_is_never_run_as_markup() -> None:
    assert as_pdf(DOCUMENT).startswith(b"%PDF")


def test_a_pdf_is_tagged_for_screen_readers() -> None:
    pdf = as_pdf(DOCUMENT)
    assert b"StructTreeRoot" in pdf
    assert b"pdfuaid" in pdf


def test_text_carries_the_marking_first_and_last() -> None:
    text = as_text(DOCUMENT)
    assert text.startswith("OFFICIAL-SENSITIVE")
    assert text.rstrip().endswith("OFFICIAL-SENSITIVE")


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The records given to the typesetter, the last being the one that it took."""
    given: list[Any] = []
    compile = typst.compile

    def watched(*arguments: Any, sys_inputs: dict[str, str], **others: Any) -> Any:
        given.append(json.loads(sys_inputs["record"]))
        return compile(*arguments, sys_inputs=sys_inputs, **others)

    monkeypatch.setattr(typst, "compile", watched)
    return given


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("he wrote 😀 and 👍🏽", ["he wrote [grinning face] and [thumbs up sign][emoji modifier fitzpatrick type-4]"]),
        ("中", ["[cjk unified ideograph-4e2d]"]),
        ("a\x1b[1mb\x00\x85", ["a[1mb"]),
        ("\ufffe and \ud83d", ["[U+FFFE] and "]),
        ("é Ж α ŵ — € ✓ שלום مرحبا\n\nlast", ["é Ж α ŵ — € ✓ שלום مرحبا", "", "last"]),
    ],
)
def test_what_no_font_has_is_written_in_words(typed: str, lines: list[str], typeset: list[Any]) -> None:
    pdf = as_pdf(Document("Share", "OFFICIAL", [Section("What", [Fact("Facts", typed)])], "today"))
    assert b"pdfuaid" in pdf
    assert [line["text"] for line in typeset[-1]["sections"][0]["facts"][0]["lines"]] == lines


def test_headings_and_names_are_written_in_words_too(typeset: list[Any]) -> None:
    assert as_pdf(Document("中", "中", [Section("中", [Fact("中", "")])], "中")).startswith(b"%PDF")
    assert "中" not in str(typeset[-1])


@pytest.mark.parametrize(("line", "from_right"), [("שלום abc", True), ("12 مرحبا", True), ("abc שלום", False)])
def test_a_line_begins_on_the_side_of_its_first_letter(line: str, from_right: bool, typeset: list[Any]) -> None:
    as_pdf(Document("Share", "OFFICIAL", [Section("What", [Fact("Facts", f"abc\n{line}")])], "today"))
    assert [each["from_right"] for each in typeset[-1]["sections"][0]["facts"][0]["lines"]] == [False, from_right]
