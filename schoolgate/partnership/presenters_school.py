"""The school's page and its poster in words."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import LONDON, london_day
from schoolgate.deployment.models import AssignmentKind
from schoolgate.deployment.selectors.serving import Shift
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard
from schoolgate.partnership.models import AgreementKind, PartnershipState
from schoolgate.partnership.policies import is_head, is_of_school, may_agree_involvement, may_keep_staff
from schoolgate.partnership.presenters import STATES, TONES, Words, span_words
from schoolgate.partnership.selectors.agreements import WAITING, Standing
from schoolgate.partnership.selectors.awareness import Share
from schoolgate.partnership.selectors.people import Appointed
from schoolgate.partnership.selectors.school import AgreedInvolvement, OfficerHere, SchoolPage
from schoolgate.partnership.selectors.standing import UNDER_WAY
from schoolgate.ui.documents import Fact, Portrayed, Poster, Section
from schoolgate.ui.presenters import capitalised, joined, moment_words, near_day_words, short_day_words, time_words

STATE_TONES = {
    PartnershipState.PROPOSED: "active",
    PartnershipState.ACTIVE: "done",
    PartnershipState.LAPSED: "late",
    PartnershipState.ENDED: "late",
}
STATE_SENTENCES = {
    PartnershipState.NONE: gettext_lazy("No officer is posted, and nothing is proposed."),
    PartnershipState.OFFICER_NAMED: gettext_lazy("An officer is posted; nothing is proposed."),
    PartnershipState.PROPOSED: gettext_lazy("The two documents are not both in force yet."),
    PartnershipState.ACTIVE: gettext_lazy("Both documents are in force."),
    PartnershipState.LAPSED: gettext_lazy("A document has lapsed."),
    PartnershipState.ENDED: gettext_lazy("A document was ended."),
}
PROVIDED = {
    "room": gettext_lazy("Room"),
    "storage": gettext_lazy("Storage"),
    "access_card": gettext_lazy("Access card"),
}


def school_words(page: SchoolPage, viewer: Viewer, *, now: dt.datetime) -> Words:
    """Everything on the page, in its order."""
    checklist = checklist_sections(page, viewer)
    return {
        "heading": page.school.name,
        "state": page.state.label,
        "tone": STATE_TONES.get(page.state, "plain"),
        "state_text": STATE_SENTENCES[page.state],
        "next": _next_of(viewer, checklist),
        "officers": [officer_words(officer, page, viewer, now=now) for officer in page.officers],
        "spocs": [_spoc_words(one) for role in (Role.SPOC, Role.DEPUTY_SPOC) for one in page.spoc_line(role)],
        "documents": document_facts(page),
        "involvement": involvement_facts(page.involvement, now=now),
        "routes": emergency_facts(page),
        "checklist": checklist,
        "timeline": school_timeline(page, now=now),
    }


def role_title(page: SchoolPage, kind: AssignmentKind) -> str:
    """What an officer is at the school: the force's own title for the one who leads, else by the posting."""
    if kind == AssignmentKind.LEAD and page.force:
        return page.force.role_title
    return str(kind.label)


def portrait(officer: PersonCard, has_picture: bool) -> Words:
    """An officer's picture; in its place the initials."""
    letters = [part[0] for part in officer.name.split()]
    return {
        "name": officer.called,
        "initials": "".join(dict.fromkeys((letters[0], letters[-1]))) if letters else "",
        "src": reverse("partnership:picture", args=[officer.id]) if has_picture else "",
    }


def officer_words(officer: OfficerHere, page: SchoolPage, viewer: Viewer, *, now: dt.datetime) -> Words:
    """An officer: name, picture, contact, days, next visit."""
    own = officer.card.id == viewer.person
    return {
        "portrait": portrait(officer.card, officer.has_picture),
        "change": reverse("partnership:change_picture", args=[officer.card.id]) if own else "",
        "name": officer.card.called,
        "role": role_title(page, officer.posting.kind),
        "telephone": officer.card.telephone,
        "email": officer.card.email,
        "days": days_words(officer.hours),
        "next": _next_visit(officer, now),
    }


