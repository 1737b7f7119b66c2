"""A register file to write, and the technical administrator who imports it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """Write the rows as a register file; `headings` leaves columns out."""
    from schoolgate.directory.tests.registers import HEADINGS, as_csv

    def write(*rows: dict[str, str], headings: list[str] = HEADINGS) -> Path:
        path = tmp_path / "register.csv"
        path.write_bytes(as_csv(rows, headings))
        return path

    return write


@pytest.fixture
def import_(cast: Any) -> Callable[..., Any]:
    """Import a file as the technical administrator, or as another persona."""
    from schoolgate.access.acting import acting
    from schoolgate.directory.register import import_schools
    from schoolgate.directory.tests.registers import AT

    def run(path: Path, *forces: str, persona: str = "admin", **more: Any) -> Any:
        with acting(cast.user(persona), page="test") as viewer:
            return import_schools(file=path, forces=forces, by=viewer, at=AT, **more)

    return run
