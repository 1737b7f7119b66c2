"""Every e-mail of the demonstration stands on its page, once."""

import pytest
from django.test import Client, override_settings

from schoolgate.access.models import AccountMail
from schoolgate.access.services import send_account_mail
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import send
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.services import people_to_digest, send_digest

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture(autouse=True)
def kept() -> object:
    with override_settings(EMAIL_BACKEND="schoolgate.nonprod.mail.KeptMail"):
        yield


def test_a_link_to_a_new_password_is_kept(cast: Cast) -> None:
    send_account_mail(cast.user("spoc"), AccountMail.RESET)
    shown = Client().get("/demo/mail/").text
    assert "Your account in Schoolgate" in shown
    assert "/account/" in shown


def test_what_notices_keep_themselves_is_kept_once(cast: Cast) -> None:
    before = kept_mails()
    send(cast)
    told = people_to_digest()
    for person in told:
        send_digest(person, day=now().date(), at=now())
    assert kept_mails() == before + len(told)


def kept_mails() -> int:
    return Client().get("/demo/mail/").text.count("There is something for you in Schoolgate.")