def days_words(hours: Iterable[Shift]) -> list[str]:
    """Usual days by their hours: "Monday and Tuesday, 8 am to 4 pm"."""
    of_hours: dict[tuple[dt.time, dt.time], list[str]] = {}
    for shift in hours:
        of_hours.setdefault((shift.starts, shift.ends), []).append(str(WEEKDAYS[shift.weekday]))
    return [
        _("%(days)s, %(starts)s to %(ends)s")
        % {"days": joined(days), "starts": time_words(starts), "ends": time_words(ends)}
        for (starts, ends), days in of_hours.items()
    ]


def _next_visit(officer: OfficerHere, now: dt.datetime) -> str:
    if officer.visit:
        day = officer.visit.astimezone(LONDON).date()
        return _("Next visit: %s") % near_day_words(day, now=now)
    if officer.duty is None:
        return _("Not on duty in the next 60 days")
    if officer.duty <= now:
        return _("On duty now")
    return _("Next on duty: %s") % moment_words(officer.duty, now=now)


def _spoc_words(one: Appointed) -> Words:
    return {"name": one.name, "role": one.role.label, "since": _("since %s") % short_day_words(one.since)}


def document_facts(page: SchoolPage) -> list[Words]:
    """Both documents: how each stands, and what is on its way to follow; with a link for whoever may read it."""
    leads = page.documents
    rows = [(kind, leads.get(kind)) for kind in AgreementKind]
    rows += [(one.kind, one) for one in page.standings if one.state in UNDER_WAY and one != leads[one.kind]]
    return [_document(kind, found, linked=page.inside) for kind, found in rows]


def _document(kind: AgreementKind, found: Standing | None, *, linked: bool) -> Words:
    if found is None:
        return {"name": kind.label, "state": _("Not proposed yet"), "tone": "plain", "dates": "", "href": ""}
    return {
        "name": kind.label,
        "state": STATES[found.state],
        "tone": TONES.get(found.state, "plain"),
        "dates": span_words(found.since, found.until),
        "href": reverse("partnership:agreement", args=[found.agreement]) if linked else "",
    }


def involvement_facts(agreed: AgreedInvolvement | None, *, now: dt.datetime) -> list[Words]:
    """What was agreed, without what was left empty."""
    if agreed is None:
        return []
    days = joined([str(WEEKDAYS[day]) for day in sorted(agreed.visit_days)])
    written = _("%(who)s, %(when)s") % {"who": agreed.by, "when": moment_words(agreed.made_at, now=now)}
    facts = [(_("Visits"), agreed.visits), (_("Days"), days), (_("In school time"), agreed.in_school_time)]
    facts += [(str(name), getattr(agreed, column)) for column, name in PROVIDED.items()]
    return [{"name": name, "text": text} for name, text in [*facts, (_("Written down by"), written)] if text]


def emergency_facts(page: SchoolPage) -> list[Words]:
    """Whom to reach when it cannot wait, but for 999."""
    school, number = page.school, page.force.non_emergency if page.force else ""
    holidays = page.holiday_contact
    dsls = page.who(Role.DSL) or page.who(Role.DEPUTY_DSL)
    facts = [
        (_("Police, when nobody is in danger"), number, _tel(number)),
        (
            _("A child is at risk: the DSL"),
            "\n".join(map(_reached, dsls)),
            _tel(dsls[0].telephone) if len(dsls) == 1 else "",
        ),
        (_("The school"), school.telephone, _tel(school.telephone)),
        (_("Out of hours"), school.out_of_hours, ""),
        (_("In the holidays"), _reached(holidays) if holidays else "", _tel(holidays.telephone) if holidays else ""),
    ]
    return [{"name": name, "text": text or _("Not entered yet"), "href": href} for name, text, href in facts]


def _tel(number: str) -> str:
    return f"tel:{number.replace(' ', '')}" if number else ""


def _reached(person: PersonCard) -> str:
    return ", ".join(filter(None, (person.called, person.telephone, person.email)))


# The timeline


