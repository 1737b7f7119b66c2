"""The words of oversight's pages."""

import datetime as dt
from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from schoolgate.access.copies import COPIED
from schoolgate.access.models import CircleKind
from schoolgate.access.selectors import Reader
from schoolgate.audit.notes import Operation
from schoolgate.audit.selectors import Declared, LogHealth
from schoolgate.core.clock import london_day
from schoolgate.directory.presenters import by_words
from schoolgate.governance.selectors import DOWNLOAD, LOG, ChildFound, EmergencyCard, Entry, LogPage, WhoReads
from schoolgate.ui.presenters import (
    capitalised,
    counted,
    joined,
    moment_words,
    short_day_words,
    span_words,
)
from schoolgate.ui.spreadsheet import as_csv

Words = dict[str, Any]
CSV_COLUMNS = (
    "at", "person", "person_id", "operation", "kind", "records", "children", "on_behalf_of", "controller", "told",
    "page", "reason", "refused",
)  # fmt: skip


# Every kind that can stand in the log: its name, and how many of it.
KINDS: dict[str, tuple[Any, Any]] = {
    "access.bar": (gettext_lazy("bar"), ngettext_lazy("a bar", "%(count)s bars", "count")),
    "access.daycode": (
        gettext_lazy("code for the day"),
        ngettext_lazy("a code for the day", "%(count)s codes for the day", "count"),
    ),
    "access.emergencyaccess": (
        gettext_lazy("emergency access"),
        ngettext_lazy("emergency access", "%(count)s takings of emergency access", "count"),
    ),
    LOG: (gettext_lazy("access log"), ngettext_lazy("the log", "the log", "count")),
    "children.child": (gettext_lazy("child"), ngettext_lazy("a child", "%(count)s children", "count")),
    "concerns.addition": (
        gettext_lazy("addition to a concern"),
        ngettext_lazy("an addition to a concern", "%(count)s additions to concerns", "count"),
    ),
    "concerns.allegation": (
        gettext_lazy("concern about an adult"),
        ngettext_lazy("a concern about an adult", "%(count)s concerns about adults", "count"),
    ),
    "concerns.allegationstep": (
        gettext_lazy("step of a concern about an adult"),
        ngettext_lazy("a step of a concern about an adult", "%(count)s steps of concerns about adults", "count"),
    ),
    "concerns.authorword": (
        gettext_lazy("answer to an author"),
        ngettext_lazy("an answer to an author", "%(count)s answers to authors", "count"),
    ),
    "concerns.concern": (gettext_lazy("concern"), ngettext_lazy("a concern", "%(count)s concerns", "count")),
    "concerns.concernperson": (
        gettext_lazy("person in a concern"),
        ngettext_lazy("a person in a concern", "%(count)s people in concerns", "count"),
    ),
    "drafts.draft": (gettext_lazy("draft"), ngettext_lazy("a draft", "%(count)s drafts", "count")),
    "concerns.triage": (
        gettext_lazy("triage"),
        ngettext_lazy("the triage of a concern", "the triage of %(count)s concerns", "count"),
    ),
    "concerns.triagestep": (
        gettext_lazy("step of triage"),
        ngettext_lazy("a step of triage", "%(count)s steps of triage", "count"),
    ),
    "deployment.absence": (gettext_lazy("absence"), ngettext_lazy("an absence", "%(count)s absences", "count")),
    "deployment.assignment": (
        gettext_lazy("posting to a school"),
        ngettext_lazy("a posting to a school", "%(count)s postings to schools", "count"),
    ),
    "deployment.deploymentrules": (
        gettext_lazy("rules of a force for postings"),
        ngettext_lazy("a force's rules for postings", "the rules of %(count)s forces for postings", "count"),
    ),
    "deployment.dutyhours": (
        gettext_lazy("duty hours"),
        ngettext_lazy("an officer's duty hours", "%(count)s duty hours", "count"),
    ),
    "deployment.eligibility": (
        gettext_lazy("eligibility"),
        ngettext_lazy("an officer's eligibility", "the eligibility of %(count)s officers", "count"),
    ),
    "deployment.indicator": (
        gettext_lazy("indicator of priority"),
        ngettext_lazy("an indicator of priority", "%(count)s indicators of priority", "count"),
    ),
    "deployment.indicatorvalue": (
        gettext_lazy("value of an indicator"),
        ngettext_lazy("a value of an indicator", "%(count)s values of indicators", "count"),
    ),
    "deployment.matrix": (
        gettext_lazy("priority matrix"),
        ngettext_lazy("a priority matrix", "%(count)s priority matrices", "count"),
    ),
    "deployment.prioritydecision": (
        gettext_lazy("decision on priority"),
        ngettext_lazy("a decision on a school's priority", "%(count)s decisions on priority", "count"),
    ),
    "deployment.proposal": (
        gettext_lazy("proposal of a posting"),
        ngettext_lazy("a proposal of a posting", "%(count)s proposals of postings", "count"),
    ),
    "deployment.refusal": (
        gettext_lazy("refused posting"),
        ngettext_lazy("a posting that was refused", "%(count)s postings that were refused", "count"),
    ),
    "deployment.shadowing": (
        gettext_lazy("shadowing days"),
        ngettext_lazy("somebody's shadowing days", "%(count)s shadowings", "count"),
    ),
    "deployment.suspension": (
        gettext_lazy("suspension of a posting"),
        ngettext_lazy("a suspension of a posting", "%(count)s suspensions of postings", "count"),
    ),
    "deployment.telling": (
        gettext_lazy("word to a school on its officers"),
        ngettext_lazy("a word to a school on its officers", "%(count)s words to schools on their officers", "count"),
    ),
    "deployment.training": (
        gettext_lazy("training of an officer"),
        ngettext_lazy("an officer's training", "%(count)s trainings of officers", "count"),
    ),
    "directory.agency": (gettext_lazy("agency"), ngettext_lazy("an agency", "%(count)s agencies", "count")),
    "directory.closedday": (
        gettext_lazy("closed day"),
        ngettext_lazy("a closed day", "%(count)s closed days", "count"),
    ),
    "directory.force": (
        gettext_lazy("police force"),
        ngettext_lazy("a police force", "%(count)s police forces", "count"),
    ),
    "directory.membership": (gettext_lazy("role"), ngettext_lazy("somebody's role", "%(count)s roles", "count")),
    "directory.organisation": (
        gettext_lazy("organisation"),
        ngettext_lazy("an organisation", "%(count)s organisations", "count"),
    ),
    "directory.person": (gettext_lazy("person"), ngettext_lazy("a person", "%(count)s people", "count")),
    "directory.school": (gettext_lazy("school"), ngettext_lazy("a school", "%(count)s schools", "count")),
    "directory.team": (gettext_lazy("police team"), ngettext_lazy("a police team", "%(count)s police teams", "count")),
    "directory.term": (gettext_lazy("term"), ngettext_lazy("a term", "%(count)s terms", "count")),
    "exchange.answer": (
        gettext_lazy("answer to an enquiry"),
        ngettext_lazy("an answer to an enquiry", "%(count)s answers to enquiries", "count"),
    ),
    "exchange.childlink": (
        gettext_lazy("link of a child"),
        ngettext_lazy("a link of a child", "%(count)s links of children", "count"),
    ),
    "exchange.crimereport": (gettext_lazy("crime"), ngettext_lazy("a crime", "%(count)s crimes", "count")),
    "exchange.enquiry": (gettext_lazy("enquiry"), ngettext_lazy("an enquiry", "%(count)s enquiries", "count")),
    "exchange.enquirypassed": (
        gettext_lazy("passing on of an enquiry"),
        ngettext_lazy("a passing on of an enquiry", "%(count)s times that an enquiry was passed on", "count"),
    ),
    "exchange.legalbasis": (
        gettext_lazy("legal basis"),
        ngettext_lazy("a legal basis", "%(count)s legal bases", "count"),
    ),
    "exchange.share": (gettext_lazy("share"), ngettext_lazy("a share", "%(count)s shares", "count")),
    "exchange.sharestep": (
        gettext_lazy("step of a share"),
        ngettext_lazy("a step of a share", "%(count)s steps of shares", "count"),
    ),
    "exchange.subjectcategory": (
        gettext_lazy("category under DPA s.38"),
        ngettext_lazy("a category under DPA s.38", "%(count)s categories under DPA s.38", "count"),
    ),
    "mfa.authenticator": (
        gettext_lazy("second factor"),
        ngettext_lazy("a second factor", "%(count)s second factors", "count"),
    ),
    "notices.notice": (gettext_lazy("notice"), ngettext_lazy("a notice", "%(count)s notices", "count")),
    "partnership.officerpicture": (
        gettext_lazy("picture of an officer"),
        ngettext_lazy("a picture of an officer", "%(count)s pictures of officers", "count"),
    ),
    "partnership.agreement": (
        gettext_lazy("agreement"),
        ngettext_lazy("an agreement", "%(count)s agreements", "count"),
    ),
    "partnership.edition": (
        gettext_lazy("edition of a document"),
        ngettext_lazy("an edition of a document", "%(count)s editions of documents", "count"),
    ),
    "partnership.agreementstep": (
        gettext_lazy("step of an agreement"),
        ngettext_lazy("a step of an agreement", "%(count)s steps of agreements", "count"),
    ),
    "partnership.issuedcopy": (
        gettext_lazy("copy of an agreement"),
        ngettext_lazy("a copy of an agreement", "%(count)s copies of agreements", "count"),
    ),
    "partnership.appointment": (
        gettext_lazy("appointment of a SPOC"),
        ngettext_lazy("an appointment of a SPOC", "%(count)s appointments of SPOCs", "count"),
    ),
    "partnership.acknowledgement": (
        gettext_lazy("reading of the briefing"),
        ngettext_lazy("a reading of the briefing", "%(count)s readings of the briefing", "count"),
    ),
    "partnership.briefingreminder": (
        gettext_lazy("reminder of the briefing"),
        ngettext_lazy("a reminder of the briefing", "%(count)s reminders of the briefing", "count"),
    ),
    "partnership.missingspoc": (
        gettext_lazy("note of a missing SPOC"),
        ngettext_lazy("a note of a missing SPOC", "%(count)s notes of missing SPOCs", "count"),
    ),
    "partnership.involvement": (
        gettext_lazy("agreed involvement"),
        ngettext_lazy("what was agreed of visits", "%(count)s agreements of visits", "count"),
    ),
    "planning.plan": (gettext_lazy("plan of postings"), ngettext_lazy("a plan", "%(count)s plans", "count")),
    "planning.study": (gettext_lazy("study of postings"), ngettext_lazy("a study", "%(count)s studies", "count")),
    "refused": (gettext_lazy("page that was refused"), ngettext_lazy("a page", "a page", "count")),
}


