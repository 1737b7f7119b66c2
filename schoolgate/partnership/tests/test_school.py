"""The school's page: who opens it, what it shows, how its checklist changes with what is done."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from schoolgate.access.acting import acting
from schoolgate.core.clock import LONDON, now
from schoolgate.directory.models import Role
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Notice, NoticeKind
from schoolgate.partnership import presenters_school as presenters
from schoolgate.partnership.models import BriefingPage, Involvement, PartnershipState
from schoolgate.partnership.selectors.awareness import digest_of
from schoolgate.partnership.selectors.school import SchoolPage, _found, school_page
from schoolgate.partnership.services.awareness import acknowledge_briefing
from schoolgate.partnership.services.involvement import agree_involvement
from schoolgate.partnership.services.people import end_spoc
from schoolgate.partnership.tests.doings import TODAY, YEAR, agree, propose, sign

pytestmark = pytest.mark.django_db
SUNDAY = 6
AGREED = {
    "visits": "Two mornings a week",
    "visit_days": [0, 1, 2, 3, 4],
    "in_school_time": "Assemblies, and talks with classes.",
    "room": "Room 12",
    "storage": "",
    "access_card": "",
}


def page_of(cast: Cast, key: str = "head", school: str = "larkmoor", *, at: dt.datetime | None = None) -> SchoolPage:
    with acting(cast.user(key), page="test") as viewer:
        return school_page(viewer, cast.place(school), at=at or now())


def rows(cast: Cast, key: str = "head", school: str = "larkmoor") -> dict[str, dict[str, object]]:
    """The checklist: each duty by its first words."""
    with acting(cast.user(key), page="test") as viewer:
        page = school_page(viewer, cast.place(school), at=now())
        sections = presenters.checklist_sections(page, viewer)
    return {f"{number}.{place}": row for number, s in enumerate(sections) for place, row in enumerate(s["rows"])}


def agree_visits(cast: Cast, key: str = "other-spoc", school: str = "otterbridge", **changes: object) -> None:
    with acting(cast.user(key), page="test") as viewer:
        agree_involvement(by=viewer, at=now(), school=cast.place(school), once=uuid4(), **{**AGREED, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["other-head", "unassigned-officer", "other-force-officer", "yjs", "admin", "supply"])
def test_others_do_not_learn_that_it_is_there(cast: Cast, key: str) -> None:
    with pytest.raises(Http404):
        page_of(cast, key)


def test_there_are_nine_six_and_four_duties(cast: Cast) -> None:
    with acting(cast.user("head"), page="test") as viewer:
        sections = presenters.checklist_sections(school_page(viewer, cast.place("larkmoor"), at=now()), viewer)
    assert [len(section["rows"]) for section in sections] == [9, 6, 4]


def test_reading_the_briefing_is_evidence(cast: Cast) -> None:
    assert rows(cast)["0.0"]["done"] is False
    before = page_of(cast).awareness[""]
    with acting(cast.user("head"), page="test") as head:
        acknowledge_briefing(
            by=head, at=now(), school=cast.place("larkmoor"), page=BriefingPage.SSP, digest=digest_of(BriefingPage.SSP)
        )
    assert rows(cast)["0.0"]["done"] is True
    after = page_of(cast, "officer").awareness[""]
    assert (after.staff, after.aware) == (before.staff, before.aware + 1)
    assert rows(cast)["0.3"]["done"] is False


def test_who_has_read_the_briefing_is_not_asked_again(cast: Cast) -> None:
    assert rows(cast, "teacher")["2.0"]["href"]
    with acting(cast.user("teacher"), page="test") as teacher:
        acknowledge_briefing(
            by=teacher, at=now(), school=cast.place("larkmoor"), page=BriefingPage.SSP,
            digest=digest_of(BriefingPage.SSP),
        )  # fmt: skip
    assert rows(cast, "teacher")["2.0"]["href"] == ""
    assert rows(cast, "other-teacher")["2.0"]["href"]


def test_who_is_no_insider_is_told_no_numbers(cast: Cast) -> None:
    with acting(cast.user("other-head"), page="test"):
        assert {staff for _role, staff, _aware in _found(cast.place("larkmoor"), TODAY)["awareness"]} == {0}


def test_signatures_are_evidence_and_make_the_partnership_active(cast: Cast) -> None:
    assert page_of(cast, "other-head", "otterbridge").state == PartnershipState.LAPSED
    assert rows(cast, "other-head", "otterbridge")["0.1"]["done"] is False
    propose(cast)
    waits = rows(cast, "other-head", "otterbridge")["0.1"]
    assert waits["next"] == "Read and sign what is proposed"
    assert waits["href"] == reverse("partnership:school_agreements", args=[cast.place("otterbridge")])
    others = rows(cast, "other-spoc", "otterbridge")["0.1"]
    assert (others["next"], others["href"]) == ("The head teacher reads and signs", "")
    assert page_of(cast, "other-head", "otterbridge").state == PartnershipState.PROPOSED


def test_both_documents_in_force_make_it_active(cast: Cast) -> None:
    agree(cast)
    assert page_of(cast, "other-head", "otterbridge").state == PartnershipState.ACTIVE
    assert rows(cast, "other-head", "otterbridge")["0.1"]["done"] is True


def test_a_renewal_on_its_way_stands_beside_what_is_in_force_and_is_the_head_teachers_to_do(cast: Cast) -> None:
    agree(cast)
    pk = propose(cast, since=TODAY + YEAR, until=TODAY + 2 * YEAR)
    found = page_of(cast, "other-head", "otterbridge")
    states = [(str(one["name"]), str(one["state"])) for one in presenters.document_facts(found)]
    assert states[-1] == ("Data Sharing Agreement", "Waits for the head teacher")
    assert len(states) == 3
    assert rows(cast, "other-head", "otterbridge")["0.1"]["done"] is False
    sign(cast, pk)
    assert rows(cast, "other-head", "otterbridge")["0.1"]["href"] == ""
    assert rows(cast, "sergeant", "otterbridge")["0.1"]["next"] == "Sign for the police"


def test_a_spoc_who_ends_is_a_duty_to_do(cast: Cast) -> None:
    assert rows(cast)["0.2"]["done"] is True
    spoc = page_of(cast).spoc_line(Role.SPOC)[0]
    with acting(cast.user("head"), page="test") as head:
        end_spoc(
            by=head, at=now(), school=cast.place("larkmoor"), membership=spoc.membership,
            last_day=TODAY - dt.timedelta(days=1),
        )  # fmt: skip
    row = rows(cast)["0.2"]
    assert row["done"] is False
    assert row["href"] == reverse("partnership:spoc", args=[cast.place("larkmoor")])
    assert rows(cast, "teacher")["0.2"]["href"] == ""


def done(cast: Cast, *duties: str) -> list[object]:
    """Which of these duties of the other school are done."""
    found = rows(cast, "other-head", "otterbridge")
    return [found[duty]["done"] for duty in duties]


def test_what_was_agreed_is_evidence_and_the_latest_holds(cast: Cast) -> None:
    assert done(cast, "0.7", "1.0", "1.4") == [False, False, False]
    agree_visits(cast)
    assert done(cast, "0.7", "1.0", "1.4") == [True, True, True]
    agree_visits(cast, "other-head", visits="Once a term")
    agreed = page_of(cast, "officer", "otterbridge").involvement
    assert agreed
    assert agreed.visits == "Once a term"
    with acting(cast.user("other-head"), page="test"):
        assert Involvement.objects.filter(holder=cast.place("otterbridge")).count() == 2


def test_the_next_visit_is_an_agreed_day_with_school_and_the_officer_on_duty(cast: Cast) -> None:
    officer = page_of(cast, "other-head", "otterbridge").officers[0]
    assert officer.visit is None
    assert officer.duty
    agreed = max({shift.weekday for shift in officer.hours} & {0, 1, 2, 3, 4})
    agree_visits(cast, visit_days=[agreed, SUNDAY])
    page = page_of(cast, "other-head", "otterbridge")
    visit = page.officers[0].visit
    assert visit
    assert visit.weekday() == agreed
    assert page.school.calendar.has_school_on(visit.date())
    evening = dt.datetime.combine(visit.date(), dt.time(23), LONDON)
    later = page_of(cast, "other-head", "otterbridge", at=evening).officers[0].visit
    assert later
    assert later.date() >= visit.date() + dt.timedelta(days=7)


def test_what_was_agreed_stays_between_school_and_officers(cast: Cast) -> None:
    assert page_of(cast, "teacher").involvement
    page = page_of(cast, "youth-lead")
    assert (page.inside, page.involvement, page.steps) == (False, None, ())
    assert rows(cast, "youth-lead")["0.7"]["done"] is None


def test_nobody_else_writes_it_down(cast: Cast) -> None:
    for key in ("teacher", "officer"):
        with pytest.raises(PermissionDenied):
            agree_visits(cast, key, "larkmoor")


def test_a_force_without_the_role_has_its_own_title(cast: Cast) -> None:
    page = page_of(cast, "neighbourhood-officer", "ysgol-tir-arian")
    assert presenters.poster(page, {}).title == "Your Neighbourhood Officer"


def test_the_poster_says_who_comes_and_what_stays_with_the_school(cast: Cast) -> None:
    made = presenters.poster(page_of(cast), {})
    assert made.people[0].heading == "PC Ada Fern"
    assert "Mrs Josephine Larch" in made.sections[0].facts[0].text
    assert "discipline" in made.sections[2].facts[0].text


def test_head_teacher_spoc_and_officers_are_told_that_it_was_written_down_anew(cast: Cast) -> None:
    agree_visits(cast, "spoc", "larkmoor")
    agree_visits(cast, "spoc", "larkmoor", room="Room 12, in the new building")
    for key, told in {"head": 2, "deputy-spoc": 2, "officer": 2, "spoc": 0, "teacher": 0, "other-head": 0}.items():
        with acting(cast.user(key), page="test"):
            new = Notice.objects.filter(kind=NoticeKind.INVOLVEMENT_AGREED, seen_at=None)
            assert new.count() == told, key


def test_a_form_sent_twice_tells_once(cast: Cast) -> None:
    once = uuid4()
    for _ in range(2):
        with acting(cast.user("spoc"), page="test") as viewer:
            agree_involvement(by=viewer, at=now(), school=cast.place("larkmoor"), once=once, **AGREED)  # type: ignore[arg-type]
    with acting(cast.user("officer"), page="test"):
        assert Notice.objects.filter(kind=NoticeKind.INVOLVEMENT_AGREED, seen_at=None).count() == 1


def test_the_page_takes_few_queries(cast: Cast, django_assert_max_num_queries: Callable[..., object]) -> None:
    with acting(cast.user("officer"), page="test") as viewer, django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        school_page(viewer, cast.place("larkmoor"), at=now())
