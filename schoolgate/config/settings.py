"""Settings of the web server and the worker: they connect as the sign-in role, never as owner."""

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from schoolgate.config.environment import REPOSITORY, read_environment
from schoolgate.config.mail import mail_settings
from schoolgate.config.roles import database_settings

ENVIRONMENT = read_environment()

SECRET_KEY = ENVIRONMENT.secrets.django_secret_key
DEBUG = False
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
BASE_ADDRESS = ENVIRONMENT.address
SECURE = BASE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "schoolgate.config",
    *(["schoolgate.nonprod"] if DEMO else []),
    "schoolgate.insight",
    "schoolgate.governance",
    "schoolgate.planning",
    "schoolgate.concerns",
    "schoolgate.exchange",
    "schoolgate.partnership",
    "schoolgate.deployment",
    "schoolgate.children",
    "schoolgate.notices",
    "schoolgate.drafts",
    "schoolgate.directory",
    "schoolgate.access",
    "schoolgate.audit",
    "schoolgate.ui",
    "schoolgate.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "schoolgate.config.logs.RequestIdMiddleware",
    "schoolgate.access.visitor.VisitorAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "schoolgate.access.shared_computer.SharedComputerMiddleware",
    "csp.middleware.CSPMiddleware",
    "schoolgate.ui.typed.TypedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "schoolgate.access.idle_lock.IdleLockMiddleware",
    "schoolgate.access.middleware.CirclesMiddleware",
    "schoolgate.access.second_factor.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "schoolgate.config.urls"
WSGI_APPLICATION = "schoolgate.config.wsgi.application"
DATABASES = {"default": database_settings(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "schoolgate.config.jinja.environment",
            "context_processors": ["schoolgate.config.context.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]  # Welsh ("cy") returns with its catalogue: without one its pages are English
USE_I18N = len(LANGUAGES) > 1  # else every word would be looked up in four catalogues that lack it
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
STATICFILES_DIRS = [path for path in [REPOSITORY / "build" / "assets"] if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

SUPPORT_CONTACT = ENVIRONMENT.support
IDLE_MINUTES = ENVIRONMENT.idle_minutes
OIDC_SECRETS = ENVIRONMENT.sign_in_secrets
SENDS_MAIL = ENVIRONMENT.mail is not None
globals().update(mail_settings(ENVIRONMENT.mail, demo=DEMO))

# Refusals are in the access log; here stand failures, without what anybody wrote (see logs).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"place": {"()": "schoolgate.config.logs.PlaceFormatter"}},
    "handlers": {"place": {"class": "logging.StreamHandler", "formatter": "place"}},
    "root": {"handlers": ["place"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

from schoolgate.access.settings import *  # noqa: E402, F403  # sign-in, kept beside the code it configures
from schoolgate.notices.settings import *  # noqa: E402, F403  # jobs
