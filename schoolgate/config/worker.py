"""`schoolgate worker`: runs the jobs that wait in the database, and those that have their time of day."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg

from schoolgate.config.environment import LOGIN, read_environment
from schoolgate.config.roles import conninfo

WORKER_LOCK = 7_301_003  # any number that nothing else in the database locks
AT_ONCE = 3  # jobs: a notice waits neither for an import of the school register nor for a plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def main(arguments: argparse.Namespace) -> int:
    """Run jobs until told to stop; those being run are finished first."""
    with _alone():
        asyncio.run(_work())
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only worker of this database; another waits here until this one ends, however it ends."""
    with psycopg.connect(conninfo(read_environment(), LOGIN), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [WORKER_LOCK])
        yield


async def _work() -> None:
    """First put back what a killed worker had begun: whatever is under way now is not, since this one is alone."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector):
        async with app.open_async():
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
                await app.job_manager.retry_job(job)
            await app.run_worker_async(concurrency=AT_ONCE)
