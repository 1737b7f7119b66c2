"""What a staff list would do to the staff of a school, worked out by the database that also does it."""

import json
from dataclasses import asdict, dataclass

from django.db import connection

from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Role
from schoolgate.partnership.staff_list import StaffList


@dataclass(frozen=True)
class StaffChange:
    """What becomes of one person: added, changed, unchanged, leaves, or refused.

    keeps_name: the list has another name, but they are not this school's alone, so the name stays as it is.
    other_roles: of somebody who leaves, what they still are here.
    """

    outcome: str
    email: str
    name: str
    keeps_name: bool
    other_roles: tuple[Role, ...]


@dataclass(frozen=True)
class StaffPlan:
    """All that a list would do, and its digest: when that differs later, something changed meanwhile."""

    changes: tuple[StaffChange, ...]
    digest: str

    def of(self, *outcomes: str) -> list[StaffChange]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.outcome in outcomes]


def staff_plan(viewer: Viewer, school: int, given: StaffList) -> StaffPlan:
    """What taking over the list would do now; nothing for anybody who may not keep the staff of the school."""
    query = "select outcome, email, name, keeps_name, other_roles from partnership_staff_plan(%s, %s, %s)"
    values = as_asked(school, given)
    with connection.cursor() as cursor:
        cursor.execute(f"{query} order by name, email", values)
        changes = tuple(_change(*row) for row in cursor)
        cursor.execute("select partnership_staff_digest(%s, %s, %s)", values)
        return StaffPlan(changes, cursor.fetchone()[0])


def _change(outcome: str, email: str, name: str, keeps_name: bool, other_roles: list[str]) -> StaffChange:
    return StaffChange(outcome, email, name, keeps_name, tuple(map(Role, other_roles)))


def as_asked(school: int, given: StaffList) -> tuple[int, str, bool]:
    """A list as the database takes it: for which school, the people without their lines, whether it is whole."""
    people = [{name: value for name, value in asdict(one).items() if name != "line"} for one in given.people]
    return school, json.dumps(people), given.is_whole


def count_uninvited(school: int) -> int:
    """How many of a school's staff have no account yet; none for whoever may not invite them."""
    with connection.cursor() as cursor:
        cursor.execute("select partnership_count_uninvited(%s)", [school])
        return int(cursor.fetchone()[0])
