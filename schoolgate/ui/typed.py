"""What a browser sends, without what no record can keep."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

# The database takes neither NUL nor halves of characters. Nobody types another control; and a mark that turns the
# direction of what follows would have a name read otherwise, and what stands after it: letters have theirs without it.
UNKEEPABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TypedMiddleware:
    """Stands outside whatever reads a form or a cookie: they find only text that the database takes.

    An encoding that no browser sends is answered with 400.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() != "utf-8":
            request.encoding = "utf-8"  # else the page that says so could not be made either
            return render(request, "400.html", status=400)
        request.GET, request.POST = _cleaned(request.GET), _cleaned(request.POST)  # type: ignore[assignment]
        request.COOKIES = {name: keepable(value) for name, value in request.COOKIES.items()}
        return self.get_response(request)


def keepable(text: str) -> str:
    """A text without characters that no record keeps."""
    return UNKEEPABLE.sub("", text)


def _cleaned(typed: QueryDict) -> QueryDict:
    """What was typed, names too; the same object when there is nothing to clean, as nearly always."""
    if not any(UNKEEPABLE.search(text) for name, values in typed.lists() for text in (name, *values)):
        return typed
    clean = QueryDict(mutable=True)
    for name, values in typed.lists():
        clean.setlist(keepable(name), [keepable(value) for value in values])
    clean._mutable = False
    return clean
