"""Who can read a record, in words: a school of two hundred does not fill the page with names."""

import datetime as dt

from schoolgate.access.models import CircleKind
from schoolgate.access.selectors import Reader
from schoolgate.directory.models import Role
from schoolgate.directory.presenters import MOST_NAMED, reader_rows

SINCE = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


def reader(person: int, role: Role, kind: CircleKind = CircleKind.STAFF) -> Reader:
    return Reader(person, f"Person {person}", "Ms", kind, 1, role, SINCE, None)


def test_many_members_of_staff_are_counted_and_leaders_are_named() -> None:
    staff = [reader(person, Role.STAFF) for person in range(MOST_NAMED + 1)]
    spoc = [reader(900, Role.STAFF), reader(900, Role.SPOC, CircleKind.SCHOOL)]
    rows = [row["text"] for row in reader_rows([*staff, *spoc])]
    assert rows == ["Ms Person 900", f"{MOST_NAMED + 1} members of staff of the school"]


def test_a_few_are_named() -> None:
    staff = [reader(person, Role.STAFF) for person in range(MOST_NAMED)]
    assert [row["text"] for row in reader_rows(staff)] == [f"Ms Person {person}" for person in range(MOST_NAMED)]
