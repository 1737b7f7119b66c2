"""The only door to concerns and their triage; every read is noted for the access log."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Read, note_reads
from schoolgate.children.selectors import ChildCard, card_of
from schoolgate.concerns.models import (
    OPEN,
    Addition,
    AuthorWord,
    Concern,
    ConcernPerson,
    Status,
    Triage,
    TriageStep,
    WordKind,
)
from schoolgate.concerns.selectors.sent import sent_before
from schoolgate.core.rows import fetched, rows_of
from schoolgate.directory.selectors import PersonCard, people
from schoolgate.exchange.models import ShareStatus
from schoolgate.exchange.selectors import last_report

LISTED = 50
DECIDED_SHOWN = dt.timedelta(days=30)
CLOCK = 0
TO_DO = (Status.SENT, Status.OPENED, Status.SHARING)


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
    told: tuple[str, ...]
    circles: tuple[int, ...]
    barred: tuple[int, ...]


@dataclass(frozen=True)
class OwnConcern:
    """What the author sees: their own words, and what they were told."""

    concern: ConcernPage
    words: tuple[Word, ...]

    @property
    def question(self) -> Word | None:
        """What the author was asked, if that is the last word to them."""
        return self.words[0] if self.words and self.words[0].kind == WordKind.QUESTION else None

    @property
    def is_answered(self) -> bool:
        """Whether the author added anything after the last word to them."""
        return bool(self.words) and any(each.at > self.words[0].at for each in self.concern.additions)


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
    is_reported: bool
    is_answered: bool

    @property
    def waits(self) -> bool:
        """Whether the school itself has to do something next, and nobody else."""
        return self.status in TO_DO or self.is_reported or self.is_answered

    @property
    def is_urgent(self) -> bool:
        """Whether somebody may be in danger and nobody has opened it."""
        return self.in_danger and self.status == Status.SENT

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
    people: tuple[str, ...]
    once: UUID | None = None


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
    report: str
    barred: tuple[int, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether somebody was in danger when it was sent, and it is not done with."""
        return self.concern.in_danger and self.status in OPEN

    @property
    def is_reported(self) -> bool:
        """Whether the officer reported back on the share, which nobody has taken up yet."""
        return self.status == Status.SHARED and bool(self.report)

    @property
    def is_answered(self) -> bool:
        """Whether the author answered what they were asked."""
        asked = [step.at for step in self.steps if step.kind == Status.ASKED]
        return self.status == Status.ASKED and any(each.at > max(asked) for each in self.concern.additions)

    def was_decided(self, *, once: UUID, decision: str, reason: str, told: str, ground: str, **_version: int) -> bool:
        """Whether this very decision was taken before: its form was sent twice."""
        said = (once, decision, reason, told, ground)
        return said in [(step.once, step.kind, step.reason, step.told, step.ground) for step in self.steps]


def own_concerns(viewer: Viewer) -> list[ConcernRow]:
    """This person's own concerns with the last word to them, newest first."""
    rows = _newest(Concern.objects.filter(made_by=viewer.person or 0).prefetch_related(_words_to(viewer)))
    note_reads("concerns.concern", rows)
    return [ConcernRow(row.pk, row.child_name, row.made_at, _last_word(row)) for row in rows]


def own_concern(viewer: Viewer, concern: UUID) -> OwnConcern:
    """One of this person's own concerns. Raises Http404 for anybody else's."""
    rows = Concern.objects.filter(made_by=viewer.person or 0, id=concern).annotate(**_parts("id"))
    row = rows.prefetch_related(_words_to(viewer)).first()
    if row is None:
        raise Http404
    note_reads("concerns.concern", [row])
    words = _sorted(row.words.all(), newest_first=True)
    who = people([row.made_by, *row.recipients, *(word.made_by for word in words)])
    return OwnConcern(_concern_page(row, row, who), tuple(_word(word, who) for word in words))


