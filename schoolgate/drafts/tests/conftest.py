"""What the tests of drafts begin with."""

import pytest
from psycopg import Connection


@pytest.fixture(autouse=True)
def no_drafts(as_superuser: Connection) -> None:
    """None: the demonstration's forms, sent without a page, left closed ones."""
    as_superuser.execute("delete from drafts_draft")
