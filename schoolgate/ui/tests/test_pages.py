import datetime as dt

import pytest
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from schoolgate.core.clock import LONDON
from schoolgate.ui.presenters import NavigationLink
from schoolgate.ui.tests.pages import read
from schoolgate.ui.tests.test_fields import Question

NOW = dt.datetime(2026, 3, 3, 16, 0, tzinfo=LONDON)
SHELL = {
    "request": RequestFactory().get("/somewhere/", {"page": "2"}),
    "signed_in": "Ada Example",
    "navigation": [NavigationLink("Concerns", "/concerns/", current=True, count=3)],
    "sign_out_url": "/out/",
    "lock_url": "/lock/",
    "idle_seconds": 600,
}
ROWS = [{"title": "Concern <1>", "href": "/1", "state": "New", "tone": "active", "facts": ["Today"], "late": "Late"}]
PAGES = {
    "ui/layout.html": {},
    "ui/form_page.html": {
        "form": Question(QueryDict("where=online"), now=NOW),
        "back_url": "/",
    },
    "ui/list_page.html": {"rows": ROWS, "older": "/?before=1", "action_text": "Raise", "action_href": "/raise/"},
    "ui/record_page.html": {"state": "New", "readers": ["Sam Spoc"], "told": [], "text_url": "/text/"},
    "ui/confirmation.html": {"text": "They read it by nine."},
    "400.html": {},
    "403.html": {},
    "403_csrf.html": {},
    "404.html": {},
    "500.html": {},
}


def rendered(template: str, **more: object) -> str:
    return render_to_string(template, SHELL | {"heading": "A page"} | PAGES[template] | more)


@pytest.mark.parametrize("template", PAGES)
def test_every_page_has_one_heading_and_no_inline_script_or_style(template: str) -> None:
    page = read(rendered(template))
    assert page.headings == 1
    assert page.inline == []


@pytest.mark.parametrize("template", PAGES)
def test_every_page_says_whom_to_ring_and_how_it_is_marked(template: str) -> None:
    markup = rendered(template)
    assert "Ring 999." in markup
    assert "This is not watched round the clock." in markup
    assert "OFFICIAL" in markup


def test_an_error_page_needs_nothing_from_the_request() -> None:
    assert "try again" in render_to_string("500.html").lower()


def test_the_title_is_the_heading_unless_the_page_gives_a_safe_one() -> None:
    assert "<title>A page – Schoolgate</title>" in rendered("ui/record_page.html")
    named = rendered("ui/record_page.html", heading="Concern about Ada", page_title="Concern")
    assert "<title>Concern – Schoolgate</title>" in named


def test_the_title_says_when_there_is_an_error() -> None:
    assert "<title>Error: A page – Schoolgate</title>" in rendered("ui/form_page.html")


def test_a_record_says_who_can_read_it_before_the_next_action() -> None:
    page = """{% extends "ui/record_page.html" %}{% block next_action %}Decide{% endblock %}"""
    markup = engines["jinja2"].from_string(page).render(SHELL | PAGES["ui/record_page.html"])
    assert markup.index("Who can read this now") < markup.index("Who has been told") < markup.index("Decide")


def test_a_record_that_nobody_else_reads_says_so() -> None:
    markup = rendered("ui/record_page.html", readers=[], told=[])
    assert "Only you." in markup
    assert "Nobody yet." in markup


def test_an_empty_list_says_what_to_do_next() -> None:
    empty = {"empty_text": "No concern is open.", "empty_action": "Raise a concern", "empty_href": "/raise/"}
    markup = rendered("ui/list_page.html", rows=[], **empty)
    assert "No concern is open." in markup
    assert '<a class="govuk-link" href="/raise/">Raise a concern</a>' in markup


def test_words_in_a_list_are_never_read_as_markup() -> None:
    assert "Concern &lt;1&gt;" in rendered("ui/list_page.html")


def test_a_sensitive_page_is_marked_on_screen_and_paper() -> None:
    markup = rendered("ui/layout.html", marking="OFFICIAL-SENSITIVE")
    assert "sg-sensitive" in markup
    assert markup.count("OFFICIAL-SENSITIVE") == 2


def test_a_page_without_an_idle_limit_never_locks() -> None:
    assert "data-lock-url" not in rendered("ui/layout.html", idle_seconds=0)
