"""The words of the exchange's pages."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from schoolgate.access.copies import copy_addresses
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.enums import Marking, Nation
from schoolgate.directory.presenters import reader_rows
from schoolgate.exchange.forms import ShareForm
from schoolgate.exchange.models import EnquiryKind, Ground, Place, Purpose, ShareStatus, Side, StepKind, Urgency
from schoolgate.exchange.policies import may_act_for_police, may_answer, may_edit_law, may_take_back, may_write
from schoolgate.exchange.selectors import (
    AskChoices,
    CrimeRow,
    Duty,
    EnquiryPage,
    EnquiryRecord,
    EnquiryRow,
    InTime,
    LegalBasisRow,
    PoliceSide,
    ShareChoices,
    SharePage,
    ShareRecord,
    ShareRow,
    StepRecord,
)
from schoolgate.exchange.services import Told
from schoolgate.ui.documents import Document, facts_section, timeline_section
from schoolgate.ui.forms import Form
from schoolgate.ui.presenters import (
    capitalised,
    day_words,
    joined,
    moment_words,
    near_day_words,
    short_day_words,
    span_words,
)

Words = dict[str, Any]

OVER = (ShareStatus.RECALLED, ShareStatus.CORRECTED)
TONES = {
    ShareStatus.SENT: "active",
    ShareStatus.ACKNOWLEDGED: "active",
    ShareStatus.PLANNED: "active",
    ShareStatus.DONE: "active",
    ShareStatus.RECALLED: "late",
}


def share_list(page: SharePage, viewer: Viewer, *, now: dt.datetime) -> Words:
    """The list of shares, what waits for the viewer apart."""
    return {
        "awaiting": [share_row(row, now=now) for row in page.rows if row.awaits_viewer],
        "rows": [share_row(row, now=now) for row in page.rows if not row.awaits_viewer],
        "older": f"?after={page.after}" if page.after else "",
        "may_write": may_write_somewhere(viewer),
    }


def share_row(row: ShareRow, *, now: dt.datetime) -> Words:
    """A share for a list: whose, its state in words, how late it is."""
    late = row.is_late(now)
    return {
        "title": row.child_name,
        "href": reverse("exchange:share", args=[row.id]),
        "state": ShareStatus(row.status).label,
        "tone": "late" if late else TONES.get(ShareStatus(row.status), "done"),
        "late": late_words(row.due_at, now=now) if late else "",
        "facts": [
            row.school_name,
            Purpose(row.purpose).label,
            _("Sent %s") % moment_words(row.made_at, now=now),
        ],
    }


def late_words(due_at: dt.datetime | None, *, now: dt.datetime) -> str:
    """How late something is."""
    return _("Late by %s") % span_words(now - due_at) if due_at else ""


def may_write_somewhere(viewer: Viewer) -> bool:
    """Whether a page should offer to write."""
    return any(may_write(viewer, school) for school in viewer.organisations("partnership"))


def share_page(record: ShareRecord, police: PoliceSide, duty: Duty, viewer: Viewer, *, now: dt.datetime) -> Words:
    """The page of one share."""
    status = ShareStatus(record.status)
    return {
        "share": record,
        "heading": record.child_name,
        "page_title": _("Share"),
        "marking": Marking(record.marking).label,
        "caption": _caption(record, now),
        "state": status.label,
        "tone": "late" if record.is_late(now) else TONES.get(status, "done"),
        "state_text": _reference_words(record, police) or _state_text(record, now),
        "duty": _duty_words(record, duty, now),
        "contact": duty.holiday_contact,
        "readers": reader_rows(record.readers),
        "told": told_words(record, now=now),
        "facts": content_facts(record) if _may_be_used(record, viewer) else [],
        "timeline": [_step_words(record, step, now) for step in record.steps],
        "next": _next_action(record, viewer),
        "links": _links(record, viewer),
        "police": _police_words(police, record, now) if may_act_for_police(viewer, record.school) else {},
        **copy_addresses("exchange:copy_share", record.id),
    }


def _caption(record: ShareRecord, now: dt.datetime) -> str:
    """Who told whom, and when."""
    told = {
        "who": record.called(record.made_by),
        "to": joined([record.called(person) for person in record.recipients]),
        "school": record.school_name,
        "when": moment_words(record.made_at, now=now),
    }
    if record.sent_by == Side.SCHOOL:
        return _("Shared by %(who)s, %(school)s, with %(to)s, %(when)s") % told
    return _("Shared by %(who)s with %(to)s, %(school)s, %(when)s") % told


def _may_be_used(record: ShareRecord, viewer: Viewer) -> bool:
    """A share that was taken back is shown to the side that sent it alone."""
    return record.status != ShareStatus.RECALLED or not may_answer(viewer, record.school, record.holder)


def _state_text(record: ShareRecord, now: dt.datetime | None) -> str:
    """The state in a sentence."""
    due = _due_words(record, now)
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


def _reference_words(record: ShareRecord, police: PoliceSide) -> str:
    """What is left to do when all else is done, for the police alone."""
    if record.status == ShareStatus.REPORTED and any(not crime.force_reference for crime in police.crimes):
        return _("It was reported back, but a crime below has no reference yet.")
    return ""


def _due_words(record: ShareRecord, now: dt.datetime | None) -> str:
    """By when the next step is due; what was planned is due by a day."""
    if record.due_at is None:
        return ""
    if record.status == ShareStatus.PLANNED:
        return near_day_words(london_day(record.due_at), now=now)
    return moment_words(record.due_at, now=now)


def _duty_words(record: ShareRecord, duty: Duty, now: dt.datetime) -> list[str]:
    """When each of those who have it is next on duty, where known."""
    return [
        _("%(who)s is on duty now.") % {"who": record.called(person)}
        if at <= now
        else _("%(who)s is next on duty %(when)s.") % {"who": record.called(person), "when": moment_words(at, now=now)}
        for person, at in duty.next.items()
        if at
    ]


def told_words(record: ShareRecord, *, now: dt.datetime) -> list[Words]:
    """Who has been told and when, the earliest first, and whether they acknowledged it."""
    read = {step.made_by: step.made_at for step in record.steps if step.kind == StepKind.ACKNOWLEDGED}
    told: list[Words] = []
    for step in reversed(record.steps):
        for person in step.people:
            when = capitalised(moment_words(step.made_at, now=now))
            if person in read and step.kind in (StepKind.SENT, StepKind.PASSED):
                seen = moment_words(read[person], now=now)
                when = _("%(when)s; acknowledged %(seen)s") % {"when": when, "seen": seen}
            of_what = {StepKind.CORRECTED: _("of the correction"), StepKind.RECALLED: _("of the recall")}
            told.append(
                {"text": record.called(person), "when": ", ".join(filter(None, (when, of_what.get(step.kind))))}
            )
    return told


def content_facts(record: ShareRecord) -> list[Words]:
    """What was told, in the order of the form."""
    child = Told(record.child_told_by, record.child_told_on, record.child_not_told_why, record.child_view)
    parent = Told(record.parent_told_by, record.parent_told_on, record.parent_not_told_why, record.parent_view)
    return _facts(
        (_("What was seen or said"), record.facts),
        (_("Opinion"), record.opinion),
        (_("When"), record.occurred),
        (_("Where"), Place(record.place).label),
        (_("Purpose"), Purpose(record.purpose).label),
        (_("Does the child know?"), _told(child)),
        (_("What the child said of it"), child.view),
        (_("Does a parent or carer know?"), _told(parent)),
        (_("What the parent or carer said of it"), parent.view),
        (_("What helps in speaking with the child"), record.needs),
        (_("Legal basis"), record.basis_text),
        (_("Why it may go"), _ground(record.ground, record.ground_reason)),
        (_("How soon it is needed"), Urgency(record.urgency).label),
        (_("Handling"), record.handling),
        (_("Police incident number"), record.police_incident),
        (_("Number in the school's own system"), record.school_reference),
        (_("Number in the force's system"), record.police_reference),
    )


def _facts(*facts: tuple[Any, Any]) -> list[Words]:
    return [{"name": name, "text": str(text)} for name, text in facts if text]


def _told(told: Told) -> str:
    """Yes, by whom and when; or no, and why not."""
    if told.on:
        return _("Yes: told by %(by)s on %(on)s") % {"by": told.by, "on": short_day_words(told.on)}
    return _("No: %s") % told.why_not


def _ground(ground: str, reason: str) -> str:
    return ": ".join(filter(None, (str(Ground(ground).label), reason)))


def _step_words(record: ShareRecord, step: StepRecord, now: dt.datetime | None) -> Words:
    """One thing that happened."""
    words = [step.words] if step.words else []
    if step.due_on:
        words.append(_("To be done by %s") % day_words(step.due_on))
    if step.people:
        words.append(_("To %s") % joined([record.called(person) for person in step.people]))
    return {
        "title": str(step.kind.label),
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


def _links(record: ShareRecord, viewer: Viewer) -> list[Words]:
    """What else may be done with it."""
    links: list[tuple[str, str]] = []
    if may_write(viewer, record.school) and record.is_open:
        links.append(("pass_on", _("Pass it on to somebody else")))
    if may_answer(viewer, record.school, record.holder) and record.status == ShareStatus.REPORTED:
        links.append(("report", _("Add to the report")))
    if may_take_back(viewer, record.school, record.holder) and record.status not in OVER:
        links += [("correct", _("Correct it")), ("recall", _("Take it back"))]
    if may_write(viewer, record.school):
        links.append(("reference", _("Note its number in our own system")))
    links.append(("keep", _("I have an interest in this, or keep it from somebody")))
    return [_link(text, name, record.id) for name, text in links]


def _police_words(police: PoliceSide, record: ShareRecord, now: dt.datetime) -> Words:
    """What the school does not see."""
    return {
        "facts": [
            {"name": row.person, "text": f"{', '.join(str(c.label) for c in row.categories)}. {row.footing.label}."}
            for row in police.categories
        ],
        "crimes": [crime_row(row, now=now) for row in police.crimes],
        "child": police.child,
        "links": [_link(text, name, record.id) for name, text in _police_links(police, record)],
    }


def _police_links(police: PoliceSide, record: ShareRecord) -> list[tuple[str, str]]:
    """What may be noted; nothing of a share that another has taken the place of, or that was taken back."""
    if record.status in OVER:
        return []
    links = [("category", _("Set a person's category")), ("record_crime", _("A crime was disclosed"))]
    return links if police.child else [*links, ("link", _("Link the child to our own record"))]


def step_form(record: ShareRecord, form: Form, heading: str) -> Words:
    """The page of a form about one share."""
    return _form_page(form, heading, record.child_name, record.id)


def crime_form(row: CrimeRow, form: Form) -> Words:
    """The page that asks for the force's reference."""
    return _form_page(form, _("The force's reference"), row.what, row.share_id)


