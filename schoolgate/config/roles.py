"""The database's roles and how the product connects as each.

The administrator's login (the embedded superuser, or the one in DATABASE_URL) makes roles and database
and is then left alone. Migrations run as the owner; the product serves as schoolgate_login, which may
become schoolgate_app. Grants on single tables are made by the migrations that make the tables.
"""

from typing import Any, LiteralString

import psycopg
from psycopg import Connection, OperationalError, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schoolgate.config.environment import LOGIN, LOGIN_ROLES, Environment, Secrets
from schoolgate.config.postgres import PORT, DatabaseTrouble, socket_folder

DATABASE = "schoolgate"
APP = "schoolgate_app"
CIRCLE_READER = "schoolgate_circle_reader"
ROLES = (*LOGIN_ROLES, APP, CIRCLE_READER)

OLDEST_SERVER = 15
ROLES_LOCK = 7_301_001  # any number that nothing else on the server locks
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}

SECURE_DATABASE: tuple[LiteralString, ...] = (
    "ALTER DATABASE {database} OWNER TO schoolgate_owner",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {logins}",
    "ALTER SCHEMA public OWNER TO schoolgate_owner",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {roles}",
    # A view or function can be handed only to a role that might have made it here itself.
    "GRANT CREATE ON SCHEMA public TO schoolgate_circle_reader",
)


def administrator_conninfo(environment: Environment) -> str:
    """Return how the administrator connects to the product's database."""
    if environment.database_url:
        return environment.database_url
    return make_conninfo(
        **_embedded_address(environment),
        user="postgres",
        password=environment.secrets.database_passwords["postgres"],
    )


def conninfo(environment: Environment, role: str) -> str:
    """Return how one of LOGIN_ROLES connects to the product's database."""
    return make_conninfo(**_address(environment), user=role, password=environment.secrets.database_passwords[role])


def database_settings(environment: Environment, role: str = LOGIN) -> dict[str, Any]:
    """Return Django's settings for a connection as one of LOGIN_ROLES.

    Only the serving role keeps a pool. Statements are never prepared on the server: a plan made for
    one person's circles would be used for another's (design, access, point 3).
    """
    address = _address(environment)
    options: dict[str, Any] = {"prepare_threshold": None}
    options |= {key: value for key, value in address.items() if key not in ("host", "port", "dbname")}
    if role == LOGIN:
        options["pool"] = POOL
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address["dbname"],
        "HOST": address.get("host", ""),
        "PORT": address.get("port", ""),
        "USER": role,
        "PASSWORD": environment.secrets.database_passwords[role],
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def prepare_database(administrator: str, secrets: Secrets) -> None:
    """Make roles and database, or bring them back to what they must be; safe to repeat.

    administrator: the administrator's connection string; its database is the product's.
    Raises DatabaseTrouble when the server is missing or too old, or the login may not do this.
    """
    try:
        with _connect_to_product_database(administrator) as connection:
            _refuse_old_server(connection)
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [ROLES_LOCK])
                _make_roles(connection, secrets)
                secure_database(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseTrouble(f"The administrator's login may not do what is needed: {_line(error)}") from error
    except psycopg.Error as error:
        raise DatabaseTrouble(f"The database cannot be prepared: {_line(error)}") from error


def secure_database(connection: Connection[Any]) -> None:
    """Give the connected database to the owner and close it to everybody but the product's roles; safe to repeat."""
    names = {
        "database": sql.Identifier(connection.info.dbname),
        "logins": sql.SQL(", ").join(map(sql.Identifier, LOGIN_ROLES)),
        "roles": sql.SQL(", ").join(map(sql.Identifier, ROLES)),
    }
    for statement in SECURE_DATABASE:
        connection.execute(sql.SQL(statement).format(**names))


def _address(environment: Environment) -> dict[str, Any]:
    """Host, port, database and the like, without a login."""
    if environment.database_url is None:
        return _embedded_address(environment)
    parts = conninfo_to_dict(environment.database_url)
    return {key: value for key, value in parts.items() if key not in ("user", "password")}


def _embedded_address(environment: Environment) -> dict[str, Any]:
    return {"host": str(socket_folder(environment.data)), "port": str(PORT), "dbname": DATABASE}


def _connect_to_product_database(administrator: str) -> Connection[Any]:
    """Connect, making the database first when the server has none of that name."""
    try:
        return psycopg.connect(administrator, autocommit=True)
    except OperationalError:
        name = conninfo_to_dict(administrator)["dbname"]
        with psycopg.connect(administrator, dbname="postgres", autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone():
                raise
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))
        return psycopg.connect(administrator, autocommit=True)


def _refuse_old_server(connection: Connection[Any]) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise DatabaseTrouble(f"Schoolgate needs PostgreSQL {OLDEST_SERVER} or later; the server has {version}.")


def _make_roles(connection: Connection[Any], secrets: Secrets) -> None:
    present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in ROLES:
        if role not in present:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    _refuse_powers(connection)
    for role in LOGIN_ROLES:
        _set_password(connection, role, secrets.database_passwords[role])
    connection.execute("ALTER ROLE schoolgate_login NOINHERIT")
    _grant_memberships(connection)


def _refuse_powers(connection: Connection[Any]) -> None:
    """Take no role that somebody else made with more power than the product's roles may have."""
    found = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        [list(ROLES)],
    ).fetchall()
    if found:
        names = ", ".join(name for (name,) in found)
        raise DatabaseTrouble(f"These database roles have powers that they must not have; take them away: {names}.")


def _set_password(connection: Connection[Any], role: str, password: str) -> None:
    """Send the verifier, so that the password itself reaches neither the wire nor a server log."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier)))


def _grant_memberships(connection: Connection[Any]) -> None:
    """The login becomes the application role by SET ROLE only; an administrator short of superuser needs the owner."""
    by_choice = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160_000 else ""
    connection.execute(sql.SQL("GRANT schoolgate_app TO schoolgate_login" + by_choice))
    connection.execute("GRANT schoolgate_circle_reader TO schoolgate_owner")
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if superuser == (False,):
        connection.execute("GRANT schoolgate_owner TO CURRENT_USER")


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
