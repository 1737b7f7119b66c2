"""What the worker does for accounts; jobs carry ids only."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from schoolgate.access import services


@app.task(name=services.SEND_INVITATION, retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def send_invitation(user: int) -> None:
    """One e-mail to somebody whose account was made."""
    services.send_invitation(user)
