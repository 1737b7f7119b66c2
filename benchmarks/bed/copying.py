"""COPY into a table of the product, its other columns filled as the model would."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import NOT_PROVIDED, Model
from psycopg import Connection, sql

LINES_A_WRITE = 5000


def copy_rows(
    connection: Connection,
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    constants: Mapping[str, object] | None = None,
) -> None:
    """Copy rows of these columns; constants fill further columns, the model's defaults the rest.

    Values hold neither tab nor backslash nor line end: they are invented here.
    """
    rest = _defaults(model, columns) | dict(constants or {})
    tail = "".join(f"\t{_text(value)}" for value in rest.values()) + "\n"
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, [*columns, *rest]))
    )
    lines = iter(rows)
    with connection.cursor().copy(statement) as copy:
        while block := list(islice(lines, LINES_A_WRITE)):
            copy.write("".join(["\t".join(map(_text, row)) + tail for row in block]))


def _defaults(model: type[Model], columns: Sequence[str]) -> dict[str, Any]:
    """Columns that the database fills by itself (numbering, its own defaults) are left to it."""
    return {
        str(field.column): None if field.default is NOT_PROVIDED and field.null else field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in columns
        and field.db_default is NOT_PROVIDED
        and not (field.primary_key and field.default is NOT_PROVIDED)
    }


def _text(value: object) -> str:
    if type(value) is str:
        return value
    if value is None:
        return r"\N"
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)
