"""Where the sign-in library asks what this product wants."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.access.models import AccountMail, User
from schoolgate.access.services import tell_account
from schoolgate.access.sign_in import is_supply_account
from schoolgate.core.clock import now

# What the library calls its notices, and what ours are.
TOLD = {
    "account/email/password_changed": AccountMail.PASSWORD,
    "account/email/password_reset": AccountMail.PASSWORD,
    "mfa/email/totp_activated": AccountMail.APP_ADDED,
    "mfa/email/totp_deactivated": AccountMail.APP_REMOVED,
    "mfa/email/webauthn_added": AccountMail.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": AccountMail.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": AccountMail.RECOVERY_CODES,
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; failed passwords are counted by axes alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both and try again"),
        "incorrect_password": _("That is not your password. Try again"),
        "enter_current_password": _("That is not your password. Try again"),
        "incorrect_code": _("That code is not right, or was used before. Wait for the next one and try again"),
        "too_many_login_attempts": _("Too many wrong codes. Wait five minutes, then try again"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Nothing but the code for the day opens the account of supply staff."""
        if is_supply_account(user):
            raise PermissionDenied
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: axes does."""

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        tell_account(user.pk, AccountMail.RESET)

    def send_notification_mail(self, template_prefix: str, user: User, *others: Any, **more: Any) -> None:
        tell_account(user.pk, TOLD[template_prefix])

    def reauthenticate(self, user: User, password: str) -> bool:
        return authenticate(self.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who signed in moments ago is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(now().timestamp() - record["at"] < REAUTHENTICATION_TIMEOUT for record in records)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors unreadable to whoever copies the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("My device")

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
