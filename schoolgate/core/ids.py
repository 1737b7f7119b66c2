"""Identifiers that tell nothing."""

import uuid


def new_id() -> uuid.UUID:
    """A random id: neither order nor number of records can be read from it."""
    return uuid.uuid4()