def kind_words(kind: str) -> str:
    """A kind of record in words; one that the product no longer has, as it stands in the log."""
    return str(KINDS[kind][0]) if kind in KINDS else kind


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of record for a filter, by name."""
    return sorted(((kind, capfirst(kind_words(kind))) for kind in KINDS), key=itemgetter(1))


# The parts of the product, as the first half of a page's name has them.
PARTS: dict[str, Any] = {
    "account": gettext_lazy("Account"),
    "concerns": gettext_lazy("Concerns"),
    "deployment": gettext_lazy("Deployment"),
    "planning": gettext_lazy("Planning"),
    "directory": gettext_lazy("Directory"),
    "drafts": gettext_lazy("Drafts"),
    "exchange": gettext_lazy("Shares and enquiries"),
    "partnership": gettext_lazy("The partnership"),
    "governance": gettext_lazy("Access log"),
    "insight": gettext_lazy("Home"),
    "job": gettext_lazy("By itself"),
    "nonprod": gettext_lazy("Demonstration"),
    "notices": gettext_lazy("Notices"),
}


def page_words(page: str) -> str:
    """The name of a page or job, "exchange:pass_on", in words; an address, as it is."""
    part, _colon, name = page.partition(":")
    if not name or page.startswith("/"):
        return page
    return f"{PARTS.get(part, part)}: {name.replace('_', ' ').replace('.', ', ')}"


def reason_words(reason: str) -> str:
    """A reason as somebody gave it, or the words of the product's own code."""
    if reason.startswith(DOWNLOAD):
        return _("Download of entries: %(count)s") % {"count": reason.removeprefix(DOWNLOAD)}
    return _("Copy for our record") if reason == COPIED else reason


