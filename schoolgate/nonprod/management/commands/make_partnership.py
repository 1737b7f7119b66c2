"""`django make_partnership`: the demonstration's partnership without its history, once."""

from typing import Any

from django.core.management.base import BaseCommand

from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.partnership import make_partnership


class Command(BaseCommand):
    help = "Make the demonstration's schools, people, postings and agreements, as the people themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do nothing where they are there."""
        if "teacher" not in Cast.load().people:
            make_partnership(at=now())
