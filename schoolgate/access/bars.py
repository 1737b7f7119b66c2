"""Keeping a record from a person whose circle would read it."""

import datetime as dt
from uuid import UUID

from django.db import connection
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.core.ids import new_id


def hold_for_bars(record: UUID) -> None:
    """Let nobody else judge who is left to read this record until the transaction ends: bars are for good."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(record)])


def declare_bar(*, by: Viewer, at: dt.datetime, table: str, record: UUID, person: int, reason: str) -> None:
    """Bar a person (an interest of their own, or complained of) from one record, for good and on the record.

    by: shares a circle with the record and is not barred from it. Lists, counts, notices and emergency access obey the
    bar from then on. Raises Http404 when there is no such record for them.
    """
    with connection.cursor() as cursor:
        query = "select access_declare_bar(%s::regclass, %s, %s, %s, %s)"
        cursor.execute(query, [table, record, person, reason, new_id()])
        if not cursor.fetchone()[0]:
            raise Http404
