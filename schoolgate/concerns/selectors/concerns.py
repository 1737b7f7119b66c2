"""The only door to concerns and their triage; every read is noted for the access log."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.children.selectors import ChildCard, child_card
from schoolgate.concerns.models import (
    OPEN,
    AuthorWord,
    Concern,
    Draft,
    DraftKind,
    Status,
    Triage,
    TriageStep,
)
from schoolgate.directory.selectors import PersonCard, people

LISTED = 50
DECIDED_SHOWN = dt.timedelta(days=30)
CLOCK = 0


@dataclass(frozen=True)
class DraftCard:
    """What somebody has typed and not sent."""

    id: UUID
    once: UUID
    version: int
    kind: DraftKind
    changed_at: dt.datetime
    content: dict[str, list[str]]


@dataclass(frozen=True)
class Word:
    """What the author was told."""

    kind: str
    words: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class ConcernRow:
    """One of a person's own concerns in a list."""

    id: UUID
    child_name: str
    made_at: dt.datetime
    due_at: dt.datetime
    word: Word | None


@dataclass(frozen=True)
class InvolvedPerson:
    name: str
    involvement: str


@dataclass(frozen=True)
class AddedWords:
    words: str
    at: dt.datetime


@dataclass(frozen=True)
class ConcernPage:
    """A concern as its author wrote it, with what they added."""

    id: UUID
    controller: int
    school: int
    made_by: int
    made_at: dt.datetime
    author: str
    in_danger: bool
    child_name: str
    seen: str
    opinion: str
    occurred_on: dt.date | None
    occurred_time: dt.time | None
    occurred_words: str
    place: str
    place_detail: str
    may_need_early_intervention: bool
    due_at: dt.datetime
    marking: str
    people: tuple[InvolvedPerson, ...]
    additions: tuple[AddedWords, ...]
    circles: tuple[int, ...]
    barred: tuple[int, ...]


@dataclass(frozen=True)
class OwnConcern:
    """What the author sees: their own words, and what they were told."""

    concern: ConcernPage
    words: tuple[Word, ...]


@dataclass(frozen=True)
class TriageRow:
    """One concern in the inbox, by the concern's id."""

    id: UUID
    school: int
    child_name: str
    author: str
    status: str
    in_danger: bool
    made_at: dt.datetime
    due_at: dt.datetime
    changed_at: dt.datetime
    opened_by: str

    def is_late(self, at: dt.datetime) -> bool:
        """Whether one school hour passed without anybody opening it."""
        return self.status == Status.SENT and self.due_at <= at


@dataclass(frozen=True)
class Step:
    """One thing done about a concern."""

    kind: str
    reason: str
    told: str
    ground: str
    share: UUID | None
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class TriagePage:
    """A concern with how it stands."""

    school: int
    status: str
    version: int
    opened_at: dt.datetime | None
    opened_by: str
    own_reference: str
    concern: ConcernPage
    child: ChildCard | None
    steps: tuple[Step, ...]
    barred: tuple[int, ...]


def drafts_of(viewer: Viewer, school: int) -> list[DraftCard]:
    """What this person has not sent yet to that school, newest first."""
    rows = Draft.objects.filter(holder=school, made_by=viewer.person).exclude(content={})
    drafts = sorted(rows, key=lambda row: row.changed_at, reverse=True)
    note_reads("concerns.draft", drafts)
    return [
        DraftCard(row.pk, row.once, row.version, DraftKind(row.kind), row.changed_at, row.content) for row in drafts
    ]


def own_concerns(viewer: Viewer) -> list[ConcernRow]:
    """This person's own concerns with the last word to them, newest first."""
    rows = _newest(Concern.objects.filter(made_by=viewer.person).prefetch_related(_words_to(viewer)))
    note_reads("concerns.concern", rows)
    return [ConcernRow(row.pk, row.child_name, row.made_at, row.due_at, _last_word(row)) for row in rows]


def own_concern(viewer: Viewer, concern: UUID) -> OwnConcern:
    """One of this person's own concerns. Raises Http404 for anybody else's."""
    row = _concerns().filter(made_by=viewer.person, id=concern).prefetch_related(_words_to(viewer)).first()
    if row is None:
        raise Http404
    note_reads("concerns.concern", [row])
    words = _sorted(row.words.all(), newest_first=True)
    who = people([word.made_by for word in words])
    return OwnConcern(_concern_page(row), tuple(_word(word, who) for word in words))


