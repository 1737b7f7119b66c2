"""The only door to child records. A holder is offered its own children, never another's."""

import datetime as dt
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from schoolgate.audit.notes import note_reads
from schoolgate.children.models import Child

OFFERED = 5
LOOKED_AT = 50


@dataclass(frozen=True)
class ChildCard:
    """A child as this holder knows them."""

    id: UUID
    controller: int
    name: str
    born_on: dt.date | None
    year_group: str
    needs: str
    holder: int


def child_card(child: UUID) -> ChildCard:
    """One child. Raises Http404 when there is none that the viewer may read."""
    row = Child.objects.filter(id=child).first()
    if row is None:
        raise Http404
    return card_of(row)


def card_of(row: Child) -> ChildCard:
    """The card of a child that was read along with another record."""
    note_reads("children.child", [row])
    return _card(row)


def children_named_like(holder: int, name: str) -> list[ChildCard]:
    """The holder's own children whose name shares a word with this one, the likest first; at most five."""
    words = [Q(name__icontains=word) for word in name.split()]
    if not words:
        return []
    rows = list(Child.objects.filter(reduce(or_, words), holder=holder)[:LOOKED_AT])
    likest = sorted(rows, key=lambda row: _likeness(row.name, name), reverse=True)[:OFFERED]
    note_reads("children.child", likest)
    return [_card(row) for row in likest]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _card(row: Child) -> ChildCard:
    return ChildCard(row.pk, row.controller, row.name, row.born_on, row.year_group, row.needs, row.holder)