def school_timeline(page: SchoolPage, *, now: dt.datetime) -> list[Words]:
    """What happened in the partnership, the newest first."""
    happened = [*_of_documents(page), *_of_spocs(page.spocs), *_of_postings(page)]
    past = sorted((each for each in happened if each[0] <= london_day(now)), key=lambda each: each[0], reverse=True)
    return [{"title": title, "when": capitalised(near_day_words(day, now=now)), "by": by} for day, title, by in past]


Happened = tuple[dt.date, str, str]


def _of_documents(page: SchoolPage) -> Iterator[Happened]:
    for step in page.steps:
        title = _("%(document)s: %(what)s") % {"document": step.document.label, "what": step.kind.label}
        yield london_day(step.made_at), title, step.by
    for found in page.standings:
        if found.state in ("active", "lapsed", "ended"):
            yield found.since, _("%s: in force") % found.kind.label, ""
        if found.state in ("lapsed", "ended"):
            yield found.until, _("%s: last day") % found.kind.label, ""


def _of_spocs(spocs: Iterable[Appointed]) -> Iterator[Happened]:
    return chain.from_iterable(_span(f"{one.name}, {one.role.label}", one.since, one.until) for one in spocs)


def _of_postings(page: SchoolPage) -> Iterator[Happened]:
    for one in page.postings:
        yield from _span(f"{one.officer.called}, {role_title(page, one.kind)}", one.since, one.until)


def _span(who: str, since: dt.date, until: dt.date | None) -> Iterator[Happened]:
    yield since, _("%s: first day") % who, ""
    if until:
        yield until, _("%s: last day") % who, ""


# The checklist of the source


@dataclass(frozen=True)
class Duty:
    """One duty of the source: what is done of it, and who does what next.

    done: None where nothing in the product shows it; then it gets no tick.
    """

    words: str
    evidence: str
    done: bool | None = None
    next: str = ""
    href: str = ""

    def row(self) -> Words:
        """As the page shows it."""
        state, tone = {
            True: (_("Done"), "done"),
            False: (_("To do"), "active"),
            None: (_("Not recorded here"), "plain"),
        }[self.done]
        return {**vars(self), "state": state, "tone": tone, "next": "" if self.done else self.next}


Asked = Callable[[SchoolPage, Viewer], Duty]


def checklist_sections(page: SchoolPage, viewer: Viewer) -> list[Words]:
    """The duties of head teacher, SPOC and staff, as the source lists them."""
    sections: tuple[tuple[str, Iterable[Asked]], ...] = (
        (_("The head teacher's part"), HEAD_TEACHERS),
        (_("The SPOC's part"), SPOCS),
        (_("The part of all staff"), STAFFS),
    )
    return [{"heading": name, "rows": [duty(page, viewer).row() for duty in duties]} for name, duties in sections]


def _next_of(viewer: Viewer, sections: Iterable[Words]) -> Words | None:
    """The one next action: the first thing to do that this person can do."""
    rows = (row for section in sections for row in section["rows"])
    return next((row for row in rows if row["done"] is False and row["href"]), None)


def _head_understands(page: SchoolPage, viewer: Viewer) -> Duty:
    share = page.awareness.get(Role.HEAD)
    may = is_head(viewer, page.school.id)
    return Duty(
        _("Have an understanding of a SSP and the roles within it"),
        read_words(share) if share else _("No head teacher is entered."),
        _all_read(share),
        _("Read the briefing") if may else _("The head teacher reads the briefing"),
        _link("briefing", page, may),
    )


def _head_signs(page: SchoolPage, viewer: Viewer) -> Duty:
    text, href = _documents_next(page, viewer)
    return Duty(
        _("Agree and sign the SSP protocol and Data Sharing Agreement"),
        " ".join(_document_sentence(each) for each in document_facts(page)),
        page.state == PartnershipState.ACTIVE and not any(one.state in WAITING for one in page.standings),
        text,
        href,
    )


def _document_sentence(document: Words) -> str:
    dates = f" ({document['dates']})" if document["dates"] else ""
    return f"{document['name']}: {document['state']}{dates}."


