"""The database agrees with the oracle about every table, for reading and for every write, over random worlds."""

import datetime as dt
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection, sql
from psycopg.errors import CheckViolation, InsufficientPrivilege

from schoolgate.config.environment import read_environment
from schoolgate.config.roles import conninfo
from schoolgate.core.clock import now
from tests.access.oracle import Dates, Emergency, Held, Posted, World
from tests.access.rules import RULES, Rule, circles, together
from tests.access.specimens import Specimens, insertion
from tests.access.world import Builder, Somebody

pytestmark = pytest.mark.usefixtures("committed_database")

PROTECTED = "select tgrelid::regclass::text from pg_trigger where tgname = 'protect'"
ROLES_OF = {
    "school": ["staff", "supply", "spoc", "deputy_spoc", "head", "dsl", "deputy_dsl", "governors"],
    "team": ["officer", "sergeant", "intelligence", "professional_standards"],
    "agency": ["practitioner", "lado"],
    "force": ["youth_lead", "analyst", "dpo"],
    "controller": ["dpo", "trust_lead"],
}
ORGANISATIONS = ["force", "controller", "school", "school", "team", "team", "agency"]
PEOPLE = 4

offsets = st.sampled_from([-400, -1, 0, 1])
spans = st.tuples(offsets, st.sampled_from([None, -1, 0, 1])).filter(lambda s: s[1] is None or s[0] <= s[1])
roles = st.tuples(
    st.integers(0, PEOPLE - 1),
    st.integers(0, len(ORGANISATIONS) - 1).flatmap(
        lambda index: st.tuples(st.just(index), st.sampled_from(ROLES_OF[ORGANISATIONS[index]]))
    ),
    spans,
)
postings = st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from([4, 5]), st.sampled_from([2, 3]), spans)
emergencies = st.tuples(
    st.integers(0, PEOPLE - 1), st.sampled_from(["school", "partnership"]), st.sampled_from([2, 3]), st.booleans()
)
worlds = st.fixed_dictionaries(
    {
        "roles": st.lists(roles, min_size=2, max_size=8, unique_by=lambda r: (r[0], r[1])),
        "postings": st.lists(postings, max_size=3, unique_by=lambda p: (p[0], p[2])),
        "emergencies": st.lists(emergencies, max_size=1),
        "barred": st.lists(st.integers(0, PEOPLE - 1), max_size=1),
    }
)


class Made:
    """A drawn world, in the database and in the oracle's words."""

    def __init__(self, superuser: Connection, drawn: dict[str, Any]) -> None:
        self.builder = Builder(superuser)
        self.world = World(today=now().date())
        force = self.builder.organisation("force", "Force")
        self.organisations = [force] + [self._organisation(kind, force) for kind in ORGANISATIONS[1:]]
        self.people = [self.builder.person(f"Person {n}") for n in range(PEOPLE)]
        self.builder.edition(force)
        self._add_former_staff()
        self._add_roles(drawn["roles"])
        self._add_postings(drawn["postings"])
        self._add_emergencies(drawn["emergencies"])
        self.barred = [self.people[index].person for index in drawn["barred"]]

    def of_kind(self, *kinds: str) -> list[int]:
        return [o for o, kind in zip(self.organisations, ORGANISATIONS, strict=True) if kind in kinds]

    def _organisation(self, kind: str, force: int) -> int:
        if kind == "school":
            return self.builder.school("School", force=force, controller=self._controller(force))
        return self.builder.organisation(kind, kind, force=force)

    def _controller(self, force: int) -> int:
        return self.builder.organisation("controller", "Trust", force=force)

    def _dates(self, span: tuple[int, int | None]) -> Dates:
        day = lambda offset: self.world.today + dt.timedelta(days=offset)  # noqa: E731
        return Dates(day(span[0]), None if span[1] is None else day(span[1]))

    def _add_former_staff(self) -> None:
        """The maker of every record once worked at each school: it reads nothing by that."""
        for school in self.of_kind("school"):
            former = Dates(self.world.today - dt.timedelta(days=900), self.world.today - dt.timedelta(days=800))
            self.builder.role(self.people[0], school, "staff", since=former.since, until=former.until)
            self.world.roles.append(Held(self.people[0].person, school, "staff", former))

    def _add_roles(self, drawn: list[Any]) -> None:
        for who, (where, role), span in drawn:
            dates, person = self._dates(span), self.people[who]
            self.builder.role(person, self.organisations[where], role, since=dates.since, until=dates.until)
            self.world.roles.append(Held(person.person, self.organisations[where], role, dates))

    def _add_postings(self, drawn: list[Any]) -> None:
        for who, team, school, span in drawn:
            dates, person = self._dates(span), self.people[who]
            at = self.organisations[team], self.organisations[school]
            self.builder.assign(person, *at, since=dates.since, until=dates.until)
            self.world.postings.append(Posted(person.person, *at, dates))

    def _add_emergencies(self, drawn: list[Any]) -> None:
        for who, kind, school, over in drawn:
            until = now() + dt.timedelta(hours=-1 if over else 1)
            self.builder.sql.execute(
                "insert into access_emergencyaccess (id, holder, controller, regime, marking, retention_class, circles,"
                " barred, made_by, made_at, kind, until, reason, once)"
                " values (gen_random_uuid(), %s, 0, '', 'official', 'contact', '{}', '{}', %s, %s, %s, %s, 'test',"
                " gen_random_uuid())",
                [self.organisations[school], self.people[who].person, until - dt.timedelta(hours=2), kind, until],
            )
            self.world.emergencies.append(
                Emergency(self.people[who].person, kind, self.organisations[school], holds_now=not over)
            )