def _form_page(form: Form, heading: str, caption: str, share: UUID) -> Words:
    return {
        "form": form,
        "heading": heading,
        "caption": caption,
        "marking": Marking.OFFICIAL_SENSITIVE.label,
        "back_url": reverse("exchange:share", args=[share]),
        "submit_text": _("Save"),
    }


def crime_row(row: CrimeRow, *, now: dt.datetime) -> Words:
    """A crime for a list: its reference, or until when one is due."""
    due = "" if row.force_reference else _("Reference due %s") % moment_words(row.due_at, now=now)
    return {
        "title": row.what,
        "href": reverse("exchange:crime", args=[row.id]),
        "state": row.force_reference or _("No reference yet"),
        "tone": "done" if row.force_reference else "late" if row.is_late(now) else "active",
        "late": late_words(row.due_at, now=now) if row.is_late(now) else "",
        "facts": [fact for fact in (row.school_name, due) if fact],
    }


def crime_list(rows: Iterable[CrimeRow], *, now: dt.datetime) -> Words:
    """The crimes that wait for a reference."""
    return {"rows": [crime_row(row, now=now) for row in rows]}


def _suggested_words(choices: ShareChoices, now: dt.datetime) -> str:
    """Whom it goes to unless somebody chooses otherwise, and when they are next on duty."""
    for choice in choices.recipients[:1]:
        goes = _("Unless you choose otherwise, it goes to %s.") % choice.person.called
        if choice.duty and choice.duty > now:
            goes += " " + _("They are next on duty %s.") % moment_words(choice.duty, now=now)
        return goes
    return ""


