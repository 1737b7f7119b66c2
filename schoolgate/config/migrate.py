"""`schoolgate migrate`: roles, database and tables, made or brought up to date."""

import argparse

from schoolgate.config.database import running_database
from schoolgate.config.environment import read_environment
from schoolgate.config.steps import migrate_when_needed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def main(arguments: argparse.Namespace) -> int:
    """Migrate and give 0. Raises DatabaseTrouble when a migration fails; the database is then as it was."""
    environment = read_environment()
    with running_database(environment):
        migrate_when_needed(environment)
    print("The database is up to date.")
    return 0
