"""`django found_partnership`, as the owner of the tables: the demonstration's forces and administrators."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from schoolgate.core.clock import now
from schoolgate.nonprod.partnership import found, is_founded


class Command(BaseCommand):
    help = "Make the demonstration's forces and their administrators, as the owner of the tables."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do nothing where they are there."""
        with transaction.atomic():
            if not is_founded():
                found(at=now())
