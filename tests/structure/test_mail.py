"""How e-mail goes out, from one address."""

from typing import Any

from schoolgate.config.environment import read_environment
from schoolgate.config.mail import mail_settings


def settings_of(address: str, demo: str = "0") -> dict[str, Any]:
    found = read_environment({"SCHOOLGATE_SMTP_URL": address, "SCHOOLGATE_DEMO": demo})
    return mail_settings(found.mail, demo=found.demo)


def test_without_an_address_no_e_mail_goes_out() -> None:
    assert settings_of("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def test_the_demonstration_keeps_what_would_have_gone() -> None:
    found = settings_of("smtp://mail.force.example?from=schoolgate@force.example", demo="1")
    assert found == {"EMAIL_BACKEND": "schoolgate.nonprod.mail.KeptMail"}


def test_an_address_names_server_login_and_sender() -> None:
    found = settings_of("smtp://me:p%40ss@mail.force.example?from=schoolgate@force.example")
    assert found["EMAIL_HOST"] == "mail.force.example"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (587, True, False)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "p@ss")
    assert found["DEFAULT_FROM_EMAIL"] == "schoolgate@force.example"


def test_smtps_is_encrypted_from_the_start() -> None:
    found = settings_of("smtps://me:pass@mail.force.example?from=schoolgate@force.example")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (465, False, True)
