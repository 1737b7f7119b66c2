"""What the worker does for planning; jobs carry ids only."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from schoolgate.core.clock import now
from schoolgate.planning.services import running, studies


@app.task(
    name=studies.RUN_STUDY,
    retry=RetryStrategy(max_attempts=12, exponential_wait=2, retry_exceptions=running.DATABASE_AWAY),
)
def run_study(study: str, user: int) -> None:
    """One study that a sergeant put to the planner."""
    running.run_study(UUID(study), user=user, at=now())
