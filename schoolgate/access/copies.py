"""Copy for our record: any record as text or PDF for a system of the viewer's own, logged as a disclosure."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.viewer import Request
from schoolgate.audit.notes import Operation, note
from schoolgate.core.clock import now
from schoolgate.ui.documents import Document, as_pdf, as_text
from schoolgate.ui.presenters import moment_words

# The reason in the log is a code, the same in every language; governance has the words.
COPIED = "copy_for_record"
TEXT, PDF = "txt", "pdf"


class Copied(Protocol):
    """What a selector gives of a record that may be copied."""

    @property
    def id(self) -> UUID: ...
    @property
    def controller(self) -> int: ...
    @property
    def barred(self) -> Iterable[int]: ...


def copy_addresses(name: str, record: UUID) -> dict[str, str]:
    """The two links of a record's page (see ui/record_page.html). name: of the address that copies it."""
    return {"text_url": reverse(name, args=[record, TEXT]), "pdf_url": reverse(name, args=[record, PDF])}


def copy_out(
    request: Request, form: str, document: Document, *, kind: str, record: Copied, subjects: Iterable[UUID] = ()
) -> HttpResponse:
    """Hand out a copy and note it. form: how its address ends; kind, subjects: as the log has them.

    Raises Http404 for a form that there is not.
    """
    if form not in (TEXT, PDF):
        raise Http404
    viewer = request.viewer
    note(
        Operation.DISCLOSURE,
        kind,
        [record.id],
        controller=record.controller,
        subjects=subjects,
        recipients=[viewer.person] if viewer.person else [],
        reason=COPIED,
        barred=record.barred,
    )
    said = {"who": viewer.name, "when": moment_words(now(), now=None)}
    made = replace(document, made=_("Copied from Schoolgate by %(who)s, %(when)s") % said)
    return _as_text(made) if form == TEXT else _as_pdf(made, kind.partition(".")[2])


def _as_text(document: Document) -> HttpResponse:
    return HttpResponse(as_text(document), content_type="text/plain; charset=utf-8")


def _as_pdf(document: Document, name: str) -> HttpResponse:
    answer = HttpResponse(as_pdf(document), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
