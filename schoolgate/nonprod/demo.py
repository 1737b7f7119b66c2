"""`schoolgate demo`: the invented partnership with three months of history, loaded once."""

import argparse
import datetime as dt
import os
import subprocess
import sys

from django.db import transaction
from django.utils.translation import gettext as _

from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.history import let_the_clock_act, tell_history
from schoolgate.nonprod.partnership import make_partnership

FOUND = (sys.executable, "-m", "django", "found_partnership")
OWNER = {"DJANGO_SETTINGS_MODULE": "schoolgate.config.settings_owner", "SCHOOLGATE_DEMO": "1"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def main(arguments: argparse.Namespace) -> int:
    """Load the demonstration unless it is there; gives 0."""
    subprocess.run(FOUND, env=os.environ | OWNER, check=True)  # noqa: S603  # a fixed command
    loaded = load_demo(at=now())
    sys.stdout.write(
        (_("The demonstration is loaded.") if loaded else _("The demonstration was loaded before.")) + "\n"
    )
    return 0


def load_demo(*, at: dt.datetime) -> bool:
    """Let the people of the partnership do what they did in the last three months; False where they have.

    The forces and their administrators are there (see partnership.found). All or nothing: a load that is cut
    off begins again.
    """
    if "teacher" in Cast.load().people:
        return False
    with transaction.atomic():
        tell_history(make_partnership(at=at), at=at)
    let_the_clock_act(at=at)
    return True
