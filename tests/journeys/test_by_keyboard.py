"""The main job by keyboard alone: every field and button is reached by Tab, and shows that it has the focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Visitor, Visitors

MOST_TABS = 80
FOCUSED = "document.activeElement"
SHOWS_FOCUS = """() => {
    const shows = (style) => style.outlineStyle !== "none" || style.boxShadow !== "none";
    const has = document.activeElement, label = document.querySelector(`label[for="${has.id}"]`);
    return shows(getComputedStyle(has)) || (label !== null && shows(getComputedStyle(label, "::before")));
}"""


class Typist:
    """Somebody who never touches a mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def reach(self, holds: str) -> None:
        """Press Tab until a JavaScript expression on the focused element (`it`) holds."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(f"(({{it}}) => {holds})({{it: {FOCUSED}}})"):
                assert self.page.evaluate(SHOWS_FOCUS), f"no focus to see: {holds} on {self.page.url}"
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never reached: {holds} on {self.page.url}")

    def type(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.reach(f'it.name === "{name}"')
            self.page.keyboard.type(answer)

    def choose(self, **answers: str) -> None:
        """Reach the radio buttons by Tab, and go to the answer by the arrow keys."""
        for name, answer in answers.items():
            self.reach(f'it.name === "{name}"')
            self.page.keyboard.press("Space")
            while self.page.evaluate(f"{FOCUSED}.value") != answer:
                self.page.keyboard.press("ArrowDown")

    def press(self, words: str) -> None:
        self.reach(f'it.matches("button, a") && it.innerText.trim() === "{words}"')
        with self.page.expect_event("load"):
            self.page.keyboard.press("Enter")
        self.visitor.is_accessible()


@pytest.fixture
def visitors(chromium: Browser, server: str) -> Iterator[Visitors]:
    yield Visitors(chromium, server, 1280, scripts=True)
    for context in chromium.contexts:
        context.close()


def raise_concern(teacher: Typist) -> None:
    teacher.press("Raise a concern")
    teacher.choose(about="child", in_danger="no")
    teacher.type(child_name="Kit Example, 9B", seen="Kit told me that two pupils wait with a knife.")
    teacher.reach('it.name === "day"')
    teacher.page.keyboard.press("Space")
    teacher.choose(place="way", others="no")
    teacher.press("Continue")
    teacher.press("Send")


def share(spoc: Typist) -> None:
    spoc.press("Triage")
    spoc.press("Kit Example, 9B")
    spoc.choose(becomes="sharing")
    spoc.press("Decide")
    spoc.choose(purpose="safety", child_told="not_told")
    spoc.type(child_not_told_why="Gone home.")
    spoc.choose(parent_told="not_told")
    spoc.type(parent_not_told_why="Not reached yet.", author_told="It was passed on to the officer.")
    spoc.press("Check what you wrote")
    spoc.press("Send")


def test_teacher_spoc_and_officer_need_no_mouse(visitors: Visitors) -> None:
    # Given people who use the keyboard alone
    teacher, spoc, officer = (Typist(visitors.sign_in(key)) for key in ("teacher", "spoc", "officer"))

    # When a concern is raised and shared
    raise_concern(teacher)
    share(spoc)

    # Then the officer takes it up
    officer.press("Shares")
    officer.press("Kit Example, 9B")
    officer.press("Acknowledge")
    officer.visitor.reads("Say what will be done")
