"""The only door to a force's documents. They hold no data about anybody, so reads are not logged."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.directory.selectors import forces_of
from schoolgate.partnership.models import AgreementKind, Edition

KINDS = tuple(AgreementKind)
TEXTS = Path(__file__).parents[1] / "texts"


@dataclass(frozen=True)
class EditionRow:
    """One version of a document of a force."""

    id: int
    force: int
    kind: AgreementKind
    number: int
    title: str
    as_at: dt.date
    published_at: dt.datetime | None


@dataclass(frozen=True)
class EditionText(EditionRow):
    """With what it says. `version` tells two people apart who change it at once."""

    summary: str
    body: str
    version: int


def editions(viewer: Viewer) -> list[EditionRow]:
    """All editions of the viewer's forces, the newest of each document first."""
    rows = Edition.objects.filter(force__in=forces_of(viewer.person or 0)).order_by("force", "-kind", "-number")
    return [EditionRow(**_row(row)) for row in rows.defer("body", "summary")]


def edition(viewer: Viewer, pk: int) -> EditionText:
    """One edition. Raises Http404 when it is none of the viewer's forces'."""
    row = Edition.objects.filter(pk=pk, force__in=forces_of(viewer.person or 0)).first()
    if row is None:
        raise Http404
    return EditionText(**_row(row), summary=row.summary, body=row.body, version=row.version)


def edition_before(shown: EditionText) -> EditionText | None:
    """The edition that one follows."""
    earlier = Edition.objects.filter(force=shown.force, kind=shown.kind, number__lt=shown.number)
    row = earlier.order_by("-number").first()
    return EditionText(**_row(row), summary=row.summary, body=row.body, version=row.version) if row else None


def published(force: int) -> dict[AgreementKind, EditionRow]:
    """The newest published edition of each document of a force."""
    rows = Edition.objects.filter(force=force, published_at__isnull=False).order_by("number").defer("body", "summary")
    return {AgreementKind(row.kind): EditionRow(**_row(row)) for row in rows}


def kind_called(word: str) -> AgreementKind:
    """The document that an address names. Raises Http404."""
    if word not in AgreementKind.values:
        raise Http404
    return AgreementKind(word)


def default_text(kind: AgreementKind, nation: str) -> tuple[str, str]:
    """Our own text and summary to start from; the English one where a nation has none yet."""
    name = f"{kind}-{nation}" if (TEXTS / f"{kind}-{nation}.md").exists() else f"{kind}-england"
    return (TEXTS / f"{name}.md").read_text(), (TEXTS / f"{name}.summary.md").read_text()


def _row(row: Edition) -> dict[str, Any]:
    plain = ("id", "number", "title", "as_at", "published_at")
    return {name: getattr(row, name) for name in plain} | {"force": row.force_id, "kind": AgreementKind(row.kind)}
