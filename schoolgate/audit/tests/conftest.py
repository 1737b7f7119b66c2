"""A log in a database of its own, sealed with a key of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from schoolgate.audit.tests.log import Log
    from schoolgate.nonprod.cast import Cast


@pytest.fixture
def log(committed_database: str, cast: "Cast", tmp_path: Path) -> "Log":
    """The log of a copied database: the copy is declared, as every copy must be."""
    from schoolgate.audit.sealing import raise_epoch_when_restored
    from schoolgate.audit.tests.log import Log
    from schoolgate.core.clock import now

    log = Log(cast, tmp_path / "seal.key", tmp_path / "heads.log")
    assert raise_epoch_when_restored(log.conninfo, log.key, at=now())
    log.look(times=5)
    log.seal()
    return log
