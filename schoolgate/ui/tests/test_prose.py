"""What somebody wrote in Markdown is never markup of the page; fields are words; comparisons lose nothing."""

import pytest

from schoolgate.ui.prose import as_data, as_html, compared, fields_in, filled, text_of


@pytest.mark.parametrize(
    "written", ["<script>alert(1)</script>", "x <img src=x onerror=alert(1)> y", "<div>\n\n</div>", "a <b>c</b>"]
)
def test_html_stays_text(written: str) -> None:
    shown = as_html(written)
    assert "&lt;" in shown
    assert not any(tag in shown for tag in ("<script", "<img", "<div", "<b>"))


@pytest.mark.parametrize("address", ["https://a.example/", "http://a.example/", "mailto:a@b.example", "tel:+44101"])
def test_links_to_the_web_mail_and_telephone_are_links(address: str) -> None:
    assert f'href="{address}"' in as_html(f"[words]({address})")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "/account/logout/",
        "ftp://a.example",
    ],
)
def test_other_links_stay_words(address: str) -> None:
    written = f"[words]({address}) <{address}>"
    assert "href" not in as_html(written)
    assert "link" not in str([node["kind"] for block in as_data(written) for node in block["inside"]])


def test_images_stay_words() -> None:
    assert "<img" not in as_html("![words](https://a.example/x.png)")


def test_a_field_filled_with_markup_stays_words() -> None:
    words = "*Bold* [link](https://a.example) <b>x</b> `code` | cell # heading [[since]]"
    shown = as_html(filled("The school [[school]].", {"school": words, "since": "today"}))
    assert not any(tag in shown for tag in ("<em>", "<a ", "<b>", "<code>", "<strong>"))
    assert "*Bold*" in shown
    assert "[[since]]" in shown, "what fills a field is not filled in turn"


def test_a_field_of_several_lines_stays_in_its_place() -> None:
    assert filled("| [[school]] |", {"school": "a\n\n# b"}) == "| a \\# b |"


def test_a_field_without_a_value_stays_a_field() -> None:
    assert filled("[[school]] [[spoc]]", {"school": "x"}) == "x [[spoc]]"
    assert fields_in("[[a]] [[b]] [[a]] [c] [[D]]") == ["a", "b"]


def test_headings_stand_below_the_pages_own_and_tables_name_their_columns() -> None:
    shown = as_html("# One\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<h2" in shown
    assert shown.count('scope="col"') == 2


def test_right_to_left_words_take_their_own_direction() -> None:
    assert 'dir="auto"' in as_html("אורי כהן")


BEFORE = "One.\n\nTwo.\n\n- a\n- b\n\nThree."


@pytest.mark.parametrize(
    "after", [BEFORE, "", "Two.", BEFORE + "\n\nFour.", "Zero.\n\n" + BEFORE, BEFORE.replace("- b", "- c")]
)
def test_a_comparison_holds_both_texts_whole(after: str) -> None:
    changes = compared(BEFORE, after)
    assert "\n\n".join(change.before for change in changes if change.before) == BEFORE
    assert "\n\n".join(change.after for change in changes if change.after) == after
    assert any(change.is_new for change in changes) == (after != BEFORE)


def test_a_comparison_shows_only_the_paragraph_that_changed_as_new() -> None:
    (changed,) = [change for change in compared(BEFORE, BEFORE.replace("Two", "2")) if change.is_new]
    assert (changed.before, changed.after) == ("Two.", "2.")


def test_line_ends_of_another_machine_are_no_change() -> None:
    assert not any(change.is_new for change in compared(BEFORE, BEFORE.replace("\n", "\r\n")))


def test_the_bare_words_of_a_tree() -> None:
    assert text_of(as_data("**One** two")) == "One  two"
