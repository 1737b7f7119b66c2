"""Every page, opened by somebody who may: axe finds nothing, nothing runs off sideways, one heading stands first."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.access.addresses import ADDRESSES, ANONYMOUS
from tests.access.test_urls import address, records  # noqa: F401  # a fixture
from tests.journeys.conftest import Visitor, Visitors

FOR_STRANGERS = ("/", "/account/login/", "/account/supply/", "/account/password/reset/", "/demo/", "/demo/mail/")


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def visitors(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Visitors]:
    yield Visitors(chromium, server, request.param, scripts=True)
    for context in chromium.contexts:
        context.close()


def test_no_page_keeps_anybody_out(visitors: Visitors, records: dict[str, Any]) -> None:  # noqa: F811
    faults = [fault for visitor, path in pages(visitors, records) if (fault := fault_of(visitor, path))]
    assert faults == [], "\n\n".join(faults)


def pages(visitors: Visitors, records: dict[str, Any]) -> Iterator[tuple[Visitor, str]]:  # noqa: F811
    """Each page with one person who may open it; each of them signs in once."""
    stranger = visitors.open_window()
    yield from ((stranger, path) for path in FOR_STRANGERS)
    inside: dict[str, Visitor] = {}
    for name, row in ADDRESSES.items():
        key = min(row.may - {ANONYMOUS})
        if not row.posts:
            inside[key] = inside.get(key) or visitors.sign_in(key)
            yield inside[key], address(name, row, records)


def fault_of(visitor: Visitor, path: str) -> str:
    """What is wrong with a page, in words; a file to download is no page."""
    answer = visitor.page.request.get(visitor.server + path)
    if not answer.headers["content-type"].startswith("text/html"):
        return ""
    try:
        visitor.go(path)
    except AssertionError as fault:
        return f"{path}: {fault}"
    return ""
