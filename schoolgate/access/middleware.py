"""The outermost layer about records: enter the circles, answer, write the log, then let go."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from schoolgate.access.acting import enter
from schoolgate.access.held import held_of, offer
from schoolgate.access.sign_in import SIGN_IN_PATHS
from schoolgate.audit.notes import Notes, collecting
from schoolgate.ui.typed import keepable

FRONT_PAGE = "/"
# Pages for strangers too, who are in no circle: the way in, and whether a copy of an agreement is one of ours.
OPEN_PAGES = (FRONT_PAGE, "/agreements/check/")


class _RolledBack(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class CirclesMiddleware:
    """Open a transaction, enter the person's circles, and commit only with the access log written.

    An answer of 400 or above rolls back; its log is written in a fresh transaction first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(SIGN_IN_PATHS):
            return self.get_response(request)
        user = request.user.pk  # read as the sign-in role, before the transaction takes its role
        if user is None and request.path_info not in OPEN_PAGES:
            return ask_to_sign_in(request)
        with collecting(keepable(request.path_info)) as notes:
            try:
                return self._answer(request, user, notes)
            except _RolledBack as rolled_back:
                self._log_afresh(user, notes, rolled_back.response.status_code)
                return rolled_back.response

    def _answer(self, request: HttpRequest, user: int | None, notes: Notes) -> HttpResponse:
        with transaction.atomic():
            request.viewer = enter(user)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.streaming:
                raise RuntimeError("An answer about records is never streamed before its log is written.")
            if response.status_code >= 400:
                raise _RolledBack(response)
            notes.page = request.resolver_match.view_name if request.resolver_match else notes.page
            notes.write()
        return response

    def _log_afresh(self, user: int | None, notes: Notes, status: int) -> None:
        with transaction.atomic():
            enter(user)
            notes.write(refused=status)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, and keep what was sent."""
    if held := held_of(request):
        return offer(request, held, signed_in=False, status=403)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else FRONT_PAGE)
