"""Every address is walked as every persona and as nobody: each gets in, or is turned away, as written down."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.access.models import CircleKind
from schoolgate.concerns.selectors.people import reading_time
from schoolgate.concerns.services.allegations import raise_allegation
from schoolgate.concerns.services.telling import raise_concern
from schoolgate.core.clock import now
from schoolgate.core.enums import Nation
from schoolgate.deployment.tests.doings import proposed, tell
from schoolgate.directory.tests.test_import_pages import imported
from schoolgate.drafts.models import DraftKind
from schoolgate.drafts.services import Desk, FormPage, save_draft
from schoolgate.exchange import services as exchange
from schoolgate.exchange.tests.doings import act, ask, send, signed_in
from schoolgate.governance.services import take_emergency_access
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.partnership.models import AgreementKind
from schoolgate.partnership.pictures import as_portrait
from schoolgate.partnership.services.documents import begin_edition
from schoolgate.partnership.services.pictures import put_up_picture
from schoolgate.partnership.tests.doings import propose
from schoolgate.partnership.tests.test_pictures import a_picture
from schoolgate.planning.tests.doings import based, plan_of, planned
from tests.access.addresses import ADDRESSES, ANONYMOUS, EVERYBODY, SIGN_IN_SPACES, Address, names

TOLD = {
    "in_danger": False,
    "child_name": "Kit Example",
    "seen": "Two pupils passed a folded knife behind the hall.",
    "occurred_on": dt.date(2026, 1, 12),
    "place": "in_school",
}


@pytest.fixture
def records(cast: Cast, as_superuser: Connection) -> dict[str, Any]:
    """One record of each kind at Larkmoor School, and what else fills an address."""
    school = cast.place("larkmoor")
    with acting(cast.user("teacher"), page="test") as teacher:
        reading = reading_time(school, now())
        raise_concern(by=teacher, at=now(), reading=reading, told=TOLD, involved=[], barred=[], once=uuid4())
        raise_allegation(
            by=teacher,
            at=now(),
            school=school,
            about="staff",
            complained_of=cast.person("other-teacher"),
            told={
                "in_danger": False,
                "complained_of_name": "Mr Pebble",
                "seen": "He shouted.",
                "occurred_on": dt.date(2026, 1, 12),
                "place": "in_school",
            },
            once=uuid4(),
        )
    share = send(cast, by="spoc")
    act(cast, "officer", exchange.record_crime, share, what="A knife was shown.")
    found = {"share": share, "enquiry": ask(cast, by="officer"), "school": school, "kind": "concern", "once": uuid4()}
    found |= {"person": cast.person("teacher"), "team": "team", "taken": ended_emergency(cast, as_superuser)}
    found |= {"import": imported(cast), "form": "pdf", "agreement": propose(cast, school="larkmoor")}
    found |= {"draft": own_draft(cast, as_superuser)}
    found |= {"force": cast.place(WEXMOOR), "document": "dsa", "briefing": "ssp", "edition": next_edition(cast)}
    found["officer"] = cast.person("officer")
    with acting(cast.user("officer"), page="test") as officer:
        put_up_picture(by=officer, at=now(), officer=found["officer"], portrait=as_portrait(a_picture()))
    found["told_role"] = "head"
    found["proposal"] = proposed(cast, school="larkmoor")
    found["telling"] = tell(cast, found["proposal"], school="larkmoor")[0]
    based(cast)
    found["study"] = planned(cast)
    found["plan"] = plan_of(cast, found["study"])
    for key, query in {
        "posting": f"select min(id) from deployment_assignment where officer_id = {cast.person('officer')}",
        "concern": "select id from concerns_concern",
        "allegation": "select id from concerns_allegation",
        "once_concern": "select once from concerns_concern",
        "once_allegation": "select once from concerns_allegation",
        "crime": "select id from exchange_crimereport",
        "basis": "select min(id) from exchange_legalbasis",
        "membership": f"select id from directory_membership where person_id = {cast.person('teacher')}",
        "spoc_membership": f"select id from directory_membership where person_id = {cast.person('spoc')}",
        "notice": f"select id from notices_notice where person = {cast.person('spoc')}",
    }.items():
        row = as_superuser.execute(query).fetchone()  # type: ignore[call-overload]
        assert row, key
        found[key] = row[0]
    return found


def own_draft(cast: Cast, as_superuser: Connection) -> UUID:
    """What the teacher has typed and not sent."""
    school = cast.place("larkmoor")
    with acting(cast.user("teacher"), page="test") as teacher:
        desk = Desk(school, DraftKind.CONCERN, f"/concerns/new/?school={school}")
        page = FormPage(uuid4(), uuid4(), None)
        save_draft(by=teacher, at=now(), desk=desk, form=page, content={"seen": ["Half a sentence"]})
    row = as_superuser.execute("select id from drafts_draft where closed_at is null").fetchone()
    assert row
    return UUID(str(row[0]))


def next_edition(cast: Cast) -> int:
    """The second edition of a document of the force, being written."""
    with acting(cast.user("sergeant"), page="test") as sergeant:
        its = {"force": cast.place(WEXMOOR), "kind": AgreementKind.DSA, "nation": Nation.ENGLAND}
        return begin_edition(by=sergeant, at=now(), **its)


def ended_emergency(cast: Cast, as_superuser: Connection) -> UUID:
    """An emergency that is over: while it lasted, whoever took it was in one circle more."""
    with acting(cast.user("unassigned-officer"), page="test") as officer:
        taken = take_emergency_access(
            by=officer,
            at=now(),
            kind=CircleKind.PARTNERSHIP,
            school=cast.place("larkmoor"),
            hours=1,
            reason="The school's own officers cannot be reached.",
            once=uuid4(),
        )
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute(
        "update access_emergencyaccess set made_at = made_at - interval '2 hours', until = until - interval '2 hours'"
    )
    return taken


def address(name: str, row: Address, records: dict[str, Any]) -> str:
    return reverse(name, kwargs={key: records[source] for key, source in row.record.items()})


def is_turned_away(answer: HttpResponse) -> bool:
    """An empty form that is refused, or sent on, was still let in."""
    sent_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    return sent_to_sign_in or answer.status_code in (403, 404, 405)


def visitors(cast: Cast) -> Iterator[tuple[str, Client]]:
    """Every persona, and a stranger."""
    yield ANONYMOUS, Client()
    for key in sorted(EVERYBODY):
        yield key, signed_in(cast, key)


def test_every_address_is_in_the_walk() -> None:
    walked = {name for name in names(get_resolver()) if not name.startswith(SIGN_IN_SPACES)}
    assert walked == ADDRESSES.keys()


def test_every_address_lets_in_whom_it_should_and_turns_away_the_rest(cast: Cast, records: dict[str, Any]) -> None:
    wrong = []
    for key, client in visitors(cast):
        for name, row in ADDRESSES.items():
            if not row.posts and is_turned_away(client.get(address(name, row, records))) == (key in row.may):
                wrong.append((name, key, "should get in" if key in row.may else "got in"))
    assert wrong == []


def test_forms_turn_away_whoever_may_not_send_them(cast: Cast, records: dict[str, Any]) -> None:
    """The form holds its token alone: one of a single button is complete with it, and would be obeyed."""
    wrong = []
    for key, client in visitors(cast):
        for name, row in ADDRESSES.items():
            if key not in row.may and not is_turned_away(client.post(address(name, row, records), {"once": uuid4()})):
                wrong.append((name, key))
    assert wrong == []
