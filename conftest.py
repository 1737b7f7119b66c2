"""One throw-away database server for a test run; every test connects as the product does.

The first process of the run starts the server on a copy of a migrated cluster, which is kept in build/tests until
a migration changes. The template database gets the demonstration's partnership (see the fixture cast).
Each process works in a copy. Tests that commit for real take a fresh copy (see committed_database).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django
import psycopg
import pytest
from psycopg import Connection, sql
from pytest_django import DjangoDbBlocker

from schoolgate.config.environment import OWNER, REPOSITORY, Environment, read_environment
from schoolgate.config.postgres import DatabaseTrouble, EmbeddedPostgres, socket_folder
from schoolgate.config.roles import administrator_conninfo, conninfo, prepare_database, secure_database
from schoolgate.config.steps import collect_static_when_needed, migrate_when_needed

if TYPE_CHECKING:
    from schoolgate.nonprod.cast import Cast

TEMPLATE = "schoolgate"
KEPT = REPOSITORY / "build" / "tests"
MOST_KEPT = 3
SERVER = pytest.StashKey[EmbeddedPostgres]()


def pytest_configure(config: pytest.Config) -> None:
    """Point the settings at this run's own server and database before Django reads them."""
    if not hasattr(config, "workerinput"):
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"SCHOOLGATE_DATA": tempfile.mkdtemp(prefix="schoolgate-test-"), "SCHOOLGATE_DEMO": "1"}
        _fetch_kept_files()
        os.environ["DATABASE_URL"] = _database_url(TEMPLATE)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "schoolgate.config.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    django.setup()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server in the process that outlives all others of this run."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        server = EmbeddedPostgres(_data_folder(), _superuser_password(), durable=False)
        session.config.stash[SERVER] = server
        server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if hasattr(config, "workerinput"):
        return
    server = config.stash.get(SERVER, None)
    if server:
        server.stop()
    shutil.rmtree(_data_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> None:
    """Give this process its copy of the template instead of a database of Django's making."""
    process = getattr(request.config, "workerinput", {"workerid": "main"})["workerid"]
    _make_template_once()
    _copy_template(f"schoolgate_{process}")
    _turn_to(f"schoolgate_{process}")


@pytest.fixture
def committed_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give a fresh copy of the template, for a test that commits for real; yields its name."""
    name = f"schoolgate_{uuid.uuid4().hex}"
    _copy_template(name)
    try:
        with django_db_blocker.unblock(), _connected_to(name):
            yield name
    finally:
        _drop(name)


@pytest.fixture(scope="session")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> "Cast":
    """Give the people and places of the partnership: ``acting(cast.user("teacher"), page="test")``."""
    from schoolgate.nonprod.cast import Cast

    with django_db_blocker.unblock():
        return Cast.load()


@pytest.fixture
def as_owner(committed_database: str) -> Iterator[Connection]:
    """Give a connection as the owner of the tables, to set up or to tamper."""
    with psycopg.connect(conninfo(read_environment(), OWNER), autocommit=True) as connection:
        yield connection


@pytest.fixture
def as_superuser(committed_database: str) -> Iterator[Connection]:
    """Give a connection as the superuser, whom no policy binds."""
    with psycopg.connect(administrator_conninfo(read_environment()), autocommit=True) as connection:
        yield connection


def _fetch_kept_files() -> None:
    """Take what is slow to make and seldom changes: the static files, and a migrated cluster to work on a copy of."""
    KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(KEPT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        collect_static_when_needed(_environment(KEPT))
        cluster = KEPT / f"cluster-{_state_of_migrations()}"
        if not cluster.exists():
            _make_cluster(cluster)
        shutil.copytree(cluster, _data_folder(), dirs_exist_ok=True)
    (_data_folder() / "static").symlink_to(KEPT / "static")


def _state_of_migrations() -> str:
    """A digest of all that a migrated database depends on."""
    product = REPOSITORY / "schoolgate"
    patterns = ("*/migrations/*.py", "core/*.py", "config/settings*.py", "config/roles.py")
    files = sorted(file for pattern in patterns for file in product.glob(pattern))
    together = hashlib.sha256()
    for file in [REPOSITORY / "requirements-test.txt", *files]:
        together.update(str(file.relative_to(REPOSITORY)).encode() + file.read_bytes())
    return together.hexdigest()[:16]


def _make_cluster(kept: Path) -> None:
    """Migrate as the product does, in a process of its own: this one never holds the owner's login."""
    part = KEPT / "part"
    shutil.rmtree(part, ignore_errors=True)
    environment = _environment(part)
    server = EmbeddedPostgres(part, environment.secrets.database_passwords["postgres"], durable=False)
    try:
        server.start()
        prepare_database(administrator_conninfo(environment), environment.secrets)
        migrate_when_needed(environment)
    except DatabaseTrouble as error:
        pytest.exit(str(error), returncode=1)
    finally:
        server.stop()
    part.rename(kept)
    for old in sorted(KEPT.glob("cluster-*"), key=lambda folder: folder.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old)


def _environment(data: Path) -> Environment:
    return read_environment({"SCHOOLGATE_DATA": str(data), "SCHOOLGATE_DEMO": "1"})


def _data_folder() -> Path:
    return Path(os.environ["SCHOOLGATE_DATA"])


def _superuser_password() -> str:
    return _environment(_data_folder()).secrets.database_passwords["postgres"]


def _database_url(name: str) -> str:
    address = urlencode({"host": socket_folder(_data_folder()), "port": "5432"})
    return f"postgresql://postgres:{_superuser_password()}@/{name}?{address}"


def _current_database() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _make_template_once() -> None:
    """Let the cast in."""
    with open(_data_folder() / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_data_folder() / "template.made").exists():
            _load_partnership()
            (_data_folder() / "template.made").touch()


def _load_partnership() -> None:
    """The demonstration's people and places; the e-mails that invited them went long ago."""
    environment = os.environ | {"DATABASE_URL": _database_url(TEMPLATE)}
    words = [sys.executable, "-m", "schoolgate", "demo", "--no-history"]
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.exit(f"The template database was not made: {' '.join(words)} failed.\n{done.stderr}", returncode=1)
    with psycopg.connect(_database_url(TEMPLATE)) as connection:
        connection.execute("truncate procrastinate_jobs cascade")


def _copy_template(name: str) -> None:
    with psycopg.connect(_database_url("postgres"), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        connection.execute(statement.format(*map(sql.Identifier, (name, TEMPLATE, OWNER))))
    with psycopg.connect(_database_url(name), autocommit=True) as connection:
        secure_database(connection)


def _drop(name: str) -> None:
    with psycopg.connect(_database_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Every connection of this process and of the commands it starts goes to the named database."""
    before = _current_database()
    try:
        _turn_to(name)
        yield
    finally:
        _turn_to(before)


def _turn_to(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = _database_url(name)
