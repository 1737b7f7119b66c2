"""A table as a file for a spreadsheet (CSV)."""

import csv
import io
from collections.abc import Iterable, Sequence


def as_csv(columns: Sequence[object], rows: Iterable[Iterable[object]]) -> str:
    """The table, its columns' names first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _plain(cell: str) -> str:
    """A spreadsheet must not take what somebody wrote for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
