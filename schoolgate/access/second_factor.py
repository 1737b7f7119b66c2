"""Whoever reads others' records gives a second factor; until then only its set-up is open to them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from schoolgate.access.held import held_of, offer
from schoolgate.access.sign_in import passed_second_factor
from schoolgate.access.viewer import Viewer

# These see only their own concerns; every other role reads what others wrote.
ROLES_WITHOUT_SECOND_FACTOR = frozenset({"staff", "supply"})


def needs_second_factor(viewer: Viewer) -> bool:
    """Whether one of the viewer's roles reads others' records."""
    return any(standing.role not in ROLES_WITHOUT_SECOND_FACTOR for standing in viewer.standings)


class SecondFactorMiddleware:
    """Stands inside CirclesMiddleware, which knows the viewer; pages of the sign-in role pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = getattr(request, "viewer", None)
        if viewer and needs_second_factor(viewer) and not passed_second_factor(request):
            held = held_of(request)
            return offer(request, held, signed_in=False, status=403) if held else redirect("mfa_index")
        return self.get_response(request)
