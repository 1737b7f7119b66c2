"""Copies of records."""

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
