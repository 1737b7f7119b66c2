"""The only door to what passes between school and police. Every read is noted for the access log."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import LONDON
from schoolgate.core.enums import Marking
from schoolgate.deployment.selectors import Posting, duties, officers_of, sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, SchoolCard, people_with, school_card
from schoolgate.exchange.models import LegalBasis, Side
from schoolgate.exchange.policies import side_of
from schoolgate.partnership.selectors import AgreementState, agreement_state


@dataclass(frozen=True)
class LegalBasisCard:
    """A gateway in law, with the day on which it was last checked."""

    id: int
    text: str
    as_at: dt.date
    suits: tuple[str, ...]


@dataclass(frozen=True)
class RecipientChoice:
    """Somebody whom a share or an enquiry may be addressed to; `duty` is when they are next on duty, if known."""

    person: PersonCard
    why: str
    duty: dt.datetime | None = None


@dataclass(frozen=True)
class ShareChoices:
    """What one side may choose from when it tells the other something, and what is suggested."""

    school: SchoolCard
    side: Side
    agreement: AgreementState
    bases: tuple[LegalBasisCard, ...]
    recipients: tuple[RecipientChoice, ...]

    @property
    def suggestion(self) -> "Suggestion":
        """The first in line (the school's own officer, or the SPOC), and the marking of what names a child."""
        return Suggestion(tuple(choice.person.id for choice in self.recipients[:1]), Marking.OFFICIAL_SENSITIVE)

    def suggested_basis(self, purpose: str) -> int:
        """The first basis on the list that suits the purpose, else the first."""
        suiting = [basis.id for basis in self.bases if purpose in basis.suits]
        return next(iter([*suiting, self.bases[0].id]))


@dataclass(frozen=True)
class Suggestion:
    """What a share says unless somebody chooses otherwise."""

    recipients: tuple[int, ...]
    marking: Marking


def share_choices(viewer: Viewer, school: int, at: dt.datetime) -> ShareChoices:
    """What this person may choose from when they share about a child of this school.

    Raises Http404 when there is no such school, or the viewer is on neither side of it.
    """
    card = school_card(school)
    side = side_of(viewer, school)
    if side is None:
        raise Http404
    to = officers_to_tell(school, at) if side == Side.SCHOOL else spocs_to_tell(school, at)
    return ShareChoices(card, side, agreement_state(school, on=_day(at)), legal_bases(card.nation, side), tuple(to))


def legal_bases(nation: str, side: Side) -> tuple[LegalBasisCard, ...]:
    """The bases of one nation and side, in their order; a school is never offered those of the police."""
    rows = LegalBasis.objects.filter(nation=nation, side=side, active=True).order_by("position")
    return tuple(LegalBasisCard(row.pk, row.text, row.as_at, tuple(row.suits)) for row in rows)


def officers_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's officers in the order of turning to them, then their sergeants, each with their next duty."""
    postings = officers_of(school, on=_day(at))
    duty = duties([posting.officer.id for posting in postings], at)
    officers = [RecipientChoice(p.officer, str(p.kind.label), duty[p.officer.id]) for p in postings]
    sergeants = [RecipientChoice(card, str(Role.SERGEANT.label)) for card in sergeants_of(school, on=_day(at))]
    return _each_once(officers + sergeants)


def spocs_to_tell(school: int, at: dt.datetime) -> list[RecipientChoice]:
    """The school's SPOC, then the deputies; the head teacher only where there is neither."""
    for roles in ((Role.SPOC, Role.DEPUTY_SPOC), (Role.HEAD,)):
        cards = people_with(school, *roles, on=_day(at))
        if cards:
            cards.sort(key=lambda card: roles.index(Role(card.role)))
            return _each_once([RecipientChoice(card, str(Role(card.role).label)) for card in cards])
    return []


def team_of(viewer: Viewer, school: int, at: dt.datetime) -> int | None:
    """The team for which this officer or sergeant serves the school."""
    postings: list[Posting] = officers_of(school, on=_day(at))
    own = [posting.team for posting in postings if posting.officer.id == viewer.person]
    return next(iter([*own, *(p.team for p in postings if viewer.shares("team", p.team))]), None)


def _each_once(choices: list[RecipientChoice]) -> list[RecipientChoice]:
    return list({choice.person.id: choice for choice in reversed(choices)}.values())[::-1]


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(LONDON).date()
