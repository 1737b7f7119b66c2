"""Concerns in words: when, who reads it, how it stands."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.viewer import Viewer
from schoolgate.concerns.forms.allegations import AllegationForm
from schoolgate.concerns.forms.telling import ConcernForm, ToldForm
from schoolgate.concerns.models import (
    STEPS,
    AllegationStepKind,
    Involvement,
    NotSharingGround,
    Status,
    Subject,
    WordKind,
)
from schoolgate.concerns.policies import protects
from schoolgate.concerns.selectors.allegations import AllegationPage, AllegationRow
from schoolgate.concerns.selectors.concerns import (
    ConcernPage,
    ConcernRow,
    InvolvedPerson,
    OwnConcern,
    Step,
    TriagePage,
    TriageRow,
    Word,
)
from schoolgate.concerns.selectors.people import ReadingTime
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.enums import Marking
from schoolgate.core.sequences import each_once
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard
from schoolgate.exchange.models import Place, Urgency
from schoolgate.exchange.presenters import new_share
from schoolgate.exchange.selectors import ShareChoices
from schoolgate.ui.documents import Document, facts_section, timeline_section
from schoolgate.ui.fields import BoundField
from schoolgate.ui.presenters import capitalised, joined, moment_words, near_day_words, time_words

Fact = dict[str, Any]

TONES = {
    Status.SENT: "active",
    Status.OPENED: "active",
    Status.SCHOOL_MATTER: "done",
    Status.NOT_SHARED: "done",
    Status.CLOSED: "done",
}


def person_words(person: PersonCard) -> str:
    """Name and telephone: 'Ms Nadia Bracken, 01632 960012'."""
    return f"{person.called}, {person.telephone}" if person.telephone else person.called


def danger_words(reading: ReadingTime, *, kept_from: Collection[int] = ()) -> str:
    """Whom to speak to when somebody is in danger now."""
    dsls = joined([person_words(person) for person in reading.dsls(kept_from)])
    if dsls:
        return _("Ring 999 now. Then speak to the DSL: %(dsl)s. Do not wait for an answer here.") % {"dsl": dsls}
    whom = beyond_words(reading)
    return _("Ring 999 now. Then ring %(whom)s. Do not wait for an answer here.") % {"whom": whom}


def beyond_words(reading: ReadingTime) -> str:
    """Whom to ring where nobody at the school reads concerns."""
    named = joined([_with_role(person, person_words(person)) for person in reading.beyond])
    return named or _("the council's children's services")


def _with_role(person: PersonCard, words: str) -> str:
    return f"{words} ({Role(person.role).label})"


def adult_danger_words(reading: ReadingTime) -> str:
    """What to do when somebody is in danger from an adult: nobody at the school is named who might be the adult."""
    if not reading.school.telephone:
        return _("Ring 999 now. Then ring whom this page names. Do not wait for an answer here.")
    return _(
        "Ring 999 now. Then ring the school on %(number)s, or whom this page names. Do not wait for an answer here."
    ) % {"number": reading.school.telephone}


def reading_words(reading: ReadingTime, *, now: dt.datetime, kept_from: Collection[int] = ()) -> str:
    """When it is read, and by whom; or that nobody there reads it just now."""
    people = each_once([*reading.spocs(kept_from), *reading.dsls(kept_from)], key=lambda person: person.id)
    if not people:
        return _("Nobody at the school reads concerns here just now. Do not wait for them: ring %(whom)s.") % {
            "whom": beyond_words(reading)
        }
    called = joined([_with_role(person, person.called) for person in people])
    words = _("%(people)s will read it by %(when)s.") % {"people": called, "when": by_words(reading.by, now=now)}
    return words if reading.is_open else _("The school is closed now. %(words)s") % {"words": words}


def already_sent_words(*, can_add: bool) -> str:
    """That a form was sent before and says something else now."""
    if can_add:
        return _("This form was sent already. Add what is new on the page of what was sent.")
    return _("This form was sent already, with other words. Copy what is new, and send it on a new form.")


def by_words(moment: dt.datetime, *, now: dt.datetime) -> str:
    """A time by which something is done: "9:30 am today", "9:30 am on Tuesday 3 March 2026"."""
    local, today = moment.astimezone(LONDON), london_day(now)
    said = {"time": time_words(local), "day": near_day_words(local.date(), now=now)}
    near = abs((local.date() - today).days) <= 1
    return (_("%(time)s %(day)s") if near else _("%(time)s on %(day)s")) % said


def out_of_hours_words(reading: ReadingTime) -> str:
    """Whom to ring when the school is closed and it cannot wait; nothing while it is open."""
    if reading.is_open:
        return ""
    contact = _("You can also ring %(person)s.") % {"person": person_words(reading.contact)} if reading.contact else ""
    words = " ".join(words for words in (reading.school.out_of_hours, contact) if words)
    usual = _("ring the police on 101, or 999 if somebody is in danger.")
    return _("If it cannot wait: %(words)s") % {"words": words or usual}


def occurred_words(day: dt.date | None, time: dt.time | None, words: str, *, now: dt.datetime | None) -> str:
    """When it was: 'yesterday at 3:15 pm', or the author's own words."""
    when = near_day_words(day, now=now) if day else words
    return _("%(day)s at %(time)s") % {"day": when, "time": time_words(time)} if time else when


