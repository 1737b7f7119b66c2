"""Mail and jobs.

SCHOOLGATE_SMTP_URL says how e-mail goes out: smtp://user:password@host:587?from=schoolgate@force.example
(STARTTLS) or smtps:// (TLS from the start). Without it no e-mail goes out; the demonstration keeps a page of
what would have gone.
"""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 587, "smtps": 465}


def mail_settings(address: str) -> dict[str, Any]:
    """Take an SMTP address, give Django's settings; no address means that no e-mail goes out.

    Raises ImproperlyConfigured, which never repeats the address: it holds a password.
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    try:
        parts = urlsplit(address)
        usual_port, port, sender = PORTS[parts.scheme], parts.port, parse_qs(parts.query)["from"][0]
        if not parts.hostname:
            raise ValueError("no host")
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            "SCHOOLGATE_SMTP_URL must look like smtp://user:password@host:587?from=schoolgate@force.example"
        ) from None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
    }


# The demonstration's people have invented addresses: nothing is ever sent to them.
MAIL_ADDRESS = "" if os.environ.get("SCHOOLGATE_DEMO") == "1" else os.environ.get("SCHOOLGATE_SMTP_URL", "")
globals().update(mail_settings(MAIL_ADDRESS))

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
