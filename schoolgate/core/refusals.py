"""What the database refuses, by the names that services have for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction


@contextmanager
def named_refusals(names: Mapping[str, type[Exception]]) -> Iterator[None]:
    """One transaction; when a constraint that has a name here refuses it, that exception is raised."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        refusal = names.get(getattr(diagnosis, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal from error
