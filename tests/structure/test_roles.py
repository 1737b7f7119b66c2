"""The database roles hold no more power than they need, and tests connect as the product does."""

import psycopg
from psycopg import Connection

from schoolgate.config.environment import LOGIN_ROLES, read_environment
from schoolgate.config.roles import ROLES, conninfo


def test_no_role_may_bypass_policies_or_make_roles(as_superuser: Connection) -> None:
    rows = as_superuser.execute(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'schoolgate%'"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(ROLES, False)


def test_the_owner_owns_the_database_and_every_login_reaches_it(as_superuser: Connection) -> None:
    owner = as_superuser.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    assert owner == ("schoolgate_owner",)
    for role in LOGIN_ROLES:
        with psycopg.connect(conninfo(read_environment(), role)) as opened:
            assert opened.execute("SELECT current_user").fetchone() == (role,)


def test_nobody_but_the_owner_and_the_circle_reader_makes_tables(as_superuser: Connection) -> None:
    rows = as_superuser.execute(
        "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND has_schema_privilege(rolname, 'public', 'CREATE')"
        " AND rolname NOT LIKE 'pg\\_%'"
    ).fetchall()
    assert {name for (name,) in rows} == {"schoolgate_owner", "schoolgate_circle_reader"}


def test_the_login_holds_the_application_role_only_by_choice(committed_database: str) -> None:
    with psycopg.connect(conninfo(read_environment(), "schoolgate_login")) as opened:
        query = "SELECT pg_has_role('schoolgate_app', 'USAGE'), pg_has_role('schoolgate_app', 'SET')"
        assert opened.execute(query).fetchone() == (False, True)
