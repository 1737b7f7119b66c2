"""Pages of the sign-in role: only those of the library's that this product needs, and our own."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as socialaccount
from django.urls import path, re_path

from schoolgate.access import views
from schoolgate.access.day_code import not_for_supply
from schoolgate.access.idle_lock import open_when_locked

# What one changes about one's own account; that of supply staff is nobody's own.
own_account = [
    path("", views.home, name="account_home"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("devices/", views.Devices.as_view(), name="usersessions_list"),
]
for page in own_account:
    page.callback = not_for_supply(page.callback)

urlpatterns = [
    *own_account,
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", open_when_locked(views.SignOut.as_view()), name="account_logout"),
    path("lock/", open_when_locked(views.locked), name="account_lock"),
    path("supply/", open_when_locked(views.supply), name="account_supply"),
    path("school/", open_when_locked(views.school), name="account_school"),
    path("school/stopped/", open_when_locked(socialaccount.login_cancelled), name="socialaccount_login_cancelled"),
    path("school/<str:provider_id>/", open_when_locked(views.school_sign_in), name="openid_connect_login"),
    path("school/<str:provider_id>/back/", open_when_locked(views.school_callback), name="openid_connect_callback"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("second-factor/ask/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
]

# Pages of those who are signed in, with their circles; they stand outside /account/.
pages_of_records = [
    path("day-code/", views.day_code, name="day_code"),
    path("accounts/<int:person>/", views.persons_account, name="persons_account"),
    path("school-sign-in/<int:school>/", views.school_sign_in_setup, name="school_sign_in_setup"),
]
