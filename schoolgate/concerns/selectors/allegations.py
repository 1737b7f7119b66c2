"""The only door to allegations about adults, and where each goes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from schoolgate.access.selectors import Reader, readers
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.concerns.models import Allegation, AllegationStep, AllegationStepKind, Subject
from schoolgate.concerns.policies import RECEIVING, Route
from schoolgate.deployment.selectors import officers_of, sergeants_of
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
    places = _places(school)
    for columns in LINES[about]:
        found = {c: _people(places[c], ROLE_OF[c], but, on) for c in columns if places[c] is not None}
        if any(found.values()):
            route = Route(**{column: places[column] for column in found})
            return Going(route, tuple(person for those in found.values() for person in those))
    first = {c: places[c] for c in LINES[about][0] if places[c] is not None}
    return Going(Route(**first) if first else Route(governors_of=school), ())


def everywhere_it_goes(school: int, *, but: Collection[int], on: dt.date) -> dict[str, Going]:
    """Where an allegation goes, by whom it is about."""
    return {subject: where_it_goes(school, subject, but=but, on=on) for subject in Subject}


def heads_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The head teacher of a school (two where the post is shared)."""
    return people_with(school, Role.HEAD, on=on)


def adults_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The staff of a school, each once, less the head teacher, who has a choice of their own."""
    found = people_with(school, *STAFF_ROLES, on=on)
    return list({person.id: person for person in found}.values())


def officers_at(school: int, *, on: dt.date) -> list[PersonCard]:
    """The officers of a school and their sergeants, each once."""
    found = [posting.officer for posting in officers_of(school, on=on)] + sergeants_of(school, on=on)
    return list({person.id: person for person in found}.values())


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
    return list({reader.person: reader for reader in found}.values())


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
        route=Route(row.head_of, row.governors_of, row.lado_of, row.standards_of),
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


def _places(school: int) -> dict[str, int | None]:
    card = school_card(school)
    standards = professional_standards_of(card.force) if card.force else None
    return {"head_of": school, "governors_of": school, "lado_of": lado_of(card), "standards_of": standards}


def _people(organisation: int | None, role: Role, but: Collection[int], on: dt.date) -> list[PersonCard]:
    if organisation is None:
        return []
    return [person for person in people_with(organisation, role, on=on) if person.id not in but]


def _step(row: AllegationStep, who: dict[int, PersonCard]) -> AllegationStepCard:
    return AllegationStepCard(
        AllegationStepKind(row.kind), row.words, row.heard_by is not None, row.made_at, who[row.made_by].called
    )
