"""The address of whoever asks, as the web server with TLS in front saw it."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse


class VisitorAddressMiddleware:
    """Take the visitor's address from the web server on this machine, which adds it at the end of X-Forwarded-For.

    Whatever stands before it came from the visitor and counts for nothing. Without it every visitor would have one
    address, and five wrong passwords anywhere would lock an account everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if told and ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback:
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(told))
        return self.get_response(request)
