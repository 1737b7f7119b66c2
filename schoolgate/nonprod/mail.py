"""In the demonstration no e-mail goes out: each is kept, and shown under /demo/mail/."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from schoolgate.core.clock import now
from schoolgate.core.ids import new_id
from schoolgate.notices.models import Mail

NOBODY = 0


class KeptMail(BaseEmailBackend):
    """Keeps what is to be sent. Those that come with an id of their own are notices', which keep them themselves."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if "Message-ID" not in message.extra_headers:
                self._keep(message)
        return len(email_messages)

    def _keep(self, message: EmailMessage) -> None:
        said = {"subject": message.subject, "text": message.body, "sent_at": now()}
        Mail.objects.bulk_create(Mail(id=new_id(), person=NOBODY, address=address, **said) for address in message.to)
