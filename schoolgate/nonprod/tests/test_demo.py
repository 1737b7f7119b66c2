"""The demonstration's history: something in every state, by the product's own services."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.concerns.models import Status
from schoolgate.core.clock import london_day, now
from schoolgate.exchange.models import ShareStatus
from schoolgate.nonprod.agreeing import brief_staff
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.demo import load_demo
from schoolgate.nonprod.history import let_the_clock_act, tell_history
from schoolgate.nonprod.personas import PERSONAS
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.partnership.selectors.awareness import readers_of_briefing
from schoolgate.partnership.selectors.overview import Wanted, overview

pytestmark = pytest.mark.usefixtures("committed_database")

KEYS = [person.key for person in PERSONAS]
AT_MOST = 8  # queries of a page, the session, the circles and the access log among them


def test_it_is_loaded_once(cast: Cast) -> None:
    assert load_demo(at=now()) is False


def test_three_months_leave_something_in_every_state_for_everybody(cast: Cast, as_superuser: Connection) -> None:
    at = now()
    with transaction.atomic():
        tell_history(cast, at=at)
    let_the_clock_act(at=at)

    triage = {row[0] for row in as_superuser.execute("select distinct status from concerns_triage").fetchall()}
    assert triage == {status.value for status in Status} - {Status.SHARING}
    shares = {row[0] for row in as_superuser.execute("select distinct status from exchange_share").fetchall()}
    assert shares == {status.value for status in ShareStatus}
    assert _count(as_superuser, "concerns_triagestep where kind = 'late'") == 1
    assert _count(as_superuser, "exchange_sharestep where kind = 'passed' and made_by = 0") > 0
    assert _count(as_superuser, "exchange_share where ground <> 'agreement'") > 0
    assert _count(as_superuser, "exchange_crimereport where force_reference = '' and due_at < now()") > 0
    assert _count(as_superuser, "exchange_crimereport where force_reference <> ''") > 0
    assert _count(as_superuser, "concerns_allegation") == 2
    assert _count(as_superuser, "exchange_enquiry where answered_at is null and due_at < now()") > 0
    assert _count(as_superuser, "audit_change where person is null and kind = 'exchange_share'") == 0

    assert {key: found for key in KEYS if len(found := _queries_of_home(key)) > AT_MOST} == {}


def _queries_of_home(key: str) -> list[str]:
    """What the home page asks of the database; that the session was seen is written once a minute, before."""
    client = Client()
    client.post("/demo/sign-in", {"persona": key})
    assert client.get("/").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    return [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]


def _count(superuser: Connection, rows: str) -> int:
    found = superuser.execute(f"select count(*) from {rows}").fetchone()
    assert found
    return int(found[0])


def test_most_of_the_staff_have_read_the_briefing_and_the_staff_have_groups(cast: Cast) -> None:
    brief_staff(cast, at=now())
    with acting(cast.user("head"), page="test") as head:
        readers = readers_of_briefing(head, cast.place("larkmoor"), on=london_day(now()))
    assert [sum(one.read_at is not None for one in readers), len(readers)] == [7, 10]
    assert {one.group for one in readers} == {"Teaching", "Office", "Site", "School leaders"}
    with acting(cast.user("sergeant"), page="test"):
        low = overview(cast.place(WEXMOOR), Wanted(low=True), on=london_day(now())).schools
        assert 0 < len(low) < len(overview(cast.place(WEXMOOR), Wanted(), on=london_day(now())).schools)
