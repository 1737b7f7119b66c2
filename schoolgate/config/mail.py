"""How e-mail goes out."""

from typing import Any

from schoolgate.config.environment import MailServer


def mail_settings(server: MailServer | None, *, demo: bool = False) -> dict[str, Any]:
    """Django's settings; without a server no e-mail goes out, and the demonstration keeps what would have gone."""
    if demo:
        return {"EMAIL_BACKEND": "schoolgate.nonprod.mail.KeptMail"}
    if server is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_TLS": not server.encrypted and bool(server.user),
        "EMAIL_USE_SSL": server.encrypted,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": server.sender,
    }