def place_words(place: str, detail: str) -> str:
    """Where it was: 'At the school gate: by the bus stop'."""
    return ": ".join(words for words in (str(Place(place).label), detail) if words)


def people_words(people: tuple[InvolvedPerson, ...] | list[Any]) -> str:
    """The others who are involved, a line each."""
    return "\n".join(f"{person.name}: {Involvement(person.involvement).label}" for person in people)


def answers(form: ToldForm, *, now: dt.datetime) -> list[Fact]:
    """The answers to check before sending; `field` is where each is changed."""
    told = form.told
    facts = [
        _answer("in_danger", _("Somebody in danger now"), _("Yes") if told["in_danger"] else _("No")),
        _answer("author_name", _("Your name"), told["author_name"]),
        _answer("child_name", _("Child or young person"), told["child_name"]),
        _answer("seen", _("What was seen or said"), told["seen"]),
        _answer("opinion", _("Your opinion"), told["opinion"]),
        _answer("day", _("When"), capitalised(_when(told, now))),
        _answer("place", _("Where"), place_words(told["place"], told["place_detail"])),
    ]
    if isinstance(form, ConcernForm):
        facts += _concern_answers(form)
    if isinstance(form, AllegationForm):
        facts.insert(1, _answer("about", _("About"), f"{Subject(form.subject).label}: {told['complained_of_name']}"))
    return [fact for fact in facts if fact["text"]]


def _concern_answers(form: ConcernForm) -> list[Fact]:
    kept_out = [person.called for person in form.circle if person.id in form.cleaned_data["keep_from"]]
    early = _("May be needed") if form.told["may_need_early_intervention"] else ""
    return [
        _answer("others", _("Who else is involved"), people_words(form.involved) or _("Nobody")),
        _answer("may_need_early_intervention", _("Early intervention and diversion"), early),
        _answer("keep_from", _("Kept from"), joined(kept_out)),
    ]


def _answer(field: str, name: str, text: str) -> Fact:
    return {"field": field, "name": name, "text": text}


def _when(told: dict[str, Any], now: dt.datetime) -> str:
    return occurred_words(told["occurred_on"], told["occurred_time"], told["occurred_words"], now=now)


def concern_facts(concern: ConcernPage, *, now: dt.datetime | None, is_own: bool = False) -> list[Fact]:
    """A concern as its author wrote it."""
    when = occurred_words(concern.occurred_on, concern.occurred_time, concern.occurred_words, now=now)
    facts = [
        (_("Child or young person"), concern.child_name),
        (_("What was seen or said"), concern.seen),
        (_("Your opinion") if is_own else _("Opinion of the author"), concern.opinion),
        (_("When"), capitalised(when)),
        (_("Where"), place_words(concern.place, concern.place_detail)),
        (_("Who else is involved"), people_words(concern.people) or _("Nobody")),
        (_("In danger when it was sent"), _("Yes") if concern.in_danger else ""),
        (_("Early intervention and diversion"), _("May be needed") if concern.may_need_early_intervention else ""),
        (_("Written by"), f"{concern.author}, {moment_words(concern.made_at, now=now)}"),
    ]
    return [{"name": name, "text": text} for name, text in facts if text]


