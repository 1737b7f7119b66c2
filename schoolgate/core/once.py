"""A form sent twice makes one record."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from schoolgate.core.protected import Protected

Record = TypeVar("Record", bound=Protected)


class AlreadySent(Exception):
    """This form was sent before, and what was sent then says something else. `record` is what was sent, if known."""

    def __init__(self, record: UUID | None = None) -> None:
        super().__init__(record)
        self.record = record


def keep_once(record: Record, said: Iterable[str] = ()) -> tuple[Record, bool]:
    """Insert a record that has a once-token, unique for its holder.

    Gives the record and True, or, when that token was used before, the earlier record and False.
    said: the columns that somebody filled in; raises AlreadySent when the earlier record says something else in them.
    Two requests at the same moment are settled by the database's unique key. For a row that its writer cannot
    read back, see inserted_once.
    """
    table = type(record)._default_manager
    table.bulk_create([record], ignore_conflicts=True)
    kept = table.get(holder=record.holder, once=record.once)  # type: ignore[attr-defined,misc]
    refuse_other_words(kept, record, said)
    return kept, kept.pk == record.pk


def refuse_other_words(sent: Protected, again: Protected, said: Iterable[str]) -> None:
    """Raise AlreadySent when what was sent before says something else in one of these columns."""
    if any(getattr(sent, column) != getattr(again, column) for column in said):
        raise AlreadySent(sent.pk)


def inserted_once(record: Protected, constraint: str) -> bool:
    """Insert a record that its writer may be unable to read back; False when that token was used before.

    constraint: the name of the unique key that holds the token. Where the writer reads the row, see keep_once.
    """
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        return False
    return True
