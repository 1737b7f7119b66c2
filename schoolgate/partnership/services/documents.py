"""What is done with a force's documents: written, published; a published one never changes."""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.partnership.models import AgreementKind, Edition
from schoolgate.partnership.policies import may_write_documents
from schoolgate.partnership.selectors.documents import EditionText, default_text


class ChangedMeanwhile(Exception):
    """Somebody else changed the edition after it was opened, or published it."""


def begin_edition(*, by: Viewer, at: dt.datetime, force: int, kind: AgreementKind, nation: str) -> int:
    """Begin the next edition from the newest one, else from our own text; give its id.

    The edition that is being written is given where there is one already. Raises PermissionDenied.
    """
    require(may_write_documents, by)
    editions = Edition.objects.filter(force=force, kind=kind)
    writing = editions.filter(published_at__isnull=True).first()
    if writing:
        return writing.pk
    newest = editions.order_by("-number").first()
    body, summary = (newest.body, newest.summary) if newest else default_text(kind, nation)
    number = (editions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Edition(
        force_id=force, kind=kind, number=number, title=newest.title if newest else str(AgreementKind(kind).label),
        body=body, summary=summary, as_at=london_day(at), written_by=by.person, changed_at=at,
    )  # fmt: skip
    Edition.objects.bulk_create([made], ignore_conflicts=True)
    return editions.get(published_at__isnull=True).pk  # whoever began it at the same moment


def change_edition(
    *, by: Viewer, at: dt.datetime, shown: EditionText, title: str, summary: str, body: str, as_at: dt.date
) -> None:
    """Keep what was written. Raises PermissionDenied, ChangedMeanwhile."""
    require(may_write_documents, by)
    found = Edition.objects.filter(pk=shown.id, version=shown.version, published_at__isnull=True)
    words = {"title": title, "summary": summary, "body": body, "as_at": as_at}
    if not found.update(**words, written_by=by.person, changed_at=at, version=shown.version + 1):
        raise ChangedMeanwhile


def publish_edition(*, by: Viewer, at: dt.datetime, shown: EditionText, version: int) -> None:
    """Fix the text, so that it can be proposed. version: the one that was read.

    Raises PermissionDenied, ChangedMeanwhile.
    """
    require(may_write_documents, by)
    with transaction.atomic():
        found = Edition.objects.filter(pk=shown.id, version=version, published_at__isnull=True)
        if not found.update(published_at=at, changed_at=at):
            raise ChangedMeanwhile
