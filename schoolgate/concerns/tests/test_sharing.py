"""From the SPOC's triage to the officer: only what is needed, the concern stays."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from schoolgate.concerns.tests.doings import decide, decision_form, links, raise_concern, signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def sharing(cast: Cast) -> str:
    """The address of a concern that the SPOC decided to share."""
    raise_concern(signed_in(cast, "teacher"), opinion="I think he wants to scare her.")
    spoc = signed_in(cast, "spoc")
    [address] = links(spoc, "/triage/")
    chosen = spoc.post(address, decision_form(spoc, address, "sharing"))
    assert chosen.headers["Location"] == f"{address}share/"
    return address


def answers(spoc: Client, address: str, **changes: Any) -> dict[str, Any]:
    """The form of the share as it stands filled in, with what is not known from the concern."""
    page = spoc.get(f"{address}share/").text
    recipients = re.findall(r'name="recipients" type="checkbox" value="(\d+)" checked', page)
    return {
        "step": "send",
        "once": str(uuid4()),
        "version": re.search(r'name="version" value="(\d+)"', page)[1],  # type: ignore[index]
        "child_name": "Ffion Ap Rhys",
        "facts": "A knife was shown to a pupil at the bus stop.",
        "occurred": "Monday 12 January 2026",
        "place": "way",
        "purpose": "safety",
        "child_told": "not_told",
        "child_not_told_why": "Not in school today.",
        "parent_told": "not_told",
        "parent_not_told_why": "Not reached yet.",
        "urgency": "next_school_day",
        "recipients": recipients,
        "basis": "suggested",
        "ground": "agreement",
        "marking": "official_sensitive",
        "handling": "For the officers named.",
        "author_told": "It was passed on.",
    } | changes


def test_the_share_is_filled_in_from_the_concern(cast: Cast, sharing: str) -> None:
    page = signed_in(cast, "spoc").get(f"{sharing}share/").text
    assert "The officer may have to record a crime." in page
    assert "She said that her brother had shown her a knife at the bus stop." in page
    assert "I think he wants to scare her." in page
    assert "Monday 12 January 2026" in page


def test_a_share_is_checked_before_it_goes(cast: Cast, sharing: str) -> None:
    spoc = signed_in(cast, "spoc")
    checked = spoc.post(f"{sharing}share/", answers(spoc, sharing, step=""))
    assert "Check before you send" in checked.text
    assert links(signed_in(cast, "officer"), "/shares/") == []


def test_what_is_shared_reaches_the_officer_and_the_concern_does_not(cast: Cast, sharing: str) -> None:
    spoc, officer, teacher = (signed_in(cast, key) for key in ("spoc", "officer", "teacher"))

    sent = spoc.post(f"{sharing}share/", answers(spoc, sharing))

    assert sent.status_code == 302, sent.text
    share = sent.headers["Location"]
    assert "A knife was shown to a pupil at the bus stop." in officer.get(share).text
    assert officer.get(sharing).status_code == 404
    assert "Shared with the officer" in spoc.get(sharing).text
    assert "It was passed on." in teacher.get(sharing.replace("/triage/", "/concerns/")).text
    assert teacher.get(share).status_code == 404


def test_the_officers_report_becomes_the_outcome_that_the_author_reads(cast: Cast, sharing: str) -> None:
    spoc, officer, teacher = (signed_in(cast, key) for key in ("spoc", "officer", "teacher"))
    share = spoc.post(f"{sharing}share/", answers(spoc, sharing)).headers["Location"]
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("acknowledge", {}),
        ("done", {"words": "Spoke with the brother and the parents; the knife was handed in."}),
        ("report", {"words": "We spoke with the family. The knife is gone."}),
    )
    for step, words in steps:
        assert officer.post(f"{share}{step}/", words | {"once": str(uuid4())}).status_code == 302, step

    assert "The officer reported back" in spoc.get("/triage/").text
    page = spoc.get(sharing).text
    assert ">The officer reported back<" in page
    assert page.count("We spoke with the family. The knife is gone.") == 2
    closed = decide(spoc, sharing, "closed", reason="Reported back.", told="We spoke with the family.")

    assert closed.status_code == 302
    heard = teacher.get(sharing.replace("/triage/", "/concerns/")).text
    assert "We spoke with the family." in heard
    assert "Spoke with the brother" not in heard


def test_a_share_sent_twice_is_one(cast: Cast, sharing: str) -> None:
    spoc = signed_in(cast, "spoc")
    form = answers(spoc, sharing)
    first, second = (spoc.post(f"{sharing}share/", form) for _each in range(2))
    assert first.headers["Location"] == second.headers["Location"]


def test_nothing_is_sent_when_a_colleague_did_something_meanwhile(cast: Cast, sharing: str) -> None:
    spoc, deputy = signed_in(cast, "spoc"), signed_in(cast, "deputy-spoc")
    form = answers(spoc, sharing)
    decide(deputy, sharing, "with_dsl", reason="Wait for Nadia.", told="The DSL has it.")

    stopped = spoc.post(f"{sharing}share/", form)

    assert "Meanwhile Mr Devan Teasel did this" in stopped.text
    assert "A knife was shown to a pupil at the bus stop." in stopped.text
    assert links(signed_in(cast, "officer"), "/shares/") == []


def test_the_dsl_is_not_offered_to_share(cast: Cast, sharing: str) -> None:
    assert signed_in(cast, "dsl").get(f"{sharing}share/").status_code == 403


def test_whoever_is_barred_from_a_concern_is_barred_from_the_share_drawn_from_it(cast: Cast, sharing: str) -> None:
    spoc, dsl = signed_in(cast, "spoc"), signed_in(cast, "dsl")
    share = spoc.post(f"{sharing}share/", answers(spoc, sharing)).headers["Location"]
    assert dsl.get(share).status_code == 200

    spoc.post(f"{sharing}keep/", {"person": str(cast.person("dsl")), "reason": "Her niece."})

    assert dsl.get(share).status_code == 404
    assert spoc.get(share).status_code == 200


def test_nobody_who_may_not_share_is_led_to_the_share(cast: Cast, sharing: str) -> None:
    assert "Write the share" in signed_in(cast, "spoc").get(sharing).text
    assert "Write the share" not in signed_in(cast, "dsl").get(sharing).text


@pytest.mark.parametrize(("in_danger", "urgency"), [("yes", "at_once"), ("no", "next_school_day")])
def test_a_share_of_danger_is_suggested_at_once(cast: Cast, in_danger: str, urgency: str) -> None:
    raise_concern(signed_in(cast, "teacher"), in_danger=in_danger)
    spoc = signed_in(cast, "spoc")
    [address] = links(spoc, "/triage/")
    spoc.post(address, decision_form(spoc, address, "sharing"))
    page = spoc.get(f"{address}share/").text
    assert re.search(rf'name="urgency" type="radio" value="{urgency}" checked', page)
