"""A form that was sent by somebody who may not send it just now comes back inside a page, and nothing is lost.

That is so on a locked session, without any, and with a token of an earlier one. Nothing of it is kept on the
server, and it never sends itself: its person does, to a page that looks again who may do what.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from schoolgate.access.sign_in import SIGN_IN_PATHS
from schoolgate.ui.forms import TYPED_BY

LONGEST_HELD = 500_000  # characters; more than the longest form


@dataclass(frozen=True)
class Held:
    """A form that was sent, on its way through the page that asks who is there."""

    path: str
    content: str

    @property
    def typed_by(self) -> str:
        """The account that the form was shown to; nothing where it does not say."""
        return QueryDict(self.content).get(TYPED_BY, "")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Names and values, as they were sent."""
        content = QueryDict(self.content)
        return [(name, value) for name, values in content.lists() for value in values]


def held_of(request: HttpRequest) -> Held | None:
    """What was just sent to a page of records; nothing that another site sent, and no passwords."""
    if request.method != "POST" or request.path_info.startswith(SIGN_IN_PATHS) or not _is_from_here(request):
        return None
    content = request.POST.copy()
    content.pop("csrfmiddlewaretoken", None)
    held = Held(request.get_full_path(), content.urlencode())
    return held if len(held.content) <= LONGEST_HELD and is_ours(request, held.path) else None


def held_from(request: HttpRequest) -> Held | None:
    """The held form that came with the password, if there is one and it goes to a page of ours."""
    held = Held(request.POST.get("held_path", ""), request.POST.get("held", ""))
    return held if held.content and is_ours(request, held.path) else None


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address is one of this site's, from its root: `redirect` would take other words for a view's name."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )


def offer(request: HttpRequest, held: Held, *, signed_in: bool, status: int) -> HttpResponse:
    """The page that offers a held form for sending, after signing in elsewhere where that is needed.

    On a shared computer somebody else may have signed in since: what another typed is neither shown nor offered.
    """
    if signed_in and held.typed_by not in ("", str(request.user.pk)):
        return render(request, "account/anothers.html", status=403)
    return render(request, "account/held.html", {"held": held, "is_signed_in": signed_in}, status=status)


def _is_from_here(request: HttpRequest) -> bool:
    """Browsers say where a form was; else another site could put words into somebody's mouth."""
    return request.headers.get("Origin") in (None, f"{request.scheme}://{request.get_host()}")
