"""Fill a database: the register, then the records, as the superuser with triggers off."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection, sql

from benchmarks.bed import register
from benchmarks.bed.copying import copy_rows
from benchmarks.bed.records import Records, load_records
from schoolgate.access.models import Circle, User
from schoolgate.deployment.models import Assignment
from schoolgate.directory.models import Force, Membership, Organisation, Person, School, Team, Term

NUMBERED = """
select setval(pg_get_serial_sequence(%(table)s, 'id'), (select max(id) from {table}))
"""
PROTECTED_TABLES = "select tgrelid::regclass::text from pg_trigger where tgname = 'protect' and not tgisinternal"
TERM = {"first_day": "2020-09-01", "last_day": "2030-07-31"}


def load(connection: Connection, others: int, now: dt.datetime) -> None:
    """Load the register for so many records, the officer's own records and the others; then vacuum."""
    records = Records(others, now)
    connection.execute("set session_replication_role = replica")
    connection.execute("set maintenance_work_mem = '256MB'")
    with connection.transaction():
        load_register(connection, records.schools)
    with indexed_afterwards(connection):
        load_records(connection, records, basis=_any_basis(connection))
    connection.execute("set session_replication_role = origin")
    connection.execute("vacuum analyze")


@contextmanager
def indexed_afterwards(connection: Connection) -> Iterator[None]:
    """Make the indexes of protected tables once all rows are in: a quarter of the time."""
    tables = [name for (name,) in connection.execute(PROTECTED_TABLES).fetchall()]
    connection.execute("update pg_index set indisready = false where indrelid = any (%s::regclass[])", [tables])
    yield
    for table in tables:
        connection.execute(sql.SQL("reindex table {}").format(sql.Identifier(table)))


def load_register(connection: Connection, schools: int) -> None:
    """Load so many schools with their people and police. Triggers are off by then."""
    columns = ["id", "kind", "name", "parent_id", "controller_id", "force_id", "regime"]
    copy_rows(connection, Organisation, columns, register.organisations(schools))
    copy_rows(connection, Force, ["organisation_id"], [(register.FORCE,)], {"slug": "invented"})
    teams = [(its,) for its in dict.fromkeys(map(register.team, range(schools)))]
    copy_rows(connection, Team, ["organisation_id"], [*teams, (register.CASEWORKER_TEAM,)], {"kind": "safer_schools"})
    numbers = [(register.school(number), register.school(number)) for number in range(schools)]
    copy_rows(connection, School, ["organisation_id", "urn"], numbers)
    copy_rows(connection, Term, ["school_id"], (row[:1] for row in numbers), TERM)
    accounts = [(user, f"account-{user}@example.invalid", "!") for user in register.ACCOUNTS.values()]
    copy_rows(connection, User, ["id", "email", "password"], accounts)
    copy_rows(connection, Person, ["id", "name", "title", "user_id"], register.people(schools))
    since = {"since": register.SINCE}
    roles = ["person_id", "organisation_id", "role"]
    copy_rows(connection, Membership, roles, register.memberships(schools), since)
    postings = ["officer_id", "team_id", "school_id", "kind"]
    copy_rows(connection, Assignment, postings, register.assignments(schools), since)
    copy_rows(connection, Circle, ["id", "kind", "organisation", "person"], register.circles(schools))
    for model in (Organisation, User, Person, Circle):
        table = model._meta.db_table
        connection.execute(NUMBERED.format(table=table), {"table": table})


def _any_basis(connection: Connection) -> int:
    row = connection.execute("select min(id) from exchange_legalbasis where side = 'school'").fetchone()
    assert row
    return int(row[0])