def log_heading(person: int | None, record: UUID | None, told: bool, page: LogPage) -> str:
    """What a page of the log answers."""
    if person:
        return _("What %(name)s looked at and did") % {"name": _name(person, page)}
    if record:
        return _("Who looked at this record or child")
    return _("Who was told") if told else _("Who looked, who was told")


def log_words(page: LogPage, address: str, asked: QueryDict, *, now: dt.datetime) -> Words:
    """A page of the log. address: of its first page; asked: the question as sent."""
    question = asked.copy()
    question.pop("before", None)
    older = question.copy()
    if page.older:
        older["before"] = f"{page.older.at.isoformat()}_{page.older.id}"
    return {
        "entries": [entry_words(entry, page, now=now) for entry in page.entries],
        "older": f"{address}?{older.urlencode()}" if page.older else "",
        "newer": f"{address}?{question.urlencode()}" if "before" in asked else "",
        "csv_href": f"{address}csv/?{question.urlencode()}",
        "readers_href": reverse("governance:who_can_read", args=[page.record]) if page.record else "",
    }


def entry_words(entry: Entry, page: LogPage, *, now: dt.datetime) -> Words:
    """One entry as a sentence, with what it names."""
    return {
        "who": who_words(entry, page),
        "who_href": reverse("governance:person", args=[entry.person]) if entry.person else "",
        "did": did_words(entry),
        "when": capitalised(moment_words(entry.at, now=now)),
        "told": joined([_name(person, page) for person in entry.recipients]),
        "on_behalf_of": joined([page.organisations.get(body, str(body)) for body in entry.on_behalf_of]),
        "controller": page.organisations.get(entry.controller, ""),
        "records": [_link(record) for record in entry.records],
        "children": [_link(str(child)) for child in entry.subjects],
        "page": page_words(entry.page),
        "reason": reason_words(entry.reason),
        "refused": bool(entry.refused),
    }


