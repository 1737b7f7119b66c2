"""What the worker does about things that are overdue."""

from procrastinate.contrib.django import app

from schoolgate.core.clock import now
from schoolgate.insight import services


@app.periodic(cron="*/15 * * * *")
@app.task(name="insight.tell_of_overdue")
def tell_of_overdue(timestamp: int) -> None:
    """Every quarter of an hour; what was told is not told again."""
    services.tell_of_overdue(at=now())
