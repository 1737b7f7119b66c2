"""Every form on which somebody writes more than a line keeps it: opened, left half way, found again, sent."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from psycopg import Connection

from schoolgate.concerns.tests.doings import links, raise_concern
from schoolgate.drafts.forms import DraftedForm
from schoolgate.exchange import services as exchange
from schoolgate.exchange.tests.doings import act, ask, send, signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.partnership.tests.doings import propose
from schoolgate.ui import forms

pytestmark = pytest.mark.usefixtures("committed_database")

WORDS = "Half a sentence, and then the bell"


def tokens(page: str) -> dict[str, str]:
    """What the page's form posts unseen."""
    names = ("once", "draft_page", "draft_version", "version", "begun_from")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def type_half(client: Client, address: str, field: str) -> dict[str, str]:
    """Open a page, type, and leave: the page saves by itself. Gives what it saved."""
    page = client.get(address).text
    save_url = re.search(r'data-draft-url="([^"]+)"', page)
    assert save_url, "this page keeps nothing"
    typed = tokens(page) | {field: WORDS}
    assert client.post(unescape(save_url[1]), typed).status_code == 204
    return typed


@pytest.fixture
def pages(cast: Cast) -> dict[str, tuple[str, str, str]]:
    """By name: whose page, its address, a field to type in."""
    raise_concern(signed_in(cast, "teacher"))
    triage = links(signed_in(cast, "spoc"), "/triage/")[0]
    own = links(signed_in(cast, "teacher"), "/concerns/")[0]
    share, enquiry = send(cast, by="spoc"), ask(cast, by="officer")
    agreement = propose(cast)
    document = signed_in(cast, "youth-lead").post(f"/documents/begin/{cast.place(WEXMOOR)}/dsa/").headers["Location"]
    act(cast, "officer", exchange.acknowledge_share, share)
    return {
        "a share": ("spoc", "/shares/new/", "facts"),
        "a share from a concern": ("spoc", f"{triage}share/", "facts"),
        "a correction": ("spoc", f"/shares/{share}/correct/", "wrong"),
        "taking back": ("spoc", f"/shares/{share}/recall/", "words"),
        "a plan": ("officer", f"/shares/{share}/plan/", "words"),
        "what was done": ("officer", f"/shares/{share}/done/", "words"),
        "an enquiry": ("spoc", "/enquiries/new/", "question"),
        "advice": ("spoc", "/enquiries/advice/", "question"),
        "an answer": ("spoc", f"/enquiries/{enquiry}/", "words"),
        "a decision": ("spoc", triage, "school_matter_reason"),
        "a note": ("spoc", f"{triage}note/", "words"),
        "an addition": ("teacher", own, "words"),
        "declining": ("other-head", f"/agreements/{agreement}/decline/", "words"),
        "delegating": ("other-head", f"/agreements/{agreement}/delegate/", "words"),
        "an appointment": ("other-head", f"/schools/{cast.place('otterbridge')}/spoc/", "words"),
        "involvement": ("spoc", f"/schools/{cast.place('larkmoor')}/involvement/", "room"),
        "a document": ("youth-lead", document, "summary"),
    }


def test_what_was_typed_on_any_form_is_found_again_and_named_on_the_home_page(
    cast: Cast, pages: dict[str, Any], as_superuser: Connection
) -> None:
    for name, (who, address, field) in pages.items():
        client = signed_in(cast, who)
        type_half(client, address, field)
        assert WORDS in client.get(address).text, name
        assert WORDS not in client.get(f"{address}?empty").text, name
        home = client.get("/").text
        assert "Not sent yet" in home, name
        discard = re.search(r'action="(/drafts/[0-9a-f-]+/discard/)"', home)
        assert discard, name
        client.post(discard[1])
        assert WORDS not in client.get(address).text, name
    left = as_superuser.execute("select kind from drafts_draft where content <> '{}'").fetchall()
    assert left == []


@pytest.mark.parametrize("odd", ["&from=%C3%A9", "&x=" + "1" * 300, "&draft=nonsense", "&after=~%0A"])
def test_whatever_stands_in_the_address_besides_what_was_typed_is_kept(cast: Cast, odd: str) -> None:
    spoc, form = signed_in(cast, "spoc"), f"/shares/new/?school={cast.place('larkmoor')}"
    unfinished = tokens(spoc.get(form + odd).text) | {"facts": WORDS, "step": "check"}

    assert "There is a problem" in spoc.post(form + odd, unfinished).text

    assert WORDS in spoc.get(form).text


def test_nobody_else_finds_what_was_typed(cast: Cast, pages: dict[str, Any]) -> None:
    for _name, (who, address, field) in pages.items():
        type_half(signed_in(cast, who), address, field)
    for key in ("deputy-spoc", "head", "sergeant", "other-spoc", "buddy-officer"):
        client = signed_in(cast, key)
        assert "Not sent yet" not in client.get("/").text
        for _who, address, _field in pages.values():
            assert WORDS not in client.get(address).text


# What else a form asks for before it is sent.
SENT = {
    "an enquiry": {},
    "an answer": {},
    "a plan": {"due_on": "2030-01-30"},
    "a note": {},
    "an addition": {},
    "a decision": {"becomes": "school_matter", "school_matter_told": "Thank you."},
    "declining": {},
    "involvement": {"visits": "Once a week"},
    "a document": {"title": "Data Sharing Agreement", "as_at": "2026-11-01", "body": "The text."},
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_is_no_draft_any_more(
    cast: Cast, pages: dict[str, Any], as_superuser: Connection, name: str
) -> None:
    who, address, field = pages[name]
    client = signed_in(cast, who)
    typed = type_half(client, address, field)

    assert client.post(address, typed | SENT[name]).status_code == 302

    open_ones = as_superuser.execute("select kind from drafts_draft where closed_at is null").fetchall()
    assert open_ones == []
    assert "Not sent yet" not in client.get("/").text


def test_a_share_that_is_sent_is_no_draft_any_more(cast: Cast, as_superuser: Connection) -> None:
    typed = type_half(signed_in(cast, "spoc"), "/shares/new/", "facts")
    assert "Not sent yet" in signed_in(cast, "spoc").get("/").text

    send(cast, by="spoc", once=UUID(typed["once"]))

    assert as_superuser.execute("select content, closed_at is null from drafts_draft").fetchall() == [({}, False)]
    assert "Not sent yet" not in signed_in(cast, "spoc").get("/").text


# Forms with a box for more than a line that keep no draft, and why.
KEEP_NO_DRAFT = {
    "KeepForm": "who has an interest is not written down before it is so",
    "LegalBasisForm": "an administrator edits words that stand",
    "StaffListForm": "nothing of a staff list is kept before it is taken over",
}


def long_forms(base: type[forms.Form] = forms.Form) -> set[type[forms.Form]]:
    """Every form of the product with a box for more than a line."""
    found = {base} if any(isinstance(field, forms.LongTextField) for field in base.base_fields.values()) else set()
    return found.union(*(long_forms(form) for form in base.__subclasses__()))


def test_every_form_of_concerns_exchange_and_partnership_with_more_than_a_line_keeps_a_draft() -> None:
    apps = ("schoolgate.concerns.", "schoolgate.exchange.", "schoolgate.partnership.")
    found = {form for form in long_forms() if form.__module__.startswith(apps)}
    assert {form.__name__ for form in found if not issubclass(form, DraftedForm)} == KEEP_NO_DRAFT.keys()