@pytest.fixture
def login(committed_database: str) -> Any:
    with psycopg.connect(conninfo(read_environment(), "schoolgate_login"), autocommit=True) as connection:
        yield connection


def owners_of(made: Made, rule: Rule) -> list[dict[str, Any]]:
    """One row for each organisation that may own it; a second owner column takes the first of its kind."""
    first, *others = rule.owners
    fixed = {column: made.of_kind(*rule.owners[column])[0] for column in others}
    people = {column: made.people[0].person for column in rule.people}
    rows = [fixed | people | {first: owner} for owner in made.of_kind(*rule.owners[first])]
    return [row for row in rows if is_of_one_school(made, row)]


def is_of_one_school(made: Made, row: dict[str, Any]) -> bool:
    """A school's own record names no other school."""
    schools = {row[column] for column in ("holder", "school", "head_of", "governors_of") if column in row}
    return len(schools & set(made.of_kind("school"))) == 1


def visible(login: Connection, viewer: Somebody, table: str) -> set[UUID]:
    with login.transaction():
        login.execute("select person from access_enter(%s)", [viewer.user])
        return {row[0] for row in login.execute(sql.SQL("select id from {}").format(sql.Identifier(table)))}


def may_add(login: Connection, viewer: Somebody, table: str, row: dict[str, Any]) -> bool:
    try:
        with login.transaction(force_rollback=True):
            login.execute("select person from access_enter(%s)", [viewer.user])
            login.execute(insertion(table, row), list(row.values()))
    except (InsufficientPrivilege, CheckViolation) as refusal:
        if isinstance(refusal, InsufficientPrivilege) or "no circle would read this" in str(refusal):
            return False
        raise
    return True


def may_change(login: Connection, viewer: Somebody, table: str, column: str, row: UUID) -> bool:
    change = sql.SQL("update {} set {} = {} where id = %s").format(
        sql.Identifier(table), sql.Identifier(column), sql.Identifier(column)
    )
    try:
        with login.transaction(force_rollback=True):
            login.execute("select person from access_enter(%s)", [viewer.user])
            return login.execute(change, [row]).rowcount == 1
    except InsufficientPrivilege:
        return False


def test_every_protected_table_is_in_the_oracle(as_superuser: Connection) -> None:
    assert {row[0] for row in as_superuser.execute(PROTECTED)} == RULES.keys()


@pytest.mark.parametrize("table", RULES)
def test_the_database_agrees_with_the_oracle(table: str, as_superuser: Connection, login: Connection) -> None:
    rule = RULES[table]

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(worlds)
    def agrees(drawn: dict[str, Any]) -> None:
        made = Made(as_superuser, drawn)
        specimens = Specimens(as_superuser)
        rows = []
        for owners in owners_of(made, rule):
            row = owners | {"made_by": made.people[0].person, "made_at": "2026-03-02 10:00+00"}
            rows.append((row, specimens.add(table, row | {"barred": made.barred})))
        for viewer in made.people:
            check_reading(made, rule, rows, viewer, visible(login, viewer, table))
            check_writing(made, rule, rows, viewer)

    def check_reading(made: Made, rule: Rule, rows: list[Any], viewer: Somebody, seen: set[UUID]) -> None:
        for row, identity in rows:
            expected = made.world.may_read(viewer.person, circles(rule.reads, row), made.barred)
            assert (identity in seen) == expected, (table, "reads", row, viewer)

    def check_writing(made: Made, rule: Rule, rows: list[Any], viewer: Somebody) -> None:
        for row, identity in rows:
            mine = row | {"made_by": viewer.person}
            full = Specimens(as_superuser).columns(table, mine)
            expected = made.world.may_write(viewer.person, together(rule.adds, mine))
            assert may_add(login, viewer, table, full) == expected, (table, "adds", mine)
            reads = made.world.may_read(viewer.person, circles(rule.reads, row), made.barred)
            expected = reads and made.world.may_write(viewer.person, together(rule.changes or [], row))
            column = rule.change_column or "made_at"
            assert may_change(login, viewer, table, column, identity) == expected, (table, "changes", row)

    agrees()