def inbox(viewer: Viewer, at: dt.datetime) -> list[TriageRow]:
    """What waits in the schools of this person: not opened in time first, then by when it was due."""
    rows = Triage.objects.filter(holder__in=viewer.organisations("school"), status__in=OPEN)
    return sorted(_triage_rows(rows), key=lambda row: (not row.is_late(at), row.status != Status.SENT, row.due_at))


def decided(viewer: Viewer, at: dt.datetime) -> list[TriageRow]:
    """What was decided in the last thirty days, newest first."""
    rows = Triage.objects.filter(holder__in=viewer.organisations("school"), changed_at__gte=at - DECIDED_SHOWN).exclude(
        status__in=OPEN
    )
    return sorted(_triage_rows(rows), key=lambda row: row.changed_at, reverse=True)


def triage_page(concern: UUID) -> TriagePage:
    """A concern with its triage. Raises Http404 where there is none that the viewer may read."""
    row = Triage.objects.filter(concern=concern).prefetch_related("steps").first()
    told = _concerns().filter(id=concern).first()
    if not row or not told:
        raise Http404
    note_reads("concerns.triage", [row])
    note_reads("concerns.concern", [told])
    steps = _sorted(row.steps.all(), newest_first=True)
    who = people([*(step.made_by for step in steps), row.opened_by or CLOCK])
    return TriagePage(
        row.holder,
        row.status,
        row.version,
        row.opened_at,
        _called(who, row.opened_by),
        row.own_reference,
        _concern_page(told),
        child_card(row.child_id) if row.child_id else None,
        tuple(_step(step, who) for step in steps),
        tuple(row.barred),
    )


def _concerns() -> QuerySet[Concern]:
    return Concern.objects.prefetch_related("people", "additions")


def _newest(rows: QuerySet[Any]) -> list[Any]:
    """Sorted here: no index may serve a list's order alone (see the design), and one person's rows are few."""
    return _sorted(rows, newest_first=True)[:LISTED]


def _sorted(rows: Iterable[Any], *, newest_first: bool = False) -> list[Any]:
    return sorted(rows, key=lambda row: row.made_at, reverse=newest_first)


def _triage_rows(rows: QuerySet[Triage]) -> list[TriageRow]:
    found = list(rows.select_related("concern"))
    note_reads("concerns.triage", found)
    note_reads("concerns.concern", [row.concern for row in found])
    who = people([*(row.made_by for row in found), *(row.opened_by or CLOCK for row in found)])
    return [
        TriageRow(
            row.concern_id,
            row.holder,
            row.concern.child_name,
            row.concern.author_name or _called(who, row.made_by),
            row.status,
            row.concern.in_danger,
            row.made_at,
            row.concern.due_at,
            row.changed_at,
            _called(who, row.opened_by),
        )
        for row in found
    ]


def _concern_page(row: Concern) -> ConcernPage:
    author = row.author_name or _called(people([row.made_by]), row.made_by)
    return ConcernPage(
        id=row.pk,
        school=row.holder,
        author=author,
        people=tuple(InvolvedPerson(p.name, p.involvement) for p in row.people.all()),
        additions=tuple(AddedWords(a.words, a.made_at) for a in _sorted(row.additions.all())),
        circles=tuple(row.circles),
        barred=tuple(row.barred),
        **{name: getattr(row, name) for name in AS_WRITTEN},
    )


AS_WRITTEN = (
    "controller", "made_by", "made_at", "in_danger", "child_name", "seen", "opinion", "occurred_on", "occurred_time",
    "occurred_words", "place", "place_detail", "may_need_early_intervention", "due_at", "marking",
)  # fmt: skip


def _words_to(viewer: Viewer) -> Prefetch:
    return Prefetch("words", AuthorWord.objects.filter(author=viewer.person))


def _last_word(row: Concern) -> Word | None:
    words = _sorted(row.words.all(), newest_first=True)
    return _word(words[0], {}) if words else None


def _word(row: AuthorWord, who: dict[int, PersonCard]) -> Word:
    return Word(row.kind, row.words, row.made_at, _called(who, row.made_by))


def _step(row: TriageStep, who: dict[int, PersonCard]) -> Step:
    return Step(row.kind, row.reason, row.told, row.ground, row.share_id, row.made_at, _called(who, row.made_by))


def _called(who: dict[int, PersonCard], person: int | None) -> str:
    return who[person].called if person in who else ""
