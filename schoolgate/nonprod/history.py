"""Lets the people of the partnership do what the stories say, each as themselves, by the product's own services."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from schoolgate.access.acting import acting
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import AllegationStepKind, NotSharingGround, Status, Subject
from schoolgate.concerns.selectors.allegations import received_allegations
from schoolgate.concerns.selectors.concerns import inbox, triage_page
from schoolgate.concerns.selectors.people import reading_time
from schoolgate.concerns.services import allegations, late, telling, triage
from schoolgate.concerns.services.telling import Involved
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.ids import new_id
from schoolgate.directory.calendars import school_days_between
from schoolgate.directory.selectors import school_card
from schoolgate.exchange import services as exchange
from schoolgate.exchange.models import Category, Footing, Ground
from schoolgate.exchange.selectors import crimes_without_reference, share_choices
from schoolgate.exchange.services import ShareDetails, Told
from schoolgate.insight.services import tell_of_overdue
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import ASSIGNMENTS
from schoolgate.nonprod.services import SUPPLY_NAME
from schoolgate.nonprod.stories import ADVICE, CHILDREN, ENQUIRIES, INCIDENTS, STORIES, YEARS, End, Incident, Story
from schoolgate.notices.services import mark_all_seen

JOB = "job:nonprod.demo"
MONTHS = dt.timedelta(days=92)
SCHOOL_OPENS = dt.time(8, 30)
RECENT = dt.timedelta(days=3)
NO_RECORD = UUID(int=0)


@dataclass
class Telling:
    """One story being told: who takes part, on which school days, about whom, and the records made so far."""

    cast: Cast
    story: Story
    number: int
    days: tuple[dt.date, ...]
    today: dt.datetime
    concern: UUID = NO_RECORD
    share: UUID = NO_RECORD
    version: int = 1  # of the triage: one more with each decision

    @property
    def school(self) -> int:
        return self.cast.place(self.story.school)

    @property
    def incident(self) -> Incident:
        return INCIDENTS[self.story.incident]

    @property
    def child(self) -> str:
        return CHILDREN[self.number % len(CHILDREN)]

    @property
    def spoc(self) -> str:
        return spoc_of(self.story.school)

    @property
    def officer(self) -> str:
        return officer_of(self.story.school)

    def moment(self, chapter: "Chapter") -> dt.datetime:
        """When a chapter happens: so many school days and minutes after the story began."""
        minutes = dt.timedelta(minutes=chapter.minutes)
        if self.story.ago == 0:
            began = self.today - dt.timedelta(minutes=self.story.minutes)
            return began + dt.timedelta(days=chapter.days) + minutes
        days = (*self.days, *(self.today.date() + dt.timedelta(days=ahead) for ahead in range(9)))
        day = days[len(self.days) - self.story.ago + chapter.days]
        return _in_school(day, self.story.minutes) + minutes

    @contextmanager
    def as_(self, key: str) -> Iterator[Viewer]:
        """Act as somebody of the cast."""
        with acting(self.cast.user(key), page=JOB) as viewer:
            yield viewer


Doing = Callable[[Telling, dt.datetime], None]


@dataclass(frozen=True)
class Chapter:
    """What is done at one moment of a story."""

    does: Doing
    days: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class Event:
    """Something that happens at a moment."""

    at: dt.datetime
    happens: Callable[[], None]


def spoc_of(school: str) -> str:
    """The key of a school's SPOC."""
    return {"larkmoor": "spoc", "otterbridge": "other-spoc"}.get(school, f"{school}-spoc")


def officer_of(school: str) -> str:
    """The key of a school's first officer."""
    return next(officer for officer, served, _kind in ASSIGNMENTS if served == school)


def tell_history(cast: Cast, *, at: dt.datetime) -> None:
    """Three months up to `at`, in the order in which things happened."""
    days = _school_days(cast, at)
    events = [
        *_stories(cast, days, at),
        *_allegations(cast, days),
        *_questions(cast, days),
        Event(at - RECENT, partial(_read_notices, cast, at - RECENT)),
    ]
    for event in sorted(events, key=lambda event: event.at):
        if event.at <= at:
            event.happens()


