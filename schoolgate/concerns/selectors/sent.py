"""What the sender of a form may know of what they sent, though they may not read it: supply staff."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from schoolgate.concerns.models import Told


@dataclass(frozen=True)
class Sent:
    """What was sent with a form's token: which record, a digest of what it said, who was told."""

    pk: UUID
    digest: str
    recipients: tuple[int, ...]


def sent_like(row: Told) -> Sent | None:
    """What this person sent with the token of this row."""
    return sent_before(type(row), row.holder, row.once)


def sent_before(kind: type[Told], school: int, once: UUID) -> Sent | None:
    """What this person sent before to that school with this form's token."""
    with connection.cursor() as cursor:
        query = "select id, digest, recipients from concerns_sent(%s::regclass, %s, %s)"
        cursor.execute(query, [kind._meta.db_table, school, once])
        found = cursor.fetchone()
    return Sent(found[0], found[1], tuple(found[2])) if found else None
