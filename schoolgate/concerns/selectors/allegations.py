"""The only door to allegations about adults, and where each goes."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from schoolgate.access.selectors import Reader, readers
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.concerns.models import Allegation, AllegationStep, AllegationStepKind, Subject
from schoolgate.concerns.policies import RECEIVING, Route, route_of
from schoolgate.concerns.selectors.sent import sent_before
from schoolgate.core.sequences import each_once
from schoolgate.deployment.selectors.serving import officers_of, sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import (
    PersonCard,
    lado_of,
    names,
    people,
    people_with,
    professional_standards_of,
    school_card,
)

STAFF_ROLES = (Role.STAFF, Role.SPOC, Role.DEPUTY_SPOC, Role.DSL, Role.DEPUTY_DSL)
ROLE_OF = {
    "head_of": Role.HEAD,
    "governors_of": Role.GOVERNORS,
    "lado_of": Role.LADO,
    "standards_of": Role.PROFESSIONAL_STANDARDS,
}

# Who gets it first; where nobody there can, the next. Keeping children safe in education, part four; an officer's
# conduct is the force's professional standards' too.
LINES: dict[str, tuple[tuple[str, ...], ...]] = {
    Subject.STAFF: (("head_of",), ("governors_of", "lado_of"), ("standards_of",)),
    Subject.VOLUNTEER: (("head_of",), ("governors_of", "lado_of"), ("standards_of",)),
    Subject.HEAD: (("governors_of", "lado_of"), ("standards_of",)),
    Subject.OFFICER: (("head_of", "lado_of", "standards_of"), ("governors_of",)),
}


@dataclass(frozen=True)
class Going:
    """Where an allegation goes: the circles, and the people in them now whom one may ring."""

    route: Route
    people: tuple[PersonCard, ...]


@dataclass(frozen=True)
class AllegationRow:
    """One allegation in a list."""

    id: UUID
    about: str
    in_danger: bool
    school: str
    made_at: dt.datetime
    steps: tuple[str, ...]


@dataclass(frozen=True)
class AllegationStepCard:
    """What a recipient did or advised."""

    kind: str
    words: str
    heard: bool
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class AllegationPage:
    """An allegation as its author wrote it, with what came of it as far as the viewer may read."""

    id: UUID
    controller: int
    marking: str
    school: int
    school_name: str
    route: Route
    made_by: int
    made_at: dt.datetime
    author: str
    in_danger: bool
    about: str
    complained_of_name: str
    child_name: str
    seen: str
    opinion: str
    occurred_on: dt.date | None
    occurred_time: dt.time | None
    occurred_words: str
    place: str
    place_detail: str
    told: tuple[str, ...]
    circles: tuple[int, ...]
    barred: tuple[int, ...]
    steps: tuple[AllegationStepCard, ...]


def where_it_goes(school: int, about: str, *, but: Collection[int], on: dt.date) -> Going:
    """Where an allegation goes that these people must not or need not get: the complained of, and its author.

    It is never nowhere: where nobody in the line can get it, it waits for whoever takes up the first roles.
    """
    return _going(_places(school, on), school, about, but)


def everywhere_it_goes(school: int, *, but: Collection[int], on: dt.date) -> dict[str, Going]:
    """Where an allegation goes, by whom it is about."""
    places = _places(school, on)
    return {subject: _going(places, school, subject, but) for subject in Subject}


def heads_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The head teacher of a school (two where the post is shared)."""
    return people_with(school, Role.HEAD, on=on)


def adults_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The staff of a school, each once, less the head teacher, who has a choice of their own."""
    return each_once(people_with(school, *STAFF_ROLES, on=on), key=lambda person: person.id)


def officers_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The officers of a school and their sergeants, each once."""
    found = [posting.officer for posting in officers_of(school, on=on)] + sergeants_of(school, on=on)
    return each_once(found, key=lambda person: person.id)


def on_any_route(school: int, *, on: dt.date) -> list[PersonCard]:
    """Everybody who may get an allegation at a school, whomever it is about, each once."""
    found = [person for place in _places(school, on).values() for person in place.people]
    return each_once(found, key=lambda person: person.id)


