"""A form sent twice makes one record."""

from typing import TypeVar

from schoolgate.core.protected import Protected

Record = TypeVar("Record", bound=Protected)


def keep_once(record: Record) -> tuple[Record, bool]:
    """Insert a record that has a once-token, unique for its holder.

    Gives the record and True, or, when that token was used before, the earlier record and False.
    Two requests at the same moment are settled by the database's unique key.
    """
    table = type(record)._default_manager
    table.bulk_create([record], ignore_conflicts=True)
    kept = table.get(holder=record.holder, once=record.once)  # type: ignore[attr-defined,misc]
    return kept, kept.pk == record.pk
