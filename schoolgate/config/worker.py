"""`schoolgate worker`: runs the jobs that wait in the database."""

import argparse
from typing import cast


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def main(arguments: argparse.Namespace) -> int:
    """Run jobs until told to stop; those being run are finished first."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector):
        app.run_worker()
    return 0
