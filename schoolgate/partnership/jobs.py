"""What the clock does about agreements and SPOCs, once each, every morning; and what it works out anew every night."""

from procrastinate.contrib.django import app

from schoolgate.core.clock import now
from schoolgate.partnership.services import clock

EVERY_MORNING = "30 7 * * *"
EVERY_NIGHT = "5 1 * * *"


@app.periodic(cron=EVERY_MORNING)
@app.task(name="partnership.remind_of_agreements")
def remind_of_agreements(timestamp: int) -> None:
    """What runs out, and what waits for a signature."""
    clock.remind_of_agreements(at=now())


@app.periodic(cron=EVERY_MORNING)
@app.task(name="partnership.tell_new_heads")
def tell_new_heads(timestamp: int) -> None:
    """What waits for a new head teacher."""
    clock.tell_new_heads(at=now())


@app.periodic(cron=EVERY_MORNING)
@app.task(name="partnership.tell_of_missing_spocs")
def tell_of_missing_spocs(timestamp: int) -> None:
    """Schools without a SPOC."""
    clock.tell_of_missing_spocs(at=now())


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="partnership.refresh_states")
def refresh_states(timestamp: int) -> None:
    """What begins, lapses or ends with the day, for the overview."""
    clock.refresh_states()


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="partnership.refresh_awareness")
def refresh_awareness(timestamp: int) -> None:
    """Whose role begins or is over with the day, and a briefing in new words, for the overview."""
    clock.refresh_awareness()
