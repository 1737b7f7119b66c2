"""The sign-in pages in a real browser: passkeys, narrow and wide screens, the content security policy."""

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import Connection

from schoolgate.access.tests.browsing import PASSWORD, code_of
from tests.access.world import Town

pytestmark = pytest.mark.usefixtures("committed_database")

WIDTHS = (390, 1280)


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """The product on this computer, by the one name at which a browser allows passkeys without TLS."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/account/login/?next=/records/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def with_passkeys(page: Page) -> None:
    """Give the page a device that answers for its person by fingerprint."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_then_signs_in_alone_and_unlocks(address: str, spoc: str, context: BrowserContext) -> None:
    page = context.new_page()
    with_passkeys(page)
    sign_in(page, address, spoc)
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.goto(f"{address}/records/")
    assert page.locator("body").inner_text() == "records of Spoc"
    page.goto(f"{address}/account/lock/?next=/records/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/records/")
    page.goto(f"{address}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/account/login/?next=/records/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/records/")
    assert page.locator("body").inner_text() == "records of Spoc"


def test_a_passkey_is_also_the_second_factor_after_a_password(address: str, spoc: str, context: BrowserContext) -> None:
    page = context.new_page()
    with_passkeys(page)
    sign_in(page, address, spoc)
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    context.clear_cookies()
    sign_in(page, address, spoc)
    page.get_by_role("heading", name="Now your second factor").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/records/")


def test_a_browser_without_passkeys_says_what_to_do_instead(address: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{address}/account/login/".replace("localhost", "127.0.0.1"))
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("use your password and a code instead").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_sign_in_page_is_accessible_fits_and_keeps_the_policy(
    address: str, spoc: str, town: Town, context: BrowserContext, as_superuser: Connection, width: int
) -> None:
    as_superuser.execute(
        "insert into access_identityprovider (school, name, issuer, tenant, client_id)"
        " values (%s, 'North Test School', 'http://127.0.0.1:1', 'x', 'x')",
        [town.north],
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    look = Look(page, address)

    look("/account/login/", "/account/supply/", "/account/school/?school=north", "/account/password/reset/")
    look("/account/password/reset/sent/", "/account/password/reset/1-x-y/", "/account/password/reset/done/")
    look("/account/inactive/", "/account/school/stopped/")
    page.goto(f"{address}/account/supply/")
    page.get_by_role("button", name="Continue").click()
    look.here()
    sign_in(page, address, spoc)
    look("/account/second-factor/", "/account/second-factor/app/", "/account/passkeys/add/")
    page.goto(f"{address}/account/second-factor/app/")
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".sg-code").inner_text()
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="Finish").click()
    look.here()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Finish").click()
    look.here()
    look("/account/second-factor/", "/account/second-factor/recovery-codes/", "/account/second-factor/app/remove/")
    look("/account/second-factor/recovery-codes/new/", "/account/passkeys/", "/account/devices/")
    look("/account/", "/account/password/change/", "/account/logout/", "/account/reauthenticate/", "/day-code/")
    look("/account/second-factor/reauthenticate/")
    page.goto(f"{address}/day-code/")
    page.get_by_role("button", name="Make today's code").click()
    look.here()
    look("/account/lock/")
    context.clear_cookies()
    sign_in(page, address, spoc)
    look.here()
    context.clear_cookies()
    for _attempt in range(5):
        page.goto(f"{address}/account/login/")
        page.get_by_label("E-mail address").fill(spoc)
        page.get_by_label("Password", exact=True).fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
        look.here()
    assert look.wrong == []
    assert [text for text in complaints if not re.search(r"status of (403|429|404)", text)] == []


class Look:
    """Looks at pages for what automatic checks find, and for anything wider than the screen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.wrong = page, address, []
        self.axe = Axe()

    def __call__(self, *paths: str) -> None:
        for path in paths:
            self.page.goto(self.address + path)
            self.here()

    def here(self) -> None:
        found = self.axe.run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        self.wrong += [(self.page.url, each["id"], each["nodes"][0]["html"]) for each in found]
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.wrong.append((self.page.url, "wider than the screen", ""))
