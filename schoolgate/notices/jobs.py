"""What the worker does for notices. Jobs carry ids only; a job that ran before does nothing again."""

import datetime as dt
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from schoolgate.core.clock import now
from schoolgate.notices import services

# A mail server that is away for a night is waited for.
LATER = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name=services.SEND_NOTICE, retry=LATER)
def send_notice(notice: str) -> None:
    """One e-mail at once."""
    services.send_notice(UUID(notice), at=now())


@app.task(name=services.SEND_DIGEST, retry=LATER)
def send_digest(person: int, day: str) -> None:
    """One person's digest of a day."""
    services.send_digest(person, day=dt.date.fromisoformat(day), at=now())


@app.periodic(cron="0 6 * * *")
@app.task(name="notices.send_digests")
def send_digests(timestamp: int) -> None:
    """Before school: a job for each person for whom something is new."""
    day = now().date().isoformat()
    jobs: list[dict[str, JSONValue]] = [{"person": person, "day": day} for person in services.people_to_digest()]
    if jobs:
        send_digest.batch_defer(*jobs)
