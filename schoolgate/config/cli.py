"""The console command `schoolgate`: finds the subcommand, reports errors as one line and an exit status."""

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType

import psycopg

from schoolgate.config.database import running_database
from schoolgate.config.environment import WrongSetting, read_environment
from schoolgate.config.postgres import AlreadyRunning, DatabaseTrouble
from schoolgate.config.roles import conninfo

FAILURE = 1
WRONG_USAGE = 2
INTERRUPTED = 130


@dataclass(frozen=True)
class Command:
    """A subcommand. Its module has add_arguments(parser) and main(arguments), which gives the exit status.

    The arguments carry `environment` and `connect_as`, which gives a role's connection string: apps
    below this one cannot import them.
    """

    module: str
    help: str
    variables: Mapping[str, str] = field(default_factory=dict)
    own_start: bool = False  # sets up database and Django itself, or does without


COMMANDS = {
    "serve": Command("schoolgate.config.serve", "Start the product and keep it running.", own_start=True),
    "migrate": Command("schoolgate.config.migrate", "Bring the database's tables up to date.", own_start=True),
    "doctor": Command("schoolgate.config.doctor", "Check database, time, mail, disk and log: one line each."),
    "demo": Command(
        "schoolgate.nonprod.demo", "Load the invented demonstration partnership.", variables={"SCHOOLGATE_DEMO": "1"}
    ),
    "import-schools": Command("schoolgate.directory.register", "Import the DfE's register of schools (GIAS)."),
    "create-administrator": Command(
        "schoolgate.access.create_administrator", "Make the first account of a force; others are made in pages."
    ),
    "verify-log": Command("schoolgate.audit.verify", "Verify the access log against its seals."),
    "who-can-see": Command("schoolgate.governance.who_can_see", "Say who can read a record, and through which circle."),
    "check-agreement": Command(
        "schoolgate.partnership.check_agreement", "Say whether the PDF of an agreement is one of ours, unchanged."
    ),
    "plan": Command(
        "schoolgate.planning.optimiser.command",
        "Plan who covers which school, from one file to another.",
        own_start=True,
    ),
    "worker": Command("schoolgate.config.worker", "Send notices and run other jobs; serve starts one."),
    "seal": Command("schoolgate.audit.sealing", "Seal the access log from time to time; serve starts one."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status: 0 done, 1 failed, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except WrongSetting as error:
        return _complain(error, WRONG_USAGE)
    except (DatabaseTrouble, AlreadyRunning) as error:
        return _complain(error, FAILURE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        line = str(error).strip().split("\n")[0]
        if isinstance(error.__cause__ or error, psycopg.OperationalError):
            return _complain(f"The database does not answer: {line}", FAILURE)
        if isinstance(error.__cause__ or error, psycopg.errors.UndefinedTable):
            return _complain(f"The database is not up to date, run schoolgate migrate: {line}", FAILURE)
        raise


def _run(words: list[str]) -> int:
    """Import the chosen subcommand's module and no other: the others are slow to load."""
    parser = argparse.ArgumentParser(prog="schoolgate", description="Schoolgate runs a Safer School Partnership.")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        if name == chosen:
            os.environ |= command.variables
            module = _load(command)
            module.add_arguments(subparser)
    arguments = parser.parse_args(words)
    if COMMANDS[arguments.command].own_start:
        return int(module.main(arguments))
    # Commands of the apps below are given what they may not import.
    arguments.environment = read_environment()
    arguments.connect_as = partial(conninfo, arguments.environment)
    with running_database(arguments.environment):
        return int(module.main(arguments))


def _load(command: Command) -> ModuleType:
    if not command.own_start:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")
        django.setup()
    return importlib.import_module(command.module)


def _complain(error: object, status: int) -> int:
    print(f"schoolgate: {error}", file=sys.stderr)
    return status
