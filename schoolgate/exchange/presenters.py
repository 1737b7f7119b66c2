"""The words of the exchange's pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.models import CircleKind
from schoolgate.access.viewer import Viewer
from schoolgate.core.enums import Marking
from schoolgate.directory.models import Role
from schoolgate.exchange.models import Ground, Place, Purpose, ShareStatus, Side, StepKind, Urgency
from schoolgate.exchange.policies import may_answer, may_take_back
from schoolgate.exchange.selectors import SharePage, ShareRecord, ShareRow, StepRecord
from schoolgate.ui.presenters import capitalised, day_words, joined, moment_words, short_day_words, span_words

Words = dict[str, Any]

TONES = {
    ShareStatus.SENT: "active",
    ShareStatus.ACKNOWLEDGED: "active",
    ShareStatus.PLANNED: "active",
    ShareStatus.DONE: "active",
    ShareStatus.RECALLED: "late",
}


def share_rows(rows: Iterable[ShareRow], *, now: dt.datetime) -> list[Words]:
    """Shares for a list: whose, its state in words, what is late."""
    return [share_row(row, now=now) for row in rows]


def share_row(row: ShareRow, *, now: dt.datetime) -> Words:
    late = row.is_open and row.due_at is not None and row.due_at < now
    return {
        "title": row.child_name,
        "href": reverse("exchange:share", args=[row.id]),
        "state": ShareStatus(row.status).label,
        "tone": "late" if late else TONES.get(ShareStatus(row.status), "done"),
        "late": _("Late by %s") % span_words(now - row.due_at) if late and row.due_at else "",
        "facts": [
            row.school_name,
            Purpose(row.purpose).label,
            _("Sent %s") % moment_words(row.made_at, now=now),
        ],
    }


def list_page(page: SharePage, *, now: dt.datetime) -> Words:
    """The list of shares."""
    return {
        "rows": share_rows(page.rows, now=now),
        "older": f"?after={page.after}" if page.after else "",
    }


def share_page(record: ShareRecord, viewer: Viewer, *, now: dt.datetime) -> Words:
    """The page of one share."""
    status = ShareStatus(record.status)
    late = record.is_open and record.due_at is not None and record.due_at < now
    return {
        "share": record,
        "heading": record.child_name,
        "page_title": _("Share"),
        "marking": Marking(record.marking).label,
        "caption": _("Shared by %(who)s with %(to)s, %(when)s")
        % {
            "who": _sender(record),
            "to": joined([record.called(person) for person in record.recipients]),
            "when": moment_words(record.made_at, now=now),
        },
        "state": status.label,
        "tone": "late" if late else TONES.get(status, "done"),
        "state_text": _state_text(record, now),
        "readers": reader_words(record),
        "told": told_words(record, now=now),
        "facts": content_facts(record),
        "timeline": [_step_words(record, step, now) for step in record.steps],
        "next": _next_action(record, viewer),
        "may_take_back": record.status not in (ShareStatus.RECALLED, ShareStatus.CORRECTED)
        and may_take_back(viewer, record.school, record.holder),
    }


def _sender(record: ShareRecord) -> str:
    return (
        f"{record.called(record.made_by)}, {record.school_name}"
        if record.sent_by == Side.SCHOOL
        else record.called(record.made_by)
    )


def _state_text(record: ShareRecord, now: dt.datetime) -> str:
    """The state in a sentence."""
    due = moment_words(record.due_at, now=now) if record.due_at else ""
    names = joined([record.called(person) for person in [*record.recipients, *record.passed_to]])
    sentences = {
        ShareStatus.SENT: _("Waits for %(names)s to acknowledge it, by %(due)s."),
        ShareStatus.ACKNOWLEDGED: _("It has been read. What will be done is to be said by %(due)s."),
        ShareStatus.PLANNED: _("What will be done has been said; it is to be done by %(due)s."),
        ShareStatus.DONE: _("It has been done; the report back is due by %(due)s."),
        ShareStatus.REPORTED: _("Nothing more is to be done."),
        ShareStatus.CORRECTED: _("A corrected share has taken its place. Do not use this one."),
        ShareStatus.RECALLED: _("It was taken back. Do not use it, and tell whoever you told."),
    }
    return sentences[ShareStatus(record.status)] % {"names": names, "due": due}


def reader_words(record: ShareRecord) -> list[Words]:
    """Who can read it now, each with the role by which."""
    why = {reader.person: Role(reader.role).label if reader.role in Role.values else CircleKind(reader.kind).label
           for reader in record.readers}  # fmt: skip
    return [
        {"text": called, "why": why[person]}
        for person, called in {reader.person: reader.called for reader in record.readers}.items()
    ]


def told_words(record: ShareRecord, *, now: dt.datetime) -> list[Words]:
    """Who has been told and when, and whether they acknowledged it."""
    read = {step.made_by: step for step in record.steps if step.kind == StepKind.ACKNOWLEDGED}
    told: list[Words] = []
    for step in reversed(record.steps):
        for person in step.people:
            when = capitalised(moment_words(step.made_at, now=now))
            if person in read:
                when = _("%(when)s; acknowledged %(read)s") % {
                    "when": when,
                    "read": moment_words(read[person].made_at, now=now),
                }
            told.append({"text": record.called(person), "when": when})
    return told


def content_facts(record: ShareRecord) -> list[Words]:
    """What was told, in the order of the form."""
    facts = [
        (_("Child"), record.child_name),
        (_("What was seen or said"), record.facts),
        (_("Opinion"), record.opinion),
        (_("When"), record.occurred),
        (_("Where"), Place(record.place).label),
        (_("Purpose"), Purpose(record.purpose).label),
        (_("Does the child know?"), _told(record, "child")),
        (_("What the child said of it"), record.child_view),
        (_("Does a parent or carer know?"), _told(record, "parent")),
        (_("What the parent or carer said of it"), record.parent_view),
        (_("What helps in speaking with the child"), record.needs),
        (_("Legal basis"), record.basis_text),
        (_("Why it may go"), _ground(record)),
        (_("How soon it is needed"), Urgency(record.urgency).label),
        (_("Handling"), record.handling),
        (_("Police incident number"), record.police_incident),
        (_("Number in the school's own system"), record.school_reference),
        (_("Number in the force's system"), record.police_reference),
    ]
    return [{"name": name, "text": text} for name, text in facts if text]


def _told(record: ShareRecord, who: str) -> str:
    by, on = getattr(record, f"{who}_told_by"), getattr(record, f"{who}_told_on")
    if on:
        return _("Yes: told by %(by)s on %(on)s") % {"by": by, "on": short_day_words(on)}
    return _("No: %s") % getattr(record, f"{who}_not_told_why")


def _ground(record: ShareRecord) -> str:
    words = str(Ground(record.ground).label)
    return f"{words}: {record.ground_reason}" if record.ground_reason else words


def _step_words(record: ShareRecord, step: StepRecord, now: dt.datetime) -> Words:
    words = [step.words] if step.words else []
    if step.due_on:
        words.append(_("To be done by %s") % day_words(step.due_on))
    if step.people:
        words.append(_("To %s") % joined([record.called(person) for person in step.people]))
    return {
        "title": step.kind.label,
        "when": capitalised(moment_words(step.made_at, now=now)),
        "by": record.called(step.made_by),
        "text": "\n".join(words),
    }


def _next_action(record: ShareRecord, viewer: Viewer) -> Words:
    """The one next action of this viewer: a button, a link, or nothing."""
    if not may_answer(viewer, record.school, record.holder):
        return {}
    seen = {step.made_by for step in record.steps if step.kind == StepKind.RECALL_SEEN}
    if record.status == ShareStatus.RECALLED and viewer.person not in seen:
        return _button(_("I have seen that it was taken back"), record.id)
    return {
        ShareStatus.SENT: _button(_("Acknowledge"), record.id),
        ShareStatus.ACKNOWLEDGED: _link(_("Say what will be done"), "plan", record.id),
        ShareStatus.PLANNED: _link(_("Record what was done"), "done", record.id),
        ShareStatus.DONE: _link(_("Report back"), "report", record.id),
    }.get(ShareStatus(record.status), {})


def _button(text: str, share: UUID) -> Words:
    return {"text": text, "post": reverse("exchange:acknowledge", args=[share])}


def _link(text: str, name: str, share: UUID) -> Words:
    return {"text": text, "href": reverse(f"exchange:{name}", args=[share])}
