"""Tables as files for a spreadsheet (CSV): written, and read as others export them or as somebody pastes them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from schoolgate.ui.typed import keepable


class UnreadableTable(Exception):
    """What is wrong with a table as a whole, in words."""


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken, what it says, and why."""

    line: int
    says: str
    why: str


def text_of(content: bytes) -> str:
    """The text of a file: UTF-8, else as Windows writes it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def rows_in(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line on which it ends; cells trimmed. Raises UnreadableTable."""
    lines = keepable(text).lstrip("\ufeff\r\n ")
    first = lines.partition("\n")[0]
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        for cells in reader:
            row = [" ".join(cell.split()) for cell in cells]
            if any(row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UnreadableTable(_("This cannot be read as a table.")) from error


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
