"""Raising a concern: what is asked, what is kept, what is refused."""

import re
from uuid import uuid4

import pytest
from psycopg import Connection

from schoolgate.concerns.tests.doings import links, raise_concern, signed_in, typed
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

NEW = "/concerns/new/"


def test_a_form_sent_twice_makes_one_record(cast: Cast, as_superuser: Connection) -> None:
    teacher = signed_in(cast, "teacher")
    form = raise_concern(teacher)

    again = teacher.post(NEW, form | {"step": "send"})

    assert again.status_code == 302
    assert len(links(teacher, "/concerns/")) == 1
    assert as_superuser.execute("select count(*) from concerns_triage").fetchone() == (1,)


def test_a_form_sent_again_with_other_words_keeps_both_and_says_so(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    form = raise_concern(teacher)

    again = teacher.post(NEW, form | {"step": "send", "seen": "She now says that it was a penknife."})

    assert "This form was sent already" in again.text
    assert "She now says that it was a penknife." in again.text
    assert links(teacher, "/concerns/")[0] in again.text


def test_everything_typed_stays_when_something_is_wrong(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    strange = 'שלום "quoted" <b>not bold</b> 🙂\nsecond line'

    answer = teacher.post(NEW, typed(seen=strange, place="", child_name="نور الهدى"))

    assert "Choose where it was" in answer.text
    assert "نور الهدى" in answer.text
    assert "&lt;b&gt;not bold&lt;/b&gt; 🙂&#10;second line" in answer.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"child_name": "   "}, "Give the name, or what you know of the child"),
        ({"seen": ""}, "Say what was seen or said"),
        ({"seen": "x" * 20_001}, "Use 20,000 characters or fewer. You used 20,001."),
        ({"day": "2150-01-01"}, "The date must be today or earlier"),
        ({"day": "other", "other_day": "2150-01-01"}, "The date must be today or earlier"),
        ({"day": "other", "other_day": "31 2 2026"}, "Enter a real date"),
        ({"day": "other"}, "Give the day"),
        ({"day": "not_exactly"}, "Say when, as near as you know"),
        ({"day": "nonsense"}, "Enter a real date"),
        ({"occurred_time": "25:00"}, "Enter a time, for example 3:15 pm or 15:15"),
        ({"place": "moon"}, "Choose from the list"),
        ({"in_danger": ""}, "Say whether anybody is in danger now"),
        ({"about": ""}, "Say who it is about"),
        ({"others": "yes", "person_1_name": "Tom", "person_1_how": ""}, "Choose how they are involved"),
        ({"others": "yes", "person_1_name": "", "person_1_how": "saw"}, "Give a name, or what you know of the person"),
    ],
)
def test_wrong_answers_get_a_clear_message(cast: Cast, changes: dict[str, str], message: str) -> None:
    assert message in signed_in(cast, "teacher").post(NEW, typed(**changes)).text


