"""What the benchmarks compare the pages with keeps up with the pages."""

import pytest
from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.floor import floors
from benchmarks.overview import floor_of
from schoolgate.concerns.tests.doings import links, raise_concern
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import send, signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR


def test_the_floors_make_the_rows_of_their_pages(
    cast: Cast, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "school", lambda number: cast.place("larkmoor"))
    raise_concern(signed_in(cast, "teacher"), child_name="Kit Example")
    spoc = signed_in(cast, "spoc")
    spoc.get(links(spoc, "/triage/")[0])
    send(cast, child_name="Robin Example")
    lists = {path: floor() for path, floor in floors(as_superuser, now()).items()}
    assert "Kit Example" in lists["/triage/"]
    assert "Robin Example" in lists["/shares/"]


def test_the_floor_of_the_overview_makes_its_rows(
    cast: Cast, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "FORCE", cast.place(WEXMOOR))
    assert "Larkmoor School" in floor_of(as_superuser)()
