"""The words of the administrators' pages, and of people wherever they are named by what they are."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.access.models import CircleKind
from schoolgate.access.selectors import Reader
from schoolgate.access.viewer import EMERGENCY
from schoolgate.core.clock import london_day
from schoolgate.core.enums import Nation
from schoolgate.directory.administration import (
    PERSON,
    Days,
    Found,
    FoundPage,
    OrganisationRecord,
    PersonRecord,
    RoleRow,
)
from schoolgate.directory.comparison import Entry
from schoolgate.directory.gias import BadRow
from schoolgate.directory.imports import ImportCard, ImportPage, LinePage
from schoolgate.directory.models import (
    AgencyKind,
    ImportPart,
    ImportState,
    OrganisationKind,
    Phase,
    RegisterStatus,
    Role,
    Stage,
    TeamKind,
)
from schoolgate.directory.report import NONE_MISSING, change_words, left_alone, where_words
from schoolgate.ui.presenters import capitalised, joined, moment_words, short_day_words, time_words

Words = dict[str, Any]
STATE_TONES = {
    ImportState.WAITING: "plain",
    ImportState.RUNNING: "active",
    ImportState.DONE: "done",
    ImportState.FAILED: "late",
}
KINDS = {**dict(OrganisationKind.choices), PERSON: gettext_lazy("Person")}
MOST_NAMED = 12  # members of staff: more are counted
ADDED_BY_HAND = (OrganisationKind.TEAM, OrganisationKind.BCU, OrganisationKind.AGENCY, OrganisationKind.CONTROLLER)
ADD_HEADINGS: dict[str, Any] = {
    OrganisationKind.TEAM: gettext_lazy("Add a police team"),
    OrganisationKind.BCU: gettext_lazy("Add a Basic Command Unit"),
    OrganisationKind.AGENCY: gettext_lazy("Add an agency"),
    OrganisationKind.CONTROLLER: gettext_lazy("Add a trust, governing body, proprietor or authority"),
}


def reader_rows(readers: Iterable[Reader]) -> list[Words]:
    """Who can read a record now, each once, with every way by which they do."""
    ways: dict[int, list[Reader]] = {}
    for reader in readers:
        ways.setdefault(reader.person, []).append(reader)
    staff = [
        each for each in ways.values() if {(one.kind, one.role) for one in each} == {(CircleKind.STAFF, Role.STAFF)}
    ]
    folded = staff if len(staff) > MOST_NAMED else []
    rows = [{"text": each[0].called, "why": joined(_ways_words(each))} for each in ways.values() if each not in folded]
    return [*rows, {"text": _("%(count)s members of staff of the school") % {"count": len(folded)}}] if folded else rows


# What says nothing more about somebody who is this besides.
SAID_BY = {"assigned_officer": {Role.OFFICER.value}, "sergeant_of_officer": {Role.SERGEANT.value}} | dict.fromkeys(
    (Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL), {Role.STAFF.value}
)


def _ways_words(ways: list[Reader]) -> list[str]:
    said = {implied for reader in ways for implied in SAID_BY.get(reader.role, ())}
    told = [_way_words(reader) for reader in ways if reader.role not in said or reader.kind == CircleKind.AUTHOR]
    return list(dict.fromkeys(told))


def _way_words(reader: Reader) -> str:
    if reader.role == EMERGENCY and reader.until:
        return _("Emergency access until %(time)s") % {"time": time_words(reader.until)}
    return str(CircleKind.AUTHOR.label) if reader.kind == CircleKind.AUTHOR else by_words(reader.role)


def by_words(role: str) -> str:
    """The role by which somebody is in a circle."""
    named = {
        "assigned_officer": _("Officer of the school"),
        "sergeant_of_officer": _("Sergeant of the officer"),
        EMERGENCY: _("Emergency access"),
    }
    return named.get(role) or str(Role(role).label)


def start(page: FoundPage, typed: dict[str, str], forces: Iterable[tuple[int, str]]) -> Words:
    """The list, and what can be added."""
    return {
        "rows": [_found(row) for row in page.rows],
        "older": _more(page, typed),
        "older_text": _("Next"),
        "forces": [{"text": name, "href": reverse("directory:organisation", args=[pk])} for pk, name in forces],
        "links": _links(),
    }


def imports(page: ImportPage, *, now: dt.datetime) -> Words:
    """The imports, and how each stands."""
    rows = [
        {
            "title": card.file_name,
            "href": reverse("directory:import", args=[card.id]),
            **_import_state(card),
            "facts": [capitalised(moment_words(card.asked_at, now=now)), card.asked_by, *_import_counts(card)],
        }
        for card in page.rows
    ]
    return {"rows": rows, "older": f"?{urlencode({'before': page.older})}" if page.older else ""}


def _import_state(card: ImportCard) -> Words:
    return {"state": card.state.label, "tone": STATE_TONES[card.state]}


def _import_counts(card: ImportCard) -> list[str]:
    return [f"{part.label}: {count:,}" for part, count in card.counts.items() if count]


def one_import(card: ImportCard, lines: LinePage, typed: dict[str, str], *, now: dt.datetime) -> Words:
    """How far an import is; when it is done, its report."""
    is_done = card.state == ImportState.DONE
    return {
        "card": card,
        **_import_state(card),
        "says": _import_says(card),
        "facts": _import_facts(card, now),
        "goes_on": card.ended_at is None,
        "percent": 100 * card.done // card.of if card.state == ImportState.RUNNING and card.of else None,
        "is_done": is_done,
        "remarks": _remarks(card) if is_done else [],
        "lines": [_line(part, line) for part, line in lines.rows],
        "older": _more_lines(lines, typed),
    }


def _import_says(card: ImportCard) -> str:
    """One sentence for how it stands."""
    if card.state == ImportState.WAITING:
        return _("It begins as soon as no other import runs.")
    if card.state == ImportState.FAILED:
        return _("Nothing was changed. %(why)s") % {"why": card.why_failed}
    if card.state == ImportState.DONE:
        return _done_says(card)
    if card.stage == Stage.SAVING:
        numbers = {"done": f"{card.done:,}", "of": f"{card.of:,}"}
        return _("Saving: %(done)s of %(of)s entries. Nothing counts until all are saved.") % numbers
    return _("Reading the file.")


def _done_says(card: ImportCard) -> str:
    if card.counts[ImportPart.UNREADABLE]:
        return _("All is imported but the lines that could not be read.")
    return _("The directory is up to date with this file.")


def _import_facts(card: ImportCard, now: dt.datetime) -> list[Words]:
    ended = [_fact(_("Ended"), capitalised(moment_words(card.ended_at, now=now)))] if card.ended_at else []
    counts = [
        _fact(str(part.label), f"{count:,}", f"?{urlencode({'part': part.value})}" if count else "")
        for part, count in card.counts.items()
    ]
    unchanged = _fact(_("Unchanged"), f"{card.rest.unchanged:,}")
    return [
        _fact(_("Asked for by"), card.asked_by),
        _fact(_("Asked for"), capitalised(moment_words(card.asked_at, now=now))),
        _fact(_("Police forces"), ", ".join(card.only_forces) or _("Every force in the file")),
        *ended,
        *([*counts, unchanged] if card.state == ImportState.DONE else []),
    ]


def _remarks(card: ImportCard) -> list[str]:
    added = card.rest.forces_added
    forces = [_("Forces added: %s") % joined(added)] if added else []
    unread = [str(NONE_MISSING)] if card.counts[ImportPart.UNREADABLE] else []
    return [*forces, *unread, *left_alone(card.rest)]


def _line(part: ImportPart, line: Entry | BadRow) -> Words:
    where = capitalised(where_words(line))
    if isinstance(line, BadRow):
        return {"title": where, "part": part.label, "tone": "late", "facts": [line.column, line.why]}
    facts = [where, _("URN %s") % line.urn, line.force, *map(change_words, line.changes)]
    return {"title": line.name, "part": part.label, "tone": "plain", "facts": facts}


def _more_lines(lines: LinePage, typed: dict[str, str]) -> str:
    return f"?{urlencode({**typed, 'after': lines.after})}" if lines.after else ""


def where(person: PersonRecord, page: FoundPage, typed: dict[str, str]) -> Words:
    """The organisations in which somebody may get a role."""
    rows = [
        {
            "title": row.name,
            "href": reverse("directory:add_role", args=[person.id, row.id]),
            "facts": [str(KINDS[row.kind])],
        }
        for row in page.rows
    ]
    return {"person": person, "rows": rows, "older": _more(page, typed)}


def _more(page: FoundPage, typed: dict[str, str]) -> str:
    return f"?{urlencode({**typed, 'after': page.after})}" if page.after else ""


def _found(row: Found) -> Words:
    name = "directory:person" if row.kind == PERSON else "directory:organisation"
    return {"title": row.name, "href": reverse(name, args=[row.id]), "facts": [str(KINDS[row.kind])]}


def _links() -> list[Words]:
    adding = [
        {"text": ADD_HEADINGS[kind], "href": reverse("directory:add", args=[kind.value])} for kind in ADDED_BY_HAND
    ]
    person = {"text": _("Add a person"), "href": reverse("directory:new_person")}
    return [person, *adding, {"text": _("Import the school register"), "href": reverse("directory:imports")}]


def organisation(record: OrganisationRecord, roles: list[RoleRow], days: Days | None, *, now: dt.datetime) -> Words:
    """An organisation, its people, and a school's days."""
    today = london_day(now)
    return {
        "record": record,
        "heading": record.name,
        "caption": str(KINDS[record.kind]),
        "facts": [*_organisation_facts(record), *FACTS.get(record.kind, _no_facts)(record)],
        "register": _register_facts(record) if record.kind == OrganisationKind.SCHOOL else [],
        "people": [_role(row, row.name, "person", row.person) for row in roles if not row.ended(today)],
        "former": [_role(row, row.name, "person", row.person) for row in roles if row.ended(today)],
        "terms": [f"{short_day_words(first)} – {short_day_words(last)}" for first, last in days.terms] if days else [],
        "closed": [f"{short_day_words(day)}: {name}" for day, name in days.closed] if days else [],
        "has_days": days is not None,
    }