def sent_to(school: int, once: UUID, *, on: dt.date) -> tuple[PersonCard, ...]:
    """Who was told of the allegation that this person sent with this token. Raises Http404."""
    sent = sent_before(Allegation, school, once)
    if sent is None:
        raise Http404
    return tuple(person for person in on_any_route(school, on=on) if person.id in sent.recipients)


def own_allegations(viewer: Viewer) -> list[AllegationRow]:
    """What this person raised themselves, newest first."""
    return _rows(Allegation.objects.filter(made_by=viewer.person or 0))


def received_allegations(viewer: Viewer) -> list[AllegationRow]:
    """What this person received by one of their roles, newest first."""
    return _rows(Allegation.objects.exclude(made_by=viewer.person or 0))


def _rows(found: QuerySet[Allegation]) -> list[AllegationRow]:
    rows = sorted(found.prefetch_related("steps"), key=lambda row: row.made_at, reverse=True)
    note_reads("concerns.allegation", rows)
    schools = names(row.holder for row in rows)
    return [
        AllegationRow(
            row.pk, row.about, row.in_danger, schools[row.holder], row.made_at,
            tuple(step.kind for step in sorted(row.steps.all(), key=lambda step: step.made_at)),
        )
        for row in rows
    ]  # fmt: skip


def recipients_now(circles: Collection[int], barred: Collection[int]) -> list[Reader]:
    """Those who read an allegation by a role that receives it, each once; its author is not one of them."""
    found = [reader for reader in readers(tuple(circles), tuple(barred)) if reader.kind in RECEIVING]
    return each_once(found, key=lambda reader: reader.person)


def allegation_page(allegation: UUID) -> AllegationPage:
    """One allegation. Raises Http404 where there is none that the viewer may read."""
    row = Allegation.objects.filter(id=allegation).prefetch_related("steps").first()
    if row is None:
        raise Http404
    note_reads("concerns.allegation", [row])
    steps = sorted(row.steps.all(), key=lambda step: step.made_at, reverse=True)
    who = people([row.made_by, *row.recipients, *(step.made_by for step in steps)])
    return AllegationPage(
        school=row.holder,
        school_name=names([row.holder])[row.holder],
        route=route_of(row),
        author=row.author_name or who[row.made_by].called,
        told=tuple(who[person].called for person in row.recipients),
        circles=tuple(row.circles),
        barred=tuple(row.barred),
        steps=tuple(_step(step, who) for step in steps),
        **{name: getattr(row, name) for name in AS_WRITTEN},
    )


AS_WRITTEN = (
    "id", "controller", "marking", "made_by", "made_at", "in_danger", "about", "complained_of_name", "child_name",
    "seen", "opinion", "occurred_on", "occurred_time", "occurred_words", "place", "place_detail",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An organisation that gets allegations, with those who hold the role that reads them."""

    organisation: int
    people: tuple[PersonCard, ...]

    def less(self, but: Collection[int]) -> list[PersonCard]:
        """Its people but these."""
        return [person for person in self.people if person.id not in but]


def _places(school: int, on: dt.date) -> dict[str, Place]:
    """The places that an allegation at a school may go to, by column; a column that nobody has is left out."""
    card = school_card(school)
    standards = professional_standards_of(card.force) if card.force else None
    found = {"head_of": school, "governors_of": school, "lado_of": lado_of(card), "standards_of": standards}
    return {
        column: Place(place, tuple(people_with(place, ROLE_OF[column], on=on)))
        for column, place in found.items()
        if place is not None
    }


def _going(places: dict[str, Place], school: int, about: str, but: Collection[int]) -> Going:
    for columns in LINES[about]:
        found = {column: places[column].less(but) for column in columns if column in places}
        if any(found.values()):
            return Going(_route_to(places, found), tuple(person for those in found.values() for person in those))
    first = [column for column in LINES[about][0] if column in places]
    return Going(_route_to(places, first) if first else Route(governors_of=school), ())


def _route_to(places: dict[str, Place], columns: Iterable[str]) -> Route:
    return Route(**{column: places[column].organisation for column in columns})


def _step(row: AllegationStep, who: dict[int, PersonCard]) -> AllegationStepCard:
    return AllegationStepCard(
        AllegationStepKind(row.kind), row.words, row.heard_by is not None, row.made_at, who[row.made_by].called
    )
