"""Home pages say what waits, what is late on top, and name no child; the board is the sergeant's."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.concerns.selectors.concerns import inbox
from schoolgate.concerns.selectors.people import reading_time
from schoolgate.concerns.services import telling, triage
from schoolgate.concerns.tests import doings
from schoolgate.core.clock import now
from schoolgate.deployment.tests.doings import proposed
from schoolgate.exchange import services as exchange
from schoolgate.exchange.tests.doings import AT, ask, send
from schoolgate.insight.presenters import Task, task_rows
from schoolgate.insight.selectors import Waiting
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.tests.doings import propose, sign

pytestmark = pytest.mark.usefixtures("committed_database")

CHILD = "Robin Thistle"


def home(key: str, page: str = "/") -> str:
    """A page as somebody of the cast sees it, in one line."""
    client = Client()
    client.post("/demo/sign-in", {"persona": key})
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(page).text).split())


def raise_concern(cast: Cast) -> None:
    told = {"in_danger": False, "child_name": CHILD, "seen": "A vape.", "occurred_on": AT.date(), "place": "gate"}
    with acting(cast.user("teacher"), page="test") as teacher:
        reading = reading_time(cast.place("larkmoor"), now())
        telling.raise_concern(
            by=teacher, at=now(), reading=reading, told=told, involved=(), barred=(), once=uuid.uuid4()
        )


def test_nobody_is_offered_the_way_in(cast: Cast) -> None:
    assert "Try the demonstration" in Client().get("/").text


def test_a_teacher_raises_a_concern_and_hears_of_it_without_the_childs_name(cast: Cast) -> None:
    assert "Raise a concern" in home("teacher")
    raise_concern(cast)
    with acting(cast.user("spoc"), page="test") as spoc:
        triage.open_concern(by=spoc, at=now(), concern=inbox(spoc, now())[0].id)
    shown = home("teacher")
    assert "Your concern of today" in shown
    assert "Read" in shown
    assert CHILD not in shown
    assert "Your concern of today" not in home("other-teacher")


def test_the_spoc_sees_what_is_to_be_opened_and_no_name(cast: Cast) -> None:
    raise_concern(cast)
    shown = home("spoc")
    assert "Concerns to open 1" in shown
    assert CHILD not in shown


def test_an_officer_sees_what_waits_and_their_schools(cast: Cast) -> None:
    send(cast)
    ask(cast, by="spoc")
    shown = home("officer")
    assert "Shares to answer 1" in shown
    assert "Enquiries to answer 1" in shown
    assert CHILD not in shown
    assert re.search(r"Larkmoor School .* SPOC: Mrs Josephine Larch .* Otterbridge Academy .* Thimble Hill", shown)
    assert "Shares to answer" not in home("buddy-officer")
    assert "Nothing waits for you." in home("unassigned-officer")


def test_the_sergeant_finds_what_is_proposed_and_not_yet_live(cast: Cast) -> None:
    assert "Proposed postings" not in home("sergeant")
    proposed(cast)
    assert "Proposed postings, not yet live 1" in home("sergeant")
    assert "Proposed postings" not in home("other-sergeant")
    assert "Proposed postings" not in home("officer")


def test_late_tasks_come_first_and_done_ones_not_at_all() -> None:
    rows = task_rows(
        [Task("On time", "/", Waiting(4, 0)), Task("Nothing", "/", Waiting(0, 0)), Task("Late", "/", Waiting(3, 2))]
    )
    assert [(row["title"], row["late"]) for row in rows] == [("Late", "2 are late"), ("On time", "")]


def test_the_board_shows_what_is_late_to_the_sergeant_alone(cast: Cast, as_superuser: Connection) -> None:
    share, enquiry = send(cast), ask(cast, by="officer")
    with acting(cast.user("officer"), page="test") as officer:
        exchange.acknowledge_share(by=officer, at=AT, share=share, once=uuid.uuid4())
        exchange.record_crime(by=officer, at=AT, share=share, what="Theft", once=uuid.uuid4())
    shown = home("sergeant", "/board/")
    assert "No share is overdue" in shown
    assert "No enquiry is overdue" in shown
    late = now() - dt.timedelta(days=2, hours=1)
    for table, record in (("exchange_share", share), ("exchange_enquiry", enquiry)):
        as_superuser.execute("set session_replication_role = replica")
        as_superuser.execute(f"update {table} set due_at = %s where id = %s", [late, record])
    shown = home("sergeant", "/board/")
    assert shown.count("Larkmoor School Late by 2 days") == 2, shown
    assert "Not said yet what will be done: PC Ada Fern To keep other people safe" in shown, shown
    assert "Not answered yet: Mrs Josephine Larch" in shown
    assert "Crimes without a reference Larkmoor School" in shown
    assert CHILD not in shown
    assert "Larkmoor School" not in home("other-sergeant", "/board/")


@pytest.mark.parametrize("key", ["officer", "spoc", "head", "youth-lead", "dpo", "admin"])
def test_the_board_is_not_for_others(cast: Cast, key: str) -> None:
    client = Client()
    client.post("/demo/sign-in", {"persona": key})
    assert client.get("/board/").status_code == 403


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("youth-lead", "never a name"),
        ("dpo", "Open the access log"),
        ("school-dpo", "Open the access log"),
        ("admin", "Open the directory"),
        ("yjs", "Referrals and conferences"),
        ("provider", "Referrals and conferences"),
        ("intelligence", "Intelligence reports"),
    ],
)
def test_who_has_no_tasks_sees_what_they_come_for(cast: Cast, key: str, words: str) -> None:
    assert words in home(key)


def test_an_officer_without_a_school_can_give_their_picture(cast: Cast) -> None:
    page = f"/officers/{cast.person('unassigned-officer')}/picture/change/"
    assert "My picture for the schools" in home("unassigned-officer")
    assert "Put it up" in home("unassigned-officer", page)
    assert "My picture for the schools" not in home("sergeant")


def test_the_menu_holds_what_the_roles_open(cast: Cast) -> None:
    assert "Triage" not in home("officer")
    assert "The board" not in home("officer")
    assert "Triage" in home("spoc")
    assert "Shares" not in home("teacher")


def test_danger_is_on_top_of_the_spocs_home_and_the_dsl_is_led_to_no_refusal(cast: Cast) -> None:
    doings.raise_concern(doings.signed_in(cast, "teacher"), in_danger="yes")
    spoc, dsl = doings.signed_in(cast, "spoc"), doings.signed_in(cast, "dsl")
    page = spoc.get("/").text
    assert page.index("Somebody may be in danger") < page.index("Concerns to open")
    spoc.get(doings.links(spoc, "/triage/")[0])
    assert "Concerns to decide" in spoc.get("/").text
    assert "Concerns to decide" not in dsl.get("/").text
    assert "Agreements" in home("teacher")
    assert "Agreements" not in home("yjs")
    assert "Documents" in home("youth-lead")
    assert "Documents" not in home("head")


def test_what_is_to_be_signed_waits_on_the_home_of_whoever_signs(cast: Cast) -> None:
    """The trust has not signed the agreement of one of its schools."""
    assert "Agreements to sign 1" in home("trust-lead")
    pk = propose(cast)
    assert "Agreements to sign 1" in home("other-head")
    assert "Agreements to sign" not in home("other-spoc")
    sign(cast, pk)
    assert "Agreements to sign" not in home("other-head")
    assert "Agreements to sign 1" in home("sergeant")


def test_what_was_given_to_the_dsl_waits_for_the_dsl_and_is_with_others_for_the_spoc(cast: Cast) -> None:
    doings.raise_concern(doings.signed_in(cast, "teacher"))
    spoc, dsl = doings.signed_in(cast, "spoc"), doings.signed_in(cast, "dsl")
    concern = doings.links(spoc, "/triage/")[0]
    spoc.get(concern)
    doings.decide(spoc, concern, "with_dsl", reason="Child protection.", told="The DSL has it.")

    assert "Concerns with you as DSL" in dsl.get("/").text
    assert "Concerns with you as DSL" not in spoc.get("/").text
    assert "With others" not in dsl.get("/triage/").text
    assert "With others" in spoc.get("/triage/").text
