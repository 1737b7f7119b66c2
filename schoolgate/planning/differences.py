"""What is no longer as it was when a problem was built: two problem files compared. Plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]
GONE, NEW = "gone", "new"


@dataclass(frozen=True)
class Difference:
    """An officer or a school of the problem that is gone, new, or has another value now."""

    of: str
    field: str
    before: Any = None
    after: Any = None


def differences(before: Content, after: Content, planned: Mapping[str, frozenset[str]]) -> list[Difference]:
    """What changed since a problem was built.

    planned: who holds each school in the plan. A school where those serve now is as the plan wants it: that is no
    difference.
    """
    found = [*_of("officers", before, after), *_of("schools", before, after)]
    return [one for one in found if not (one.field == "current_officers" and set(one.after) == planned.get(one.of))]


def _of(kind: str, before: Content, after: Content) -> Iterator[Difference]:
    old, new = ({row["id"]: row for row in content[kind]} for content in (before, after))
    yield from (Difference(name, GONE) for name in old if name not in new)
    yield from (Difference(name, NEW) for name in new if name not in old)
    for name in old.keys() & new.keys():
        for field, value in old[name].items():
            if _plain(value) != _plain(new[name].get(field)):
                yield Difference(name, field, value, new[name].get(field))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