def _documents_next(page: SchoolPage, viewer: Viewer) -> tuple[str, str]:
    """Who does what next for the documents; with the way there for whoever does it."""
    school, is_sergeant = page.school.id, viewer.holds(Role.SERGEANT)
    waiting = [one for one in page.standings if one.state in WAITING]
    if not waiting:
        words = _("Propose what is missing") if is_sergeant else _("The sergeant proposes what is missing")
        return words, _link("propose", page, is_sergeant)
    if any(one.state == "proposed" for one in waiting) and is_head(viewer, school):
        return _("Read and sign what is proposed"), reverse("partnership:school_agreements", args=[school])
    if any(one.state == "awaits_police" for one in waiting) and is_sergeant and page.inside:
        return _("Sign for the police"), reverse("partnership:school_agreements", args=[school])
    words = _("The head teacher reads and signs") if waiting[0].state == "proposed" else _("The sergeant signs")
    return words, ""


def _head_assigns(page: SchoolPage, viewer: Viewer) -> Duty:
    spocs, deputies = page.spoc_line(Role.SPOC), page.spoc_line(Role.DEPUTY_SPOC)
    evidence = [_("%(name)s, SPOC since %(day)s.") % {"name": o.name, "day": short_day_words(o.since)} for o in spocs]
    if deputies:
        evidence.append(_("Deputy: %s.") % joined([one.name for one in deputies]))
    nobody = _("Nobody is the SPOC. What comes in goes to the deputy, else to the head teacher.")
    text, href = _appointing(page, viewer)
    return Duty(
        _("Assign a SPOC to have day-to-day contact with the SSO"),
        " ".join(evidence) if spocs else nobody,
        bool(spocs),
        text,
        href,
    )


def _appointing(page: SchoolPage, viewer: Viewer) -> tuple[str, str]:
    may = is_head(viewer, page.school.id)
    words = _("Appoint a SPOC from the SLT") if may else _("The head teacher appoints a SPOC from the SLT")
    return words, _link("spoc", page, may)


def _head_tells_staff(page: SchoolPage, viewer: Viewer) -> Duty:
    share = page.awareness.get("")
    may = may_keep_staff(viewer, page.school.id)
    words = _("The head teacher or the SPOC reminds those who have not read it")
    return Duty(
        _("Ensure all school staff are aware of the SSP"),
        read_words(share),
        _all_read(share),
        _("Remind those who have not read the briefing") if may else words,
        _link("staff", page, may),
    )


def _head_shares(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _("Ensure information is shared with the SSO where there are safeguarding and safety concerns"),
        sharing_words(page),
    )


def _head_solves(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _(
            "Utilise the expertise of the SSO to problem solve specific crime and anti-social behaviour related issues "
            "inside and outside of the school"
        ),
        _("The school asks its officers for advice. What was asked is not counted on this page."),
        next=_("Ask the officers for advice"),
        href=reverse("exchange:new_advice") if may_keep_staff(viewer, page.school.id) else "",
    )


def _head_joins(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _(
            "Ensure a partnership approach to provide the best outcomes for young people involved in crime and "
            "antisocial behaviour"
        ),
        _(
            "An officer answers every share, and the school sees what came of it. Case conferences and referrals are "
            "held by invitation today, and not recorded here."
        ),
    )


def _head_supports(page: SchoolPage, viewer: Viewer) -> Duty:
    agreed = page.involvement
    provided = [str(name) for column, name in PROVIDED.items() if agreed and getattr(agreed, column)]
    evidence = _("Agreed what the school provides: %s.") % joined(provided)
    may = may_agree_involvement(viewer, page.school.id)
    words = _("The school agrees with the officer on room, storage and access card")
    return Duty(
        _("Support the SSO"),
        evidence if provided else _unknown(page, _("What the school provides is not written down yet.")),
        bool(provided) if page.inside else None,
        _("Agree with the officer on room, storage and access card, and write it down") if may else words,
        _link("involvement", page, may),
    )


def _head_feeds_back(page: SchoolPage, viewer: Viewer) -> Duty:
    sergeants = joined(list(dict.fromkeys(map(_reached, page.sergeants))))
    known = _("Today the head teacher rings or writes: %s.") % sergeants
    return Duty(
        _("Feedback to the Safer Schools police Sergeant to facilitate on-going appraisal of the SSP"),
        known if sergeants else _("No sergeant is known yet: no officer is posted here."),
    )