def new_share(choices: ShareChoices, *, now: dt.datetime) -> Words:
    """The page of a new share."""
    return {
        "heading": _("New share"),
        "caption": choices.school.name,
        "to_police": choices.side == Side.SCHOOL,
        "own_system": choices.side == Side.SCHOOL and choices.school.keeps_own_system,
        "agreed": choices.agreement.agreed,
        "suggested_to": _suggested_words(choices, now),
        "advice_url": f"{reverse('exchange:new_advice')}?school={choices.school.id}",
        "back_url": reverse("exchange:shares"),
    }


def correction(record: ShareRecord, choices: ShareChoices, *, now: dt.datetime) -> Words:
    """The page that corrects a share."""
    back_url = reverse("exchange:share", args=[record.id])
    return new_share(choices, now=now) | {"heading": _("Correct a share"), "to_police": False, "back_url": back_url}


def check_share(form: ShareForm, in_time: InTime) -> Words:
    """What will be sent, to be checked."""
    details = form.details
    names = {choice.person.id: choice.person.called for choice in form.choices.recipients}
    facts = _facts(
        (_("To"), joined([names[person] for person in details.recipients])),
        (_("What was wrong"), form.cleaned_data.get("wrong")),
        (_("Child"), details.child_name),
        (_("What was seen or said"), details.facts),
        (_("Opinion"), details.opinion),
        (_("When"), details.occurred),
        (_("Where"), Place(details.place).label),
        (_("Purpose"), Purpose(details.purpose).label),
        (_("Does the child know?"), _told(details.child_told)),
        (_("What the child said of it"), details.child_told.view),
        (_("Does a parent or carer know?"), _told(details.parent_told)),
        (_("What the parent or carer said of it"), details.parent_told.view),
        (_("What helps in speaking with the child"), details.needs),
        (_("How soon it is needed"), Urgency(details.urgency).label),
        (_("Legal basis"), _basis(form.choices, details.basis)),
        (_("Why it may go"), _ground(details.ground, details.ground_reason)),
        (_("Marking"), Marking(details.marking).label),
        (_("Handling"), details.handling),
        (_("Number in our own system"), details.own_reference),
        (_("Police incident number"), details.police_incident),
    )
    return {
        "facts": facts,
        "alerts": details.ground != Ground.AGREEMENT,
        "also": _also_words(in_time),
        "nobody_on_duty": in_time.nobody_on_duty,
    }


