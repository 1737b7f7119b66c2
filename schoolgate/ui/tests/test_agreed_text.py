"""The PDF of what was agreed: a structure check of PDF/UA, the same bytes twice, any script, any length."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from schoolgate.ui.documents import AgreedText, agreed_text_as_pdf

TEXT = AgreedText(
    title="Data Sharing Agreement",
    marking="OFFICIAL",
    foot="Larkmoor School · SHA-256 of the text 00",
    body="# An agreement\n\nWith [words](https://a.example).\n\n| What | Why |\n|---|---|\n| x | y |\n\n- one",
    heading="Signatures",
    unsigned="Nobody has signed it yet.",
    columns=["Signature", "Name", "Role", "When", "Second factor"],
    signatures=[["Signed for the school", "Winifred Quill", "Head teacher", "1 March 2026", "passkey"]],
)


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(agreed_text_as_pdf(TEXT))) as opened:
        yield opened


def elements(node: Any) -> Iterator[Any]:
    """Every element of the structure tree, in the order in which it is read."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(each.S) for each in elements(pdf.Root.StructTreeRoot)]


def test_it_is_tagged_and_says_its_language_and_its_title(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == TEXT.title
        assert metadata["pdfuaid:part"] == "1"


def test_headings_lists_links_and_tables_are_what_they_look_like(pdf: pikepdf.Pdf) -> None:
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Link", "/Table", "/TH", "/TD"} <= set(tags(pdf))


def test_every_table_names_its_columns_and_the_signatures_stand_in_one(pdf: pikepdf.Pdf) -> None:
    tables = [each for each in elements(pdf.Root.StructTreeRoot) if each.S == "/Table"]
    heads = [[cell for cell in elements(table) if cell.S == "/TH"] for table in tables]
    assert [len(head) for head in heads] == [2, len(TEXT.columns)]
    for head in heads:
        assert {str(cell.A.Scope if isinstance(cell.A, pikepdf.Dictionary) else cell.A[0].Scope) for cell in head} == {
            "/Column"
        }


def test_every_font_is_in_the_file_and_says_which_letters_it_shows(pdf: pikepdf.Pdf) -> None:
    fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
    assert fonts
    assert all("/ToUnicode" in font for font in fonts)
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(f.DescendantFonts[0].FontDescriptor) for f in fonts)


def test_every_page_is_read_in_the_order_of_its_structure(pdf: pikepdf.Pdf) -> None:
    assert all(page.get("/Tabs") == "/S" for page in pdf.pages if "/Annots" in page)
    assert all("/StructParents" in page for page in pdf.pages)


def test_the_same_text_gives_the_same_bytes() -> None:
    assert agreed_text_as_pdf(TEXT) == agreed_text_as_pdf(TEXT)
    assert agreed_text_as_pdf(TEXT) != agreed_text_as_pdf(replace(TEXT, body=f"{TEXT.body}."))


@pytest.mark.parametrize("name", ["אורי כהן", "عمر الفاروق", "王小明", "Zoë Ó Néill"])
def test_names_in_any_script_are_set(name: str) -> None:
    signed = [["Signed for the school", name, "Head teacher", "1 March 2026", "passkey"]]
    made = agreed_text_as_pdf(replace(TEXT, body=f"# Title\n\nBetween {name} and us.", signatures=signed))
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 1
        assert "/StructTreeRoot" in opened.Root


def test_a_text_of_200_kilobytes_is_set_whole() -> None:
    paragraph = "The school tells the police what they need to know, and no more. " * 15
    body = "# Long\n\n" + "\n\n".join(paragraph for _ in range(200_000 // len(paragraph) + 1))
    assert len(body) > 200_000
    with pikepdf.open(io.BytesIO(agreed_text_as_pdf(replace(TEXT, body=body)))) as opened:
        assert len(opened.pages) > 40
        assert tags(opened).count("/P") > 200


def test_markup_of_the_typesetter_stays_text() -> None:
    assert agreed_text_as_pdf(replace(TEXT, body='# A\n\n#panic("run") $x$ @y', title='#panic("t")')).startswith(
        b"%PDF"
    )
