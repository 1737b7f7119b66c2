"""What the server's own log says of a failure: its type and place, never a value.

The message of an error, and above all of a database error, may hold what somebody wrote or a child's name.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from schoolgate.config.environment import REPOSITORY


class RequestIdMiddleware:
    """The outermost layer: gives each request an id, which its answer carries and a failure is logged with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class PlaceFormatter(logging.Formatter):
    """One line: when, how bad, who says so, what failed where, on which page, in which request."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        what = "; caused by ".join(_failures(error)) if error else str(record.msg)
        parts = [self.formatTime(record), record.levelname, record.name, what, *_request(record)]
        return " ".join(" ".join(part.split()) for part in parts)


def _failures(error: BaseException | None) -> Iterator[str]:
    """An error and what it came from, each by its type and place."""
    while error:
        yield f"{type(error).__module__}.{type(error).__qualname__} at {_place(error)}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _place(error: BaseException) -> str:
    """Where it was raised, and the last line of ours on the way there."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    ours = [frame for frame in frames if frame.startswith(str(REPOSITORY / "schoolgate"))]
    return " from ".join(_short(place) for place in dict.fromkeys([*frames[-1:], *ours[-1:]])) or "no place"


def _short(place: str) -> str:
    return place.removeprefix(f"{REPOSITORY}/")


def _request(record: logging.LogRecord) -> list[str]:
    """The name of the page and the id of the request, where there is one."""
    request = getattr(record, "request", None)
    route = getattr(getattr(request, "resolver_match", None), "view_name", None)
    return [f"page={route or 'none'}", f"request={getattr(request, 'id', 'none')}"] if request else []
