"""About an adult or an officer: never the SPOC's inbox, never to the person, never nowhere."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from psycopg import Connection

from schoolgate.concerns.tests.doings import links, signed_in
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

ADULT = "/concerns/adult/"
SHOUTING = {
    "in_danger": "no",
    "about": "staff",
    "complained_of_name": "Somebody in the office",
    "seen": "He held her by the arm and shouted.",
    "day": "2026-01-12",
    "place": "in_school",
}


def form(**changes: Any) -> dict[str, Any]:
    """A filled-in form with fresh tokens."""
    return SHOUTING | {"once": str(uuid4()), "draft_page": str(uuid4()), "draft_version": ""} | changes


def allege(client: Client, **changes: Any) -> str:
    """Type, check and send; gives the page that says where it went."""
    typed = form(**changes)
    checked = client.post(ADULT, typed).text
    assert "Check your answers" in checked, checked
    sent = client.post(ADULT, typed | {"step": "send"}, follow=True)
    assert sent.redirect_chain, sent.text
    return str(sent.text)


def circles(sql: Connection) -> set[str]:
    """The kinds of circle that read the allegation."""
    query = "select c.kind from concerns_allegation a join access_circle c on c.id = any (a.circles)"
    return {kind for (kind,) in sql.execute(query).fetchall()}


def test_about_staff_it_goes_to_the_head_teacher_alone(cast: Cast, as_superuser: Connection) -> None:
    sent = allege(signed_in(cast, "teacher"))
    assert "It goes to Dr Winifred Quill" in sent
    assert circles(as_superuser) == {"author", "head"}
    assert len(links(signed_in(cast, "head"), "/allegations/")) == 1


def test_the_spoc_never_sees_it(cast: Cast, as_superuser: Connection) -> None:
    teacher, spoc = signed_in(cast, "teacher"), signed_in(cast, "spoc")
    allege(teacher)
    [address] = links(teacher, "/concerns/")
    assert spoc.get(address).status_code == 404
    assert links(spoc, "/triage/") == []
    assert spoc.get("/allegations/").status_code == 404
    told = as_superuser.execute("select person from notices_notice where kind like 'allegation.%'").fetchall()
    assert told == [(cast.person("head"),)]


@pytest.mark.parametrize("persona", ["other-teacher", "dsl", "deputy-spoc", "officer", "sergeant", "other-head"])
def test_nobody_else_finds_it(cast: Cast, persona: str) -> None:
    teacher = signed_in(cast, "teacher")
    allege(teacher)
    [address] = links(teacher, "/concerns/")
    assert signed_in(cast, persona).get(address).status_code == 404


def test_a_head_teacher_complained_of_is_barred_and_the_chair_and_the_lado_get_it(
    cast: Cast, as_superuser: Connection
) -> None:
    teacher, head = signed_in(cast, "teacher"), signed_in(cast, "head")

    allege(teacher, about="head", complained_of_name="")

    assert circles(as_superuser) == {"author", "governors", "lado"}
    assert as_superuser.execute("select barred from concerns_allegation").fetchone() == ([cast.person("head")],)
    [address] = links(teacher, "/concerns/")
    assert head.get(address).status_code == 404
    assert links(head, "/allegations/") == []


def test_a_head_teacher_named_among_the_staff_is_taken_for_the_head_teacher(
    cast: Cast, as_superuser: Connection
) -> None:
    allege(signed_in(cast, "teacher"), about="staff", complained_of_name="Dr Winifred Quill")
    assert as_superuser.execute("select about, barred from concerns_allegation").fetchone() == (
        "head", [cast.person("head")],
    )  # fmt: skip


def test_about_an_officer_it_goes_to_head_lado_and_professional_standards_never_to_the_officer(
    cast: Cast, as_superuser: Connection
) -> None:
    allege(signed_in(cast, "teacher"), about="officer", officer_person=str(cast.person("officer")))
    assert circles(as_superuser) == {"author", "head", "lado", "professional_standards"}
    assert as_superuser.execute("select barred from concerns_allegation").fetchone() == ([cast.person("officer")],)


def test_when_the_head_teacher_writes_it_the_next_in_line_gets_it(cast: Cast, as_superuser: Connection) -> None:
    allege(signed_in(cast, "head"))
    assert circles(as_superuser) == {"author", "governors", "lado"}


def test_with_nobody_in_the_first_roles_the_next_in_line_gets_it(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute(
        "update directory_membership set until = '2021-01-01', since = '2020-01-01' where role = 'head'"
    )
    allege(signed_in(cast, "teacher"))
    assert circles(as_superuser) == {"author", "governors", "lado"}


def test_with_nobody_at_all_it_waits_for_whoever_takes_the_role_and_says_whom_to_ring(
    cast: Cast, as_superuser: Connection
) -> None:
    as_superuser.execute(
        "update directory_membership set until = '2021-01-01', since = '2020-01-01'"
        " where role in ('head', 'governors', 'lado', 'professional_standards')"
    )
    sent = allege(signed_in(cast, "teacher"))
    assert "Ring the council and ask for the LADO." in sent
    assert circles(as_superuser) == {"author", "head"}


def test_each_choice_says_whom_to_ring_with_the_number(cast: Cast) -> None:
    form = signed_in(cast, "teacher").get(ADULT).text
    assert "It goes to Dr Winifred Quill, 01632 960" in form
    assert "(LADO)" in form


def test_a_name_is_asked_where_nobody_was_chosen(cast: Cast) -> None:
    answer = signed_in(cast, "teacher").post(ADULT, form(complained_of_name="")).text
    assert "Give their name, or what you know of them" in answer


def test_a_recipient_acknowledges_advises_and_closes_and_the_author_hears_what_they_may(cast: Cast) -> None:
    teacher, head = signed_in(cast, "teacher"), signed_in(cast, "head")
    allege(teacher)
    [address] = links(head, "/allegations/")

    for step in (
        {"kind": "acknowledged", "words": ""},
        {"kind": "advice", "words": "The LADO says: no contact meanwhile."},
        {"kind": "closed", "words": "Dealt with. Thank you.", "author_hears": "yes"},
    ):
        assert head.post(address, step | {"once": str(uuid4())}).status_code == 302

    heard = teacher.get(address).text
    assert "Acknowledged" in heard
    assert "Dealt with. Thank you." in heard
    assert "The LADO says" not in heard


def test_a_recipient_copies_it_for_the_record_and_its_author_does_not(cast: Cast, as_superuser: Connection) -> None:
    allege(signed_in(cast, "teacher"), day=now().date().isoformat())
    head = signed_in(cast, "head")
    [address] = links(head, "/allegations/")
    assert f"{address}copy.pdf" in head.get(address).text
    copy = head.get(f"{address}copy.txt").text
    assert "shouted" in copy
    assert re.findall(r"(?i)\b(today|yesterday|tomorrow)\b", copy) == []
    assert signed_in(cast, "teacher").get(f"{address}copy.txt").status_code == 403
    assert "copy.pdf" not in signed_in(cast, "teacher").get(address).text
    logged = as_superuser.execute("select kind, recipients from audit_access where reason = 'copy_for_record'")
    assert logged.fetchall() == [("concerns.allegation", [cast.person("head")])]


def test_a_step_sent_twice_is_one(cast: Cast, as_superuser: Connection) -> None:
    allege(signed_in(cast, "teacher"))
    head = signed_in(cast, "head")
    [address] = links(head, "/allegations/")
    step = {"kind": "advice", "words": "Speak to the LADO.", "once": str(uuid4())}
    for _time in ("sent", "sent again"):
        assert head.post(address, step).status_code == 302
    assert as_superuser.execute("select count(*) from concerns_allegationstep").fetchone() == (1,)


def test_the_author_takes_no_step(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    allege(teacher)
    [address] = links(teacher, "/concerns/")
    step = {"kind": "closed", "words": "Never mind.", "once": str(uuid4())}
    assert teacher.post(address, step).status_code == 403


def test_supply_staff_raise_one_under_their_name(cast: Cast) -> None:
    allege(signed_in(cast, "supply"), author_name="Jo Brook")
    head = signed_in(cast, "head")
    assert "Jo Brook" in head.get(links(head, "/allegations/")[0]).text


def test_a_form_sent_twice_makes_one_allegation(cast: Cast, as_superuser: Connection) -> None:
    teacher, once = signed_in(cast, "teacher"), str(uuid4())
    allege(teacher, once=once)
    allege(teacher, once=once)
    assert as_superuser.execute("select count(*) from concerns_allegation").fetchone() == (1,)


def test_a_head_teacher_with_an_interest_passes_it_on_and_reads_no_more(cast: Cast, as_superuser: Connection) -> None:
    teacher, head = signed_in(cast, "teacher"), signed_in(cast, "head")
    allege(teacher)
    [address] = links(head, "/allegations/")

    kept = head.post(f"{address}keep/", {"person": str(cast.person("head")), "reason": "My brother-in-law."})

    assert kept.status_code == 302
    assert head.get(address).status_code == 404
    assert links(head, "/allegations/") == []
    rows = as_superuser.execute(
        "select made_by, lado_of is not null, barred from concerns_allegation where head_of is null"
    ).fetchall()
    assert rows == [(cast.person("teacher"), True, [cast.person("head")])]
    assert len(links(teacher, "/concerns/")) == 2
    told = as_superuser.execute(
        "select distinct m.role from notices_notice n join directory_membership m on m.person_id = n.person"
        " where n.kind = 'allegation.raised' and n.person <> %s",
        [cast.person("head")],
    ).fetchall()
    assert {role for (role,) in told} == {"governors", "lado"}


def test_one_of_several_recipients_is_barred_and_the_others_keep_it(cast: Cast, as_superuser: Connection) -> None:
    teacher, head = signed_in(cast, "teacher"), signed_in(cast, "head")
    allege(teacher, about="officer", complained_of_name="PC Somebody")
    [address] = links(head, "/allegations/")
    head.post(f"{address}keep/", {"person": str(cast.person("head")), "reason": "A friend."})
    assert head.get(address).status_code == 404
    assert as_superuser.execute("select count(*) from concerns_allegation").fetchone() == (1,)


def test_the_author_keeps_it_from_nobody(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    allege(teacher)
    [address] = links(teacher, "/concerns/")
    bar = {"person": str(cast.person("head")), "reason": "No."}
    assert teacher.post(f"{address}keep/", bar).status_code == 403


@pytest.mark.parametrize("name", ["Dr  Winifred   QUILL", "winifred quill", "Quill, Winifred"])
def test_however_a_head_teacher_is_named_they_never_get_it(cast: Cast, as_superuser: Connection, name: str) -> None:
    allege(signed_in(cast, "teacher"), about="staff", complained_of_name=name)
    assert circles(as_superuser) == {"author", "governors", "lado"}


@pytest.mark.parametrize("role", ["governors", "lado", "professional_standards"])
def test_somebody_on_any_route_who_is_named_never_gets_it(cast: Cast, as_superuser: Connection, role: str) -> None:
    query = "select p.id, p.name from directory_membership m join directory_person p on p.id = m.person_id"
    [person, name] = as_superuser.execute(f"{query} where m.role = %s order by p.id limit 1", [role]).fetchone()  # type: ignore[misc]
    allege(signed_in(cast, "teacher"), about="officer", complained_of_name=name)
    barred, told = as_superuser.execute("select barred, recipients from concerns_allegation").fetchone()  # type: ignore[misc]
    assert person in barred
    assert person not in told


def test_a_surname_of_somebody_who_would_get_it_is_asked_about(cast: Cast, as_superuser: Connection) -> None:
    teacher, typed = signed_in(cast, "teacher"), form(complained_of_name="Dr Quill")

    asked = teacher.post(ADULT, typed | {"step": "send"}).text

    assert "Is it one of these people?" in asked
    assert "Say whether it is one of these people" in asked
    allege(teacher, **typed | {"same_person": str(cast.person("head"))})
    assert circles(as_superuser) == {"author", "governors", "lado"}


def test_a_namesake_of_the_head_teacher_is_somebody_else(cast: Cast, as_superuser: Connection) -> None:
    allege(signed_in(cast, "teacher"), complained_of_name="Tom Quill", same_person="somebody_else")
    assert circles(as_superuser) == {"author", "head"}


@pytest.mark.parametrize("changes", [{"about": "volunteer"}, {"complained_of_name": "Dr Winifred Quill"}])
@pytest.mark.parametrize("who", ["teacher", "supply"])
def test_sent_again_about_somebody_else_it_claims_no_route_that_it_did_not_take(
    cast: Cast, as_superuser: Connection, who: str, changes: dict[str, str]
) -> None:
    author, typed = signed_in(cast, who), form(author_name="Jo Brook")
    allege(author, **typed)

    again = author.post(ADULT, typed | changes | {"step": "send"})

    assert "This form was sent already" in again.text
    assert circles(as_superuser) <= {"author", "head"}


def test_the_page_that_says_where_it_went_is_its_senders_and_can_be_opened_again(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    sent = teacher.post(ADULT, form(step="send"))
    assert sent.status_code == 302
    for _time in ("once", "again"):
        assert "It goes to Dr Winifred Quill" in teacher.get(sent.headers["Location"]).text
    assert signed_in(cast, "other-teacher").get(sent.headers["Location"]).status_code == 404


def test_a_step_sent_again_with_other_words_is_not_lost(cast: Cast, as_superuser: Connection) -> None:
    allege(signed_in(cast, "teacher"))
    head = signed_in(cast, "head")
    [address] = links(head, "/allegations/")
    step = {"kind": "advice", "words": "Speak to the LADO.", "once": str(uuid4())}
    head.post(address, step)

    again = head.post(address, step | {"words": "Speak to the LADO today."})

    assert "This form was sent already, with other words" in again.text
    assert "Speak to the LADO today." in again.text
    fresh = re.search(r'name="once" value="([^"]+)"', again.text)
    assert fresh
    assert head.post(address, step | {"words": "Speak to the LADO today.", "once": fresh[1]}).status_code == 302
    assert as_superuser.execute("select count(*) from concerns_allegationstep").fetchone() == (2,)


def test_in_danger_from_an_adult_the_form_gives_a_number_and_promises_no_box(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    assert re.search(r"Ring 999 now\. Then ring the school on 01632 \d+", teacher.get(ADULT).text)
    assert "you may add to it" not in allege(teacher, in_danger="yes")