def _link(record: str) -> Words:
    """Only records with a random id have a page of their own; the directory's numbers do not."""
    is_random = len(record) == 36
    return {
        "text": record,
        "href": reverse("governance:record", args=[record]) if is_random else "",
    }


def who_words(entry: Entry, page: LogPage) -> str:
    """Who did it: a person, or nobody who is signed in (a job, a stranger)."""
    return _name(entry.person, page) if entry.person else _("Nobody signed in")


def _name(person: int, page: LogPage) -> str:
    return page.people[person].called if person in page.people else _("Person %(number)s") % {"number": person}


def did_words(entry: Entry) -> str:
    """What was done with what: "looked at 3 concerns"."""
    if entry.refused:
        return _("was refused %(what)s") % {"what": what_words(entry)}
    sentences = {
        Operation.COLLECTION: _("added %(what)s"),
        Operation.ALTERATION: _("changed %(what)s"),
        Operation.CONSULTATION: _("looked at %(what)s"),
        Operation.DISCLOSURE: _("told or copied out %(what)s"),
        Operation.COMBINATION: _("linked %(what)s"),
        Operation.ERASURE: _("disposed of %(what)s"),
    }
    return sentences[Operation(entry.operation)] % {"what": what_words(entry)}


def what_words(entry: Entry) -> str:
    """How many records of which kind."""
    _name, counted_words = KINDS.get(entry.kind, (entry.kind, entry.kind))
    return str(counted_words % {"count": max(1, len(entry.records))})


def csv_text(page: LogPage) -> str:
    """The entries as a table for a spreadsheet: ids in full, times in UTC, no content."""
    return as_csv(CSV_COLUMNS, (_csv_row(entry, page) for entry in page.entries))


def _csv_row(entry: Entry, page: LogPage) -> Iterable[object]:
    return (
        entry.at.astimezone(dt.UTC).isoformat(),
        who_words(entry, page),
        entry.person or "",
        entry.operation,
        entry.kind,
        " ".join(entry.records),
        " ".join(map(str, entry.subjects)),
        "; ".join(page.organisations.get(body, str(body)) for body in entry.on_behalf_of),
        page.organisations.get(entry.controller, ""),
        "; ".join(_name(person, page) for person in entry.recipients),
        entry.page,
        reason_words(entry.reason),
        entry.refused or "",
    )


