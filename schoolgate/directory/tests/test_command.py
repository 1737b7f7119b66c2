"""`schoolgate import-schools`, as typed on the console."""

import argparse
import sys
from typing import Any

import pytest

from schoolgate.access.acting import acting
from schoolgate.directory import register
from schoolgate.directory.models import Person
from schoolgate.directory.tests.registers import PUBLISHED

pytestmark = pytest.mark.django_db


class Console:
    """The command as typed, with what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        register.add_arguments(parser)
        status = register.main(parser.parse_args(words))
        said = self._capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(capsys)


def test_the_command_reports_to_stdout_and_tells_progress_on_stderr(console: Console) -> None:
    status, out, err = console.run(str(PUBLISHED), "--force", "metropolitan", "Kent")
    assert status == 0
    assert "Forces added: Kent, Metropolitan Police\nAdded: 4\n" in out
    assert "  line 6: 100049 Haverstock School (Metropolitan Police)\n" in out
    assert "Of other forces, left alone: 4\n" in out
    assert "Reading 100 %\n" in err
    assert err.endswith("Saving 100 %\n")


def test_the_command_names_the_administrator_in_whose_name_it_wrote(console: Console, cast: Any) -> None:
    with acting(cast.user("other-force-admin"), page="test") as viewer:
        name = viewer.name
    email = email_of(cast.person("other-force-admin"))
    _status, out, _err = console.run(str(PUBLISHED), "--by", email.upper())
    assert out.startswith(f"Imported as {name}\n")


def email_of(person: int) -> str:
    with acting(None, page="test"):
        return Person.objects.get(pk=person).email


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["none.csv"], "schoolgate: none.csv cannot be read: No such file or directory."),
        (
            [str(PUBLISHED), "--force", "Lothian"],
            "schoolgate: No police force of England or Wales is called “Lothian”.",
        ),
        (
            [str(PUBLISHED), "--by", "x@y.example"],
            "schoolgate: No technical administrator has the address x@y.example.",
        ),
    ],
)
def test_a_command_that_fails_says_why_in_one_line_and_gives_1(console: Console, words: list[str], line: str) -> None:
    status, out, err = console.run(*words)
    assert (status, out) == (1, "")
    assert err.startswith(line)
    assert err.count("\n") == 1


def test_on_a_terminal_progress_stays_on_one_line(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _status, _out, err = console.run(str(PUBLISHED))
    assert err.count("\n") == 1
    assert err.endswith("Saving 100 %\033[K\n")
