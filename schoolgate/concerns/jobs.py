"""What the worker does for concerns."""

from procrastinate.contrib.django import app

from schoolgate.concerns.services import late
from schoolgate.core.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(name="concerns.escalate_unopened")
def escalate_unopened(timestamp: int) -> None:
    """Every five minutes; what was told is not told again."""
    late.escalate_unopened(at=now())
