"""A browser, and the product to point it at."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

WIDER_THAN_THE_WINDOW = """document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > window.innerWidth)
        .map(e => `${e.tagName} ${e.className} ${e.name || ""}`)"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def server(committed_database: str, cast: object) -> Iterator[str]:
    """The product on loopback, with a database of its own; yields its address."""
    from django.test.testcases import LiveServerThread

    # The product serves its own styles and scripts; Django's handler for tests would answer 404 before it.
    thread = LiveServerThread("127.0.0.1", lambda handler: handler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@dataclass
class Visitor:
    """Somebody of the cast with a window of their own."""

    page: Page
    server: str
    scripts: bool

    def go(self, path: str) -> None:
        self.page.goto(self.server + path)
        self.is_accessible()

    def fill(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.page.locator(f'[name="{name}"]').first.fill(answer)

    def choose(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.page.locator(f'input[name="{name}"][value="{answer}"]').check()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
        self.page.wait_for_load_state()
        self.is_accessible()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        self.is_accessible()

    def reads(self, words: str) -> None:
        assert words in self.page.inner_text("body"), f"{words!r} is not on {self.page.url}"

    def does_not_read(self, words: str) -> None:
        assert words not in self.page.inner_text("body"), f"{words!r} is on {self.page.url}"

    def is_accessible(self) -> None:
        """Axe finds nothing, nothing runs off sideways, and there is one heading of the first level."""
        assert self.page.evaluate(WIDER_THAN_THE_WINDOW) == [], self.page.url
        assert self.page.locator("h1").count() == 1, self.page.url
        if not self.scripts:  # axe is a script
            return
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"


@dataclass
class Visitors:
    """Opens a window for anybody of the cast, at one width, with scripts or without."""

    browser: Browser
    server: str
    width: int
    scripts: bool

    def sign_in(self, persona: str) -> Visitor:
        visitor = self.open_window()
        response = visitor.page.request.post(f"{self.server}/demo/sign-in", form={"persona": persona})
        assert response.ok
        visitor.go("/")
        return visitor

    def open_window(self) -> Visitor:
        context = self.browser.new_context(
            viewport={"width": self.width, "height": 840}, java_script_enabled=self.scripts
        )
        context.set_default_timeout(15_000)
        return Visitor(context.new_page(), self.server, self.scripts)


@pytest.fixture(params=[(390, True), (1280, True), (390, False)], ids=["phone", "desk", "phone without scripts"])
def visitors(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Visitors]:
    width, scripts = request.param
    yield Visitors(chromium, server, width, scripts)
    for context in chromium.contexts:
        context.close()
