"""The steps before serving. Each is skipped while what it depends on is as it was when it last worked."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import LiteralString

import psycopg

from schoolgate.config.environment import REPOSITORY, Environment
from schoolgate.config.postgres import DatabaseTrouble
from schoolgate.config.roles import administrator_conninfo, conninfo
from schoolgate.core.clock import now

DJANGO = (sys.executable, "-m", "django")
SCHOOLGATE = (sys.executable, "-m", "schoolgate")
SERVING_SETTINGS = "schoolgate.config.settings"
OWNER_SETTINGS = "schoolgate.config.settings_owner"

WHICH_DATABASE = """
    SELECT system_identifier::text || '/' || oid::text FROM pg_control_system(), pg_database
    WHERE datname = current_database()
"""
APPLIED_MIGRATIONS = "SELECT string_agg(app || '.' || name, ' ' ORDER BY id) FROM django_migrations"


def migrate_when_needed(environment: Environment) -> None:
    """Migrate as the owner, unless the same migrations were already made in the same database.

    A database that was restored elsewhere begins a new epoch of the log before anything is written.
    """

    def state() -> str:
        return _digest(
            [_which_database(environment), _applied_migrations(environment), *_wanted_migrations(environment)]
        )

    def migrate() -> None:
        from schoolgate.audit.sealing import ROLE, raise_epoch_when_restored

        raise_epoch_when_restored(conninfo(environment, ROLE), environment.seal_key_path, at=now())
        run(environment, "migrate", *DJANGO, "migrate", "--noinput", settings=OWNER_SETTINGS)

    _unless_done(environment, "migrate", state, migrate)


def collect_static_when_needed(environment: Environment) -> None:
    """Gather and compress the static files, unless none changed since."""

    def collect() -> None:
        run(environment, "static", *DJANGO, "collectstatic", "--noinput", settings=SERVING_SETTINGS)

    _unless_done(environment, "static", lambda: _digest(_describe_static_files()), collect)


def load_demo_once(environment: Environment) -> None:
    """Load the demonstration partnership into a database that this data folder has not loaded it into yet."""

    def load() -> None:
        run(environment, "demo", *SCHOOLGATE, "demo", settings=SERVING_SETTINGS)

    _unless_done(environment, "demo", lambda: _which_database(environment), load)


def run(environment: Environment, step: str, *command: str, settings: str) -> None:
    """Run a command to its end, its output in the data folder's log/<step>.log.

    Raises DatabaseTrouble with its last line when it fails.
    """
    log = environment.data / "log" / f"{step}.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "SCHOOLGATE_DATA": str(environment.data)}
    with open(log, "wb") as output:
        done = subprocess.run(command, env=variables, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        last = (log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        raise DatabaseTrouble(f"The step “{step}” failed: {last} (more in {log})")


def _unless_done(environment: Environment, step: str, state: Callable[[], str], work: Callable[[], None]) -> None:
    """Do the work unless the step was last done in this state; what is remembered is the state after it."""
    memory = environment.data / "steps" / step
    if memory.exists() and memory.read_text() == state():
        return
    work()
    memory.parent.mkdir(mode=0o700, exist_ok=True)
    part = memory.with_suffix(".part")
    part.write_text(state())
    part.replace(memory)


def _wanted_migrations(environment: Environment) -> Iterable[str]:
    """Ours by name; those of libraries change only with the locked requirements."""
    yield str(environment.demo)
    yield from sorted(str(path) for path in (REPOSITORY / "schoolgate").glob("*/migrations/*.py"))
    requirements = REPOSITORY / "requirements.txt"
    yield requirements.read_text() if requirements.exists() else ""


def _describe_static_files() -> Iterable[str]:
    for folder in [REPOSITORY / "build" / "assets", *sorted((REPOSITORY / "schoolgate").glob("*/static"))]:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}"


def _which_database(environment: Environment) -> str:
    return _read_text(environment, WHICH_DATABASE)


def _applied_migrations(environment: Environment) -> str:
    try:
        return _read_text(environment, APPLIED_MIGRATIONS)
    except psycopg.errors.UndefinedTable:
        return ""


def _read_text(environment: Environment, query: LiteralString) -> str:
    with psycopg.connect(administrator_conninfo(environment)) as connection:
        return str(connection.execute(query).fetchone())


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
