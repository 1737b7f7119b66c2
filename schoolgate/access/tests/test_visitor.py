"""Behind a web server with TLS, each visitor keeps the address that it saw."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from schoolgate.access.visitor import VisitorAddressMiddleware


@pytest.mark.parametrize(
    ("came_from", "forwarded", "visitor"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
    ],
)
def test_the_last_address_that_the_web_server_in_front_names_is_the_visitors(
    came_from: str, forwarded: str, visitor: str
) -> None:
    def seen(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    request = RequestFactory().get("/", REMOTE_ADDR=came_from, headers={"X-Forwarded-For": forwarded})
    assert VisitorAddressMiddleware(seen)(request).content.decode() == visitor
