"""What the demonstration does for its visitors."""

import datetime as dt
from typing import cast

from django.contrib.auth import authenticate
from django.http import HttpRequest

from schoolgate.access.acting import acting
from schoolgate.access.day_code import sign_in_supply
from schoolgate.access.models import User
from schoolgate.access.services import make_day_code
from schoolgate.access.sign_in import DEMONSTRATION, LAST_FACTOR, sign_in_as
from schoolgate.nonprod.selectors import account_of

SUPPLY_NAME = "Robin Quince"


class NotLoaded(Exception):
    """The partnership is not in the database yet."""


def sign_in(request: HttpRequest, key: str, *, at: dt.datetime) -> None:
    """Sign in as somebody of the cast; supply staff come with the code for the day. Raises NotLoaded."""
    if key == "supply":
        account = cast(User, authenticate(request, day_code=make_code(at=at)))
        sign_in_supply(request, account, name=SUPPLY_NAME, at=at)
    else:
        sign_in_as(request, _account(key), second_factor=True)
        request.session[LAST_FACTOR] = [DEMONSTRATION, 0]


def make_code(*, at: dt.datetime) -> str:
    """Today's code for supply staff, which ends the one before; the head teacher makes it. Raises NotLoaded."""
    with acting(_account("head").pk, page="job:nonprod.make_code") as head:
        return make_day_code(by=head, at=at, school=head.organisations("school")[0])


def _account(key: str) -> User:
    account = account_of(key)
    if account is None:
        raise NotLoaded
    return account
