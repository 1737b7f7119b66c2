"""Officers, postings and proposals in words."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schoolgate.access.selectors import Reader
from schoolgate.deployment.models import (
    AssignmentKind,
    Change,
    Extent,
    Manner,
    ProposalStatus,
    ServedPhase,
    TellingWay,
    Told,
    VettingLevel,
)
from schoolgate.deployment.selectors.eligibility import OfficerFile, Rules
from schoolgate.deployment.selectors.postings import (
    SOON,
    Board,
    Face,
    OfficerRow,
    OwnPostings,
    PostingCard,
    ProposalCard,
    SchoolHistory,
    SchoolTold,
    ShadowDays,
    Short,
    Stopped,
    months_served,
)
from schoolgate.directory.models import Phase
from schoolgate.directory.presenters import reader_rows
from schoolgate.directory.selectors import PersonCard
from schoolgate.ui.presenters import capitalised, counted, joined, moment_words, short_day_words, time_words

Words = dict[str, Any]

RULES: dict[str, Any] = {
    "nobody_in_probation": gettext_lazy("In probation on that day, or its end is not known"),
    "vetting_in_date": gettext_lazy("Vetting is not the one that the force asks for, or not in date"),
    "trained_in_date": gettext_lazy("A training that the force asks for is missing or not in date"),
    "signed_off_in_date": gettext_lazy("Not signed off as suitable, or the review is due"),
    "school_of_the_force": gettext_lazy("The school belongs to another force"),
    "one_assignment_once": gettext_lazy("Serves that school on some of those days already"),
    "assignment_ends_after_start": gettext_lazy("The posting that would end begins on or after that day"),
    "told_before_live": gettext_lazy("Head teacher and SPOC were not both told of exactly this"),
    "proposal_moves_on": gettext_lazy("The proposal was withdrawn or went live meanwhile"),
    "tells_head_and_spoc": gettext_lazy("They are not the school's head teacher or SPOC any more"),
}
STATUS_TONES = {ProposalStatus.DRAFT: "active", ProposalStatus.LIVE: "done", ProposalStatus.WITHDRAWN: "plain"}


def months_words(months: int) -> str:
    """ "7 months"; "less than a month"."""
    return (
        counted(ngettext("%(count)s month", "%(count)s months", months), months) if months else _("less than a month")
    )


def hours_words(hours: Decimal | int) -> str:
    """ "1 hour a week"; "4.5 hours a week"."""
    number = 2 if hours % 1 else int(hours)
    return ngettext("%(count)s hour a week", "%(count)s hours a week", number) % {"count": f"{float(hours):g}"}


def days_words(since: dt.date, until: dt.date | None) -> str:
    """From when until when."""
    if until is None:
        return _("From %(since)s") % {"since": short_day_words(since)}
    return _("From %(since)s to %(until)s") % {"since": short_day_words(since), "until": short_day_words(until)}


def refusal_words(file: OfficerFile, rule: str) -> str:
    """Why an officer cannot be posted, and from when on they can."""
    who = file.card.called
    if rule != "nobody_in_probation":
        missing = file.missing_courses(dt.date.max) if rule == "trained_in_date" else []
        words = _("%(who)s cannot be posted. %(why)s.") % {"who": who, "why": RULES[rule]}
        return f"{words} ({joined(missing)})" if missing else words
    if file.probation_ends is None or file.possible_from is None:
        return _("Nobody has noted when the probation of %(who)s ends. Until it is known, no posting is possible.") % {
            "who": who
        }
    return _("%(who)s is in probation until %(ends)s. A posting is possible from %(from)s on.") % {
        "who": who, "ends": short_day_words(file.probation_ends), "from": short_day_words(file.possible_from),
    }  # fmt: skip


def terms_words(one: PostingCard | ProposalCard) -> Iterator[str]:
    """What is settled of a posting, in a few words each."""
    yield str(one.kind.label)
    if one.half:
        yield _("Half of the school")
    if one.manner != Manner.ASSIGNED:
        yield str(Manner(one.manner).label)
    yield str(Extent(one.extent).label)
    if one.hours:
        yield hours_words(one.hours)
    if one.covers:
        yield _("For the leave of %s") % one.covers
    if one.ward:
        yield _("Ward: %s") % one.ward


def board_words(board: Board, *, on: dt.date, now: dt.datetime) -> Words:
    """The sergeant's deployment board."""
    return {
        "proposals": [proposal_row(one, on=on) for one in board.proposals],
        "suspended": [stopped_row(one, now=now) for one in board.suspended],
        "refused": [stopped_row(one, now=now) for one in board.refused],
        "officers": [officer_row(row, on=on) for row in board.officers],
        "soon": [row for each in board.officers for row in _soon(each.file, on)],
        "short": [short_row(one) for one in board.short],
        "uncovered": [uncovered_row(*row) for row in board.uncovered.first],
        "uncovered_words": _uncovered_words(board.uncovered.count),
        "uncovered_left": board.uncovered.count - len(board.uncovered.first),
    }