def _also_words(in_time: InTime) -> str:
    """Who gets it as well, and why."""
    if in_time.also is None:
        return ""
    who = {"who": in_time.also.person.called}
    if in_time.nobody_on_duty:
        return _("It also goes to %(who)s, because nobody is on duty in time.") % who
    return _("It also goes to %(who)s, because nobody whom you chose is on duty in time.") % who


def _basis(choices: ShareChoices, chosen: int) -> str:
    basis = next(basis for basis in choices.bases if basis.id == chosen)
    return _("%(basis)s (as at %(day)s)") % {"basis": basis.text, "day": short_day_words(basis.as_at)}


def share_document(record: ShareRecord, viewer: Viewer) -> Document:
    """A copy of a share for a record of the viewer's own."""
    state = _facts((_("State"), f"{ShareStatus(record.status).label}. {_state_text(record, None)}"))
    facts = content_facts(record) if _may_be_used(record, viewer) else []
    steps = [_step_words(record, step, None) for step in record.steps]
    return Document(
        title=_("Share: %s") % record.child_name,
        marking=str(Marking(record.marking).label),
        sections=[facts_section(_("What was shared"), state + facts), timeline_section(_("What happened"), steps)],
    )


def legal_basis_list(rows: Iterable[LegalBasisRow], viewer: Viewer) -> Words:
    """The legal bases, a table for each nation and side; those not offered any more said to be so."""
    may_edit = may_edit_law(viewer)
    tables = [
        {
            "caption": f"{Nation(nation).label}: {Side(side).label}",
            "rows": [_basis_cells(row, may_edit) for row in same],
        }
        for (nation, side), same in groupby(rows, key=lambda row: (row.nation, row.side))
    ]
    return {"columns": [_("Legal basis"), _("As at"), _("Confirmed by")], "tables": tables}


def _basis_cells(row: LegalBasisRow, may_edit: bool) -> list[Any]:
    address = reverse("exchange:legal_basis", args=[row.id])
    return [
        {"text": row.text, "href": address} if may_edit else row.text,
        short_day_words(row.as_at) if row.active else _("No longer offered"),
        row.source,
    ]


def enquiry_list(page: EnquiryPage, viewer: Viewer, *, now: dt.datetime) -> Words:
    """The list of enquiries, what waits for the viewer apart."""
    return {
        "awaiting": [enquiry_row(row, now=now) for row in page.rows if row.awaits_viewer],
        "rows": [enquiry_row(row, now=now) for row in page.rows if not row.awaits_viewer],
        "older": f"?after={page.after}" if page.after else "",
        "may_write": may_write_somewhere(viewer),
    }


