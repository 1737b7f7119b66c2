"""One transaction, one person: the only way in to protected rows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from schoolgate.access.viewer import Standing, Viewer
from schoolgate.audit.notes import collecting


def enter(user: int | None) -> Viewer:
    """Set the circles, the person and the role for this transaction; the database works them out."""
    with connection.cursor() as cursor:
        cursor.execute("select person, name, standings, waiting, unsent from access_enter(%s)", [user])
        person, name, standings, waiting, unsent = cursor.fetchone()
    held = frozenset(Standing(*standing) for standing in json.loads(standings))
    return Viewer(user=user, person=person, name=name, standings=held, waiting=waiting, unsent=unsent)


@contextmanager
def acting(user: int | None, *, page: str) -> Iterator[Viewer]:
    """Act as a person outside a web request (a job, a command); what is read or done is logged.

    user: the account's id. page: what is being done, for the access log.
    """
    with collecting(page) as notes, transaction.atomic():
        viewer = enter(user)
        yield viewer
        notes.write()
