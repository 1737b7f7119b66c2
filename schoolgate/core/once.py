"""A form sent twice makes one record."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from schoolgate.core.protected import Protected

Record = TypeVar("Record", bound=Protected)


class AlreadySent(Exception):
    """This form was sent before, and what was sent then says something else. `record` is what was sent, if known."""

    def __init__(self, record: UUID | None = None) -> None:
        super().__init__(record)
        self.record = record


def keep_once(
    record: Record, said: Iterable[str] = (), *, find: Callable[[Record], Any] | None = None
) -> tuple[Any, bool]:
    """Insert a record that has a once-token, unique for its holder.

    Gives the record and True, or, when that token was used before, the earlier record and False.
    said: the columns that somebody filled in; raises AlreadySent when the earlier record says something else in them,
    or is not its writer's. find: what finds the record with that token, where its writer does not read it back.
    Two requests at the same moment are settled by the database's unique key.
    """
    type(record)._default_manager.bulk_create([record], ignore_conflicts=True)
    kept = (find or _with_its_token)(record)
    if kept is None or any(getattr(kept, column) != getattr(record, column) for column in said):
        raise AlreadySent(kept.pk if kept else None)
    return kept, kept.pk == record.pk


def _with_its_token(record: Record) -> Record | None:
    table = type(record)._default_manager
    return table.filter(holder=record.holder, once=record.once).first()  # type: ignore[attr-defined,misc]
