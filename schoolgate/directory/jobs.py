"""What the worker does for the directory; jobs carry ids only."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from schoolgate.core.clock import now
from schoolgate.directory import importing


@app.task(
    name=importing.RUN_IMPORT,
    retry=RetryStrategy(max_attempts=12, exponential_wait=2, retry_exceptions=importing.DATABASE_AWAY),
)
def run_import(asked: str, user: int) -> None:
    """One import that an administrator asked for."""
    importing.run_import(UUID(asked), user=user, at=now())