def person(record: PersonRecord, roles: list[RoleRow], *, now: dt.datetime) -> Words:
    """A person and what they are where."""
    today = london_day(now)
    return {
        "record": record,
        "heading": record.called,
        "facts": [
            _fact(_("Work e-mail"), record.email),
            _fact(_("Work telephone"), record.telephone),
            _fact(_("Account"), _("Invited to sign in") if record.user else _("None: not invited yet")),
        ],
        "keeps_picture": any(row.role in (Role.OFFICER, Role.SERGEANT) and not row.ended(today) for row in roles),
        "present": [_own_role(row) for row in roles if not row.ended(today)],
        "former": [_own_role(row) for row in roles if row.ended(today)],
    }


def _own_role(row: RoleRow) -> Words:
    return _role(row, row.organisation_name, "organisation", row.organisation)


def _role(row: RoleRow, title: str, page: str, pk: int) -> Words:
    return {
        "title": title,
        "href": reverse(f"directory:{page}", args=[pk]),
        "text": role_words(row),
        "end": reverse("directory:end_role", args=[row.id]),
    }


def role_words(row: RoleRow) -> str:
    """What somebody is, from when to when."""
    role = Role(row.role).label
    words = _("%(role)s, on the SLT") % {"role": role} if row.on_slt else role
    since = short_day_words(row.since)
    if row.until is None:
        return _("%(role)s since %(since)s") % {"role": words, "since": since}
    until = short_day_words(row.until)
    return _("%(role)s, %(since)s – %(until)s") % {"role": words, "since": since, "until": until}


