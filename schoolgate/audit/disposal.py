"""Disposal: a record's content goes from the record, its history and its key; that it went stays in the log."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from schoolgate.audit.notes import Operation

ROLE = "schoolgate_retention"
FORGET_CONTENT = "update audit_change set content = null where kind = %s and record = %s and content is not null"
FORGET_KEY = "delete from audit_key where kind = %s and record = %s"


class RecordName(NamedTuple):
    """A record of one kind, such as "children.child"."""

    kind: str
    id: UUID

    @property
    def table(self) -> str:
        return self.kind.replace(".", "_", 1)


class NoSuchRecord(Exception):
    """There is no record of that kind and id; nothing was disposed of."""


def dispose(connection: Connection[Any], *, records: Iterable[RecordName], rule: str, by: int) -> None:
    """Delete records for good, in one transaction: rows, content of their history, and the keys of its digests.

    connection: as the retention role. records: what the rule says, children before parents or after.
    rule: the rule's name, which stays in the log. by: the person who decided.
    Raises NoSuchRecord; psycopg's IntegrityError when another record still hangs on one of these.

    Source: DPA 2018 s.62 (erasure is logged); the ICO's guidance: without what was erased.
    """
    with connection.transaction():
        connection.execute("select set_config('schoolgate.person', %s, true)", [str(by)])
        for record in records:
            _dispose(connection, record, rule)


def _dispose(connection: Connection[Any], record: RecordName, rule: str) -> None:
    delete = sql.SQL("delete from {} where id = %s returning controller").format(sql.Identifier(record.table))
    deleted = connection.execute(delete, [record.id]).fetchone()
    if deleted is None:
        raise NoSuchRecord(f"There is no {record.kind} {record.id}.")
    connection.execute(FORGET_CONTENT, [record.kind, str(record.id)])
    connection.execute(FORGET_KEY, [record.kind, str(record.id)])
    entry = {
        "operation": Operation.ERASURE,
        "kind": record.kind,
        "controller": deleted[0],
        "records": [str(record.id)],
        "reason": rule,
    }
    connection.execute("select audit_note('job:disposal', 0, %s)", [json.dumps([entry])])