def told_of(school: int, once: UUID) -> tuple[int, ...]:
    """Who was told of the concern that this person sent with this token. Raises Http404."""
    sent = sent_before(Concern, school, once)
    if sent is None:
        raise Http404
    return sent.recipients


def inbox(viewer: Viewer, at: dt.datetime) -> list[TriageRow]:
    """What waits in the schools of this person: late first, then danger, then what nobody opened, each by when due."""
    rows = _triage_rows(viewer, "t.status = any (%(open)s)")
    return sorted(rows, key=lambda row: (not row.is_late(at), not row.is_urgent, row.status != Status.SENT, row.due_at))


def decided(viewer: Viewer, at: dt.datetime) -> list[TriageRow]:
    """What was decided in the last thirty days, newest first."""
    lately = "t.status <> all (%(open)s) and t.changed_at >= %(since)s"
    return sorted(_triage_rows(viewer, lately, since=at - DECIDED_SHOWN), key=lambda row: row.changed_at, reverse=True)


STEPS = """
array(select to_jsonb(step) from concerns_triagestep step where step.triage_id = concerns_triage.id
    order by step.made_at desc)
"""


def triage_page(concern: UUID) -> TriagePage:
    """A concern with its triage. Raises Http404 where there is none that the viewer may read."""
    parts = _parts("concern_id") | {"its_steps": RawSQL(STEPS, [])}  # noqa: S611  # nothing is put into it
    rows = Triage.objects.filter(concern=concern).select_related("concern", "child").annotate(**parts)
    row: Any = rows.first()
    if row is None:
        raise Http404
    note_reads("concerns.triage", [row])
    note_reads("concerns.concern", [row.concern])
    steps = rows_of(TriageStep, row.its_steps)
    who = people(_named_in(row, steps))
    shared = next((step.share_id for step in steps if step.share_id), None)
    return TriagePage(
        school=row.holder,
        status=row.status,
        version=row.version,
        opened_at=row.opened_at,
        opened_by=_called(who, row.opened_by),
        own_reference=row.own_reference,
        concern=_concern_page(row.concern, row, who),
        child=card_of(row.child) if row.child else None,
        steps=tuple(_step(step, who) for step in steps),
        report=last_report(shared) if shared else "",
        barred=tuple(row.barred),
    )


def as_opened(page: TriagePage, *, by: Viewer, at: dt.datetime) -> TriagePage:
    """The page of a concern that this person has just opened, without reading it again."""
    opener = _called(people([by.person or 0]), by.person)
    step = Step(Status.OPENED, "", "", "", None, at, opener, ())
    opened = replace(page, status=Status.OPENED, version=page.version + 1, opened_at=at, opened_by=opener)
    return replace(opened, steps=(step, *page.steps))


def _named_in(row: Triage, steps: list[TriageStep]) -> set[int]:
    """Everybody whom the page about a concern names."""
    by_steps = {person for step in steps for person in (step.made_by, *step.recipients)}
    return {row.made_by, row.opened_by or CLOCK, *row.concern.recipients} | by_steps


def _parts(concern: str) -> dict[str, Any]:
    """What belongs to a concern, read along with it. concern: the column with its id."""
    people = ConcernPerson.objects.filter(concern=OuterRef(concern))
    additions = Addition.objects.filter(concern=OuterRef(concern)).order_by("made_at")
    return {
        "others": ArraySubquery(people.values(data=JSONObject(name="name", involvement="involvement"))),
        "added": ArraySubquery(additions.values(data=JSONObject(words="words", at="made_at"))),
    }


def _newest(rows: QuerySet[Any]) -> list[Any]:
    """Sorted here: no index may serve a list's order alone (see the design), and one person's rows are few."""
    return _sorted(rows, newest_first=True)[:LISTED]


def _sorted(rows: Iterable[Any], *, newest_first: bool = False) -> list[Any]:
    return sorted(rows, key=lambda row: row.made_at, reverse=newest_first)


