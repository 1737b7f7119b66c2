"""What the school circle decides, and who is kept out of it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection
from psycopg.errors import CheckViolation

from schoolgate.concerns.models import TRANSITIONS, Status
from schoolgate.concerns.tests.doings import decide, decision_form, links, raise_concern, signed_in, version
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def raised(cast: Cast) -> str:
    """The address of the triage of a concern that a teacher raised."""
    raise_concern(signed_in(cast, "teacher"))
    [address] = links(signed_in(cast, "spoc"), "/triage/")
    return address


def own(address: str) -> str:
    return address.replace("/triage/", "/concerns/")


@pytest.mark.parametrize("persona", ["teacher", "other-teacher", "officer", "sergeant", "other-spoc", "dpo", "supply"])
def test_nobody_outside_the_school_circle_finds_the_triage(cast: Cast, raised: str, persona: str) -> None:
    assert signed_in(cast, persona).get(raised).status_code == 404


@pytest.mark.parametrize("persona", ["other-teacher", "officer", "other-spoc", "spoc"])
def test_nobody_but_the_author_finds_the_authors_page(cast: Cast, raised: str, persona: str) -> None:
    assert signed_in(cast, persona).get(own(raised)).status_code == 404


def test_opening_it_is_marked_with_who_and_told_to_its_author(cast: Cast, raised: str) -> None:
    opened = signed_in(cast, "dsl").get(raised).text
    assert "Opened by Ms Nadia Bracken, today at" in opened
    assert "It was read by Nadia Bracken." in signed_in(cast, "teacher").get(own(raised)).text


@pytest.mark.parametrize(
    ("decision", "answers", "heard"),
    [
        ("school_matter", {"reason": "Behaviour.", "told": "We deal with it."}, "We deal with it."),
        ("with_dsl", {"reason": "Child protection.", "told": "The DSL has it."}, "The DSL has it."),
        ("early_intervention", {"reason": "Mentoring.", "told": "Help is coming."}, "Help is coming."),
    ],
)  # fmt: skip
def test_each_decision_needs_its_reason_and_tells_the_author(
    cast: Cast, raised: str, decision: str, answers: dict[str, str], heard: str
) -> None:
    spoc, teacher = signed_in(cast, "spoc"), signed_in(cast, "teacher")

    assert "Give the reason" in decide(spoc, raised, decision, told=answers["told"]).text
    assert decide(spoc, raised, decision, **answers).status_code == 302

    page = teacher.get(own(raised)).text
    assert heard in page
    assert answers["reason"] not in page


def test_the_member_of_staff_is_asked_and_answers(cast: Cast, raised: str) -> None:
    spoc, teacher = signed_in(cast, "spoc"), signed_in(cast, "teacher")
    asked = decision_form(spoc, raised, "asked") | {"question": "Which bus stop was it?"}

    assert spoc.post(raised, asked).status_code == 302

    assert "Which bus stop was it?" in teacher.get(own(raised)).text


def test_not_sharing_needs_a_ground_and_what_was_weighed(cast: Cast, raised: str, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    answers: dict[str, Any] = decision_form(spoc, raised, "not_shared") | {"not_shared_told": "Thank you."}

    assert "Choose why it is not shared" in spoc.post(raised, answers).text
    answers |= {"ground": "more_harm", "not_shared_reason": "She would stop talking to us."}
    assert spoc.post(raised, answers).status_code == 302

    kept = as_superuser.execute("select ground, reason from concerns_triagestep where kind = 'not_shared'").fetchall()
    assert kept == [("more_harm", "She would stop talking to us.")]


def test_of_two_who_decide_at_once_the_second_is_told_and_loses_nothing(cast: Cast, raised: str) -> None:
    spoc, deputy = signed_in(cast, "spoc"), signed_in(cast, "deputy-spoc")
    seen = version(deputy, raised)
    decide(spoc, raised, "with_dsl", reason="For Nadia.", told="The DSL has it.")

    late = deputy.post(
        raised,
        {"version": seen, "once": str(uuid4()), "becomes": "school_matter", "school_matter_reason": "Typed at length.",
         "school_matter_told": "Thank you."},
    )  # fmt: skip

    assert "Meanwhile Mrs Josephine Larch did this" in late.text
    assert "With the DSL" in late.text
    assert "Typed at length." in late.text
    assert f'name="version" value="{int(seen) + 1}"' in late.text


def test_the_police_question_is_not_the_dsls(cast: Cast, raised: str) -> None:
    dsl = signed_in(cast, "dsl")
    page = dsl.get(raised).text
    assert 'value="school_matter"' not in page
    assert 'value="with_dsl"' in page
    assert "Choose from the list" in decide(dsl, raised, "school_matter", reason="No.", told="No.").text


def test_the_dsl_decides_when_nobody_before_them_in_line_can(cast: Cast, raised: str) -> None:
    spoc = signed_in(cast, "spoc")
    for persona in ("deputy-spoc", "head", "spoc"):
        bar = {"person": str(cast.person(persona)), "reason": "The child is a relative."}
        assert spoc.post(f"{raised}keep/", bar).status_code == 302
    assert 'value="school_matter"' in signed_in(cast, "dsl").get(raised).text


def test_somebody_barred_sees_it_nowhere_and_the_next_in_line_is_told(
    cast: Cast, raised: str, as_superuser: Connection
) -> None:
    spoc = signed_in(cast, "spoc")
    spoc.get(raised)

    spoc.post(f"{raised}keep/", {"person": str(cast.person("spoc")), "reason": "She is my niece."})

    assert links(spoc, "/triage/") == []
    assert spoc.get(raised).status_code == 404
    assert len(links(signed_in(cast, "deputy-spoc"), "/triage/")) == 1
    notices = as_superuser.execute("select person from notices_notice where kind = 'concern.raised'").fetchall()
    assert (cast.person("deputy-spoc"),) in notices
    parts = ("concern", "triage", "triagestep", "authorword")
    for part in parts:
        found = as_superuser.execute(f"select bool_and(%s = any (barred)) from concerns_{part}", [cast.person("spoc")])
        assert found.fetchone() == (True,), part


def test_what_is_added_after_a_bar_is_barred_too(cast: Cast, raised: str, as_superuser: Connection) -> None:
    dsl = signed_in(cast, "dsl")
    dsl.post(f"{raised}keep/", {"person": str(cast.person("spoc")), "reason": "Her niece."})
    dsl.post(f"{raised}note/", {"words": "Rang home.", "once": str(uuid4())})
    found = as_superuser.execute("select barred from concerns_triagestep where kind = 'noted'").fetchone()
    assert found == ([cast.person("spoc")],)


@pytest.mark.parametrize(
    ("page", "typed", "made"),
    [
        ("note", {"words": "Rang home."}, "concerns_triagestep where kind = 'noted'"),
        ("child", {"child": "new", "name": "Ffion Ap Rhys"}, "children_child"),
        ("keep", {"reason": "A relative."}, "access_bar where kind = 'concerns_concern'"),
    ],
)
def test_a_form_sent_twice_makes_one_record(
    cast: Cast, raised: str, as_superuser: Connection, page: str, typed: dict[str, str], made: str
) -> None:
    spoc, form = signed_in(cast, "spoc"), typed | {"person": str(cast.person("head")), "once": str(uuid4())}
    assert spoc.post(f"{raised}{page}/", form).status_code == 302
    # Whoever is kept from it is not offered a second time: then the form asks again.
    assert spoc.post(f"{raised}{page}/", form).status_code in (200, 302)
    assert as_superuser.execute(f"select count(*) from {made}").fetchone() == (1,)


def test_the_last_reader_cannot_be_barred(cast: Cast, raised: str) -> None:
    head, me = signed_in(cast, "head"), str(cast.person("head"))
    offered = set(re.findall(r'name="person" type="radio" value="(\d+)"', head.get(f"{raised}keep/").text))
    for person in offered - {me}:
        head.post(f"{raised}keep/", {"person": person, "reason": "A relative."})
    last = head.post(f"{raised}keep/", {"person": me, "reason": "A relative."})
    assert "Nobody else could read it then" in last.text


def test_two_people_who_make_a_record_of_the_child_make_one(cast: Cast, raised: str, as_superuser: Connection) -> None:
    new = {"child": "new", "name": "Ffion Ap Rhys", "linked": ""}
    assert signed_in(cast, "spoc").post(f"{raised}child/", new | {"once": str(uuid4())}).status_code == 302

    late = signed_in(cast, "deputy-spoc").post(f"{raised}child/", new | {"once": str(uuid4())})

    assert "Somebody linked it to a child meanwhile" in late.text
    assert "Ffion Ap Rhys" in late.text
    assert as_superuser.execute("select count(*) from children_child").fetchone() == (1,)
    assert as_superuser.execute("select count(*) from concerns_triagestep where kind = 'matched'").fetchone() == (1,)


def test_the_spoc_links_the_child_or_makes_a_record(cast: Cast, raised: str) -> None:
    spoc = signed_in(cast, "spoc")
    new = {"child": "new", "name": "Ffion Ap Rhys", "year_group": "9B", "once": str(uuid4())}
    assert spoc.post(f"{raised}child/", new).status_code == 302

    raise_concern(signed_in(cast, "other-teacher"), child_name="ffion")
    second = next(address for address in links(spoc, "/triage/") if address != raised)

    assert "Ffion Ap Rhys" in spoc.get(f"{second}child/").text
    assert "Linked to the record of Ffion Ap Rhys, 9B." in spoc.get(raised).text


def test_a_match_offers_no_child_of_another_school(cast: Cast, raised: str) -> None:
    spoc, other = signed_in(cast, "spoc"), signed_in(cast, "other-spoc")
    spoc.post(f"{raised}child/", {"child": "new", "name": "Ffion Ap Rhys", "once": str(uuid4())})
    raise_concern(other, child_name="Ffion Ap Rhys")
    [theirs] = links(other, "/triage/")
    assert 'name="child" type="radio" value="new"' in other.get(f"{theirs}child/").text
    assert other.get(f"{theirs}child/").text.count('name="child" type="radio"') == 1


def test_a_copy_is_text_or_pdf_and_logged_as_a_disclosure(cast: Cast, raised: str, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")

    text, pdf = spoc.get(f"{raised}copy.txt"), spoc.get(f"{raised}copy.pdf")

    assert "her brother had shown her a knife" in text.text
    assert "Larkmoor School" in text.text
    assert "–" not in text.text
    assert "OFFICIAL-SENSITIVE" in text.text
    assert pdf.content.startswith(b"%PDF")
    logged = as_superuser.execute(
        "select person, reason from audit_access where operation = 'disclosure' and kind = 'concerns.concern'"
    ).fetchall()
    assert logged == [(cast.person("spoc"), "copy_for_record")] * 2


def test_no_copy_tells_a_day_by_its_distance_from_today(cast: Cast) -> None:
    raise_concern(signed_in(cast, "teacher"), day=now().date().isoformat())
    [triage] = links(signed_in(cast, "spoc"), "/triage/")
    signed_in(cast, "spoc").get(triage)
    copies = [
        signed_in(cast, "spoc").get(f"{triage}copy.txt").text,
        signed_in(cast, "teacher").get(f"{own(triage)}copy.txt").text,
    ]
    assert ["Opened" in copies[0], "Read" in copies[1]] == [True, True]
    assert re.findall(r"(?i)\b(today|yesterday|tomorrow)\b", "".join(copies)) == []


def test_an_author_copies_their_own_concern_and_nothing_of_its_triage(
    cast: Cast, raised: str, as_superuser: Connection
) -> None:
    decide(signed_in(cast, "spoc"), raised, "school_matter", reason="A tool from home.", told="Thank you.")
    teacher = signed_in(cast, "teacher")
    assert f"{own(raised)}copy.pdf" in teacher.get(own(raised)).text
    copy = teacher.get(f"{own(raised)}copy.txt").text
    assert "Thank you." in copy
    assert "A tool from home." not in copy
    logged = as_superuser.execute("select person, recipients from audit_access where reason = 'copy_for_record'")
    assert logged.fetchall() == [(cast.person("teacher"), [cast.person("teacher")])]


def test_the_schools_own_reference_is_kept(cast: Cast, raised: str) -> None:
    spoc = signed_in(cast, "spoc")
    spoc.post(f"{raised}reference/", {"reference": "CP-2044"})
    assert "CP-2044" in spoc.get(raised).text


def test_the_database_moves_a_triage_only_as_the_product_does(as_superuser: Connection, raised: str) -> None:
    as_superuser.execute("alter table concerns_triage disable trigger protect, drop constraint opened_by_somebody")
    moves = {(b, a) for b in Status.values for a in Status.values if b != a and moves_on(as_superuser, b, a)}
    assert moves == {(before, after) for before, afters in TRANSITIONS.items() for after in afters - {before}}


def moves_on(sql: Connection, before: str, after: str) -> bool:
    """Whether the database lets a triage go from one status to another."""
    sql.execute("set session_replication_role = replica")
    sql.execute("update concerns_triage set status = %s", [before])
    sql.execute("set session_replication_role = origin")
    try:
        sql.execute("update concerns_triage set status = %s", [after])
    except CheckViolation:
        return False
    return True


def test_a_decision_typed_while_a_colleague_decides_is_shown_again_whole(cast: Cast, raised: str) -> None:
    spoc, deputy = signed_in(cast, "spoc"), signed_in(cast, "deputy-spoc")
    typed = decision_form(deputy, raised, "with_dsl") | {"with_dsl_reason": "Typed at length.", "with_dsl_told": "Hm."}
    decide(spoc, raised, "school_matter", reason="Behaviour.", told="Thank you.")

    late = deputy.post(raised, typed).text

    assert "Meanwhile Mrs Josephine Larch did this" in late
    assert "School matter, no police role" in late
    assert "Typed at length." in late
    assert "Choose from the list" not in late


def test_a_decision_sent_twice_is_one_and_no_error(cast: Cast, raised: str, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    words = {"school_matter_reason": "Behaviour.", "school_matter_told": "Thank you."}
    typed = decision_form(spoc, raised, "school_matter") | words
    assert [spoc.post(raised, typed).status_code for _time in range(2)] == [302, 302]
    kept = as_superuser.execute("select count(*) from concerns_triagestep where kind = 'school_matter'").fetchone()
    assert kept == (1,)


@pytest.mark.parametrize("version", ["abc", "", "-1", "9" * 30])
def test_a_version_that_never_was_is_out_of_date(cast: Cast, raised: str, version: str) -> None:
    spoc = signed_in(cast, "spoc")
    answers = {"school_matter_reason": "Typed at length.", "school_matter_told": "Thank you.", "version": version}
    answer = spoc.post(raised, decision_form(spoc, raised, "school_matter") | answers)
    assert answer.status_code == 200
    assert "Typed at length." in answer.text


def test_a_note_sent_again_with_other_words_is_not_lost(cast: Cast, raised: str) -> None:
    spoc, note = signed_in(cast, "spoc"), {"words": "Rang home.", "once": str(uuid4())}
    spoc.post(f"{raised}note/", note)
    again = spoc.post(f"{raised}note/", note | {"words": "Rang home, nobody there."})
    assert "Rang home, nobody there." in again.text


def test_danger_stands_on_top_of_the_page(cast: Cast) -> None:
    raise_concern(signed_in(cast, "teacher"), in_danger="yes")
    spoc = signed_in(cast, "spoc")
    page = spoc.get(links(spoc, "/triage/")[0]).text
    assert 0 < page.index("Somebody was in danger when this was sent.") < page.index("What was told")


def test_a_question_stands_above_the_box_until_it_is_answered_and_the_answer_is_seen(cast: Cast, raised: str) -> None:
    spoc, teacher = signed_in(cast, "spoc"), signed_in(cast, "teacher")
    spoc.post(raised, decision_form(spoc, raised, "asked") | {"question": "Which bus stop was it?"})
    asked = teacher.get(own(raised)).text
    assert asked.index("Which bus stop was it?") < asked.index("Add something, or answer")

    teacher.post(own(raised), {"once": str(uuid4()), "words": "The one by the library."})

    answered = teacher.get(own(raised)).text
    assert "You answered" in answered
    assert answered.index("Which bus stop was it?") > answered.index("Add something, or answer")
    for page in ("/triage/", raised):
        assert "The member of staff answered" in spoc.get(page).text


def test_what_waits_for_the_school_stands_above_what_is_with_others(cast: Cast, raised: str) -> None:
    spoc = signed_in(cast, "spoc")
    decide(spoc, raised, "with_dsl", reason="For Nadia.", told="The DSL has it.")
    raise_concern(signed_in(cast, "teacher"), child_name="Zebedee Quince")
    spoc.get(next(address for address in links(spoc, "/triage/") if address != raised))

    inbox = spoc.get("/triage/").text

    places = [inbox.index(words) for words in ("Waits for you", "Zebedee Quince", "With others", "Ffion Ap Rhys")]
    assert places == sorted(places)


def test_ones_own_opinion_is_ones_own(cast: Cast) -> None:
    raise_concern(signed_in(cast, "teacher"), opinion="I think he wants to scare her.")
    [address] = links(signed_in(cast, "spoc"), "/triage/")
    assert "Your opinion" in signed_in(cast, "teacher").get(own(address)).text
    assert "Opinion of the author" in signed_in(cast, "spoc").get(address).text
