"""Concerns, their triage and the shares made of them, invented in any number and spread over the register.

There are as many shares as concerns, more than in life: a share is what most people read. Triggers are off while
they load (they would set circles, controller and regime, and keep the history); a test compares the circles.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db.models import Model
from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.copying import copy_rows
from schoolgate.children.models import Child
from schoolgate.concerns.models import Concern, ConcernPerson, Triage
from schoolgate.exchange.models import Share, ShareStep

KNOWN_RECORDS = (
    [50] * register.OWN_SCHOOLS  # all of them waiting at the school, few at the officer
    + [40] * register.BUSY_SCHOOLS
    + [2] * register.QUIET_SCHOOLS
)
CHILDREN_A_SCHOOL = 5
ONE_OPEN_IN = 12
YEARS = 3
CHUNK = 50_000
ACCOUNT = "An invented account, as long as what people write on a telephone between two lessons. " * 4

PROTECTED = ["id", "holder", "controller", "regime", "circles", "made_by", "made_at"]


TOLD: dict[str, object] = {
    "in_danger": False,
    "seen": ACCOUNT,
    "occurred_on": "2026-01-05",
    "occurred_words": "at break",
    "place": "in_school",
}
SHARED: dict[str, object] = {
    "facts": ACCOUNT,
    "purpose": "safeguarding",
    "place": "in_school",
    "occurred": "5 January, at break",
    "basis_text": "An invented basis",
    "ground": "agreement",
    "handling": "For the officer alone",
    "urgency": "next_school_day",
    "child_told_by": "The SPOC",
    "child_told_on": "2026-01-05",
    "parent_told_by": "The SPOC",
    "parent_told_on": "2026-01-05",
}


class Record(NamedTuple):
    """One concern with its triage and its share: ids as text, school and author by number."""

    concern: str
    triage: str
    share: str
    child: str
    school: int
    author: int
    made_at: str
    due_at: str
    waits: bool  # at the school
    waits_for_officer: bool

    @property
    def made_by(self) -> int:
        return register.staff(self.school, self.author)

    @property
    def spoc(self) -> int:
        return register.staff(self.school, 0)


@dataclass(frozen=True)
class Kind:
    """How a table is filled from records: which id, whose circles, which further columns."""

    model: type[Model]
    id: Callable[[Record], str]
    circles: tuple[str, ...]
    columns: Mapping[str, Callable[[Record], object]]
    constants: Mapping[str, object]
    made_by: Callable[[Record], int] = lambda record: record.made_by

    def row(self, record: Record) -> list[object]:
        """The columns of PROTECTED, then this kind's own."""
        school = record.school
        circles = [_circle(kind, record) for kind in self.circles]
        head = [self.id(record), register.school(school), register.controller(school), "uk_gdpr", sorted(circles)]
        return [*head, self.made_by(record), record.made_at, *(value(record) for value in self.columns.values())]


def _circle(kind: str, record: Record) -> int:
    if kind == "author":
        return register.author_circle(record.school, record.author)
    return register.school_circle(record.school, kind)


def kinds(basis: int) -> list[Kind]:
    """The tables in the order of loading. basis: a legal basis that shares rest on."""
    return [
        Kind(
            Concern,
            lambda r: r.concern,
            ("author", "school"),
            {"once": lambda r: r.concern, "child_name": _child_name, "due_at": lambda r: r.due_at},
            TOLD,
        ),
        Kind(
            ConcernPerson,
            lambda r: r.concern,
            ("author", "school"),
            {"concern_id": lambda r: r.concern},
            {"name": "Example Bystander", "involvement": "saw"},
        ),
        Kind(
            Triage,
            lambda r: r.triage,
            ("school",),
            {
                "concern_id": lambda r: r.concern,
                "status": lambda r: "opened" if r.waits else "closed",
                "child_id": lambda r: r.child,
                "opened_at": lambda r: r.due_at,
                "opened_by": lambda r: r.spoc,
                "changed_at": lambda r: r.due_at,
            },
            {},
        ),
        Kind(
            Share,
            lambda r: r.share,
            ("partnership",),
            {
                "once": lambda r: r.share,
                "school": lambda r: register.school(r.school),
                "child_id": lambda r: r.child,
                "child_name": _child_name,
                "status": lambda r: "acknowledged" if r.waits_for_officer else "reported",
                "due_at": lambda r: r.due_at,
                "recipients": lambda r: [register.officer(r.school)],
            },
            SHARED | {"basis_id": basis},
            made_by=lambda r: r.spoc,
        ),
        Kind(
            ShareStep,
            lambda r: r.share,
            ("partnership",),
            {"once": lambda r: r.share, "share_id": lambda r: r.share, "school": lambda r: register.school(r.school)},
            {"kind": "sent"},
            made_by=lambda r: r.spoc,
        ),
    ]


def _child_name(record: Record) -> str:
    return f"Example Child {record.child[:6]}"


class Records:
    """The records of the known schools, then so many of other people; the same every time for the same number."""

    def __init__(self, others: int, now: dt.datetime) -> None:
        self.others = others
        self.schools = register.schools_for(others)
        self._random = random.Random(others)
        self._recent = [self._moment(now, days=60) for _ in range(2000)]
        self._moments = [self._moment(now, days=365 * YEARS) for _ in range(20_000)]
        self.children = [[self._new_id() for _ in range(CHILDREN_A_SCHOOL)] for _ in range(self.schools)]

    def __iter__(self) -> Iterator[Record]:
        for school, records in enumerate(KNOWN_RECORDS):
            for _ in range(records):
                yield self._record(school)
        for _ in range(self.others):
            yield self._record(self._random.randrange(register.KNOWN_SCHOOLS, self.schools))

    def child_rows(self) -> Iterator[list[object]]:
        """Columns of PROTECTED, then the name."""
        for school, children in enumerate(self.children):
            circles = [register.school_circle(school, "school")]
            for child in children:
                head = [child, register.school(school), register.controller(school), "uk_gdpr", circles]
                yield [*head, register.staff(school, 0), "2026-01-05", f"Example Child {child[:6]}"]

    def _record(self, school: int) -> Record:
        is_own = school < register.OWN_SCHOOLS
        moment = self._random.choice(self._recent if is_own else self._moments)
        waits = is_own or self._random.randrange(ONE_OPEN_IN) == 0
        waits_for_officer = self._random.randrange(ONE_OPEN_IN) == 0
        concern, triage, share = (self._new_id() for _ in range(3))
        child = self._random.choice(self.children[school])
        author = self._random.choice(register.AUTHORS)
        return Record(concern, triage, share, child, school, author, *moment, waits, waits_for_officer)

    def _new_id(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def _moment(self, now: dt.datetime, *, days: int) -> tuple[str, str]:
        made = now - dt.timedelta(seconds=self._random.randrange(3600, days * 86_400))
        return made.isoformat(), (made + dt.timedelta(hours=1)).isoformat()


def load_records(connection: Connection, records: Records, *, basis: int) -> None:
    """Copy the children, then the records a chunk at a time. The caller turned triggers off."""
    copy_rows(connection, Child, [*PROTECTED, "name"], records.child_rows())
    rest = iter(records)
    while chunk := list(islice(rest, CHUNK)):
        for kind in kinds(basis):
            columns = [*PROTECTED, *kind.columns]
            copy_rows(connection, kind.model, columns, map(kind.row, chunk), kind.constants)
