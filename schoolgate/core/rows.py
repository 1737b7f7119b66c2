"""Rows from a statement written in SQL; the policies judge every row as ever."""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def fetched(query: str, values: Mapping[str, Any]) -> list[Any]:
    """The rows that a statement gives, each with the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def rows_of(model: type[Row], found: list[str]) -> list[Row]:
    """Take what `array(select to_jsonb(its) from its_table its …)` gave, give the rows as the model's."""
    columns = model._meta.concrete_fields
    return [
        model(**{column.attname: column.to_python(row[column.column]) for column in columns})
        for row in map(json.loads, found)
    ]
