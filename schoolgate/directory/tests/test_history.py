"""What an import leaves in the change history, committed for real."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from schoolgate.directory.comparison import ImportReport
from schoolgate.directory.tests.registers import PLAIN, PUBLISHED, Import

pytestmark = pytest.mark.usefixtures("committed_database")

HISTORY = """
    select content ->> 'urn', operation, person from audit_change
    where kind = 'directory.school' and content ->> 'la_code' = '202' order by at, content ->> 'urn'
"""


def test_a_second_import_of_the_same_file_writes_nothing(import_: Import, as_superuser: Connection) -> None:
    import_(PUBLISHED)
    before = as_superuser.execute("select count(*) from audit_change").fetchone()
    report = import_(PUBLISHED)
    assert report == ImportReport(unchanged=8)
    assert as_superuser.execute("select count(*) from audit_change").fetchone() == before


def test_every_school_written_and_no_other_has_its_history_with_the_administrator_in_it(
    import_: Import, file_of: Callable[..., Path], cast: Any, as_superuser: Connection
) -> None:
    other = PLAIN | {"URN": "900002"}
    import_(file_of(PLAIN, other))
    import_(file_of(PLAIN, other | {"NumberOfPupils": "210"}))
    admin = cast.person("admin")
    assert as_superuser.execute(HISTORY).fetchall() == [
        ("900001", "collection", admin),
        ("900002", "collection", admin),
        ("900002", "alteration", admin),
    ]
