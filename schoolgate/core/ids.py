"""Identifiers: random ones, which tell nothing, and the numbers of what is no secret."""

import re
import uuid

LARGEST_NUMBER = 2**31 - 1  # of a numbered row in the database


def new_id() -> uuid.UUID:
    """A random id: neither order nor number of records can be read from it."""
    return uuid.uuid4()


def number_from(typed: str) -> int | None:
    """A numbered id as it stands in an address or a form; nothing where no row can have it."""
    return int(typed) if re.fullmatch("[0-9]{1,10}", typed) and int(typed) <= LARGEST_NUMBER else None
