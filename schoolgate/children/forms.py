"""The question which child it is: one that the holder knows, or a new record."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from schoolgate.children.selectors import ChildCard
from schoolgate.ui import forms
from schoolgate.ui.presenters import short_day_words

NEW_CHILD = "new"


def child_choices(known: Iterable[ChildCard], new: forms.Choice) -> list[forms.Choice]:
    """The children that are known, told apart; then a new record. new: the choice whose value is NEW_CHILD."""
    return [*(forms.Choice(str(child.id), child.name, hint=_told_apart(child)) for child in known), new]


def chosen_child(value: str) -> UUID | None:
    """The child chosen among those known; nothing for a new record."""
    return None if value == NEW_CHILD else UUID(value)


def _told_apart(child: ChildCard) -> str:
    """What tells children of one name apart."""
    born = gettext("born %(day)s") % {"day": short_day_words(child.born_on)} if child.born_on else ""
    return ", ".join(words for words in (child.year_group, born) if words)
