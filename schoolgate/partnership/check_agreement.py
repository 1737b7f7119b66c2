"""`schoolgate check-agreement FILE`: is this PDF one that Schoolgate handed out, unchanged, and how does it stand?"""

import argparse
import hashlib
import sys
from pathlib import Path

from schoolgate.core.clock import london_day, now
from schoolgate.partnership.presenters import checked
from schoolgate.partnership.selectors.agreements import checked_copy

NOT_OURS, NO_FILE = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `check-agreement` takes."""
    parser.add_argument("file", type=Path, help="the PDF of an agreement")


def main(arguments: argparse.Namespace) -> int:
    """Print one line. Gives 1 for a file that is not one of ours, or was changed; 2 where there is no such file."""
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"schoolgate: {arguments.file} cannot be read: {error.strerror}\n")
        return NO_FILE
    found = checked_copy(hashlib.sha256(content).hexdigest(), on=london_day(now()))
    if found is None:
        sys.stderr.write("schoolgate: Schoolgate did not hand out this file, or it was changed since.\n")
        return NOT_OURS
    facts = "; ".join(f"{fact['name']}: {fact['text']}" for fact in checked(found, now=now()))
    sys.stdout.write(f"Schoolgate handed out this file, unchanged. {facts}\n")
    return 0