def _spoc_keeps_contact(page: SchoolPage, viewer: Viewer) -> Duty:
    text, href, done = _contact_next(page, viewer)
    officers = joined([officer.card.called for officer in page.officers])
    visits = page.involvement.visits if page.involvement else _unknown(page, _("Visits are not agreed yet."))
    evidence = f"{officers}. {visits}"
    return Duty(
        _("Maintain day-to-day contact with the SSO"),
        evidence if officers else _("No officer is posted here."),
        done,
        text,
        href,
    )


def _contact_next(page: SchoolPage, viewer: Viewer) -> tuple[str, str, bool | None]:
    """Who does what next for the daily contact, and whether that is all."""
    if not page.officers:
        return _("The sergeant posts an officer"), "", False
    if not page.spoc_line(Role.SPOC):
        return *_appointing(page, viewer), False
    may = may_agree_involvement(viewer, page.school.id)
    words = (
        _("Write down how often the officer comes") if may else _("The SPOC writes down how often the officer comes")
    )
    return words, _link("involvement", page, may), bool(page.involvement) if page.inside else None


def _spoc_shares(page: SchoolPage, viewer: Viewer) -> Duty:
    words = _("Share information with the SSO where there are safeguarding and safety concerns")
    return Duty(words, sharing_words(page))


def _spoc_passes_on(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _("Facilitate communication between the SSO and other school staff"),
        _("Enquiries go by the SPOC both ways. The poster says so to everybody."),
        next=_("The SPOC hangs up the poster"),
        href=_link("poster", page, bool(page.officers)),
    )


def _spoc_solves(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _(
            "Work closely with the SSO to problem solve crime and anti-social behaviour related issues inside and "
            "outside of the school"
        ),
        _("Today this is done on visits and by telephone, and by asking for advice here."),
    )


def _spoc_presents(page: SchoolPage, viewer: Viewer) -> Duty:
    agreed = bool(page.involvement and page.involvement.in_school_time)
    missing = _unknown(page, _("What happens in school time is not written down yet."))
    may = may_agree_involvement(viewer, page.school.id)
    words = _("The SPOC agrees with the officer what happens in school time")
    return Duty(
        _("Facilitate relevant police presentations as part of the problem solving process"),
        _("It is written down what happens in school time.") if agreed else missing,
        agreed if page.inside else None,
        _("Agree with the officer what happens in school time, and write it down") if may else words,
        _link("involvement", page, may),
    )


def _spoc_explores(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _(
            "Explore ways to improve feelings of safety and active citizenship to benefit the school community with "
            "the SSO, ie. School Watch, Junior Volunteer Police Cadets, joint PHSE delivery, etc."
        ),
        _("Today SPOC and officer plan this on visits."),
    )


def _staff_understand(page: SchoolPage, viewer: Viewer) -> Duty:
    share = page.awareness.get("")
    to_read = viewer.shares("staff", page.school.id) and not page.has_read
    return Duty(
        _("Have an understanding of a SSP and the roles within it"),
        read_words(share),
        _all_read(share),
        _("Read the briefing") if to_read else _("Those who have not read it do so"),
        _link("briefing", page, to_read),
    )


def _staff_refer(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _("Identify young people who may require early intervention and diversion and refer to the SSP SPOC"),
        _("A concern goes to the SPOC. How many came is not counted on this page."),
        next=_("Whoever notices something raises a concern"),
        href=reverse("concerns:new_concern") if viewer.shares("staff", page.school.id) else "",
    )


def _staff_share(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _(
            "Share information with the SSP SPOC where there are safeguarding and safety concerns to provide the best "
            "outcomes for young people involved in crime and antisocial behaviour"
        ),
        _("A concern goes to the SPOC and the DSL, and whoever raised it hears what became of it."),
    )


def _staff_feed_back(page: SchoolPage, viewer: Viewer) -> Duty:
    return Duty(
        _("Feedback to the SSP SPOC to facilitate on-going appraisal of the SSP"),
        _("Today staff tell the SPOC."),
    )


