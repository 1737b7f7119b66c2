"""Accounts of the cast and the e-mails that would have gone: tables of the sign-in role, without records."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from schoolgate.access.models import User
from schoolgate.nonprod.personas import PERSONAS, Persona
from schoolgate.notices.models import Mail

AT_MOST = 100


def account_of(key: str) -> User | None:
    """The account of a person of the cast; none while the partnership is not loaded."""
    return User.objects.filter(email=next(person.email for person in PERSONAS if person.key == key)).first()


@dataclass(frozen=True)
class Group:
    """People of the cast who stand together on the page."""

    name: str
    people: tuple[Persona, ...]


def groups() -> list[Group]:
    """The cast, as the page shows it."""
    return [Group(str(name), tuple(people)) for name, people in groupby(PERSONAS, key=lambda person: person.group)]


def mails() -> Iterable[Mail]:
    """The last e-mails that would have gone."""
    return list(Mail.objects.order_by("-sent_at")[:AT_MOST])
