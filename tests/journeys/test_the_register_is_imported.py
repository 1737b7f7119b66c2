"""An administrator imports the school register: the file, how far it is, and what it did."""

from pathlib import Path
from uuid import UUID

from schoolgate.core.clock import now
from schoolgate.directory import importing
from schoolgate.directory.tests.registers import PUBLISHED
from schoolgate.nonprod.cast import Cast
from tests.journeys.conftest import Visitors


def test_the_register_is_imported_from_a_browser(visitors: Visitors, cast: Cast, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("URN,EstablishmentName\n1,X\n")
    admin = visitors.sign_in("admin")
    admin.go("/directory/")
    admin.follow("Import the school register")
    admin.press("Import a file")
    admin.page.set_input_files("input[type=file]", wrong)
    admin.press("Import")
    admin.reads("The first line lacks these columns")
    admin.page.set_input_files("input[type=file]", PUBLISHED)
    admin.press("Import")
    admin.reads("It begins as soon as no other import runs.")
    asked = UUID(admin.page.url.rstrip("/").rpartition("/")[2])
    importing.run_import(asked, user=cast.user("admin"), at=now())
    admin.press("See how far it is now")
    admin.reads("The directory is up to date with this file.")
    admin.reads("Haverstock School")
