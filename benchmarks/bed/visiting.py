"""A signed-in person's requests through the WSGI application, in this process."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

CSRF = "benchmark" * 3 + "token"  # 32 letters, as the middleware makes them


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass
class Visitor:
    """Somebody with a session."""

    application: Callable[..., Any]
    session: str
    last: Answer = field(default=Answer(0, b""))

    def get(self, path: str) -> None:
        """Open a page."""
        self._ask("GET", path, b"")

    def post(self, path: str, answers: Mapping[str, str]) -> None:
        """Send a form."""
        self._ask("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **answers}).encode())

    def _ask(self, method: str, address: str, content: bytes) -> None:
        path, _mark, query = address.partition("?")
        environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
        environ |= {"HTTP_COOKIE": f"sessionid={self.session}; csrftoken={CSRF}", "HTTP_HOST": "127.0.0.1"}
        environ |= {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content))}
        environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
        setup_testing_defaults(environ)
        heads: list[str] = []
        response = self.application(environ, lambda status, headers: heads.append(status))
        body = b"".join(response)
        response.close()
        self.last = Answer(int(heads[0].split()[0]), body)


def sign_in(application: Callable[..., Any], account: int) -> Visitor:
    """Make a session of an account, with its second factor, in the database that Django is turned to."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from schoolgate.access.models import User
    from schoolgate.access.sessions import SessionStore
    from schoolgate.access.sign_in import sign_in_as

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    sign_in_as(request, User.objects.get(pk=account), second_factor=True)
    request.session.save()
    return Visitor(application, str(request.session.session_key))