def _organisation_facts(record: OrganisationRecord) -> list[Words]:
    closed = record.values["closed_on"]
    facts = [_fact(_("Nation"), Nation(record.values["nation"]).label)]
    if record.kind != OrganisationKind.FORCE:
        facts.append(
            _fact(_("Police force"), record.force_name, reverse("directory:organisation", args=[record.force]))
        )
    if record.parent_name and record.parent_name != record.controller_name:
        facts.append(_fact(_("Under"), record.parent_name))
    if record.controller_name:
        facts.append(_fact(_("Who answers for its data"), record.controller_name))
    return [*facts, _fact(_("Closed on"), short_day_words(closed))] if closed else facts


def _no_facts(record: OrganisationRecord) -> list[Words]:
    return []


def _force_facts(record: OrganisationRecord) -> list[Words]:
    has = record.values["has_safer_schools_officers"]
    return [
        _fact(_("What it calls its officers in schools"), record.values["role_title"]),
        _fact(_("Officers posted to schools"), _("Yes") if has else _("No: neighbourhood officers do this work")),
        _fact(_("Number for what is no emergency"), record.values["non_emergency"]),
    ]


def _team_facts(record: OrganisationRecord) -> list[Words]:
    return [
        _fact(_("Kind of team"), TeamKind(record.values["kind"]).label),
        _fact(_("Where it is based"), record.values["base"]),
    ]


