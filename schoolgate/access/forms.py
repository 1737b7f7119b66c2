"""The forms of the sign-in library in this product's words, and our own."""

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.app_settings import TOTP_PERIOD, TOTP_TOLERANCE
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schoolgate.ui import forms as ui
from schoolgate.ui.parsing import complain_unless

Words = str | Promise
NEW_PASSWORD: dict[str, tuple[Words, Words]] = {
    "password1": (_("New password"), _("Enter a new password")),
    "password2": (_("New password again"), _("Enter the new password again")),
}

# How long a code from an authenticator app is accepted, from its first second to its last.
CODE_ACCEPTED = TOTP_PERIOD * (2 * TOTP_TOLERANCE + 1)


class _Reworded(forms.Form):
    """Gives each field named in `words` its label, and what to do when it is empty."""

    words: ClassVar[dict[str, tuple[Words, Words]]]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, (label, missing) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""  # type: ignore[assignment]
            field.error_messages["required"] = missing  # type: ignore[assignment]
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_Reworded, account.LoginForm):
    words = {
        "login": (_("E-mail address"), _("Enter your e-mail address")),
        "password": (_("Password"), _("Enter your password")),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["invalid"] = _("Enter an e-mail address like name@example.org")


class ReauthenticateForm(_Reworded, account.ReauthenticateForm):
    words = {"password": (_("Password"), _("Enter your password"))}


class ChangePasswordForm(_Reworded, account.ChangePasswordForm):
    words = {"oldpassword": (_("Password now"), _("Enter the password that you have now"))} | NEW_PASSWORD


class ResetPasswordForm(_Reworded, account.ResetPasswordForm):
    words = {"email": (_("E-mail address"), _("Enter your e-mail address"))}


class ResetPasswordKeyForm(_Reworded, account.ResetPasswordKeyForm):
    words = NEW_PASSWORD


class _UsedOnce(_Reworded, mfa.BaseAuthenticateForm):
    """Refuses a code that was used before, for as long as the code would be accepted."""

    words = {"code": (_("Code"), _("Enter the code from your authenticator app, or a recovery code"))}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if not cache.add(f"code-used:{self.user.pk}:{code.replace(' ', '')}", "", timeout=CODE_ACCEPTED):
            raise mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_UsedOnce, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(_UsedOnce, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_Reworded, totp.ActivateTOTPForm):
    words = {"code": (_("Code that the app shows"), _("Enter the code that the app shows"))}


class AddPasskeyForm(_Reworded, webauthn.AddWebAuthnForm):
    words = {"name": (_("A name for this device"), _("Enter a name for this device"))}


class UnlockForm(ui.Form):
    password = ui.PasswordField(label=_("Password"), missing=_("Enter your password"))


class SupplyForm(ui.Form):
    code = ui.TextField(
        label=_("Today's code"),
        hint=_("From the school office. It looks like ABCD-EFGH."),
        missing=_("Enter today's code"),
        longest=20,
        width=10,
    )
    name = ui.TextField(
        label=_("Your name"),
        hint=_("So that the school knows who to ask about what you write."),
        missing=_("Enter your name"),
        longest=100,
    )


class SchoolForm(ui.Form):
    school = ui.TextField(label=_("Your school"), hint=_("Part of its name: three letters or more."))


class ReasonForm(ui.Form):
    reason = ui.TextField(
        label=_("Why?"),
        hint=_("For example: lost the phone; checked by ringing back. It is logged with your name."),
        missing=_("Say why, and how you made sure who asks"),
    )


class ProviderForm(ui.Form):
    issuer = ui.TextField(
        label=_("Issuer"),
        hint=_("Google: https://accounts.google.com. Microsoft: https://login.microsoftonline.com/TENANT-ID/v2.0"),
        missing=_("Enter the issuer"),
    )
    tenant = ui.TextField(
        label=_("Tenant"),
        hint=_("Google: the school's domain. Microsoft: the tenant id. Pupils in it do not get in."),
        missing=_("Enter the tenant"),
    )
    client = ui.TextField(label=_("Client id"), missing=_("Enter the client id"))

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        complain_unless(issuer.startswith("https://"), str(_("Enter an address that begins with https://")))
        return issuer
