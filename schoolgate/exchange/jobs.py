"""What the clock does in the exchange."""

from procrastinate.contrib.django import app

from schoolgate.core.clock import now
from schoolgate.exchange import services


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.pass_on_late_shares")
def pass_on_late_shares(timestamp: int) -> None:
    """Every ten minutes: what nobody took up in time goes to the next in line."""
    services.pass_on_late_shares(at=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.pass_on_enquiries")
def pass_on_enquiries(timestamp: int) -> None:
    """Every ten minutes: what nobody can or did answer goes to the next in line."""
    services.pass_on_enquiries(at=now())