def enquiry_row(row: EnquiryRow, *, now: dt.datetime) -> Words:
    """An enquiry for a list."""
    late = row.is_late(now)
    return {
        "title": Truncator(row.question).chars(80),
        "href": reverse("exchange:enquiry", args=[row.id]),
        "state": _answered_words(row.answered_at),
        "tone": "done" if row.answered_at else "late" if late else "active",
        "late": late_words(row.due_at, now=now) if late else "",
        "facts": [row.school_name, EnquiryKind(row.kind).label, _("Asked %s") % moment_words(row.made_at, now=now)],
    }


def advice_form() -> Words:
    """The page that asks for advice."""
    return {"heading": _("Ask for advice, without names"), "is_advice": True}


def enquiry_form() -> Words:
    """The page that makes an enquiry."""
    return {"heading": _("New enquiry"), "is_advice": False}


def asked(choices: AskChoices, *, now: dt.datetime) -> Words:
    """Whom it goes to, and when they are next on duty."""
    who = choices.asked
    return {
        "caption": choices.school.name,
        "asked": who.person.called if who else "",
        "duty": moment_words(who.duty, now=now) if who and who.duty and who.duty > now else "",
    }


def enquiry_page(record: EnquiryRecord, viewer: Viewer, *, now: dt.datetime) -> Words:
    """The page of one enquiry."""
    asked = joined([record.called(person) for person in record.asked])
    when = capitalised(moment_words(record.made_at, now=now))
    return {
        "enquiry": record,
        "heading": EnquiryKind(record.kind).label,
        "marking": Marking(record.marking).label,
        "caption": f"{record.school_name}. {when}, {record.called(record.made_by)}",
        "state": _answered_words(record.answered_at),
        "tone": "done" if record.answered_at else "late" if record.is_late(now) else "active",
        "state_text": _waits_words(record, now),
        "readers": reader_rows(record.readers),
        "told": [{"text": asked, "when": when}, *_passed_words(record, now)],
        "may_write": may_write(viewer, record.school),
        "is_asked": may_answer(viewer, record.school, record.holder),
        "timeline": _answers(record, now),
        **copy_addresses("exchange:copy_enquiry", record.id),
    }


def _passed_words(record: EnquiryRecord, now: dt.datetime) -> list[Words]:
    return [
        {"text": record.called(person), "when": _("Passed on %s") % moment_words(at, now=now)}
        for person, at in record.passed
    ]


def _asked_words(record: EnquiryRecord) -> str:
    """Whoever has it: those who were asked, and those to whom it was passed on."""
    return joined([record.called(person) for person in [*record.asked, *(person for person, _at in record.passed)]])


def _answered_words(answered_at: dt.datetime | None) -> str:
    return _("Answered") if answered_at else _("Waits for an answer")


def _waits_words(record: EnquiryRecord, now: dt.datetime | None) -> str:
    """Who should answer, by when; nothing of an enquiry that was answered."""
    if record.answered_at:
        return ""
    said = {"asked": _asked_words(record), "due": moment_words(record.due_at, now=now)}
    return _("%(asked)s should answer by %(due)s.") % said


def _answers(record: EnquiryRecord, now: dt.datetime | None) -> list[Words]:
    return [
        {
            "title": _("%s wrote") % record.called(answer.made_by),
            "when": capitalised(moment_words(answer.made_at, now=now)),
            "text": answer.words,
        }
        for answer in record.answers
    ]


def enquiry_document(record: EnquiryRecord) -> Document:
    """A copy of an enquiry, or of advice, for a record of the viewer's own."""
    state = ". ".join(filter(None, (_answered_words(record.answered_at), _waits_words(record, None))))
    asked = {"who": record.called(record.made_by), "when": moment_words(record.made_at, now=None)}
    facts = _facts(
        (_("State"), state),
        (_("School"), record.school_name),
        (_("Asked by"), _("%(who)s, %(when)s") % asked),
        (_("Asked of"), _asked_words(record)),
        (_("About"), record.child_name),
        (_("Question"), record.question),
    )
    return Document(
        title=str(EnquiryKind(record.kind).label),
        marking=str(Marking(record.marking).label),
        sections=[facts_section(_("What was asked"), facts), timeline_section(_("Answers"), _answers(record, None))],
    )