def let_the_clock_act(*, at: dt.datetime) -> None:
    """What the worker does every few minutes, as nobody: the late goes to more people."""
    late.escalate_unopened(at=at)
    exchange.pass_on_late_shares(at=at)
    exchange.pass_on_enquiries(at=at)
    tell_of_overdue(at=at)


def _school_days(cast: Cast, at: dt.datetime) -> tuple[dt.date, ...]:
    """The school days of the last three months and more, the last of them before today."""
    today = london_day(at)
    with acting(None, page=JOB):
        calendar = school_card(cast.place("larkmoor")).calendar
    return tuple(school_days_between(today - MONTHS - dt.timedelta(days=60), today - dt.timedelta(days=1), calendar))


def _in_school(day: dt.date, minutes: int) -> dt.datetime:
    return dt.datetime.combine(day, SCHOOL_OPENS, LONDON) + dt.timedelta(minutes=minutes)


def _stories(cast: Cast, days: tuple[dt.date, ...], at: dt.datetime) -> Iterator[Event]:
    for number, story in enumerate(STORIES):
        this = Telling(cast, story, number, days, at)
        for chapter in (Chapter(_raise), *CHAPTERS[story.end]):
            moment = this.moment(chapter)
            yield Event(moment, partial(chapter.does, this, moment))


def _raise(this: Telling, at: dt.datetime) -> None:
    incident, story = this.incident, this.story
    told = {
        "author_name": SUPPLY_NAME if story.by == "supply" else "",
        "in_danger": incident.in_danger,
        "child_name": this.child,
        "seen": incident.seen,
        "opinion": incident.opinion,
        "occurred_on": at.date(),
        "place": incident.place,
    }
    others = [Involved(name, how) for name, how in incident.others]
    with this.as_(story.by) as author:
        reading = reading_time(this.school, at)
        telling.raise_concern(by=author, at=at, reading=reading, told=told, involved=others, barred=(), once=new_id())
    with this.as_(this.spoc) as spoc:
        this.concern = next(row.id for row in inbox(spoc, at) if row.made_at == at)


