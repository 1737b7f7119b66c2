"""Who shares a circle with a record now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Reader:
    """Somebody who can read a record now: through which circle, of which organisation, by which role."""

    person: int
    name: str
    title: str
    kind: str
    organisation: int
    role: str

    @property
    def called(self) -> str:
        """Title and name: 'PC Ada Fern'."""
        return f"{self.title} {self.name}".strip()


def readers(circles: Sequence[int], barred: Sequence[int]) -> list[Reader]:
    """Everybody in one of the circles now, less the barred; somebody in two circles stands twice."""
    query = "select person, name, title, kind, organisation, role from access_readers(%s::int[], %s::int[])"
    with connection.cursor() as cursor:
        cursor.execute(query, [list(circles), list(barred)])
        return [Reader(*row) for row in cursor.fetchall()]
