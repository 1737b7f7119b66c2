"""Small things done to lists."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def each_once(items: Iterable[Item], *, key: Callable[[Item], Hashable]) -> list[Item]:
    """The items in their order, the first of each key."""
    first: dict[Hashable, Item] = {}
    for item in items:
        first.setdefault(key(item), item)
    return list(first.values())
