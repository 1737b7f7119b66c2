"""A throw-away database server with a migrated template, and a copy of it for each size measured."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import django
import psycopg
from psycopg import Connection, sql

from schoolgate.config.environment import OWNER, Environment, read_environment
from schoolgate.config.postgres import EmbeddedPostgres, socket_folder
from schoolgate.config.roles import conninfo, prepare_database, secure_database
from schoolgate.config.steps import SERVING_SETTINGS, migrate_when_needed

TEMPLATE = "schoolgate_template"


@dataclass(frozen=True)
class Server:
    """The running server, set as the product's own: what it answers, it has on disk."""

    embedded: EmbeddedPostgres
    environment: Environment

    def as_superuser(self, database: str) -> Connection:
        """Connect as the superuser, whom no policy binds; statements are never prepared, as in the product."""
        return psycopg.connect(self.embedded.conninfo(database), autocommit=True, prepare_threshold=None)

    def as_role(self, database: str, role: str) -> Connection:
        """Connect as one of the product's logins."""
        address = conninfo(self.environment, role)
        return psycopg.connect(address, dbname=database, autocommit=True, prepare_threshold=None)

    def make(self, name: str) -> None:
        """Make a database from the template."""
        statement = sql.SQL("create database {} template {} owner {}")
        with self.as_superuser("postgres") as connection:
            connection.execute(statement.format(*map(sql.Identifier, (name, TEMPLATE, OWNER))))
        with self.as_superuser(name) as connection:
            secure_database(connection)

    def turn_to(self, name: str) -> None:
        """Let Django connect to this database from now on."""
        from django.db import connection

        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
        connection.settings_dict["NAME"] = name
        # One database process works for every request, and its time is measured.
        connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}


@contextmanager
def throw_away_server() -> Iterator[Server]:
    """Start a server in a folder of its own, migrate the template, set Django up; leave nothing behind."""
    data = Path(tempfile.mkdtemp(prefix="schoolgate-bench-"))
    os.environ |= {"SCHOOLGATE_DATA": str(data), "SCHOOLGATE_DEMO": "0", "DJANGO_SETTINGS_MODULE": SERVING_SETTINGS}
    password = read_environment().secrets.database_passwords["postgres"]
    embedded = EmbeddedPostgres(data, password)
    try:
        embedded.start()
        os.environ["DATABASE_URL"] = _database_url(data, password)
        environment = read_environment()
        prepare_database(_database_url(data, password), environment.secrets)
        migrate_when_needed(environment)
        django.setup()
        yield Server(embedded, environment)
    finally:
        embedded.stop()
        shutil.rmtree(data, ignore_errors=True)


def _database_url(data: Path, password: str) -> str:
    address = urlencode({"host": socket_folder(data), "port": "5432"})
    return f"postgresql://postgres:{password}@/{TEMPLATE}?{address}"