def own_rows(rows: list[ConcernRow], *, now: dt.datetime) -> list[Fact]:
    """The author's own concerns, in a list."""
    return [
        {
            "title": row.child_name,
            "href": reverse("concerns:concern", args=[row.id]),
            "state": word_state(row.word),
            "tone": _word_tone(row.word),
            "facts": [_("Sent %(when)s") % {"when": moment_words(row.made_at, now=now)}],
        }
        for row in rows
    ]


def own_state(own: OwnConcern) -> str:
    """How a concern stands for its author: a question that they answered is asked no more."""
    return _("You answered") if own.question and own.is_answered else word_state(own.words[0] if own.words else None)


def word_state(word: Word | None) -> str:
    """How a concern stands, as its author hears it."""
    return str(WordKind(word.kind).label) if word else _("Sent")


def _word_tone(word: Word | None) -> str:
    if word is None:
        return "plain"
    return {WordKind.SPEAK_NOW: "late", WordKind.QUESTION: "active", WordKind.OUTCOME: "done"}.get(
        WordKind(word.kind), "plain"
    )


def words_timeline(own: OwnConcern, *, now: dt.datetime | None) -> list[Fact]:
    """What the author was told and what they added, newest first."""
    heard = [(word.at, str(WordKind(word.kind).label), word.by or "Schoolgate", word.words) for word in own.words]
    added = [(each.at, _("You added"), "", each.words) for each in own.concern.additions]
    return [
        {"title": title, "when": capitalised(moment_words(at, now=now)), "by": by, "text": text}
        for at, title, by, text in sorted(heard + added, reverse=True)
    ]


def state_words(of: TriageRow | TriagePage) -> str:
    """How a concern stands, the same in the list as on its page."""
    if of.is_reported:
        return _("The officer reported back")
    return _("The member of staff answered") if of.is_answered else str(Status(of.status).label)


def tone(status: str) -> str:
    """Whether it waits for somebody, goes on, or is done with."""
    return TONES.get(Status(status), "plain")


def inbox_rows(rows: list[TriageRow], *, now: dt.datetime) -> list[Fact]:
    """Concerns in the inbox or among the decided."""
    return [
        {
            "title": row.child_name,
            "href": reverse("concerns:triage", args=[row.id]),
            "state": state_words(row),
            "tone": "late" if row.is_late(now) else tone(row.status),
            "late": _late_words(row, now),
            "facts": [
                _("From %(author)s, %(when)s") % {"author": row.author, "when": moment_words(row.made_at, now=now)}
            ],
        }
        for row in rows
    ]


def inbox_groups(rows: list[TriageRow], viewer: Viewer, *, now: dt.datetime) -> list[Fact]:
    """The inbox: what waits for the school itself, and for the DSL what is with them; then what is with others."""
    own = [row for row in rows if row.waits or (row.status == Status.WITH_DSL and protects(viewer, row.school))]
    others = [row for row in rows if row not in own]
    groups = [(_("Waits for you"), own), (_("With others"), others)]
    return [{"heading": heading, "rows": inbox_rows(found, now=now)} for heading, found in groups if found]


def _late_words(row: TriageRow, now: dt.datetime) -> str:
    if row.is_late(now):
        return _("Late: it should have been opened by %(when)s") % {"when": by_words(row.due_at, now=now)}
    if row.is_urgent:
        return _("Somebody may be in danger")
    return ""


def status_words(page: TriagePage, *, now: dt.datetime | None) -> str:
    """How a concern stands, in a sentence."""
    if page.opened_at is None:
        return _("Nobody has opened it yet.")
    said = {"who": page.opened_by, "when": moment_words(page.opened_at, now=now)}
    return _("Opened by %(who)s, %(when)s.") % said