HEAD_TEACHERS: tuple[Asked, ...] = (
    _head_understands, _head_signs, _head_assigns, _head_tells_staff, _head_shares, _head_solves, _head_joins,
    _head_supports, _head_feeds_back,
)  # fmt: skip
SPOCS: tuple[Asked, ...] = (
    _spoc_keeps_contact, _spoc_shares, _spoc_passes_on, _spoc_solves, _spoc_presents, _spoc_explores,
)  # fmt: skip
STAFFS: tuple[Asked, ...] = (_staff_understand, _staff_refer, _staff_share, _staff_feed_back)


def read_words(share: Share | None) -> str:
    """How many have read the briefing."""
    if share is None or not share.staff:
        return _("Nobody is entered yet.")
    numbers = {"aware": f"{share.aware:,}", "staff": f"{share.staff:,}", "percent": share.percent}
    return _("%(aware)s of %(staff)s have read the briefing (%(percent)s %%).") % numbers


def _all_read(share: Share | None) -> bool:
    return share is not None and share.aware == share.staff > 0


def sharing_words(page: SchoolPage) -> str:
    """Whether routine sharing is open. What was shared is for the partnership alone, and not counted here."""
    if page.state == PartnershipState.ACTIVE:
        return _("Routine sharing is open. What was shared is not counted on this page.")
    return _(
        "Routine sharing is closed until both documents are in force. Danger, a child's welfare and crime never wait "
        "for them."
    )


def _unknown(page: SchoolPage, words: str) -> str:
    """Words on what is missing, for whoever would see it if it were there."""
    return words if page.inside else _("What was agreed is read by the school and its officers.")


def _link(name: str, page: SchoolPage, may: bool) -> str:
    return reverse(f"partnership:{name}", args=[page.school.id]) if may else ""


def offers(page: SchoolPage, viewer: Viewer) -> list[Words]:
    """What else can be opened from here."""
    school = page.school.id
    offered = [
        ("poster", _("Poster: your officer (PDF)"), bool(page.officers)),
        ("briefing", _("The briefing"), is_of_school(viewer, school)),
        ("spoc", _("The SPOC"), is_of_school(viewer, school)),
        ("staff", _("Who has read the briefing"), may_keep_staff(viewer, school)),
        ("propose", _("Propose a renewal or another text"), viewer.holds(Role.SERGEANT)),
    ]
    return [{"text": text, "href": _link(name, page, may)} for name, text, may in offered if may]


# The poster


def poster(page: SchoolPage, pictures: Mapping[int, bytes]) -> Poster:
    """Who the officer is, when they come, how to reach them, what they are for and what not."""
    spocs = joined([one.name for one in page.spoc_line(Role.SPOC)])
    return Poster(
        title=_("Your %s") % role_title(page, AssignmentKind.LEAD),
        place=page.school.name,
        marking="OFFICIAL",
        people=[_on_poster(officer, pictures) for officer in page.officers],
        sections=[_reach_section(spocs), _for_section(), _not_for_section()],
        alarm=_("In danger now? Ring 999."),
    )


def _on_poster(officer: OfficerHere, pictures: Mapping[int, bytes]) -> Portrayed:
    words = portrait(officer.card, officer.has_picture)
    described = _("Picture of %(name)s") % words
    return Portrayed(
        officer.card.called, _days_facts(officer), words["initials"], described, pictures.get(officer.card.id)
    )


def _days_facts(officer: OfficerHere) -> list[Fact]:
    days = days_words(officer.hours)
    return [Fact(_("Usual days"), "\n".join(days))] if days else []


def _reach_section(spoc: str) -> Section:
    asked = _("Ask %s, who is the school's link with the police (SPOC), or any member of staff.") % spoc
    anybody = _("Ask any member of staff.")
    return Section(_("How to reach them"), [Fact("", asked if spoc else anybody)])


def _for_section() -> Section:
    words = (
        _("to listen to you, and to know the school"),
        _("to help when you or somebody else is not safe, in school or on the way"),
        _("to give advice on crime and how not to become part of it"),
    )
    return Section(_("What they are here for"), [Fact("", each) for each in words])


def _not_for_section() -> Section:
    words = _("Rules, behaviour and discipline in school stay with your teachers and the head teacher.")
    return Section(_("What they are not here for"), [Fact("", words)])
