"""A data protection officer who is asked about a child finds the child's records, and reads nothing of them."""

from uuid import UUID

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.children.services import add_child
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

FIND = "/log/children/"


@pytest.fixture
def child(cast: Cast) -> UUID:
    """A record at Larkmoor School, whose trust has a data protection officer of its own."""
    with acting(cast.user("spoc"), page="test") as spoc:
        return add_child(by=spoc, at=now(), holder=cast.place("larkmoor"), name="Robin Thistle", year_group="9")


def test_the_schools_dpo_finds_the_record_and_who_looked_at_it(cast: Cast, child: UUID) -> None:
    dpo = signed_in(cast, "school-dpo")

    found = dpo.post(FIND, {"name": "thistle"}).text

    assert f"/log/record/{child}/" in found
    assert "Larkmoor School" in found
    assert "Robin" not in found
    assert dpo.get(f"/log/record/{child}/").status_code == 200


def test_the_dpo_of_another_controller_finds_nothing(cast: Cast, child: UUID) -> None:
    found = signed_in(cast, "dpo").post(FIND, {"name": "Robin Thistle"}).text
    assert str(child) not in found
    assert "No record of a child of that name" in found


@pytest.mark.parametrize("name", ["", "Ro", "%", "_____"])
def test_a_search_for_everybody_finds_nobody(cast: Cast, child: UUID, name: str) -> None:
    assert str(child) not in signed_in(cast, "school-dpo").post(FIND, {"name": name}).text


def test_the_search_is_logged_by_the_records_that_it_found(cast: Cast, child: UUID, as_superuser: Connection) -> None:
    signed_in(cast, "school-dpo").post(FIND, {"name": "Robin Thistle"})
    logged = as_superuser.execute(
        "select records, subjects from audit_access where page = 'governance:children' and kind = 'children.child'"
    ).fetchall()
    assert logged == [([child], [child])]


def test_nobody_but_a_dpo_searches(cast: Cast, child: UUID) -> None:
    for key in ("spoc", "head", "sergeant", "admin", "youth-lead"):
        assert signed_in(cast, key).post(FIND, {"name": "Robin Thistle"}).status_code in (403, 404)
