"""How people sign in."""

import datetime as dt

AUTH_USER_MODEL = "access.User"
SESSION_ENGINE = "schoolgate.access.sessions"
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "schoolgate.access.views.stale"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "schoolgate.access.day_code.DayCodeBackend",
]

# Counts of failed codes and codes already used, seen by every process of the web server.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}

# Accounts are made by administrators; nobody signs up.
ACCOUNT_ADAPTER = "schoolgate.access.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
# Passwords are counted by axes alone; what remains here bounds codes, resets and changes.
ACCOUNT_RATE_LIMITS = {"login": None}
ACCOUNT_FORMS = {
    "login": "schoolgate.access.forms.LoginForm",
    "reauthenticate": "schoolgate.access.forms.ReauthenticateForm",
    "change_password": "schoolgate.access.forms.ChangePasswordForm",
    "reset_password": "schoolgate.access.forms.ResetPasswordForm",
    "reset_password_from_key": "schoolgate.access.forms.ResetPasswordKeyForm",
}

MFA_ADAPTER = "schoolgate.access.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator who made the account vouches for the address
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Schoolgate"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "schoolgate.access.forms.AuthenticateForm",
    "reauthenticate": "schoolgate.access.forms.ReauthenticateByCodeForm",
    "add_webauthn": "schoolgate.access.forms.AddPasskeyForm",
    "activate_totp": "schoolgate.access.forms.ActivateTOTPForm",
}

SOCIALACCOUNT_ADAPTER = "schoolgate.access.school_account.SchoolAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: a form that leads elsewhere is refused by the content security policy

AXES_FAILURE_LIMIT = "schoolgate.access.lockout.failures_allowed"
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page names stays true
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "schoolgate.access.lockout.name_tried"
AXES_LOCKOUT_CALLABLE = "schoolgate.access.lockout.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_SENSITIVE_PARAMETERS = ["code", "name"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