# In SQL: put together by the models, this list took twice as long.
TRIAGE_ROWS = """
select t.id, t.controller, t.barred, t.child_id, t.concern_id, t.holder, t.status, t.made_by, t.made_at, t.changed_at,
    c.controller as concern_controller, c.barred as concern_barred, c.child_name, c.author_name, c.in_danger, c.due_at,
    p.name, p.title,
    t.status = %(shared)s and exists (
        select from concerns_triagestep step join exchange_share share on share.id = step.share_id
        where step.triage_id = t.id and share.status = %(reported)s) as is_reported,
    t.status = %(asked)s and exists (
        select from concerns_addition addition
        where addition.concern_id = t.concern_id and addition.made_at > t.changed_at) as is_answered
from concerns_triage t
join concerns_concern c on c.id = t.concern_id
left join directory_person p on p.id = t.made_by
where t.holder = any (%(schools)s) and
"""
STATUSES = {"shared": Status.SHARED, "asked": Status.ASKED, "reported": ShareStatus.REPORTED, "open": list(OPEN)}


def _triage_rows(viewer: Viewer, condition: str, **values: object) -> list[TriageRow]:
    """The concerns of this person's schools of which the condition holds."""
    schools = viewer.organisations("school")
    found = fetched(TRIAGE_ROWS + condition, {"schools": schools, **STATUSES, **values})
    note_reads("concerns.triage", found)
    concerns = [Read(row.concern_id, row.concern_controller, row.concern_barred) for row in found]
    note_reads("concerns.concern", concerns)
    return [
        TriageRow(
            id=row.concern_id,
            school=row.holder,
            author=row.author_name or (PersonCard(row.made_by, row.name, row.title, "", "").called if row.name else ""),
            **{name: getattr(row, name) for name in IN_THE_LIST},
        )
        for row in found
    ]


IN_THE_LIST = (
    "child_name", "status", "in_danger", "made_at", "due_at", "changed_at", "is_reported", "is_answered",
)  # fmt: skip


def _concern_page(row: Concern, parts: Any, who: dict[int, PersonCard]) -> ConcernPage:
    """parts: the row that the others and the additions were read along with."""
    return ConcernPage(
        id=row.pk,
        school=row.holder,
        author=row.author_name or _called(who, row.made_by),
        people=tuple(InvolvedPerson(**person) for person in parts.others),
        additions=tuple(AddedWords(each["words"], dt.datetime.fromisoformat(each["at"])) for each in parts.added),
        told=tuple(_called(who, person) for person in row.recipients),
        circles=tuple(row.circles),
        barred=tuple(row.barred),
        **{name: getattr(row, name) for name in AS_WRITTEN},
    )


AS_WRITTEN = (
    "controller", "made_by", "made_at", "in_danger", "child_name", "seen", "opinion", "occurred_on", "occurred_time",
    "occurred_words", "place", "place_detail", "may_need_early_intervention", "due_at", "marking",
)  # fmt: skip


def _words_to(viewer: Viewer) -> Prefetch:
    return Prefetch("words", AuthorWord.objects.filter(author=viewer.person or 0))


def _last_word(row: Concern) -> Word | None:
    words = _sorted(row.words.all(), newest_first=True)
    return _word(words[0], {}) if words else None


def _word(row: AuthorWord, who: dict[int, PersonCard]) -> Word:
    return Word(row.kind, row.words, row.made_at, _called(who, row.made_by))


def _step(row: TriageStep, who: dict[int, PersonCard]) -> Step:
    told = tuple(_called(who, person) for person in row.recipients)
    said = (row.kind, row.reason, row.told, row.ground, row.share_id)
    return Step(*said, row.made_at, _called(who, row.made_by), told, row.once)


def _called(who: dict[int, PersonCard], person: int | None) -> str:
    return who[person].called if person in who else ""