def _uncovered_words(count: int) -> str:
    words = ngettext("%(count)s open school has no officer.", "%(count)s open schools have no officer.", count)
    return counted(words, count)


def proposal_row(one: ProposalCard, *, on: dt.date) -> Words:
    """A proposal in a list: what it changes, and who has still to be told."""
    missing = [str(role.label) for role in Told if one.told(role) is None]
    begins = one.until if one.change == Change.END else one.since
    late = begins is not None and begins < on
    return {
        "title": proposal_title(one),
        "href": reverse("deployment:proposal", args=[one.id]),
        "state": _("Ready to go live") if not missing else _("To tell: %s") % joined(missing),
        "tone": "done" if not missing else "active",
        "late": _("Its day has come and it is not live") if late else "",
        "facts": [days_words(one.since, one.until), *terms_words(one)],
    }


def proposal_title(one: ProposalCard) -> str:
    """What it changes."""
    if one.change == Change.END:
        return _("End: %(who)s at %(school)s") % {"who": one.officer.called, "school": one.school_name}
    if one.instead_of:
        return _("%(who)s to %(school)s instead of %(before)s") % {
            "who": one.officer.called, "school": one.school_name, "before": one.instead_of.officer.called,
        }  # fmt: skip
    return _("%(who)s to %(school)s") % {"who": one.officer.called, "school": one.school_name}


def stopped_row(one: Stopped, *, now: dt.datetime) -> Words:
    """A suspension or a refusal, with the day on which it becomes possible."""
    possible = (
        _("Possible from %s on") % short_day_words(one.possible_from)
        if one.possible_from
        else _("Possible when the end of probation is known")
        if one.rule == "nobody_in_probation"
        else ""
    )
    return {
        "title": _("%(who)s at %(school)s") % {"who": one.officer.called, "school": one.school_name},
        "href": reverse("deployment:officer", args=[one.officer.id]),
        "state": possible,
        "tone": "late",
        "facts": [
            str(one.kind.label),
            str(RULES.get(one.rule, one.rule)),
            _("was to begin on %s") % short_day_words(one.since),
            capitalised(moment_words(one.at, now=now)),
        ],
    }


def officer_row(row: OfficerRow, *, on: dt.date) -> Words:
    """An officer on the board."""
    file = row.file
    schools = [posting.school_name for posting in row.postings if posting.holds(on)]
    state, tone = file_state(file, on=on)
    return {
        "title": file.card.called,
        "href": reverse("deployment:officer", args=[file.card.id]),
        "state": state,
        "tone": tone,
        "facts": [file.team_name, joined(schools) if schools else _("No school"), _("FTE %s") % file.fte.normalize()],
    }