def steps_timeline(page: TriagePage, *, now: dt.datetime | None) -> list[Fact]:
    """What was done about a concern, and what its author added, newest first."""
    steps = [(step.at, _step_title(step), step.by or "Schoolgate", _step_text(step)) for step in page.steps]
    added = [(each.at, _("The author added"), page.concern.author, each.words) for each in page.concern.additions]
    return [
        {"title": title, "when": capitalised(moment_words(at, now=now)), "by": by, "text": text}
        for at, title, by, text in sorted(steps + added, reverse=True)
    ]


STEP_WORDS = dict(STEPS)


def _step_title(step: Step) -> str:
    return str(STEP_WORDS[step.kind])


def _step_text(step: Step) -> str:
    ground = str(NotSharingGround(step.ground).label) if step.ground else ""
    told = _("The author was told: %(words)s") % {"words": step.told} if step.told else ""
    return "\n".join(words for words in (ground, step.reason, told) if words)


def told_rows(concern: ConcernPage, steps: tuple[Step, ...], *, now: dt.datetime) -> list[Fact]:
    """Who has been told, and when, newest first."""
    told = [(step.at, name) for step in steps for name in step.people]
    told += [(concern.made_at, name) for name in concern.told]
    return [{"text": name, "when": moment_words(at, now=now)} for at, name in told if name]


def meanwhile_words(page: TriagePage, *, now: dt.datetime) -> str:
    """What somebody else did while a decision was being written."""
    last = page.steps[0]
    said = {"who": last.by, "what": _step_title(last), "when": moment_words(last.at, now=now)}
    return (
        _("Meanwhile %(who)s did this, %(when)s: %(what)s. Nothing of yours is lost; decide again if need be.") % said
    )


def unsaid_facts(typed: list[BoundField]) -> list[Fact]:
    """What somebody typed for a decision that is not to be taken any more."""
    return [{"name": str(bound.label), "text": str(bound.value())} for bound in typed if bound.value()]


def ring_words(people: tuple[PersonCard, ...]) -> str:
    """Who gets an allegation, with the numbers to ring."""
    if not people:
        return _("Nobody holds the role that gets it just now. Ring the council and ask for the LADO.")
    named = [_with_role(person, person_words(person)) for person in people]
    return _("It goes to %(people)s, and to nobody else. If it cannot wait, ring them.") % {"people": joined(named)}


def allegation_rows(rows: list[AllegationRow], *, now: dt.datetime) -> list[Fact]:
    """Allegations in a list; the list names nobody."""
    return [
        {
            "title": _("About: %(subject)s") % {"subject": Subject(row.about).label},
            "href": reverse("concerns:allegation", args=[row.id]),
            "state": _allegation_state(row.steps),
            "tone": "done" if AllegationStepKind.CLOSED in row.steps else "active",
            "late": _("Somebody may be in danger") if row.in_danger and not row.steps else "",
            "facts": [row.school, capitalised(moment_words(row.made_at, now=now))],
        }
        for row in rows
    ]


def _allegation_state(steps: tuple[str, ...]) -> str:
    return str(AllegationStepKind(steps[-1]).label) if steps else _("Not acknowledged yet")


def allegation_state(page: AllegationPage) -> str:
    """How an allegation stands, as far as the viewer may know."""
    return _allegation_state(tuple(step.kind for step in reversed(page.steps)))


def allegation_facts(page: AllegationPage, *, now: dt.datetime | None, is_own: bool = False) -> list[Fact]:
    """An allegation as its author wrote it."""
    when = occurred_words(page.occurred_on, page.occurred_time, page.occurred_words, now=now)
    facts = [
        (_("About"), f"{Subject(page.about).label}: {page.complained_of_name}"),
        (_("Child or children"), page.child_name),
        (_("What was seen or said"), page.seen),
        (_("Your opinion") if is_own else _("Opinion of the author"), page.opinion),
        (_("When"), capitalised(when)),
        (_("Where"), place_words(page.place, page.place_detail)),
        (_("In danger when it was sent"), _("Yes") if page.in_danger else ""),
        (_("School"), page.school_name),
        (_("Written by"), f"{page.author}, {moment_words(page.made_at, now=now)}"),
    ]
    return [{"name": name, "text": text} for name, text in facts if text]


