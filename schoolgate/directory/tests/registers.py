"""Register files to import: real column names, invented schools."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from schoolgate.core.clock import LONDON
from schoolgate.directory.comparison import ImportReport
from schoolgate.directory.gias import COLUMNS

Row = dict[str, str]
Import = Callable[..., ImportReport]

AT = dt.datetime(2026, 9, 7, 10, 0, tzinfo=LONDON)
DATA = Path(__file__).parent / "data"
PUBLISHED, EXTRACT = DATA / "published.csv", DATA / "extract.csv"
HEADINGS = [column.heading for column in COLUMNS.values()]
PLAIN = {
    "URN": "900001",
    "EstablishmentName": "Larkmoor School",
    "EstablishmentStatus (name)": "Open",
    "PhaseOfEducation (name)": "Primary",
    "TypeOfEstablishment (name)": "Community school",
    "LA (code)": "202",
    "LA (name)": "Camden",
}


def as_csv(rows: Iterable[Row], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows under these headings; a value that a row does not name is blank."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()
