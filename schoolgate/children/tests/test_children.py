import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from schoolgate.access.acting import acting
from schoolgate.children.models import Child
from schoolgate.children.selectors import children_named_like
from schoolgate.children.services import add_child
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


def add(cast: Cast, who: str, *names: str, place: str = "larkmoor") -> None:
    with acting(cast.user(who), page="test") as viewer:
        for name in names:
            add_child(by=viewer, at=now(), holder=cast.place(place), name=name)


def offered(cast: Cast, who: str, name: str, place: str = "larkmoor") -> list[str]:
    with acting(cast.user(who), page="test"):
        return [child.name for child in children_named_like(cast.place(place), name)]


def test_the_likest_name_is_offered_first(cast: Cast) -> None:
    add(cast, "spoc", "Thistle Wren Robin", "Robin Thistlewood", "Robin Thistle", "Ada Finch")
    assert offered(cast, "spoc", "robin thistle") == ["Robin Thistle", "Robin Thistlewood", "Thistle Wren Robin"]


def test_at_most_five_are_offered(cast: Cast) -> None:
    add(cast, "spoc", *(f"Robin Example {number}" for number in range(7)))
    assert len(offered(cast, "spoc", "Robin")) == 5


def test_no_name_offers_nobody(cast: Cast) -> None:
    add(cast, "spoc", "Robin Thistle")
    assert offered(cast, "spoc", " ") == []


def test_a_holder_is_offered_its_own_children_alone(cast: Cast) -> None:
    add(cast, "other-spoc", "Robin Thistle", place="otterbridge")
    assert offered(cast, "spoc", "Robin Thistle", place="otterbridge") == []
    assert offered(cast, "other-spoc", "Robin Thistle") == []
    assert offered(cast, "other-spoc", "Robin Thistle", place="otterbridge") == ["Robin Thistle"]


@pytest.mark.parametrize("who", ["teacher", "other-spoc", "officer", "dpo", "admin"])
def test_nobody_else_adds_a_child(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        add(cast, who, "Robin Thistle")


@pytest.mark.parametrize("who", ["teacher", "other-spoc", "officer", "dpo", "admin"])
def test_the_database_refuses_who_adds_a_child_past_the_service(cast: Cast, who: str) -> None:
    child = Child(holder=cast.place("larkmoor"), made_by=cast.person(who), made_at=now(), name="Robin Thistle")
    with pytest.raises(DatabaseError, match="row-level security"), acting(cast.user(who), page="test"):
        child.save(force_insert=True)