def file_state(file: OfficerFile, *, on: dt.date) -> tuple[str, str]:
    """Whether an officer can be posted on a day."""
    found = file.obstacles(on)
    if not found:
        return _("Can be posted"), "done"
    if found[0] == "nobody_in_probation":
        if file.probation_ends is None:
            return _("Probation: end not known"), "late"
        return _("In probation until %s") % short_day_words(file.probation_ends), "late"
    return _("Cannot be posted: see their page"), "late"


def _soon(file: OfficerFile, on: dt.date) -> Iterator[Words]:
    """What runs out within two months, or has run out."""
    ends = [
        (_("Vetting"), file.vetting_expires),
        (_("Sign-off: review"), file.sign_off_review_on),
        (_("Expected to leave the role"), file.tenure_until),
        *((course.name, course.expires_on) for course in file.courses if not _renewed(file, course.name, on)),
    ]
    for what, day in ends:
        if day and day <= on + SOON:
            yield {
                "title": f"{file.card.called}: {what}",
                "href": reverse("deployment:officer", args=[file.card.id]),
                "late": _("Was due on %s") % short_day_words(day) if day < on else "",
                "facts": [] if day < on else [short_day_words(day)],
            }


def _renewed(file: OfficerFile, course: str, on: dt.date) -> bool:
    return any(c.name == course and (c.expires_on is None or c.expires_on > on + SOON) for c in file.courses)


def short_row(one: Short) -> Words:
    """A short rotation."""
    return {
        "title": _("%(who)s at %(school)s") % {"who": one.posting.officer.called, "school": one.posting.school_name},
        "href": reverse("deployment:school", args=[one.posting.school]),
        "state": months_words(one.months),
        "tone": "late",
        "facts": [days_words(one.posting.since, one.posting.until)],
    }


def uncovered_row(school: int, name: str, phase: str, is_priority: bool) -> Words:
    """A school that nobody serves."""
    return {
        "title": name,
        "href": f"{reverse('deployment:propose')}?school={school}",
        "state": _("Priority") if is_priority else "",
        "tone": "late",
        "facts": [str(Phase(phase).label)],
    }


def posting_row(one: PostingCard, *, on: dt.date, may_end: bool) -> Words:
    """A posting on an officer's page; end_href: the form that ends it."""
    return {
        "title": one.school_name,
        "href": reverse("deployment:school", args=[one.school]),
        "end_href": reverse("deployment:end", args=[one.id]) if may_end else "",
        "state": _("Now") if one.holds(on) else _("To come"),
        "tone": "active" if one.holds(on) else "plain",
        "facts": [days_words(one.since, one.until), *terms_words(one)],
    }


def file_facts(file: OfficerFile, *, on: dt.date) -> list[Words]:
    """What is known of an officer."""
    base = _("%(name)s (%(easting)s, %(northing)s)") % {
        "name": file.base_name, "easting": file.base_easting, "northing": file.base_northing,
    }  # fmt: skip
    facts = [
        (_("Rank"), file.rank),
        (_("Joined the police on"), _day(file.joined_on)),
        (_("Last day of probation"), _day(file.probation_ends)),
        (_("What says so"), file.probation_source),
        (_("Vetting"), vetting_words(file)),
        (_("Full-time equivalent"), str(file.fte.normalize())),
        (_("May serve"), joined([str(ServedPhase(phase).label) for phase in file.phases])),
        (_("Specialisms"), file.specialisms),
        (_("Works from"), base if file.base_name else ""),
        (_("Expected to stay in the role until"), _day(file.tenure_until)),
        (_("Signed off as suitable"), sign_off_words(file)),
    ]
    return [{"name": name, "text": text or _("Not known")} for name, text in facts]


def _day(day: dt.date | None) -> str:
    return short_day_words(day) if day else ""


def vetting_words(file: OfficerFile) -> str:
    """The level and until when."""
    if not file.vetting_level:
        return ""
    return _("%(level)s until %(day)s") % {
        "level": VettingLevel(file.vetting_level).label,
        "day": _day(file.vetting_expires),
    }


