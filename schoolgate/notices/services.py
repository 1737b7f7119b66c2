"""Telling people that something waits for them: in the product, and by e-mail without content."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from schoolgate.access.viewer import Viewer
from schoolgate.core.protected import Protected
from schoolgate.notices.models import AT_ONCE, SUBJECTS, Mail, MailedNotice, Notice, NoticeKind

SEND_NOTICE, SEND_DIGEST = "notices.send_notice", "notices.send_digest"
DIGESTS = UUID("6f0cbb2e-7d0a-4d0c-9a53-6b7f3a6a1f10")  # a name space of our own for the ids of digests


def tell(
    *,
    by: Viewer,
    at: dt.datetime,
    notice: NoticeKind,
    record: Protected,
    page: str,
    to: Iterable[int],
    again: bool = True,
) -> list[UUID]:
    """Tell people (ids) of a record: a notice each, and an e-mail at once or in the day's digest. Gives the notices.

    Nobody is told who is barred from the record, who did it themselves (`by`), or who belongs nowhere now.
    `page` is the address within the product that the notice opens. again: also whoever has not yet seen a notice of
    this kind that opens this page.
    Raises ProgrammingError (database) when `by` neither made the record nor may read it.
    """
    at_once = notice in AT_ONCE
    telling = "notices_tell" if again else "notices_tell_once"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {telling}(%s::int[], %s, %s, %s::regclass, %s, %s, %s)",
            [sorted(set(to)), notice, at_once, record._meta.db_table, record.pk, page, at],
        )
        made = [row[0] for row in cursor.fetchall()]
    if made and at_once:
        jobs: list[dict[str, JSONValue]] = [{"notice": str(each)} for each in made]
        app.configure_task(SEND_NOTICE).batch_defer(*jobs)
    return made


def mark_seen(*, by: Viewer, at: dt.datetime, notice: UUID) -> str:
    """Mark one of the person's notices as seen; gives the address that it opens. Raises Http404 for another's."""
    found = Notice.objects.filter(pk=notice).only("page").first()
    if found is None:
        raise Http404
    Notice.objects.filter(pk=notice, seen_at__isnull=True).update(seen_at=at)
    return found.page


def mark_all_seen(*, by: Viewer, at: dt.datetime) -> int:
    """Mark all of the person's notices as seen; gives how many were new."""
    return Notice.objects.filter(seen_at__isnull=True).update(seen_at=at)


@dataclass(frozen=True)
class Envelope:
    """Whom an e-mail is for, and which kinds of thing it tells of."""

    id: UUID
    person: int
    address: str
    kinds: tuple[str, ...]
    notices: tuple[UUID, ...]


def send_notice(notice: UUID, *, at: dt.datetime) -> bool:
    """Send the e-mail of one notice, unless it went before or is no longer due. Gives whether it went now."""
    with transaction.atomic():
        due = _rows("select person, address, kind from notices_to_mail(%s)", notice)
        if not due:
            return False
        person, address, kind = due[0]
        return _send(Envelope(notice, person, address, (kind,), (notice,)), at)


def send_digest(person: int, *, day: dt.date, at: dt.datetime) -> bool:
    """Send a person's one e-mail of the day about all that is new, unless it went before. Gives whether it went now."""
    with transaction.atomic():
        due = _rows("select notice, address, kind from notices_to_digest(%s)", person)
        if not due:
            return False
        name = uuid.uuid5(DIGESTS, f"{person} {day}")
        kinds = tuple(sorted({kind for _notice, _address, kind in due}))
        return _send(Envelope(name, person, due[0][1], kinds, tuple(notice for notice, _address, _kind in due)), at)


def people_to_digest() -> list[int]:
    """The people for whom something new has come that no e-mail has told of."""
    return [row[0] for row in _rows("select notices_people_to_digest()")]


def _rows(query: str, *arguments: UUID | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def _send(envelope: Envelope, at: dt.datetime) -> bool:
    """One transaction: the row that says so, then the e-mail.

    The row's key holds off every other worker until the end; a worker that dies takes the row with it, and
    the job is done again. Only a worker that dies between the mail server's yes and the commit sends twice,
    with the same Message-ID, by which mail servers and readers take the two for one.
    """
    if not (settings.DEMO or settings.SENDS_MAIL):
        return False
    message = write_message(envelope)
    about = {"person": envelope.person, "address": envelope.address, "subject": message.subject, "text": message.body}
    mail, is_new = Mail.objects.get_or_create(id=envelope.id, defaults={**about, "sent_at": at})
    if is_new:
        MailedNotice.objects.bulk_create(MailedNotice(notice=notice, mail=mail) for notice in envelope.notices)
        message.send()
    return is_new


def write_message(envelope: Envelope) -> EmailMessage:
    """The e-mail: that something waits, what kind of thing, and where to sign in; never a name, never content."""
    cannot_wait = any(kind in AT_ONCE for kind in envelope.kinds)
    lines = sorted({str(SUBJECTS[kind.partition(".")[0]]) for kind in envelope.kinds})
    text = "\n".join(
        [
            _("There is something for you in Schoolgate that cannot wait. Please look now.")
            if cannot_wait
            else _("There is something for you in Schoolgate."),
            "",
            *lines,
            "",
            _("Sign in to read it: %(address)s") % {"address": f"{settings.BASE_ADDRESS}/notices/"},
            "",
            _("In danger now? Ring 999. Schoolgate is not watched round the clock."),
        ]
    )
    host = urlsplit(settings.BASE_ADDRESS).hostname
    return EmailMessage(
        subject=_("Schoolgate: it cannot wait") if cannot_wait else _("There is something for you in Schoolgate"),
        body=text,
        to=[envelope.address],
        headers={"Message-ID": f"<{envelope.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
