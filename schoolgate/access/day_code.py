"""Supply staff come with the school's code for the day: they may write, and read nothing."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse

from schoolgate.access.idle_lock import end_at
from schoolgate.access.models import User
from schoolgate.access.services import day_code_digest
from schoolgate.access.sign_in import SUPPLY_NAME, is_supply_account, sign_in_as
from schoolgate.core.clock import now

LASTS = dt.timedelta(hours=2)


class DayCodeBackend(BaseBackend):
    """Finds the school's supply account by today's code; axes counts the wrong ones."""

    def authenticate(self, request: HttpRequest | None, *, day_code: str = "", **others: Any) -> User | None:
        if not day_code:
            return None
        with connection.cursor() as cursor:
            cursor.execute("select * from access_supply_user(%s, %s)", [day_code_digest(day_code), now()])
            found = cursor.fetchone()
        if found is None:
            return None
        account = User.objects.get(pk=found[0])
        account.code_ends_at = found[1]  # type: ignore[attr-defined]
        return account


def not_for_supply(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Close a page about one's own account to the one that all supply staff share: whoever changed it would stay."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        if is_supply_account(request.user):
            raise PermissionDenied
        return view(request, *arguments, **keywords)

    return guarded


def sign_in_supply(request: HttpRequest, account: User, *, name: str, at: dt.datetime) -> None:
    """Let somebody in who came with the code; the session is short and ends with the code's day.

    name: as they gave it, for the concerns that they write.
    """
    sign_in_as(request, account, second_factor=False)
    request.session[SUPPLY_NAME] = name
    end_at(request, min(at + LASTS, account.code_ends_at))  # type: ignore[attr-defined]
