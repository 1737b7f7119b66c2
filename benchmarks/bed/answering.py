"""One request, and what came of it: queries and size."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.bed.visiting import Visitor


@dataclass(frozen=True)
class Page:
    """One request that somebody makes, again and again."""

    name: str
    visitor: Visitor
    ask: Callable[[], None]
    path: str = ""


@dataclass(frozen=True)
class Size:
    """What came of one request."""

    queries: int
    kib: float


def answer_of(page: Page) -> Size:
    """Ask once, and count."""
    with _counted() as statements:
        page.ask()
    answer = page.visitor.last
    assert answer.status in (200, 302), f"{page.name}: {answer.status}"
    return Size(len(statements), len(answer.body) / 1024)


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Every statement of the product; BEGIN and COMMIT are not counted."""
    from django.db import connection

    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements


def backend() -> int:
    """The database process that works for the product."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    connection.close()
    return int(pid)
