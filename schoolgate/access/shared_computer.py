"""Nothing of a page stays in the browser of a computer that others use."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SharedComputerMiddleware:
    """Lets no answer be kept; static files, which say nothing, are answered further out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def clear_browser(response: HttpResponse) -> HttpResponse:
    """Tell the browser to forget what it keeps of this product."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