def allegation_told_rows(page: AllegationPage, *, now: dt.datetime) -> list[Fact]:
    """Who was told of an allegation when it was sent."""
    return [{"text": name, "when": moment_words(page.made_at, now=now)} for name in page.told]


def allegation_timeline(page: AllegationPage, *, now: dt.datetime | None) -> list[Fact]:
    """What the recipients did, newest first."""
    return [
        {
            "title": str(AllegationStepKind(step.kind).label),
            "when": capitalised(moment_words(step.at, now=now)),
            "by": step.by,
            "text": "\n".join(
                words for words in (step.words, _("The author may read this.") if step.heard else "") if words
            ),
        }
        for step in page.steps
    ]


def share_initial(page: TriagePage) -> dict[str, Any]:
    """A share as it starts out from a concern: its facts, its opinion apart, and the words of its author."""
    told = page.concern
    return {
        "version": str(page.version),
        "child_name": page.child.name if page.child else told.child_name,
        "facts": told.seen,
        "opinion": told.opinion,
        "place": told.place,
        "occurred": capitalised(occurred_words(told.occurred_on, told.occurred_time, told.occurred_words, now=None)),
        "needs": page.child.needs if page.child else "",
    } | ({"urgency": Urgency.AT_ONCE} if told.in_danger else {})


def share_page(page: TriagePage, choices: ShareChoices, *, now: dt.datetime) -> dict[str, Any]:
    """The page on which a share is drawn from a concern."""
    here = {"heading": _("Share with the officer"), "back_url": reverse("concerns:triage", args=[page.concern.id])}
    sent = next((step.at for step in page.steps if step.share), None)
    return new_share(choices, now=now) | here | {"shared_before": moment_words(sent, now=now) if sent else ""}


def share_words(page: TriagePage, *, may_share: bool) -> Fact | None:
    """The last share drawn from a concern, and the next thing about it for those who may share."""
    if page.status == Status.SHARING and may_share:
        return {"text": _("Write the share"), "href": reverse("concerns:share", args=[page.concern.id])}
    shared = next((step.share for step in page.steps if step.share), None)
    return {"text": _("Open the share"), "href": reverse("exchange:share", args=[shared])} if shared else None


def child_words(page: TriagePage) -> str:
    """The child's record that a concern is linked to."""
    if page.child is None:
        return ""
    return ", ".join(words for words in (page.child.name, page.child.year_group) if words)


def triage_document(page: TriagePage, *, school: str) -> Document:
    """A concern with its triage, to go into the school's own record."""
    facts = [
        (_("School"), school),
        (_("State"), f"{state_words(page)}. {status_words(page, now=None)}"),
        (_("Child's record"), child_words(page)),
        (_("Reference in your own system"), page.own_reference),
    ]
    stands = [{"name": name, "text": text} for name, text in facts if text]
    return Document(
        _("Concern"),
        str(Marking(page.concern.marking).label),
        [
            facts_section(_("What was told"), concern_facts(page.concern, now=None)),
            facts_section(_("How it stands"), stands),
            timeline_section(_("What was done"), steps_timeline(page, now=None)),
        ],
    )


def own_document(own: OwnConcern, *, school: str) -> Document:
    """A concern as its author knows it, for a record of their own."""
    facts = [{"name": _("School"), "text": school}, *concern_facts(own.concern, now=None, is_own=True)]
    sent = facts_section(_("What you sent"), facts)
    heard = timeline_section(_("Since then"), words_timeline(own, now=None))
    return Document(_("Your concern"), str(Marking(own.concern.marking).label), [sent, heard])


def allegation_document(page: AllegationPage) -> Document:
    """An allegation with what was done, for a record of a recipient's own."""
    told = facts_section(_("What was told"), allegation_facts(page, now=None))
    done = timeline_section(_("What was done"), allegation_timeline(page, now=None))
    return Document(_("Concern about an adult"), str(Marking(page.marking).label), [told, done])
