"""Lists at both widths, the log's small links, paper, and the key that blanks the screen."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from schoolgate.exchange.tests.doings import ask, send
from schoolgate.nonprod.cast import Cast
from tests.journeys.conftest import Visitor, Visitors

BIG_ENOUGH = {"runOnly": ["target-size"]}
LINKS_ON_PAPER = """[...document.querySelectorAll("main a")].map(a => getComputedStyle(a, "::after").content)
    .filter(content => !["none", "normal", '""'].includes(content))"""


@pytest.fixture(params=[390, 1280])
def visitors(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Visitors]:
    yield Visitors(chromium, server, request.param, scripts=True)
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def spoc(visitors: Visitors) -> Visitor:
    return visitors.sign_in("spoc")


def test_every_link_of_the_log_is_big_enough_for_a_thumb(cast: Cast, visitors: Visitors) -> None:
    share = send(cast)
    ask(cast, by="spoc")
    visitors.sign_in("spoc").go(f"/shares/{share}/")
    dpo = visitors.sign_in("school-dpo")
    for path in ("/log/", "/log/told/", f"/log/record/{share}/", f"/log/person/{cast.person('spoc')}/"):
        dpo.go(path)
        found = Axe().run(dpo.page, options=BIG_ENOUGH)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_a_long_name_without_blanks_stays_on_the_page(cast: Cast, spoc: Visitor) -> None:
    send(cast, child_name="W" * 100)
    spoc.go("/shares/")


def test_paper_has_no_addresses_no_unused_answers_and_says_who_printed_it(cast: Cast, spoc: Visitor) -> None:
    share = send(cast)
    for path in (f"/shares/{share}/", f"/shares/{share}/correct/"):
        spoc.go(path)
        assert not spoc.page.get_by_text("Printed by").is_visible()
        spoc.page.emulate_media(media="print")
        assert spoc.page.evaluate(LINKS_ON_PAPER) == []
        assert spoc.page.get_by_text("Printed by Josephine Larch").is_visible()
        assert spoc.page.locator('[name="place"][value="in_school"]').count() == path.endswith("correct/")
        assert not spoc.page.locator(".govuk-radios__item:has([value=online])").is_visible()
        spoc.page.emulate_media(media="screen")


def test_one_press_of_a_key_blanks_the_screen_and_one_more_shows_it(spoc: Visitor) -> None:
    spoc.page.keyboard.press("Escape")
    assert not spoc.page.get_by_role("heading", name="Home").is_visible()
    spoc.page.keyboard.press("Escape")
    assert spoc.page.get_by_role("heading", name="Home").is_visible()


def test_going_back_after_sending_opens_an_empty_form(spoc: Visitor) -> None:
    spoc.go("/shares/new/")
    spoc.fill(child_name="Robin Thistle", facts="Showed a folded knife.", occurred="Today at 9 am")
    spoc.choose(place="in_school", purpose="safety", child_told="not_told", parent_told="not_told")
    spoc.fill(child_not_told_why="Gone home.", parent_not_told_why="Not reached yet.")
    spoc.press("Check what you wrote")
    spoc.press("Send")
    spoc.page.go_back()
    assert spoc.page.get_by_role("heading", name="New share").is_visible()
    assert spoc.page.locator('[name="facts"]').input_value() == ""