def _agency_facts(record: OrganisationRecord) -> list[Words]:
    return [
        _fact(_("Kind of agency"), AgencyKind(record.values["kind"]).label),
        _fact(_("Local authority code"), record.values["la_code"]),
    ]


def _school_facts(record: OrganisationRecord) -> list[Words]:
    its = record.values
    hours = f"{time_words(its['opens_at'])} – {time_words(its['closes_at'])}"
    contact = record.holiday_contact
    return [
        _fact(_("Telephone"), its["telephone"]),
        _fact(_("Whom to ring out of hours"), its["out_of_hours"]),
        _fact(_("Holiday contact"), contact.called if contact else ""),
        _fact(_("School day"), hours),
        _fact(_("Minutes in which a concern must be opened"), str(its["minutes_to_open_concern"])),
        _fact(_("Keeps its own system for concerns"), _("Yes") if its["keeps_own_system"] else _("No")),
    ]


FACTS = {
    OrganisationKind.FORCE.value: _force_facts,
    OrganisationKind.TEAM.value: _team_facts,
    OrganisationKind.AGENCY.value: _agency_facts,
    OrganisationKind.SCHOOL.value: _school_facts,
}


def _register_facts(record: OrganisationRecord) -> list[Words]:
    its = record.values
    ages = f"{its['low_age']} – {its['high_age']}" if its["low_age"] is not None else ""
    successor = str(its["successor_urn"]) if its["successor_urn"] else ""
    return [
        _fact(_("URN"), str(its["urn"])),
        _fact(_("Status"), RegisterStatus(its["status"]).label),
        _fact(_("Phase"), Phase(its["phase"]).label),
        _fact(_("Type"), its["type_name"]),
        _fact(_("Local authority"), f"{its['la_name']} {its['la_code']}".strip()),
        _fact(_("Ages"), ages),
        _fact(_("Pupils"), f"{its['pupils']:,}" if its["pupils"] is not None else ""),
        _fact(_("Free school meals"), f"{its['percentage_fsm']} %" if its["percentage_fsm"] is not None else ""),
        _fact(_("Postcode"), its["postcode"]),
        *([_fact(_("Successor's URN"), successor)] if successor else []),
    ]


def _fact(name: str, text: Any, href: str = "") -> Words:
    return {"name": name, "text": str(text) or _("Not known"), "href": href}