def seal_words(health: LogHealth, restores: list[Declared], *, now: dt.datetime) -> Words:
    """How the log is sealed, as facts and sentences."""
    sealed = capitalised(moment_words(health.sealed_at, now=now)) if health.sealed_at else _("Not yet")
    waiting = span_words(now - health.oldest_unsealed) if health.oldest_unsealed else _("Nothing waits")
    return {
        "heading": _("How the log is sealed"),
        "facts": [
            {"name": _("Seals"), "text": f"{health.seals:,}"},
            {"name": _("Last seal"), "text": sealed},
            {"name": _("Its head"), "text": health.head or _("None")},
            {"name": _("Oldest entry without a seal"), "text": waiting},
            {"name": _("There is room until"), "text": short_day_words(health.partitions_until)},
        ],
        "outside": health.outside,
        "restores": [
            {
                "title": _("Restore declared: epoch %(number)s") % {"number": restore.epoch},
                "when": capitalised(moment_words(restore.at, now=now)),
                "text": restore.reason,
            }
            for restore in restores
        ],
    }


def children_words(found: list[ChildFound], *, is_asked: bool, now: dt.datetime) -> Words:
    """The records of children of one name, each with the way to who looked at it."""
    rows = [
        {
            "title": _("A child's record at %(holder)s") % {"holder": child.holder},
            "href": reverse("governance:record", args=[child.id]),
            "facts": [_("Made %(when)s") % {"when": moment_words(child.made_at, now=now)}, str(child.id)],
        }
        for child in found
    ]
    return {"rows": rows, "is_asked": is_asked, "back_url": reverse("governance:log")}


def who_reads_words(found: WhoReads, *, now: dt.datetime) -> Words:
    """Who can read a record, circle by circle."""
    count = len({reader.person for reader in found.readers})
    circles: dict[tuple[str, int], list[Reader]] = {}
    for reader in found.readers:
        circles.setdefault((reader.kind, reader.organisation), []).append(reader)
    return {
        "heading": _("Who can read this now"),
        "kind": capfirst(kind_words(found.kind)),
        "record": str(found.record),
        "how_many": counted(ngettext("%(count)s person can read it.", "%(count)s people can read it.", count), count),
        "circles": [
            {
                "name": capfirst(str(CircleKind(kind).label)),
                "organisation": found.organisations.get(organisation, ""),
                "rows": [
                    [called, capfirst(by_words(role)), since_words(since, now=now)]
                    for called, role, since in sorted({(r.called, r.role, r.since) for r in members})
                ],
            }
            for (kind, organisation), members in circles.items()
        ],
        "columns": [_("Who"), _("By which role"), _("Since")],
        "barred": [card.called for card in found.barred],
    }


def since_words(since: dt.datetime, *, now: dt.datetime) -> str:
    """Roles begin with a day; emergency access, at a moment of this one."""
    if now - since < dt.timedelta(days=1):
        return capitalised(moment_words(since, now=now))
    return short_day_words(london_day(since))


def emergency_list_words(cards: list[EmergencyCard], may_take: bool, *, now: dt.datetime) -> Words:
    """Who took emergency access lately."""
    return {
        "heading": _("Emergency access"),
        "intro": _("Read for some hours what you do not usually read, when waiting would put somebody at risk."),
        "rows": [
            {
                "title": card.person.called,
                "href": reverse("governance:emergency", args=[card.id]),
                **_emergency_state(card, now),
                "facts": [card.school, capitalised(moment_words(card.since, now=now))],
            }
            for card in cards
        ],
        "empty_text": _("Nobody took emergency access in the last 28 days."),
        "action_text": _("Take emergency access"),
        "action_href": reverse("governance:take_emergency") if may_take else "",
    }


def _emergency_state(card: EmergencyCard, now: dt.datetime) -> Words:
    over = card.until <= now
    return {"state": _("Over") if over else _("Now"), "tone": "done" if over else "late"}


def emergency_words(card: EmergencyCard, may_end: bool, *, now: dt.datetime) -> Words:
    """One taking of emergency access."""
    return {
        "heading": _("Emergency access"),
        **_emergency_state(card, now),
        "facts": [
            {"name": _("Who"), "text": card.person.called},
            {"name": _("School"), "text": card.school},
            {"name": _("Reads what is read by"), "text": capfirst(str(card.kind.label))},
            {"name": _("From"), "text": capitalised(moment_words(card.since, now=now))},
            {"name": _("Until"), "text": capitalised(moment_words(card.until, now=now))},
            {"name": _("Why"), "text": card.reason},
        ],
        "who_can_read_href": reverse("governance:who_can_read", args=[card.id]),
        "end_href": reverse("governance:end_emergency", args=[card.id]) if may_end and card.until > now else "",
    }
