"""What was read or told in this request, noted by selectors and services, written once.

The six operations are those of DPA 2018 s.62: collection, alteration, consultation, disclosure,
combination, erasure. Rows carry kinds and ids, never names or content.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class Operation(models.TextChoices):
    COLLECTION = "collection", _("Collected")
    ALTERATION = "alteration", _("Changed")
    CONSULTATION = "consultation", _("Looked at")
    DISCLOSURE = "disclosure", _("Told or copied out")
    COMBINATION = "combination", _("Linked")
    ERASURE = "erasure", _("Erased")


@dataclass
class Notes:
    """The notes of one request or job."""

    page: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def write(self, *, refused: int = 0) -> None:
        """Write every note in one statement; a refused request with no note still leaves a row."""
        rows = self.rows or ([{"operation": Operation.CONSULTATION, "kind": "refused"}] if refused else [])
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.execute("select audit_note(%s, %s, %s)", [self.page[:200], refused, json.dumps(rows)])


_current: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def collecting(page: str) -> Iterator[Notes]:
    """Collect the notes of what runs inside."""
    notes = Notes(page)
    token = _current.set(notes)
    try:
        yield notes
    finally:
        _current.reset(token)


def note(
    operation: Operation,
    kind: str,
    records: Iterable[UUID],
    *,
    controller: int,
    subjects: Iterable[UUID] = (),
    recipients: Iterable[int] = (),
    reason: str = "",
    barred: Iterable[int] = (),
) -> None:
    """Note an operation on records of one kind and one controller.

    subjects: ids of the children concerned. recipients: persons told (disclosure).
    barred: persons barred from any of the records, who are not shown the entry either.
    Raises LookupError outside a request or job: a read that nobody could log must not happen.
    """
    notes = _current.get()
    if notes is None:
        raise LookupError("Records are read only inside a request or acting().")
    notes.rows.append(
        {
            "operation": operation,
            "kind": kind,
            "records": [record.hex for record in records],
            "controller": controller,
            "subjects": [subject.hex for subject in subjects],
            "recipients": list(recipients),
            "reason": reason,
            "barred": sorted(set(barred)),
        }
    )


@dataclass(frozen=True)
class Read:
    """A row that was read as part of another."""

    id: UUID
    controller: int
    barred: list[int]


def note_reads(kind: str, rows: Iterable[Any], *, operation: Operation = Operation.CONSULTATION) -> None:
    """Note that these protected rows were read, one note for each controller."""
    by_controller: dict[int, list[Any]] = {}
    for row in rows:
        by_controller.setdefault(row.controller, []).append(row)
    for controller, mine in by_controller.items():
        subjects = {child for row in mine if (child := getattr(row, "child_id", None))}
        barred = {person for row in mine for person in getattr(row, "barred", ())}
        note(operation, kind, [row.id for row in mine], controller=controller, subjects=subjects, barred=barred)
