"""`schoolgate demo`: the invented partnership with three months of history, loaded once."""

import argparse
import datetime as dt
import sys

import psycopg
from django.db import transaction
from django.utils.translation import gettext as _

from schoolgate.core.clock import now
from schoolgate.nonprod.agreeing import brief_staff
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.deploying import deploy
from schoolgate.nonprod.history import let_the_clock_act, tell_history
from schoolgate.nonprod.partnership import found, make_partnership


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `demo` takes."""
    parser.add_argument("--no-history", action="store_true", help="the partnership alone, before anything is told")


def main(arguments: argparse.Namespace) -> int:
    """Load the demonstration unless it is there; gives 0."""
    with psycopg.connect(arguments.connect_as("schoolgate_owner")) as owner:
        found(owner)
    loaded = load_demo(at=now(), history=not arguments.no_history)
    sys.stdout.write(
        (_("The demonstration is loaded.") if loaded else _("The demonstration was loaded before.")) + "\n"
    )
    return 0


def load_demo(*, at: dt.datetime, history: bool = True) -> bool:
    """Let the people of the partnership do what they did in the last three months; False where they have.

    The forces and their administrators are there (see partnership.found). All or nothing: a load that is cut
    off begins again. history: False leaves the partnership as it was before them.
    """
    if "teacher" in Cast.load().people:
        return False
    with transaction.atomic():
        cast = make_partnership(at=at)
        if history:
            brief_staff(cast, at=at)
            tell_history(cast, at=at)
            deploy(cast, at=at)
    let_the_clock_act(at=at)
    return True
