"""Agreements and documents in words."""

import datetime as dt
from collections.abc import Iterable, Set
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.access.viewer import Viewer
from schoolgate.partnership.models import AgreementKind, BriefingPage, StepKind
from schoolgate.partnership.policies import is_head, is_signatory, may_end, may_propose, side_to_sign
from schoolgate.partnership.selectors.agreements import (
    WAITING,
    AgreementRecord,
    AgreementRow,
    CheckedCopy,
    RunningAgreement,
    SameText,
    Standing,
    Step,
)
from schoolgate.partnership.selectors.awareness import Reader, Share
from schoolgate.partnership.selectors.documents import EditionRow
from schoolgate.partnership.selectors.people import Appointed
from schoolgate.partnership.selectors.staff import StaffPlan
from schoolgate.partnership.staff_list import StaffList
from schoolgate.ui.documents import AgreedText
from schoolgate.ui.fields import Choice
from schoolgate.ui.presenters import capitalised, moment_words, short_day_words
from schoolgate.ui.prose import Change, as_html

Words = dict[str, Any]

STATES = {
    "proposed": gettext_lazy("Waits for the head teacher"),
    "awaits_police": gettext_lazy("Waits for the police"),
    "agreed": gettext_lazy("Signed, not in force yet"),
    "active": gettext_lazy("In force"),
    "lapsed": gettext_lazy("Lapsed"),
    "not_signed_in_time": gettext_lazy("Not signed in time"),
    "declined": gettext_lazy("Declined"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "ended": gettext_lazy("Ended"),
}
TONES = {"proposed": "active", "awaits_police": "active", "agreed": "active", "active": "done", "lapsed": "late"}

FACTORS = {
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery code"),
    "demonstration": gettext_lazy("none: a signature of the demonstration"),
}

STATEMENTS: dict[str, Promise] = {
    StepKind.SIGNED: gettext_lazy("For the school I agree to this text as it stands here, and sign it."),
    StepKind.TRUST_SIGNED: gettext_lazy(
        "For the trust, which answers for the school's data, I agree to this text and sign it."
    ),
    StepKind.COUNTERSIGNED: gettext_lazy("For the police I agree to this text as it stands here, and sign it."),
}


def agreement_rows(rows: Iterable[AgreementRow], mine: Set[UUID]) -> list[Words]:
    """Agreements for a list. mine: what waits for this person's own signature, and stands on top."""
    return [
        {
            "title": row.title,
            "href": reverse("partnership:agreement", args=[row.id]),
            "state": STATES[row.state],
            "tone": TONES.get(row.state, "plain"),
            "late": _("For you to sign") if row.id in mine else "",
            "facts": [row.school_name, span_words(row.since, row.until)],
        }
        for row in sorted(rows, key=lambda row: row.id not in mine)
    ]


def span_words(since: dt.date, until: dt.date) -> str:
    """From when until when."""
    return _("%(since)s to %(until)s") % {"since": short_day_words(since), "until": short_day_words(until)}


def same_text_choices(found: Iterable[SameText]) -> list[Choice]:
    """The other schools of a trust for which the same edition waits."""
    return [Choice(str(one.id), one.school_name, hint=span_words(one.since, one.until)) for one in found]


def under_way(standings: Iterable[Standing]) -> list[str]:
    """What was proposed to a school and waits for a signature."""
    words = _("%(document)s, %(dates)s: %(state)s")
    return [
        words % {"document": one.kind.label, "dates": span_words(one.since, one.until), "state": STATES[one.state]}
        for one in standings
        if one.state in WAITING
    ]


def signature_rows(record: AgreementRecord, *, now: dt.datetime | None) -> list[list[str]]:
    """Who signed: for whom, name, role, when, by which second factor, with which statement."""
    return [
        [
            str(step.kind.label),
            step.signer_name,
            step.signer_role,
            f"{capitalised(moment_words(step.made_at, now=now))}; {_factor(step)}",
            step.statement,
        ]
        for step in record.signatures
    ]


def signatures(record: AgreementRecord, *, now: dt.datetime) -> list[Words]:
    """The same, for the page."""
    return [{"title": kind, "facts": facts} for kind, *facts in signature_rows(record, now=now)]


SIGNATURE_COLUMNS = (
    gettext_lazy("Signature"), gettext_lazy("Name"), gettext_lazy("Role"), gettext_lazy("When, and second factor"),
    gettext_lazy("Statement"),
)  # fmt: skip


def _factor(step: Step) -> str:
    return str(FACTORS.get(step.factor, step.factor))


def timeline(record: AgreementRecord, *, now: dt.datetime) -> list[Words]:
    """What happened to it, newest first."""
    proposed = {"title": _("Proposed"), "when": capitalised(moment_words(record.made_at, now=now))}
    return [_happened(step, now) for step in record.steps] + [proposed]


REMINDERS = {
    "90": gettext_lazy("It runs out within 90 days."),
    "30": gettext_lazy("It runs out within 30 days."),
    "7": gettext_lazy("It runs out within 7 days."),
    "proposed": gettext_lazy("It has waited 14 days for the head teacher's signature."),
    "awaits_police": gettext_lazy("It has waited 14 days for the signature of the police."),
}


def _happened(step: Step, now: dt.datetime) -> Words:
    said = str(REMINDERS[step.words]) if step.kind == StepKind.REMINDED else step.words
    words = [said] if said else []
    if step.person:
        words.insert(0, _("To %s") % step.person)
    if step.effective_on:
        words.append(_("Its last day: %s") % short_day_words(step.effective_on))
    return {
        "title": step.kind.label,
        "when": capitalised(moment_words(step.made_at, now=now)),
        "by": step.by,
        "text": "\n".join(words),
    }


def to_sign(viewer: Viewer, found: Iterable[RunningAgreement]) -> list[Words]:
    """The documents of a school on one page, each in short; what waits for this person's signature on top."""
    items = [
        {
            "title": one.title,
            "href": reverse("partnership:agreement", args=[one.id]),
            "state": STATES[one.state],
            "tone": TONES.get(one.state, "plain"),
            "dates": span_words(one.since, one.until),
            "summary": as_html(one.summary),
            "to_sign": _side_of(viewer, one) is not None,
        }
        for one in found
    ]
    return sorted(items, key=lambda item: not item["to_sign"])


def _side_of(viewer: Viewer, one: RunningAgreement) -> StepKind | None:
    return side_to_sign(
        viewer, school=one.school, team=one.team, controller=one.controller, kind=one.kind, done=one.done,
        delegates=one.delegates,
    )  # fmt: skip


def signing_side(viewer: Viewer, record: AgreementRecord) -> StepKind | None:
    """For whom this person may sign now, if for anybody."""
    if record.state in ("lapsed", "not_signed_in_time", "ended"):
        return None
    return side_to_sign(
        viewer, school=record.school, team=record.team, controller=record.controller, kind=record.kind,
        done={step.kind for step in record.steps}, delegates=record.delegates,
    )  # fmt: skip


def is_one_who_signs(viewer: Viewer, record: AgreementRecord) -> bool:
    """Whether this person signs it, now, before or later."""
    return is_signatory(
        viewer, school=record.school, team=record.team, controller=record.controller, delegates=record.delegates
    )


def links(viewer: Viewer, record: AgreementRecord) -> list[Words]:
    """What else this person may do with it."""
    open_to_head = record.state == "proposed" and is_head(viewer, record.school)
    offered = [
        ("delegate", _("Ask somebody to sign in your place"), open_to_head),
        ("decline", _("Decline it"), open_to_head),
        (
            "withdraw",
            _("Withdraw it"),
            record.state in WAITING and may_propose(viewer, record.team),
        ),
        ("end", _("End it"), record.state in ("agreed", "active") and may_end(viewer, record.school, record.team)),
    ]
    steps = [(text, reverse(f"partnership:{name}", args=[record.id])) for name, text, may in offered if may]
    if record.state not in WAITING and may_propose(viewer, record.team):
        steps.append((_("Propose a renewal or another text"), reverse("partnership:propose", args=[record.school])))
    return [{"text": text, "href": href} for text, href in steps]


BOTH_SIDES = gettext_lazy("The school's leaders, its officers and their sergeants")
TOLD = {
    StepKind.SIGNED: gettext_lazy("The sergeants of the police team"),
    StepKind.DECLINED: gettext_lazy("The sergeants of the police team"),
    StepKind.COUNTERSIGNED: BOTH_SIDES,
    StepKind.WITHDRAWN: BOTH_SIDES,
    StepKind.ENDED: BOTH_SIDES,
    StepKind.REMINDED: gettext_lazy("Head teacher, SPOC and sergeants"),
}


def told(record: AgreementRecord, *, now: dt.datetime) -> list[Words]:
    """Who was told of it, and when, newest first: as each step tells them."""
    steps = [(step.person or TOLD.get(step.kind, ""), step.made_at) for step in record.steps]
    is_dsa = record.kind == AgreementKind.DSA
    asked = _("The head teacher, and whoever leads the trust") if is_dsa else _("The head teacher")
    first = (asked, record.made_at)
    return [{"text": who, "when": moment_words(at, now=now)} for who, at in [*steps, first] if who]


def edition_rows(rows: Iterable[EditionRow]) -> list[Words]:
    """A force's documents for a list."""
    return [
        {
            "title": _("%(title)s, edition %(number)s") % {"title": row.title, "number": row.number},
            "href": reverse("partnership:edition", args=[row.id]),
            "state": _("Published") if row.published_at else _("Being written"),
            "tone": "done" if row.published_at else "active",
            "facts": [_("As at %s") % short_day_words(row.as_at)],
        }
        for row in rows
    ]


def edition_state(shown: EditionRow) -> str:
    """Published, and when; or being written."""
    if shown.published_at is None:
        return _("Being written")
    return _("Published on %s") % short_day_words(shown.published_at.date())


def change_rows(changes: Iterable[Change]) -> list[Words]:
    """A comparison as a page shows it."""
    return [
        {"is_new": change.is_new, "before": as_html(change.before), "after": as_html(change.after)}
        for change in changes
    ]


def waits_for_confirmation(record: AgreementRecord, viewer: Viewer) -> bool:
    """Whether a head teacher before this one signed, or asked somebody to, and this one has not confirmed it yet."""
    stands_by = (StepKind.SIGNED, StepKind.DELEGATED, StepKind.CONFIRMED)
    return record.state in ("agreed", "active") and not any(
        step.kind in stands_by and step.made_by == viewer.person for step in record.steps
    )


def document(record: AgreementRecord) -> AgreedText:
    """The text with its signatures, as a document of its own; its dates are in full."""
    return AgreedText(
        title=record.title,
        marking="OFFICIAL",
        foot=_("%(school)s · SHA-256 of the text %(digest)s") % {"school": record.school_name, "digest": record.digest},
        body=record.body,
        heading=_("Signatures"),
        unsigned=_("Nobody has signed it yet."),
        columns=[str(column) for column in SIGNATURE_COLUMNS],
        signatures=signature_rows(record, now=None),
    )


def checked(found: CheckedCopy, *, now: dt.datetime) -> list[Words]:
    """What the record says of a copy."""
    facts = (
        (_("School"), found.school),
        (_("Document"), found.kind.label),
        (_("In force"), span_words(found.since, found.until)),
        (_("How it stands today"), STATES[found.state]),
        (_("This copy was made"), capitalised(moment_words(found.issued_at, now=now))),
    )
    return [{"name": name, "text": str(text)} for name, text in facts]


def appointed_rows(rows: Iterable[Appointed], school: int, *, may: bool, on: dt.date) -> list[Words]:
    """SPOC and deputies, present, past and to come."""
    return [
        {
            "name": one.name,
            "role": one.role.label,
            "dates": _since_words(one, on),
            "holds": one.holds(on),
            "end": reverse("partnership:end_spoc", args=[school, one.membership]) if may and _can_end(one, on) else "",
        }
        for one in rows
    ]


def _since_words(one: Appointed, on: dt.date) -> str:
    if one.until is None:
        words = _("since %s") if one.since <= on else _("from %s")
        return words % short_day_words(one.since)
    return span_words(one.since, one.until)


def _can_end(one: Appointed, on: dt.date) -> bool:
    return one.until is None or one.until >= on


def briefing_rows(
    school: int,
    pages: Iterable[BriefingPage],
    read: dict[BriefingPage, dt.datetime],
    *,
    now: dt.datetime,
    to_read: bool = False,
) -> list[Words]:
    """Pages of the briefing, and whether they were read. to_read: whether they are this person's to acknowledge."""
    unread = _("To read") if to_read else ""
    return [
        {
            "title": page.label,
            "href": reverse("partnership:briefing_page", args=[school, page]),
            "state": _("Read") if page in read else unread,
            "tone": "done" if page in read else "active",
            "facts": [capitalised(moment_words(read[page], now=now))] if page in read else [],
        }
        for page in pages
    ]


def share_rows(shares: Iterable[Share]) -> list[list[str]]:
    """Who has read it, group by group, in numbers."""
    return [
        [share.group or _("No group given"), f"{share.aware:,}", f"{share.staff:,}", f"{share.percent} %"]
        for share in shares
    ]


def reminded_words(last: dt.datetime | None, *, now: dt.datetime) -> str:
    """When they were reminded last."""
    return _("Last reminded: %s.") % moment_words(last, now=now) if last else _("Nobody was reminded yet.")


def reader_table(readers: Iterable[Reader], *, now: dt.datetime) -> list[list[str]]:
    """Who has read it, and when."""
    return [[one.name, one.group, moment_words(one.read_at, now=now)] for one in readers if one.read_at]


REFUSALS = {
    "ambiguous": gettext_lazy("Several people have this e-mail. Ask your administrator which of them it is"),
    "administrator": gettext_lazy("A technical administrator holds no other role"),
    "elsewhere": gettext_lazy("They work for another organisation. Ask your administrator, who asks them"),
}


def does_something(plan: StaffPlan) -> bool:
    """Whether anything would be written."""
    return bool(plan.of("added", "changed", "leaves"))


def staff_counts(plan: StaffPlan) -> list[Words]:
    """How many people are new, changed, the same, and gone."""
    named = (
        ("added", _("New")), ("changed", _("Changed")), ("unchanged", _("Unchanged")),
        ("leaves", _("No longer in the list: their role ends today")),
    )  # fmt: skip
    return [{"name": words, "text": f"{len(plan.of(outcome)):,}"} for outcome, words in named]


def bad_lines(given: StaffList, plan: StaffPlan) -> list[list[str]]:
    """Every line that is left out, by its number, with the reason."""
    refused = {change.email: str(REFUSALS[change.outcome]) for change in plan.of(*REFUSALS)}
    lines = [(one.line, one.says, one.why) for one in given.bad]
    lines += [
        (one.line, f"{one.name}, {one.email}", refused[one.email]) for one in given.people if one.email in refused
    ]
    return [[str(line), says, why] for line, says, why in sorted(lines)]


def staff_notes(given: StaffList, plan: StaffPlan, *, by_head: bool) -> list[str]:
    """What is not taken over as it stands: names of people who have a role elsewhere, and the SLT."""
    lines = {one.email: one.line for one in given.people}
    words = _("Line %(line)s, %(name)s: only the role is given. The name stays, for they are not this school's alone.")
    notes = [words % {"line": lines[one.email], "name": one.name} for one in plan.changes if one.keeps_name]
    if not by_head and any(one.on_slt is not None for one in given.people):
        notes.append(_("The column about the SLT is left out: only the head teacher's list may change that."))
    return notes


def leaver_rows(plan: StaffPlan) -> list[list[str]]:
    """Who is no longer in the list, and what else they are at the school: that is left to people."""
    return [
        [change.name, change.email, ", ".join(str(role.label) for role in change.other_roles)]
        for change in plan.of("leaves")
    ]