def sign_off_words(file: OfficerFile) -> str:
    """Who signed the officer off, when, on what, and when it is looked at again."""
    if not file.signed_off_on:
        return _("Not yet")
    words = _("By %(who)s on %(day)s; review on %(review)s") % {
        "who": file.signed_by, "day": _day(file.signed_off_on), "review": _day(file.sign_off_review_on),
    }  # fmt: skip
    return f"{words}\n{file.sign_off_words}"


def course_rows(file: OfficerFile, *, on: dt.date) -> list[list[str]]:
    """The courses of an officer: name, completed, expires."""
    return [
        [
            course.name,
            short_day_words(course.completed_on),
            (_day(course.expires_on) or _("Does not expire")) + ("" if course.holds(on) else f" ({_('run out')})"),
        ]
        for course in file.courses
    ]


def rules_words(rules: Rules) -> list[str]:
    """What the force asks for besides the end of probation."""
    found = []
    if rules.vetting_needed:
        found.append(_("%s, in date") % VettingLevel(rules.vetting_needed).label)
    found += [_("Training: %s") % course for course in rules.courses_needed]
    if rules.sign_off_needed:
        found.append(_("The sergeant's sign-off"))
    return found


def proposal_words(
    one: ProposalCard, file: OfficerFile, people: Mapping[Told, Sequence[PersonCard]], *, now: dt.datetime
) -> Words:
    """The page of a proposal. people: who of the school can be told here."""
    tellings = [_telling_words(one, role, people[role], now) for role in Told]
    return {
        "heading": proposal_title(one),
        "state": one.status.label,
        "tone": STATUS_TONES[one.status],
        "state_text": _state_text(one),
        "facts": list(_proposal_facts(one, now)),
        "tellings": tellings,
        "tell_here": joined([each["to"] for each in tellings if each["to"]]),
        "warnings": list(_warnings(one, file)),
        "refused": _refused_words(one, file),
        "ward_href": _ward_href(one),
    }


def _ward_href(one: ProposalCard) -> str:
    """The same for the next school of a ward: a posting is to one school, and each school is told of its own."""
    asked = {"officer": one.officer.id, "kind": one.kind.value, "ward": one.ward, "since": one.since.isoformat()}
    return f"{reverse('deployment:propose')}?{urlencode(asked)}" if one.ward else ""


def _refused_words(one: ProposalCard, file: OfficerFile) -> list[str]:
    """What would be refused if it went live now."""
    if one.change == Change.END or one.status != ProposalStatus.DRAFT:
        return []
    return [refusal_words(file, rule) for rule in file.obstacles(one.since)]


def _state_text(one: ProposalCard) -> str:
    if one.status == ProposalStatus.WITHDRAWN:
        return _("It will not happen.")
    if one.status == ProposalStatus.LIVE:
        return _("It is in force.")
    if one.both_told:
        return _("Head teacher and SPOC were told. It can go live.")
    return _("Nothing has changed yet. It goes live once head teacher and SPOC were told.")


def _proposal_facts(one: ProposalCard, now: dt.datetime) -> Iterator[Words]:
    yield {"name": _("School"), "text": one.school_name, "href": reverse("deployment:school", args=[one.school])}
    yield {
        "name": _("Officer"),
        "text": one.officer.called,
        "href": reverse("deployment:officer", args=[one.officer.id]),
    }
    yield {"name": _("Days"), "text": days_words(one.since, one.until)}
    yield {"name": _("Terms"), "text": "\n".join(terms_words(one))}
    if one.instead_of:
        before = one.since - dt.timedelta(days=1)
        words = _("%(who)s, whose posting ends on %(day)s") % {
            "who": one.instead_of.officer.called,
            "day": short_day_words(before),
        }
        yield {"name": _("Instead of"), "text": words}
    if one.reason:
        yield {"name": _("Why"), "text": one.reason}
    yield {"name": _("Proposed by"), "text": f"{one.by}, {moment_words(one.made_at, now=now)}"}