def _open(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        triage.open_concern(by=spoc, at=at, concern=this.concern)
    this.version += 1


def _decide(
    decision: Status, reason: str = "", told: str = "", ground: str = ""
) -> Callable[[Telling, dt.datetime], None]:
    """A chapter in which the SPOC decides."""

    def chapter(this: Telling, at: dt.datetime) -> None:
        with this.as_(this.spoc) as spoc:
            triage.decide(
                by=spoc, at=at, concern=this.concern, version=this.version, decision=decision, reason=reason, told=told,
                ground=ground, once=new_id(),
            )  # fmt: skip
        this.version += 1

    return chapter


def _answer(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.story.by) as author:
        telling.add_words(
            by=author,
            at=at,
            concern=this.concern,
            words="Yes, on Monday and today, before registration.",
            once=new_id(),
        )


def _link_child(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        triage.link_new_child(
            by=spoc,
            at=at,
            concern=this.concern,
            name=this.child,
            born_on=None,
            year_group=YEARS[this.number % len(YEARS)],
            once=new_id(),
        )


def _share(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        page = triage_page(this.concern)
        this.share = triage.share_concern(
            by=spoc, at=at, page=page, version=this.version, details=_details(this, spoc, at),
            told="The officer has been told what is needed. You will hear what comes of it.", once=new_id(),
        )  # fmt: skip
    this.version += 1


def _details(this: Telling, spoc: Viewer, at: dt.datetime) -> ShareDetails:
    incident = this.incident
    choices = share_choices(spoc, this.school, at)
    ground = this.story.ground or Ground.AGREEMENT
    return ShareDetails(
        child_name=this.child,
        facts=incident.seen,
        opinion=incident.opinion,
        purpose=incident.purpose,
        place=incident.place,
        occurred=f"{at:%d %B %Y}, in the morning",
        basis=choices.suggested_basis(incident.purpose),
        recipients=choices.suggested_recipients,
        handling="For the officer named, and whoever takes it up in their place.",
        child_told=Told(by="The SPOC", on=at.date(), view="Was worried, then glad that somebody knows."),
        parent_told=Told(why_not="Not reached yet; we shall try again today."),
        ground=ground,
        ground_reason="" if ground == Ground.AGREEMENT else "A child may come to harm if it waits.",
        urgency="at_once" if incident.in_danger else "next_school_day",
        needs="Speaks best with a trusted adult in the room.",
    )


def _acknowledge(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.officer) as officer:
        exchange.acknowledge_share(by=officer, at=at, share=this.share, once=new_id())
        exchange.set_category(
            by=officer, at=at, share=this.share, person=this.child, categories=[Category.VICTIM],
            footing=Footing.ASSESSMENT, once=new_id(),
        )  # fmt: skip
        crime = this.incident.crime
        if crime and this.story.ground != Ground.REPORT_CRIME:
            exchange.record_crime(by=officer, at=at, share=this.share, what=crime, once=new_id())


def _plan(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.officer) as officer:
        exchange.plan_share(
            by=officer, at=at, share=this.share, words="Speak with the child, with the SPOC in the room.",
            due_on=at.date() + dt.timedelta(days=9), once=new_id(),
        )  # fmt: skip
        for crime in [row for row in crimes_without_reference() if row.share_id == this.share]:
            exchange.give_reference(by=officer, at=at, crime=crime.id, reference=f"WX/{this.number + 4100}/26")


def _do(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.officer) as officer:
        exchange.record_done(
            by=officer, at=at, share=this.share, words="Spoke with the child and a parent at the school.", once=new_id()
        )


def _report(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.officer) as officer:
        exchange.report_back(
            by=officer, at=at, share=this.share, once=new_id(),
            words="Spoke with the child and a parent. No further police action; I shall be at the gate this week.",
        )  # fmt: skip


def _close(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        triage.decide(
            once=new_id(), by=spoc, at=at, concern=this.concern, version=this.version, decision=Status.CLOSED,
            reason="The officer reported back; support at school goes on.",
            told="The officer has spoken with the child and a parent. Thank you for telling us.",
        )  # fmt: skip


def _recall(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        exchange.recall_share(by=spoc, at=at, share=this.share, words="It was about another child.", once=new_id())


def _correct(this: Telling, at: dt.datetime) -> None:
    with this.as_(this.spoc) as spoc:
        right = replace(
            _details(this, spoc, at),
            facts="She was seen at the corner on Tuesday, not Monday.",
        )
        this.share = exchange.correct_share(
            by=spoc, at=at, share=this.share, details=right, words="The day was wrong.", once=new_id()
        )


OPEN_IT = Chapter(_open, minutes=22)
LINK_CHILD = Chapter(_link_child, minutes=40)
SHARED = (OPEN_IT, LINK_CHILD, Chapter(_decide(Status.SHARING), minutes=48), Chapter(_share, minutes=75))
ACKNOWLEDGED = (*SHARED, Chapter(_acknowledge, minutes=140))
PLANNED = (*ACKNOWLEDGED, Chapter(_plan, minutes=200))
DONE = (*PLANNED, Chapter(_do, days=2, minutes=30))
REPORTED = (*DONE, Chapter(_report, days=3, minutes=15))
ASKED = (
    OPEN_IT,
    Chapter(_decide(Status.ASKED, "To know how often it was.", "Did you see it before, and when?"), minutes=48),
)


def _decided(decision: Status, reason: str, told: str, ground: str = "") -> Chapter:
    return Chapter(_decide(decision, reason, told, ground), minutes=48)


CHAPTERS: dict[End, tuple[Chapter, ...]] = {
    End.SENT: (),
    End.OPENED: (OPEN_IT,),
    End.ASKED: ASKED,
    End.ANSWERED: (*ASKED, Chapter(_answer, minutes=95)),
    End.SCHOOL_MATTER: (
        OPEN_IT,
        _decided(
            Status.SCHOOL_MATTER,
            "Behaviour: dealt with under the school's own policy.",
            "Dealt with in school; the family has been spoken to. Thank you.",
        ),
    ),
    End.WITH_DSL: (
        OPEN_IT,
        _decided(Status.WITH_DSL, "Child protection comes first.", "The DSL is dealing with it."),
    ),
    End.EARLY_INTERVENTION: (
        OPEN_IT,
        LINK_CHILD,
        _decided(
            Status.EARLY_INTERVENTION,
            "Early help rather than the police.",
            "We are looking for support for the family.",
        ),
    ),
    End.NOT_SHARED: (
        OPEN_IT,
        _decided(
            Status.NOT_SHARED,
            "Nothing in it concerns the police.",
            "Dealt with in school; the police were not told.",
            NotSharingGround.NOT_RELEVANT,
        ),
    ),
    End.SHARED: SHARED,
    End.ACKNOWLEDGED: ACKNOWLEDGED,
    End.PLANNED: PLANNED,
    End.DONE: DONE,
    End.REPORTED: REPORTED,
    End.CLOSED: (*REPORTED, Chapter(_close, days=4, minutes=10)),
    End.RECALLED: (*ACKNOWLEDGED, Chapter(_recall, days=1)),
    End.CORRECTED: (
        *SHARED,
        Chapter(_correct, days=1),
        Chapter(_acknowledge, days=1, minutes=140),
        Chapter(_plan, days=1, minutes=200),
        Chapter(_do, days=3, minutes=30),
        Chapter(_report, days=4, minutes=15),
        Chapter(_close, days=5, minutes=10),
    ),
}


def _allegations(cast: Cast, days: tuple[dt.date, ...]) -> Iterator[Event]:
    """Two about adults at Larkmoor School: one that the head teacher has acknowledged, one new."""
    first, acknowledged, second = _in_school(days[-9], 420), _in_school(days[-9], 500), _in_school(days[-1], 400)
    yield Event(
        first,
        partial(_allege, cast, "form-tutor", first, Subject.STAFF, "Mr Dominic Rowan", complained_of="site-manager"),
    )
    yield Event(acknowledged, partial(_acknowledge_allegation, cast, acknowledged))
    yield Event(second, partial(_allege, cast, "supply", second, Subject.VOLUNTEER, "A coach of the football club"))


def _allege(cast: Cast, key: str, at: dt.datetime, about: Subject, name: str, *, complained_of: str = "") -> None:
    told = {
        "author_name": SUPPLY_NAME if key == "supply" else "",
        "in_danger": False,
        "child_name": "",
        "seen": "Shouted at a group of pupils in the corridor and took one by the sleeve.",
        "opinion": "",
        "occurred_on": at.date(),
        "place": "in_school",
        "complained_of_name": name,
    }
    person = cast.person(complained_of) if complained_of else None
    with acting(cast.user(key), page=JOB) as author:
        allegations.raise_allegation(
            by=author, at=at, school=cast.place("larkmoor"), about=about, complained_of=person, told=told,
            once=new_id(),
        )  # fmt: skip


def _acknowledge_allegation(cast: Cast, at: dt.datetime) -> None:
    with acting(cast.user("head"), page=JOB) as head:
        allegations.take_step(
            by=head, at=at, allegation=received_allegations(head)[0].id, kind=AllegationStepKind.ACKNOWLEDGED,
            words="", author_hears=True, once=new_id(),
        )  # fmt: skip


def _questions(cast: Cast, days: tuple[dt.date, ...]) -> Iterator[Event]:
    """A question and, where there is one, its answer three hours later."""
    for ask, questions in ((exchange.make_enquiry, ENQUIRIES), (exchange.ask_for_advice, ADVICE)):
        for school, asker, question, ago, answer in questions:
            at = _in_school(days[-ago], 170)
            yield Event(at, partial(_ask, cast, ask, school, asker, question, answer, at))


def _ask(
    cast: Cast, ask: Callable[..., UUID], school: str, asker: str, question: str, answer: str, at: dt.datetime
) -> None:
    with acting(cast.user(asker), page=JOB) as viewer:
        enquiry = ask(by=viewer, at=at, school=cast.place(school), question=question, once=new_id())
    if answer:
        asked = officer_of(school) if asker == spoc_of(school) else spoc_of(school)
        with acting(cast.user(asked), page=JOB) as viewer:
            later = at + dt.timedelta(hours=3)
            exchange.answer_enquiry(by=viewer, at=later, enquiry=enquiry, words=answer, once=new_id())


def _read_notices(cast: Cast, at: dt.datetime) -> None:
    """Everybody reads what has come until then."""
    for user in cast.users.values():
        with acting(user, page=JOB) as viewer:
            if viewer.waiting:
                mark_all_seen(by=viewer, at=at)
