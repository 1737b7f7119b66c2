"""The pages of the exchange, walked as the people of the partnership."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from psycopg import Connection

from schoolgate.core.clock import now
from schoolgate.exchange import services, views
from schoolgate.exchange.models import Ground
from schoolgate.exchange.tests.doings import AT, act, ask, send, signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

TYPED = {
    "child_name": "Robin Thistle",
    "facts": "Showed a folded knife.\nA teacher saw it.",
    "opinion": "May be frightened of somebody.",
    "occurred": "Today at 9 am",
    "place": "in_school",
    "purpose": "safety",
    "child_told": "told",
    "child_told_by": "Mrs Larch",
    "child_told_on": now().date().isoformat(),
    "child_view": "Says it was a joke.",
    "parent_told": "not_told",
    "parent_not_told_why": "Not reached yet.",
    "needs": "An adult whom they trust.",
    "urgency": "next_school_day",
    "basis": "suggested",
    "marking": "official_sensitive",
    "handling": "For the officer named.",
}


def form_of(client: Client, path: str) -> dict[str, list[str]]:
    """What stands in the hidden inputs, the ticked boxes and the chosen radios of a new form."""
    page = client.get(path).text
    once = re.search(r'name="once" value="([^"]+)"', page)
    ticked = re.findall(r'name="recipients"[^>]*value="(\d+)" checked', page)
    grounds = re.findall(r'name="ground"[^>]*value="(\w+)" checked', page)
    assert once
    return {"once": [once[1]], "recipients": ticked, "ground": grounds}


def typed(client: Client, path: str = "/shares/new/", **changes: str) -> dict[str, object]:
    return {**TYPED, **form_of(client, path), **changes}


def count(superuser: Connection, table: str) -> int:
    row = superuser.execute(f"select count(*) from {table}").fetchone()
    assert row
    return int(row[0])


def test_the_spoc_types_checks_and_sends_and_the_officer_answers_from_the_phone(cast: Cast) -> None:
    spoc, officer = signed_in(cast, "spoc"), signed_in(cast, "officer")
    answers = typed(spoc)

    check = spoc.post("/shares/new/", answers).text
    assert "Check before you send" in check
    assert "PC Ada Fern" in check
    sent = spoc.post("/shares/new/", answers | {"step": "send"})

    share = sent.headers["Location"]
    assert "Robin Thistle" in officer.get("/shares/").text
    for path, words in (
        ("acknowledge", {}),
        ("plan", {"words": "Speak with Robin.", "due_on": now().date().isoformat()}),
        ("done", {"words": "Spoke with Robin."}),
        ("report", {"words": "It has been dealt with."}),
    ):
        assert officer.post(f"{share}{path}/", {"once": str(uuid.uuid4()), **words}).status_code == 302
    page = spoc.get(share).text
    assert "Reported back" in page
    assert "It has been dealt with." in page


def test_nothing_is_sent_before_it_was_checked(cast: Cast, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc)
    spoc.post("/shares/new/", answers)
    again = spoc.post("/shares/new/", answers | {"step": "change"}).text
    assert count(as_superuser, "exchange_share") == 0
    for words in ("Robin Thistle", "A teacher saw it.", "Says it was a joke.", "An adult whom they trust."):
        assert words in again


@pytest.mark.parametrize(
    ("hour", "also"),
    [
        (2, "It also goes to Sgt Grace Hawthorn, because nobody is on duty in time."),
        (10, ""),
    ],
)
def test_the_check_names_everybody_it_goes_to_and_whom_to_ring_out_of_hours(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, hour: int, also: str
) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc, urgency="at_once")
    monkeypatch.setattr(views, "now", lambda: AT.replace(hour=hour))
    check = spoc.post("/shares/new/", answers).text
    assert also in check
    assert [words in check for words in ("It also goes to", "otherwise 101")] == [bool(also), bool(also)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"child_name": ""}, "Give the child&#39;s name"),
        ({"facts": "x" * 4001}, "Use 4,000 characters or fewer"),
        ({"place": "the moon"}, "Choose from the list"),
        ({"child_told_on": "31 2 2026"}, "Enter a real date"),
        ({"child_told_on": "2199-01-01"}, "The date must be today or earlier"),
        ({"recipients": "999999"}, "Choose from the list"),
        ({"basis": "999999"}, "Choose from the list"),
        ({"ground": "welfare"}, "Give the reason"),
        ({"once": "not one"}, "Open this page again"),
    ],
)
def test_bad_input_gets_a_message_and_loses_nothing(cast: Cast, wrong: dict[str, str], message: str) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc) | wrong | {"step": "send"}
    page = spoc.post("/shares/new/", answers)
    assert message in page.text
    assert "An adult whom they trust." in page.text


def test_a_form_sent_twice_makes_one_share(cast: Cast, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc) | {"step": "send"}
    first, second = spoc.post("/shares/new/", answers), spoc.post("/shares/new/", answers)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(as_superuser, "exchange_share") == 1


def test_without_agreements_the_form_offers_grounds_and_lets_them_through(cast: Cast, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "other-spoc")
    page = spoc.get("/shares/new/").text
    assert "not both in date" in page
    assert "Routine: under" not in page
    sent = spoc.post(
        "/shares/new/", typed(spoc, ground="welfare", ground_reason="A child may come to harm.", step="send")
    )
    assert sent.status_code == 302
    told = as_superuser.execute(
        "select distinct m.role from notices_notice n join directory_membership m on m.person_id = n.person"
        " where n.kind = 'share.without_agreement'"
    ).fetchall()
    assert {role for (role,) in told} == {"head", "sergeant", "dpo"}
    assert spoc.post("/shares/new/", typed(spoc, ground="agreement", step="send")).status_code == 200


def test_the_school_sees_nothing_of_what_the_police_note(cast: Cast) -> None:
    share = send(cast, ground=Ground.REPORT_CRIME, ground_reason="A knife was shown.")
    act(cast, "officer", services.set_category, share, person="Robin", categories=["suspect"], footing="fact")
    for key in ("spoc", "head", "dsl"):
        page = signed_in(cast, key).get(f"/shares/{share}/").text
        assert "Suspect" not in page
        assert "For the police alone" not in page
    page = signed_in(cast, "officer").get(f"/shares/{share}/").text
    assert "Suspect" in page
    assert "No reference yet" in page


def test_the_page_says_who_can_read_it_who_was_told_and_when_the_officer_is_on_duty(cast: Cast) -> None:
    share = send(cast)
    page = signed_in(cast, "spoc").get(f"/shares/{share}/").text
    assert "Who can read this now" in page
    assert "PC Ada Fern" in page
    assert "on duty" in page


def test_what_was_taken_back_is_shown_no_more_to_those_it_was_sent_to(cast: Cast) -> None:
    share = send(cast)
    act(cast, "spoc", services.recall_share, share, words="Another child.")
    officer, spoc = signed_in(cast, "officer"), signed_in(cast, "spoc")
    for path in ("", "copy.txt"):
        assert "folded knife" not in officer.get(f"/shares/{share}/{path}").text
        assert "folded knife" in spoc.get(f"/shares/{share}/{path}").text


def test_a_step_that_comes_too_late_says_so_and_keeps_the_words(cast: Cast) -> None:
    share = send(cast)
    act(cast, "spoc", services.recall_share, share, words="Another child.")
    officer = signed_in(cast, "officer")
    answer = officer.post(f"/shares/{share}/done/", {"once": str(uuid.uuid4()), "words": "Spoke with Robin."}).text
    assert "This share has moved on" in answer
    assert "Spoke with Robin." in answer


def test_what_the_school_reads_is_said_and_each_button_says_what_it_does(cast: Cast) -> None:
    share, officer = send(cast), signed_in(cast, "officer")
    assert "The school reads this." in officer.get(f"/shares/{share}/done/").text
    assert "The school reads this." not in signed_in(cast, "spoc").get(f"/shares/{send(cast, by='officer')}/done/").text
    for who, page, button in (("spoc", "recall", "Take it back"), ("officer", "pass-on", "Pass it on")):
        shown = signed_in(cast, who).get(f"/shares/{share}/{page}/").text
        assert re.search(rf"<button[^>]*>\s*{button}\s*</button>", shown)


def test_a_share_that_was_taken_back_offers_the_officer_nothing_to_note(cast: Cast) -> None:
    share, officer = send(cast), signed_in(cast, "officer")
    assert f"/shares/{share}/category/" in officer.get(f"/shares/{share}/").text
    act(cast, "spoc", services.recall_share, share, words="Another child.")
    shown = officer.get(f"/shares/{share}/").text
    assert [f"/shares/{share}/{page}/" in shown for page in ("category", "crime", "child")] == [False] * 3
    assert "of the recall" in shown


def test_a_crime_without_a_reference_is_left_to_do_when_all_else_is_done(cast: Cast) -> None:
    share = ready_for(cast, "report")
    act(cast, "officer", services.record_crime, share, what="A knife was shown.")
    act(cast, "officer", services.report_back, share, words="Dealt with.")
    assert "a crime below has no reference yet" in signed_in(cast, "officer").get(f"/shares/{share}/").text
    assert "Nothing more is to be done." in signed_in(cast, "spoc").get(f"/shares/{share}/").text


def test_two_officers_acknowledge_at_once(cast: Cast, as_superuser: Connection) -> None:
    share = send(cast)

    def acknowledge(key: str) -> int:
        try:
            client = signed_in(cast, key)
            return client.post(f"/shares/{share}/acknowledge/", {"once": str(uuid.uuid4())}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as together:
        assert set(together.map(acknowledge, ["officer", "buddy-officer"])) == {302}
    query = "select status from exchange_share where id = %s"
    assert as_superuser.execute(query, [share]).fetchone() == ("acknowledged",)
    query = "select count(distinct made_by) from exchange_sharestep where kind = 'acknowledged' and share_id = %s"
    assert as_superuser.execute(query, [share]).fetchone() == (2,)


def test_sending_logs_a_disclosure_and_opening_a_consultation(cast: Cast, as_superuser: Connection) -> None:
    share = send(cast)
    signed_in(cast, "officer").get(f"/shares/{share}/")
    query = (
        "select person, operation, recipients from audit_access where kind = 'exchange.share' and %s = any (records)"
    )
    logged = as_superuser.execute(query, [share]).fetchall()
    assert (cast.person("spoc"), "disclosure", [cast.person("officer")]) in logged
    assert (cast.person("officer"), "consultation", []) in logged


@pytest.mark.parametrize(("path", "kind"), [("copy.txt", "text/plain"), ("copy.pdf", "application/pdf")])
def test_a_copy_is_logged_as_a_disclosure(cast: Cast, as_superuser: Connection, path: str, kind: str) -> None:
    share = send(cast)
    copy = signed_in(cast, "dsl").get(f"/shares/{share}/{path}")
    assert copy.headers["Content-Type"].startswith(kind)
    query = "select recipients from audit_access where reason = 'copy_for_record' and %s = any (records)"
    assert as_superuser.execute(query, [share]).fetchall() == [([cast.person("dsl")],)]


def test_a_copy_tells_no_day_by_its_distance_from_today(cast: Cast) -> None:
    share, enquiry = send(cast, occurred="At the first break"), ask(cast, by="spoc")
    officer = signed_in(cast, "officer")
    officer.post(f"/enquiries/{enquiry}/", {"words": "In the library.", "once": str(uuid.uuid4())})
    copies = [officer.get(f"/{page}/copy.txt").text for page in (f"shares/{share}", f"enquiries/{enquiry}")]
    assert ["Robin Thistle" in copies[0], "In the library." in copies[1]] == [True, True]
    assert re.findall(r"(?i)\b(today|yesterday|tomorrow)\b", "".join(copies)) == []


@pytest.mark.parametrize(
    ("page", "form", "made"),
    [
        ("category", {"person": "Robin", "categories": ["suspect"], "footing": "fact"}, "exchange_subjectcategory"),
        ("crime", {"what": "A knife was shown."}, "exchange_crimereport"),
        ("child", {"child": "new"}, "exchange_childlink"),
        ("keep", {"reason": "Their own child."}, "access_bar where kind = 'exchange_share'"),
        ("pass-on", {}, "exchange_sharestep where kind = 'passed'"),
    ],
)
def test_what_the_police_add_is_added_once(
    cast: Cast, as_superuser: Connection, page: str, form: dict[str, object], made: str
) -> None:
    share, officer, buddy = send(cast), signed_in(cast, "officer"), str(cast.person("buddy-officer"))
    sent = {"person": buddy, "to": buddy, "once": str(uuid.uuid4())} | form
    assert officer.post(f"/shares/{share}/{page}/", sent).status_code == 302
    # Whoever has it, or is kept from it, is not offered a second time: then the form asks again.
    assert officer.post(f"/shares/{share}/{page}/", sent).status_code in (200, 302)
    assert count(as_superuser, made) == 1


def test_an_answer_sent_twice_is_one(cast: Cast, as_superuser: Connection) -> None:
    enquiry, officer = ask(cast, by="spoc"), signed_in(cast, "officer")
    sent = {"words": "In the library.", "once": str(uuid.uuid4())}
    for _time in ("sent", "sent again"):
        assert officer.post(f"/enquiries/{enquiry}/", sent).status_code == 302
    assert count(as_superuser, "exchange_answer") == 1


SAID_BEFORE = "This form was sent before"


def test_a_share_sent_again_with_other_words_says_that_it_was_sent(cast: Cast, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc, step="send")
    share = spoc.post("/shares/new/", answers).headers["Location"]
    for changed in ({"facts": "Not a knife."}, {"recipients": [str(cast.person("sergeant"))]}):
        again = spoc.post("/shares/new/", answers | changed).text
        assert SAID_BEFORE in again
        assert f'href="{share}"' in again
    assert spoc.post("/shares/new/", answers).headers["Location"] == share
    assert count(as_superuser, "exchange_share") == 1


def test_a_correction_sent_again_with_other_words_says_that_it_was_sent(cast: Cast) -> None:
    spoc, address = signed_in(cast, "spoc"), f"/shares/{send(cast)}/correct/"
    answers = typed(spoc, address, facts="A plastic ruler.", wrong="No knife.", step="send")
    corrected = spoc.post(address, answers).headers["Location"]
    for changed in ({"facts": "A wooden ruler."}, {"wrong": "Another child."}):
        assert SAID_BEFORE in spoc.post(address, answers | changed).text
    assert spoc.post(address, answers).headers["Location"] == corrected


@pytest.mark.parametrize(
    ("who", "page", "form", "change"),
    [
        ("officer", "plan", {"words": "Speak.", "due_on": "2099-01-05"}, {"words": "Do not speak."}),
        ("officer", "plan", {"words": "Speak.", "due_on": "2099-01-05"}, {"due_on": "2099-01-06"}),
        ("officer", "done", {"words": "Spoke."}, {"words": "Did not speak."}),
        ("officer", "report", {"words": "Dealt with."}, {"words": "Not dealt with."}),
        ("officer", "crime", {"what": "A knife."}, {"what": "A gun."}),
        ("officer", "category", {"person": "Robin", "categories": "victim", "footing": "fact"}, {"person": "Sam"}),
        ("spoc", "recall", {"words": "Another child."}, {"words": "Another school."}),
    ],
)
def test_a_step_sent_again_with_other_words_says_that_it_was_sent(
    cast: Cast, who: str, page: str, form: dict[str, str], change: dict[str, str]
) -> None:
    share, client = ready_for(cast, page), signed_in(cast, who)
    address, sent = f"/shares/{share}/{page}/", form | {"once": str(uuid.uuid4())}
    assert [client.post(address, sent).status_code for _time in ("sent", "sent again")] == [302, 302]
    assert SAID_BEFORE in client.post(address, sent | change).text


def ready_for(cast: Cast, page: str) -> uuid.UUID:
    share = send(cast)
    if page in ("plan", "done", "report"):
        act(cast, "officer", services.acknowledge_share, share)
    if page == "report":
        act(cast, "officer", services.record_done, share, words="Spoke.")
    return share


def test_a_question_and_an_answer_sent_again_with_other_words_say_so(cast: Cast) -> None:
    spoc, officer = signed_in(cast, "spoc"), signed_in(cast, "officer")
    for address, word in (("/enquiries/new/", "question"), ("/enquiries/advice/", "question")):
        asked = {"once": str(uuid.uuid4()), word: "Where is it safe?"}
        enquiry = spoc.post(address, asked).headers["Location"]
        assert spoc.post(address, asked).headers["Location"] == enquiry
        again = spoc.post(address, asked | {word: "Where is it not safe?"}).text
        assert SAID_BEFORE in again
        assert f'href="{enquiry}"' in again
    answered = {"once": str(uuid.uuid4()), "words": "In the library."}
    assert officer.post(enquiry, answered).status_code == 302
    assert SAID_BEFORE in officer.post(enquiry, answered | {"words": "In the gym."}).text


def test_an_agreement_that_lapses_while_somebody_types_is_named(cast: Cast, as_superuser: Connection) -> None:
    spoc = signed_in(cast, "spoc")
    answers = typed(spoc)
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update partnership_agreement set until = current_date - 1 where since < current_date - 1")
    page = spoc.post("/shares/new/", answers | {"ground": "agreement"}).text
    assert "are not both in date. Choose another ground." in page
    assert "Choose from the list" not in page


def test_an_enquiry_is_copied_and_logged_like_a_share(cast: Cast, as_superuser: Connection) -> None:
    enquiry = ask(cast, by="spoc")
    page = signed_in(cast, "officer").get(f"/enquiries/{enquiry}/").text
    assert f"/enquiries/{enquiry}/copy.pdf" in page
    assert signed_in(cast, "officer").get(f"/enquiries/{enquiry}/copy.pdf").content.startswith(b"%PDF")
    query = "select kind, recipients from audit_access where reason = 'copy_for_record'"
    assert as_superuser.execute(query).fetchall() == [("exchange.enquiry", [cast.person("officer")])]


def test_there_is_no_copy_in_another_form(cast: Cast) -> None:
    assert signed_in(cast, "spoc").get(f"/shares/{send(cast)}/copy.doc").status_code == 404


def test_another_schools_addresses_answer_not_found(cast: Cast) -> None:
    share, enquiry = send(cast), ask(cast, by="spoc")
    client = signed_in(cast, "other-spoc")
    for path in ("", "correct/", "recall/", "plan/", "category/", "copy.pdf", "reference/"):
        assert client.get(f"/shares/{share}/{path}").status_code == 404
    assert client.get(f"/enquiries/{enquiry}/").status_code == 404


def test_an_insider_without_permission_is_refused(cast: Cast) -> None:
    share = send(cast)
    assert signed_in(cast, "dsl").get(f"/shares/{share}/recall/").status_code == 403
    assert signed_in(cast, "officer").get(f"/shares/{share}/recall/").status_code == 403
    assert signed_in(cast, "spoc").get(f"/shares/{share}/plan/").status_code == 403


def test_the_advice_form_has_no_place_for_a_name(cast: Cast) -> None:
    spoc = signed_in(cast, "spoc")
    assert "child_name" not in spoc.get("/enquiries/advice/").text
    once = str(uuid.uuid4())
    sent = spoc.post("/enquiries/advice/", {"once": once, "question": "May we keep it?", "child_name": "Robin Thistle"})
    assert "Robin Thistle" not in spoc.get(sent.headers["Location"]).text


def test_the_officers_answer_reaches_the_spoc(cast: Cast) -> None:
    enquiry = ask(cast, by="spoc")
    officer = signed_in(cast, "officer")
    officer.post(f"/enquiries/{enquiry}/", {"once": str(uuid.uuid4()), "words": "Yes, bring it to me."})
    page = signed_in(cast, "spoc").get(f"/enquiries/{enquiry}/").text
    assert "Yes, bring it to me." in page
    assert "Answered" in page


def test_an_officer_of_several_schools_is_asked_which(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    assert "Which school is it about?" in officer.get("/shares/new/").text
    page = officer.get(f"/shares/new/?school={cast.place('larkmoor')}").text
    assert "Josephine Larch" in page


@pytest.mark.parametrize("page", ["/shares/new/", "/enquiries/new/", "/enquiries/advice/"])
def test_what_is_typed_about_one_school_never_goes_to_another(cast: Cast, as_superuser: Connection, page: str) -> None:
    other = signed_in(cast, "other-spoc")
    address = f"{page}?school={cast.place('larkmoor')}"
    assert other.get(address).status_code == 404
    typed = {"once": str(uuid.uuid4()), "child_name": "Robin Thistle", "question": "Is Robin safe?"}
    assert other.post(address, typed).status_code == 404
    assert as_superuser.execute("select count(*) from exchange_enquiry").fetchone() == (0,)


def test_a_correction_starts_from_what_was_sent(cast: Cast) -> None:
    share = send(cast)
    spoc = signed_in(cast, "spoc")
    page = spoc.get(f"/shares/{share}/correct/").text
    assert "Robin Thistle" in page
    answers = typed(spoc, f"/shares/{share}/correct/", facts="A plastic ruler.", wrong="No knife.", step="send")
    corrected = spoc.post(f"/shares/{share}/correct/", answers)
    assert corrected.status_code == 302
    assert "Open the corrected share" in signed_in(cast, "officer").get(f"/shares/{share}/").text


def test_numbers_of_both_systems_are_kept_apart(cast: Cast) -> None:
    share = send(cast)
    signed_in(cast, "spoc").post(f"/shares/{share}/reference/", {"reference": "CP-88"})
    signed_in(cast, "officer").post(f"/shares/{share}/reference/", {"reference": "WX-99"})
    page = signed_in(cast, "spoc").get(f"/shares/{share}/").text
    assert "CP-88" in page
    assert "WX-99" in page


def test_the_force_reference_is_noted_from_the_list_of_crimes(cast: Cast) -> None:
    send(cast, ground=Ground.REPORT_CRIME, ground_reason="A knife was shown.")
    officer = signed_in(cast, "officer")
    found = re.search(r'href="(/crimes/[^"]+)"', officer.get("/crimes/").text)
    assert found
    assert officer.post(found[1], {"reference": "WX/4100/26"}).status_code == 302
    assert "Every crime that a share disclosed has its reference." in officer.get("/crimes/").text
    assert signed_in(cast, "spoc").get(found[1]).status_code == 404


def test_an_administrator_changes_a_legal_basis_and_a_school_sees_only_its_own(
    cast: Cast, as_superuser: Connection
) -> None:
    admin = signed_in(cast, "admin")
    basis = as_superuser.execute("select min(id) from exchange_legalbasis").fetchone()
    changed = {"text": "New words", "source": "Force solicitor", "as_at": "2026-01-02", "active": "yes"}
    assert admin.post(f"/legal-bases/{basis[0]}/", changed).status_code == 302  # type: ignore[index]
    assert "New words" in admin.get("/legal-bases/").text
    assert "Common law policing powers" not in signed_in(cast, "spoc").get("/legal-bases/").text
    assert "/legal-bases/" in admin.get("/").text
    assert signed_in(cast, "spoc").get(f"/legal-bases/{basis[0]}/").status_code == 403  # type: ignore[index]


def test_what_waits_too_long_is_passed_on_and_told(cast: Cast, as_superuser: Connection) -> None:
    share = send(cast)
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update exchange_share set due_at = now() - interval '1 minute' where id = %s", [share])
    assert services.pass_on_late_shares(at=now()) == 1
    assert services.pass_on_late_shares(at=now()) == 0
    query = "select person from notices_notice where kind = 'share.passed_on' and record = %s"
    assert as_superuser.execute(query, [share]).fetchall() == [(cast.person("buddy-officer"),)]


@pytest.mark.parametrize(
    ("asker", "first", "then"), [("spoc", "officer", "buddy-officer"), ("officer", "spoc", "deputy-spoc")]
)
def test_an_enquiry_goes_to_the_next_in_line_when_it_is_late(
    cast: Cast, as_superuser: Connection, asker: str, first: str, then: str
) -> None:
    enquiry = ask(cast, by=asker)
    assert services.pass_on_enquiries(at=now()) == 0
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update exchange_enquiry set due_at = now() - interval '1 minute'")
    assert [services.pass_on_enquiries(at=now()) for _time in ("due", "soon after")] == [1, 0]
    assert told_of(as_superuser, "enquiry.passed_on") == [(cast.person(then), enquiry)]
    assert "Passed on" in signed_in(cast, first).get(f"/enquiries/{enquiry}/").text
    assert "Waits for you" in signed_in(cast, then).get("/enquiries/").text


def test_an_enquiry_whose_reader_has_left_goes_to_the_next_in_line_at_once(
    cast: Cast, as_superuser: Connection
) -> None:
    enquiry = ask(cast, by="spoc")
    left = "update deployment_assignment set until = current_date - 1, since = least(since, current_date - 1)"
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute(f"{left} where officer_id = %s", [cast.person("officer")])
    assert [services.pass_on_enquiries(at=now()) for _time in ("now", "soon after")] == [1, 0]
    assert told_of(as_superuser, "enquiry.passed_on") == [(cast.person("buddy-officer"), enquiry)]


def told_of(superuser: Connection, kind: str) -> list[tuple[object, ...]]:
    return superuser.execute("select person, record from notices_notice where kind = %s", [kind]).fetchall()


def test_the_officer_passes_it_on_and_notes_what_the_school_does_not_see(cast: Cast) -> None:
    share = send(cast)
    officer = signed_in(cast, "officer")
    for path, words in (
        ("pass-on", {"to": str(cast.person("buddy-officer")), "words": "On leave."}),
        ("category", {"person": "Robin", "categories": ["victim"], "footing": "fact"}),
        ("crime", {"what": "A bladed article"}),
        ("child", {"child": "new"}),
    ):
        assert officer.get(f"/shares/{share}/{path}/").status_code == 200
        answer = officer.post(f"/shares/{share}/{path}/", {"once": str(uuid.uuid4()), **words})
        assert answer.status_code == 302, path
    page = officer.get(f"/shares/{share}/").text
    for words in ("Passed on", "Victim", "A bladed article", "Linked to our own record"):
        assert words in page


@pytest.mark.parametrize("path", ["/shares/new/", "/enquiries/advice/", "/enquiries/new/"])
def test_every_question_stands_once_on_its_page(cast: Cast, path: str) -> None:
    names = re.findall(r'<(?:textarea|select|input)[^>]* id="([^"]+)"', signed_in(cast, "spoc").get(path).text)
    assert len(names) == len(set(names))