def _telling_words(one: ProposalCard, role: Told, people: Sequence[PersonCard], now: dt.datetime) -> Words:
    """to: who is told here at the press of a button."""
    told = one.told(role)
    return {
        "to": people[0].called if people and not told else "",
        "role": role.label,
        "words": told.words if told else one.words[role],
        "told": _("%(who)s was told by %(by)s, %(when)s. %(way)s.")
        % {"who": told.name, "by": told.by, "when": moment_words(told.at, now=now), "way": TellingWay(told.way).label}
        if told
        else "",
        "href": reverse("deployment:tell", args=[one.id, role.value]),
    }


def _warnings(one: ProposalCard, file: OfficerFile) -> Iterator[str]:
    """Short rotations are warned of, never refused."""
    last = one.until
    if one.change == Change.POST and one.kind != AssignmentKind.COVER:
        last = min((day for day in (one.until, file.tenure_until) if day), default=None)
    if one.kind == AssignmentKind.COVER or last is None:
        return
    months = months_served(one.since, last)
    if months < file.rules.short_months:
        yield _("A short rotation: %(months)s at this school, where the force expects %(expected)s or more.") % {
            "months": months_words(months),
            "expected": months_words(file.rules.short_months),
        }


def history_words(one: SchoolHistory, *, on: dt.date, now: dt.datetime) -> Words:
    """A school's postings."""
    return {
        "faces": [face_words(face) for face in one.faces],
        "now": [_span_row(row) for row in one.now],
        "to_come": [_span_row(row) for row in one.to_come],
        "before": [_span_row(row) for row in one.before],
        "shadowing": [shadow_words(row) for row in one.shadowing],
        "told": [
            {"title": _("%(who)s was told of a change") % {"who": who}, "href": reverse("deployment:told", args=[pk]),
             "facts": [capitalised(moment_words(at, now=now))]}
            for pk, who, at in one.told
        ],
    }  # fmt: skip


def face_words(face: Face) -> str:
    """For how long an officer has been a familiar face."""
    return _("%(who)s: a familiar face for %(months)s, since %(day)s") % {
        "who": face.officer.called, "months": months_words(face.months), "day": short_day_words(face.since),
    }  # fmt: skip


def _span_row(one: PostingCard) -> list[str]:
    return [one.officer.called, ", ".join(terms_words(one)), days_words(one.since, one.until)]


def shadow_words(one: ShadowDays) -> str:
    """Who goes along with whom, when."""
    words = _("%(who)s goes along with %(beside)s. %(days)s.") % {
        "who": one.who, "beside": one.beside, "days": days_words(one.first_day, one.last_day),
    }  # fmt: skip
    return f"{words} {one.words}".strip()


def own_words(own: OwnPostings, *, on: dt.date) -> Words:
    """An officer's own postings and hours."""
    return {
        "postings": [posting_row(one, on=on, may_end=False) for one in own.postings],
        "hours": [
            _("%(day)s: %(starts)s to %(ends)s")
            % {"day": WEEKDAYS[shift.weekday], "starts": time_words(shift.starts), "ends": time_words(shift.ends)}
            for shift in own.hours
        ],
        "absences": [days_words(first, last) for first, last in own.absences],
    }


def role_told(role: str) -> Told | None:
    """Head teacher or SPOC, as an address names them."""
    return Told(role) if role in Told.values else None


def told_words(one: SchoolTold, reading: Iterable[Reader], *, now: dt.datetime) -> Words:
    """The page of what a school was told."""
    telling = one.telling
    return {
        "heading": _("A change of the school's officers"),
        "caption": one.school_name,
        "state": _("Told"),
        "tone": "active",
        "state_text": _("%(when)s by %(by)s")
        % {"when": capitalised(moment_words(telling.at, now=now)), "by": telling.by},
        "readers": reader_rows(list(reading)),
        "told": [{"text": telling.name, "when": str(TellingWay(telling.way).label)}],
        "words": telling.words,
        "school": one.school,
    }
