"""`schoolgate doctor`: is this installation well? One line for each check."""

import argparse
import datetime as dt
import shutil
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from schoolgate.access.startup import UnsafeRole, refuse_unsafe_role
from schoolgate.audit.selectors import log_health
from schoolgate.config.environment import OWNER, read_environment
from schoolgate.config.roles import database_settings
from schoolgate.config.web import PERSONA_KEYS
from schoolgate.core.clock import LONDON, now

LEAST_FREE = 2 * 1024**3  # bytes: a term's growth and room for PostgreSQL to recover
LARGEST_DRIFT = dt.timedelta(seconds=2)
LONGEST_UNSEALED = dt.timedelta(minutes=10)
YEAR = dt.timedelta(days=365)


class Unwell(Exception):
    """What is wrong and what to do, in one line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def main(arguments: argparse.Namespace) -> int:
    """Print a line for each check; give 1 when any is unwell, else 0."""
    results = [_examine(name, check) for name, check in CHECKS.items()]
    return 0 if all(results) else 1


def check_role() -> str:
    """The serving role owns nothing and bypasses nothing."""
    try:
        refuse_unsafe_role()
    except UnsafeRole as error:
        raise Unwell(str(error)) from error
    return f"{connection.settings_dict['USER']} owns no table and bypasses no policy"


def check_migrations() -> str:
    """Every migration of this release was made."""
    owner = ConnectionHandler({"default": database_settings(read_environment(), OWNER)})["default"]
    try:
        executor = MigrationExecutor(owner)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    finally:
        owner.close()
    if missing:
        raise Unwell(f"{missing} not made yet: run schoolgate migrate")
    return "all made"


def check_time() -> str:
    """Database and machine agree on the time, and on what it is in London."""
    before = now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), now() AT TIME ZONE %s", [LONDON.key])
        theirs, in_london = cursor.fetchone()
    drift = abs(theirs - before)
    if drift > LARGEST_DRIFT:
        raise Unwell(f"the database's clock differs from this machine's by {drift.total_seconds():.0f} s")
    if theirs.astimezone(LONDON).replace(tzinfo=None) != in_london:
        raise Unwell("database and machine disagree on the time in London: update their time zone data")
    return "the clocks agree, and so do their time zones"


def check_mail() -> str:
    """Notices can leave, or nobody expects them to."""
    if not settings.SENDS_MAIL:
        if (read_environment().data / PERSONA_KEYS).exists():  # left by `schoolgate serve --demo`
            return "the demonstration keeps what would have gone on a page"
        raise Unwell("no e-mail goes out: set SCHOOLGATE_SMTP_URL")
    try:
        with mail.get_connection():
            return f"{settings.EMAIL_HOST} answers"
    except (OSError, SMTPException) as error:
        raise Unwell(f"{settings.EMAIL_HOST} does not take e-mail: {error}") from error


def check_disk() -> str:
    """There is room to grow."""
    data = read_environment().data
    free = shutil.disk_usage(data).free
    words = f"{free / 1024**3:.1f} GB free for {data}"
    if free < LEAST_FREE:
        raise Unwell(f"only {words}")
    return words


def check_seals() -> str:
    """No entry of the access log waits long for its seal."""
    waiting_since = log_health().oldest_unsealed
    if waiting_since is None:
        return "every entry is sealed"
    waited = now() - waiting_since
    if waited > LONGEST_UNSEALED:
        raise Unwell(f"an entry has been unsealed since {waiting_since:%-d %B %Y, %H:%M}: does schoolgate seal run?")
    return f"the oldest unsealed entry is {waited.total_seconds():.0f} s old"


def check_partitions() -> str:
    """The log has its months ready for a year ahead."""
    health = log_health()
    if health.outside:
        raise Unwell("entries lie outside the months that were made ready: does schoolgate seal run?")
    if health.partitions_until < now().date() + YEAR:
        raise Unwell(f"ready only until {health.partitions_until:%-d %B %Y}: does schoolgate seal run?")
    return f"ready until {health.partitions_until:%-d %B %Y}"


CHECKS: dict[str, Callable[[], str]] = {
    "database role": check_role,
    "migrations": check_migrations,
    "time": check_time,
    "mail": check_mail,
    "disk": check_disk,
    "log seals": check_seals,
    "log months": check_partitions,
}


def _examine(name: str, check: Callable[[], str]) -> bool:
    try:
        print(f"ok      {name:<16}{check()}")
    except (Unwell, DatabaseError) as error:
        print(f"UNWELL  {name:<16}{str(error).strip().splitlines()[0]}")
        return False
    return True
