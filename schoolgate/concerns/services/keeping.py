"""What every record of this app is kept with, and how a form that is sent twice makes one."""

import datetime as dt
from typing import Any

from schoolgate.access.viewer import Viewer
from schoolgate.core.once import AlreadySent, inserted_once
from schoolgate.core.protected import Protected

# What a second sending of the same words may have otherwise: set by the database, or by the moment.
OF_THE_MOMENT = frozenset({"id", "made_at", "controller", "regime", "circles", "barred"})


def made(by: Viewer, at: dt.datetime, school: int) -> dict[str, Any]:
    """The columns that say who made a record of a school, and when."""
    return {"holder": school, "made_by": by.person, "made_at": at}


def added_once(row: Protected, constraint: str) -> bool:
    """Insert a record that its writer reads back; False when the very same was sent before.

    constraint: the name of the unique key that holds its token.
    Raises AlreadySent when the token was used for other words, or by somebody else.
    """
    if inserted_once(row, constraint):
        return True
    sent = type(row)._default_manager.filter(holder=row.holder, once=row.once).first()  # type: ignore[attr-defined,misc]
    if sent is None or _said(sent) != _said(row):
        raise AlreadySent
    return False


def _said(row: Protected) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in OF_THE_MOMENT]
    return {name: getattr(row, name) for name in names}
