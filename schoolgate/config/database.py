"""Has the database running for as long as a command needs it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from schoolgate.config.environment import LOGIN, Environment
from schoolgate.config.postgres import AlreadyRunning, EmbeddedPostgres, hold_data_folder
from schoolgate.config.roles import administrator_conninfo, conninfo, prepare_database


@contextmanager
def started_database(environment: Environment) -> Iterator[EmbeddedPostgres | None]:
    """Start the embedded database, and stop it afterwards; nothing to start when DATABASE_URL names a server.

    The caller holds the data folder. Raises DatabaseTrouble when it does not start.
    """
    if environment.database_url:
        yield None
        return
    server = EmbeddedPostgres(environment.data, environment.secrets.database_passwords["postgres"])
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def running_database(environment: Environment) -> Iterator[None]:
    """Use the database that `schoolgate serve` keeps running, or have it running for this command alone.

    Raises psycopg.OperationalError when it does not answer.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(hold_data_folder(environment.data))
        except AlreadyRunning:
            pass
        else:
            stack.enter_context(started_database(environment))
            prepare_database(administrator_conninfo(environment), environment.secrets)
        psycopg.connect(conninfo(environment, LOGIN)).close()
        yield
