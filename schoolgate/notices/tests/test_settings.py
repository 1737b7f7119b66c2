"""How e-mail goes out, from one address."""

from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from schoolgate.notices.services import Envelope, write_message
from schoolgate.notices.settings import mail_settings

ENVELOPE = Envelope(id=UUID(int=7), person=1, address="ada@force.example", kinds=("share.sent",), notices=())


def test_without_an_address_no_e_mail_goes_out() -> None:
    assert mail_settings("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def test_an_address_names_server_login_and_sender() -> None:
    found = mail_settings("smtp://me:p%40ss@mail.force.example?from=schoolgate@force.example")
    assert found["EMAIL_HOST"] == "mail.force.example"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (587, True, False)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "p@ss")
    assert found["DEFAULT_FROM_EMAIL"] == "schoolgate@force.example"


def test_smtps_is_encrypted_from_the_start() -> None:
    found = mail_settings("smtps://me:pass@mail.force.example?from=schoolgate@force.example")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (465, False, True)


@pytest.mark.parametrize(
    "wrong",
    [
        "mail.force.example",
        "https://me:secret@mail.force.example:99?from=a@b.example",
        "smtp://me:secret@mail.force.example",
        "smtp://me:secret@mail.force.example:post?from=a@b.example",
        "smtp://?from=a@b.example",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_the_password(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SCHOOLGATE_SMTP_URL must look like") as refused:
        mail_settings(wrong)
    assert "secret" not in str(refused.value)


def test_the_same_e_mail_always_has_the_same_message_id() -> None:
    first, second = write_message(ENVELOPE), write_message(ENVELOPE)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].startswith("<00000000-0000-0000-0000-000000000007@")