def test_twenty_thousand_characters_are_taken(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    raise_concern(teacher, seen="é" * 20_000)
    assert "é" * 20_000 in teacher.get(links(teacher, "/concerns/")[0]).text


def test_a_day_long_ago_is_asked_about_and_taken(cast: Cast) -> None:
    teacher, form = signed_in(cast, "teacher"), typed(day="other", other_day="1998-03-03")

    assert "more than a year ago. Is that right?" in teacher.post(NEW, form).text
    assert teacher.post(NEW, form | {"step": "send"}).status_code == 302


def test_others_who_are_involved_reach_the_school_with_how(cast: Cast) -> None:
    teacher, spoc = signed_in(cast, "teacher"), signed_in(cast, "spoc")
    people = {"person_1_name": "Tom Reed", "person_1_how": "said_to_have_done", "person_2_name": "A boy in 7C"}
    form = typed(others="yes") | people | {"person_2_how": "saw"}

    more = teacher.post(NEW, form | {"step": "more"})
    assert 'name="person_3_name"' in more.text
    assert "Tom Reed" in more.text
    teacher.post(NEW, form | {"step": "send"})

    page = spoc.get(links(spoc, "/triage/")[0]).text
    assert "Tom Reed: Said to have done it\nA boy in 7C: Saw it" in page


def test_in_danger_the_form_says_999_and_names_the_dsl_with_the_number(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    words = r"Ring 999 now\. Then speak to the DSL: Ms Nadia Bracken, 01632 960\d+\."

    assert re.search(words, teacher.get(NEW).text)
    assert re.search(words, teacher.post(NEW, typed(in_danger="yes")).text)


def test_the_sent_page_says_when_it_is_read_and_by_whom(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    sent = teacher.post(NEW, typed(step="send"), follow=True)
    assert "Mrs Josephine Larch (SPOC) and Ms Nadia Bracken (DSL) will read it by" in sent.text


def test_a_teacher_is_offered_no_matches_for_a_name(cast: Cast, as_superuser: Connection) -> None:
    teacher, other = signed_in(cast, "teacher"), signed_in(cast, "other-teacher")
    raise_concern(other, child_name="Zebedee Quince")
    answer = teacher.post(NEW, typed(child_name="Zebedee"))
    assert "Quince" not in answer.text


def test_somebody_from_elsewhere_finds_no_form(cast: Cast) -> None:
    assert signed_in(cast, "officer").get(NEW).status_code == 404
    assert signed_in(cast, "teacher").get(f"{NEW}?school={cast.place('otterbridge')}").status_code == 404


def test_a_concern_kept_from_the_spoc_goes_to_the_deputy(cast: Cast, as_superuser: Connection) -> None:
    teacher, spoc, deputy = (signed_in(cast, key) for key in ("teacher", "spoc", "deputy-spoc"))

    raise_concern(teacher, keep_from=str(cast.person("spoc")))

    assert links(spoc, "/triage/") == []
    assert len(links(deputy, "/triage/")) == 1
    assert told(as_superuser) == {cast.person("deputy-spoc"), cast.person("dsl")}


def test_spoc_and_dsl_are_told_together(cast: Cast, as_superuser: Connection) -> None:
    raise_concern(signed_in(cast, "teacher"))
    assert told(as_superuser) == {cast.person("spoc"), cast.person("dsl")}


def test_supply_staff_write_under_their_name_and_read_nothing(cast: Cast, as_superuser: Connection) -> None:
    supply, spoc = signed_in(cast, "supply"), signed_in(cast, "spoc")

    assert "Give your name" in supply.post(NEW, typed()).text
    raise_concern(supply, author_name="Jo Brook")

    assert "Jo Brook" in spoc.get(links(spoc, "/triage/")[0]).text
    assert links(supply, "/concerns/") == []
    assert as_superuser.execute("select count(*) from drafts_draft where made_at > current_date").fetchone() == (0,)


def test_supply_staff_need_not_give_their_name_again(cast: Cast) -> None:
    supply = signed_in(cast, "supply")
    session = supply.session
    session["supply_name"] = "Jo Brook"
    session.save()

    assert 'value="Jo Brook"' in supply.get(NEW).text


def test_supply_staff_who_send_twice_make_one_record(cast: Cast) -> None:
    supply, spoc = signed_in(cast, "supply"), signed_in(cast, "spoc")
    form = raise_concern(supply, author_name="Jo Brook")
    assert supply.post(NEW, form | {"step": "send"}).status_code == 302
    assert len(links(spoc, "/triage/")) == 1


def test_a_teacher_adds_to_a_concern_and_the_school_reads_it(cast: Cast) -> None:
    teacher, spoc = signed_in(cast, "teacher"), signed_in(cast, "spoc")
    raise_concern(teacher)
    [own] = links(teacher, "/concerns/")

    added = teacher.post(own, {"once": str(uuid4()), "words": "He had it again today."})

    assert added.status_code == 302
    assert "He had it again today." in teacher.get(own).text
    assert "He had it again today." in spoc.get(links(spoc, "/triage/")[0]).text


@pytest.mark.parametrize("about", [["child", "adult"], ["adult", "adult"]])
def test_about_a_child_and_an_adult_it_is_about_an_adult(
    cast: Cast, as_superuser: Connection, about: list[str]
) -> None:
    turned = signed_in(cast, "teacher").post(NEW, typed(about=about, step="send"))
    assert "Raise a concern about an adult" in turned.text
    assert as_superuser.execute("select count(*) from concerns_concern").fetchone() == (0,)


def test_a_day_without_its_noughts_is_taken(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    raise_concern(teacher, day="2026-1-1")
    assert "Thursday 1 January 2026" in teacher.get(links(teacher, "/concerns/")[0]).text


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": "She now says that it was a penknife."},
        {"keep_from": "head"},
        {"others": "yes", "person_1_name": "A boy in 7C", "person_1_how": "saw"},
    ],
)
@pytest.mark.parametrize("who", ["teacher", "supply"])
def test_whatever_is_changed_and_sent_again_is_not_dropped(cast: Cast, who: str, changes: dict[str, str]) -> None:
    author = signed_in(cast, who)
    sent = raise_concern(author, author_name="Jo Brook")
    changes = changes | ({"keep_from": str(cast.person("head"))} if "keep_from" in changes else {})

    again = author.post(NEW, sent | changes | {"step": "send"})

    assert "This form was sent already" in again.text


def test_the_token_of_somebody_elses_form_drops_nothing_silently(cast: Cast) -> None:
    sent = raise_concern(signed_in(cast, "other-teacher"))
    again = signed_in(cast, "teacher").post(NEW, sent | {"step": "send"})
    assert "This form was sent already" in again.text


def test_an_addition_sent_again_with_other_words_is_not_lost(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    raise_concern(teacher)
    [own] = links(teacher, "/concerns/")
    added = {"once": str(uuid4()), "words": "He had it again today."}
    assert [teacher.post(own, added).status_code for _time in range(2)] == [302, 302]

    again = teacher.post(own, added | {"words": "He had it again, at noon."})

    assert "This form was sent already, with other words" in again.text
    assert "He had it again, at noon." in again.text


def test_where_nobody_reads_it_the_form_says_so_and_whom_to_ring(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute(
        "update directory_membership set until = '2021-01-01', since = '2020-01-01'"
        " where organisation_id = %s and role in ('spoc', 'deputy_spoc', 'dsl', 'deputy_dsl', 'head')",
        [cast.place("larkmoor")],
    )
    teacher = signed_in(cast, "teacher")
    sent = teacher.post(NEW, typed(step="send"), follow=True)
    for page in (teacher.get(NEW), sent):
        assert "Nobody at the school reads concerns here just now. Do not wait for them: ring" in page.text
        assert "the head teacher" not in page.text


def test_whoever_it_is_kept_from_is_not_promised_as_its_reader(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    kept = typed(in_danger="yes", keep_from=[str(cast.person("spoc")), str(cast.person("dsl"))])
    checked, sent = teacher.post(NEW, kept), teacher.post(NEW, kept | {"step": "send"}, follow=True)
    for page in (checked, sent):
        assert "Mr Devan Teasel (Deputy SPOC)" in page.text
        assert "Josephine Larch (SPOC)" not in page.text
        assert "speak to the DSL: Ms Nadia Bracken" not in page.text


def told(sql: Connection) -> set[int]:
    """Everybody who has a notice of a concern."""
    query = "select person from notices_notice where kind like 'concern.%'"
    return {person for (person,) in sql.execute(query).fetchall()}


def test_supply_staff_are_told_that_they_read_nothing(cast: Cast) -> None:
    supply = signed_in(cast, "supply")
    raise_concern(supply, author_name="Jo Brook")
    for page in ("/", "/concerns/"):
        answer = supply.get(page).text
        assert "You cannot read it again here." in answer
        assert "you will see it here" not in answer
        assert "You have not raised a concern yet" not in answer
