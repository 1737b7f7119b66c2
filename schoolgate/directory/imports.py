"""What the administrators' pages read of imports of the school register: those of their own force."""

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.directory.administration import forces_of_others
from schoolgate.directory.areas import PoliceArea, all_areas, areas_called
from schoolgate.directory.comparison import Change, Entry, ImportReport, PartOnly
from schoolgate.directory.gias import BadRow
from schoolgate.directory.models import ImportLine, ImportPart, ImportState, RegisterImport, Stage
from schoolgate.directory.policies import administers

PAGE = 50
CARD = (
    "id", "file_name", "asked_at", "only_forces", "state", "stage", "done", "of", "ended_at", "why_failed", "totals",
)  # fmt: skip


@dataclass(frozen=True)
class ImportCard:
    """An import and how far it is. only_forces: their names, none for every force.

    counts: how many lines each part of its report has. rest: what the report says beyond its lines.
    """

    id: UUID
    file_name: str
    asked_at: dt.datetime
    only_forces: list[str]
    state: ImportState
    stage: Stage
    done: int
    of: int
    ended_at: dt.datetime | None
    why_failed: str
    asked_by: str
    counts: dict[ImportPart, int]
    rest: ImportReport


@dataclass(frozen=True)
class ImportPage:
    """Imports, the newest first; `older` is the key of the next page."""

    rows: list[ImportCard]
    older: UUID | None = None


@dataclass(frozen=True)
class LineQuery:
    """Which lines of a report: everything that is given must hold. words: of a school's name, force or URN."""

    part: str = ""
    words: str = ""
    after: int = 0


@dataclass(frozen=True)
class LinePage:
    """Lines of a report, each with its part; `after` is the key of the next page."""

    rows: list[tuple[ImportPart, Entry | BadRow]]
    after: int = 0


def imports_of(viewer: Viewer, *, before: UUID | None = None) -> ImportPage:
    """The imports that administrators of the viewer's force asked for. Raises Http404 for everybody else."""
    rows = _cards(viewer).order_by("-asked_at", "id")
    if before:
        rows = rows.filter(asked_at__lt=_one(viewer, before).asked_at)
    cards = [_card(row) for row in rows[: PAGE + 1]]
    return ImportPage(cards[:PAGE], cards[PAGE - 1].id if cards[PAGE:] else None)


def import_card(viewer: Viewer, asked: UUID) -> ImportCard:
    """One import of the viewer's force. Raises Http404."""
    return _one(viewer, asked)


def import_lines(viewer: Viewer, asked: UUID, query: LineQuery) -> LinePage:
    """Fifty lines of an import's report, as the report has them in order. Raises Http404."""
    lines = ImportLine.objects.filter(register_import=_one(viewer, asked).id, id__gt=query.after)
    if query.part:
        lines = lines.filter(part=query.part)
    if query.words:
        lines = lines.filter(_holds(query.words))
    rows = list(lines.order_by("id")[: PAGE + 1])
    shown = [(ImportPart(row.part), _from_line(row)) for row in rows[:PAGE]]
    return LinePage(shown, rows[PAGE - 1].id if rows[PAGE:] else 0)


def import_report(viewer: Viewer, asked: UUID) -> ImportReport:
    """The whole report of an import that is done. Raises Http404."""
    card = _one(viewer, asked)
    if card.state != ImportState.DONE:
        raise Http404
    for line in ImportLine.objects.filter(register_import=asked).order_by("id"):
        getattr(card.rest, line.part).append(_from_line(line))
    return card.rest


def totals_of(report: ImportReport) -> dict[str, Any]:
    """How many lines each part of a report has, and what it says beyond its lines."""
    lengths = {part.value: len(getattr(report, part)) for part in ImportPart}
    return lengths | {
        "forces_added": report.forces_added,
        "unchanged": report.unchanged,
        "part_only": [list(asdict(part).values()) for part in report.part_only],
        "other_forces": report.other_forces,
        "long_closed": report.long_closed,
        "left_out": report.left_out,
    }


def areas_to_import(viewer: Viewer) -> list[PoliceArea]:
    """The police areas that this person may import, by name. Raises Http404 when there is none."""
    if not administers(viewer):
        raise Http404
    others = forces_of_others(viewer).values()
    return sorted((area for area in all_areas() if area.slug not in others), key=lambda area: area.name)


def _cards(viewer: Viewer) -> QuerySet[RegisterImport, dict[str, Any]]:
    if not administers(viewer):
        raise Http404
    mine = RegisterImport.objects.filter(force__in=viewer.organisations("administrators"))
    return mine.values(*CARD, by=F("asked_by__name"))


def _one(viewer: Viewer, asked: UUID) -> ImportCard:
    found = _cards(viewer).filter(id=asked).first()
    if found is None:
        raise Http404
    return _card(found)


def _card(row: dict[str, Any]) -> ImportCard:
    totals, state, stage = row.pop("totals"), ImportState(row.pop("state")), Stage(row.pop("stage"))
    counts = {part: totals.pop(part, 0) for part in ImportPart}
    forces = sorted(area.name for area in areas_called(row.pop("only_forces")))
    by, rest = row.pop("by"), _rest(totals)
    return ImportCard(state=state, stage=stage, only_forces=forces, asked_by=by, counts=counts, rest=rest, **row)


def _rest(totals: dict[str, Any]) -> ImportReport:
    parts, left_out = totals.pop("part_only", ()), totals.pop("left_out", {})
    return ImportReport(part_only=[PartOnly(*part) for part in parts], left_out=Counter(left_out), **totals)


def _holds(words: str) -> Q:
    named = Q(name__icontains=words) | Q(force__icontains=words)
    return named | Q(urn=int(words)) if words.isascii() and words.isdigit() and len(words) < 10 else named


def _from_line(row: ImportLine) -> Entry | BadRow:
    if row.part == ImportPart.UNREADABLE:
        return BadRow(row.line, row.column, row.why)
    changes = tuple(Change(*change) for change in row.changes)
    return Entry(row.line, row.urn or 0, row.name, row.force, changes)
