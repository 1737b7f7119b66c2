"""What the worker does for accounts; jobs carry ids only."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from schoolgate.access import services
from schoolgate.access.models import AccountMail


@app.task(name=services.SEND_ACCOUNT_MAIL, retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def send_account_mail(user: int, mail: str) -> None:
    """One e-mail to somebody about their account."""
    services.send_account_mail(user, AccountMail(mail))


@app.periodic(cron="30 3 * * *")
@app.task(name="access.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Sessions that ended leave no trace of who came with a code for the day."""
    SessionStore.clear_expired()
