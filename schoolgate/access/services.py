"""Making accounts, taking second factors back, and the codes for supply staff."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from schoolgate.access.models import AccountMail, User
from schoolgate.access.permissions import require
from schoolgate.access.policies import may_look_after_accounts, may_make_day_code
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.ids import new_id

SEND_ACCOUNT_MAIL = "access.send_account_mail"
LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # none that looks or sounds like another on a whiteboard
CODE_LENGTH = 8


class NoAddress(Exception):
    """The person has no e-mail address in the directory."""


class AddressTaken(Exception):
    """Another account has the person's e-mail address."""


class ProviderThere(Exception):
    """The school has this tenant of this issuer already."""


def invite(*, by: Viewer, at: dt.datetime, person: int) -> int:
    """Make the person's account if they have none, and e-mail a link that sets the password once.

    Gives the account's id. Raises PermissionDenied, NoAddress, AddressTaken.
    """
    require(may_look_after_accounts, by)
    try:
        with transaction.atomic():
            account = _ask("select access_make_account(%s)", person)
    except IntegrityError as error:
        raise AddressTaken from error
    if account is None:
        raise NoAddress
    tell_account(account, AccountMail.INVITATION)
    return int(account)


def tell_account(user: int, mail: AccountMail) -> None:
    """Have an e-mail sent about an account, by the worker: signing in waits for no mail server."""
    app.configure_task(SEND_ACCOUNT_MAIL).defer(user=user, mail=mail)


def send_account_mail(user: int, mail: AccountMail) -> None:
    """Send it now, as the sign-in role; an invitation only to somebody who has no password yet."""
    account = User.objects.filter(pk=user, is_active=True).first()
    if account is None or (mail == AccountMail.INVITATION and account.has_usable_password()):
        return
    link = password_link(account) if mail in (AccountMail.INVITATION, AccountMail.RESET) else ""
    text = render_to_string("account/email.txt", {"what": mail.label, "link": link})
    send_mail(_("Your account in Schoolgate"), text, None, [account.email])


def password_link(account: User) -> str:
    """A link that sets the account's password, once, within three days."""
    key = default_token_generator.make_token(account)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": key})
    return settings.BASE_ADDRESS + path


def reset_second_factor(*, by: Viewer, at: dt.datetime, user: int, reason: str) -> None:
    """Take away somebody's second factors and end their sessions: they set one up at the next sign-in.

    It is logged with the reason. Raises PermissionDenied.
    """
    require(may_look_after_accounts, by)
    _ask("select access_reset_second_factor(%s)", user)
    note(Operation.ERASURE, "mfa.authenticator", [], controller=0, reason=f"account {user}: {reason}")


def add_provider(*, by: Viewer, at: dt.datetime, school: int, name: str, issuer: str, tenant: str, client: str) -> None:
    """Let a school's staff sign in with its own tenant at Google or Microsoft.

    issuer, tenant: exactly as the provider's tokens say them. client: the product's id there; its secret
    comes from the environment (see settings). Raises PermissionDenied, ProviderThere.
    """
    require(may_look_after_accounts, by)
    try:
        with transaction.atomic():
            _ask("select access_add_provider(%s, %s, %s, %s, %s)", school, name, issuer, tenant, client)
    except IntegrityError as error:
        raise ProviderThere from error


def remove_provider(*, by: Viewer, at: dt.datetime, school: int, provider: int) -> None:
    """End a school's own sign-in and whatever is bound to it. Raises PermissionDenied."""
    require(may_look_after_accounts, by)
    _ask("select access_remove_provider(%s, %s)", school, provider)


def make_day_code(*, by: Viewer, at: dt.datetime, school: int) -> str:
    """Make today's code for supply staff of a school; it is told once, ends at midnight and ends the one before.

    Raises PermissionDenied.
    """
    require(may_make_day_code, by, school)
    code, row = "".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH)), new_id()
    tomorrow = london_day(at) + dt.timedelta(days=1)
    midnight = dt.datetime.combine(tomorrow, dt.time(), LONDON)
    controller = _ask(
        "select access_make_day_code(%s, %s, %s, %s, %s)", row, school, day_code_digest(code), at, midnight
    )
    note(Operation.COLLECTION, "access.daycode", [row], controller=controller)
    return f"{code[:4]}-{code[4:]}"


def day_code_digest(code: str) -> str:
    """What is kept of a code, however it was typed."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), b"day code:" + typed.encode(), hashlib.sha256).hexdigest()


def _ask(query: str, *values: str | int | dt.datetime | UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None
