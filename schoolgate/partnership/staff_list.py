"""Reads a school's staff list: a table as other systems export it, or as somebody pastes it. Touches no tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.ui.parsing import is_email
from schoolgate.ui.spreadsheet import BadLine, UnreadableTable, rows_in

# What a column may be called, in any case and order; the first is our own word.
COLUMNS = {
    "name": ("name", "full name", "staff name", "employee name", "employee"),
    "email": ("email", "e mail", "email address", "e mail address", "work email", "work e mail", "mail"),
    "title": ("title", "salutation"),
    "group": ("group", "department", "team", "staff group"),
    "on_slt": ("on slt", "slt", "leadership", "senior leadership team", "is slt"),
}
NEEDED = ("name", "email")
LONGEST = {"name": 200, "email": 254, "title": 100, "group": 60}
MOST_LINES = 10_000  # more than any school has: taking over a list holds up other schools' lists
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", ""})

NO_NAME = gettext_lazy("There is no name")
NO_EMAIL = gettext_lazy("There is no e-mail")
WRONG_EMAIL = gettext_lazy("This is no e-mail address")
TWICE = gettext_lazy("This e-mail stands in the list twice")
TOO_LONG = gettext_lazy("Something in it is too long")
YES_OR_NO = gettext_lazy("Write yes or no for the SLT")


@dataclass(frozen=True)
class Listed:
    """Somebody in the list, and on which line. A column that the list has not is None."""

    line: int
    name: str
    email: str
    title: str | None = None
    group: str | None = None
    on_slt: bool | None = None


@dataclass(frozen=True)
class StaffList:
    """The people of a list, and the lines that are left out."""

    people: tuple[Listed, ...]
    bad: tuple[BadLine, ...]

    @property
    def is_whole(self) -> bool:
        """Whether no line was left out: only then is who is missing somebody who left."""
        return not self.bad


def read_staff_list(text: str) -> StaffList:
    """Read every line. Raises UnreadableTable where the columns are not there, or nobody is."""
    rows = rows_in(text)
    names = _columns(next(rows, (0, []))[1])
    read = [_read(line, dict(zip(names, cells, strict=False))) for line, cells in rows]
    if not read:
        raise UnreadableTable(_("There is nobody in the list. Nothing was changed."))
    if len(read) > MOST_LINES:
        raise UnreadableTable(_("The list has more than %s lines. Nothing was changed.") % f"{MOST_LINES:,}")
    people, bad = [one for one in read if isinstance(one, Listed)], [one for one in read if isinstance(one, BadLine)]
    twice = _twice(people)
    bad += [BadLine(one.line, f"{one.name}, {one.email}", str(TWICE)) for one in people if one.email in twice]
    return StaffList(
        tuple(one for one in people if one.email not in twice), tuple(sorted(bad, key=lambda one: one.line))
    )


def _columns(header: list[str]) -> list[str]:
    """Our names of the list's columns, in its order; nothing for those that we do not know."""
    ours = {called: name for name, known in COLUMNS.items() for called in known}
    names = [ours.get(" ".join(re.findall("[a-z]+", cell.lower())), "") for cell in header]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        words = _("The first line must name the columns. These are missing: %(columns)s")
        raise UnreadableTable(words % {"columns": ", ".join(missing)})
    return names


def _read(line: int, cells: dict[str, str]) -> Listed | BadLine:
    why = _why_bad(cells)
    if why:
        return BadLine(line, ", ".join(filter(None, (cells.get("name"), cells.get("email")))), str(why))
    said = cells.get("on_slt")
    return Listed(
        line, cells["name"], cells["email"].lower(), cells.get("title"), cells.get("group"),
        None if said is None else said.lower() in YES,
    )  # fmt: skip


def _why_bad(cells: dict[str, str]) -> object:
    checks = (
        (NO_NAME, not cells.get("name")),
        (NO_EMAIL, not cells.get("email")),
        (WRONG_EMAIL, not is_email(cells.get("email", ""))),
        (TOO_LONG, any(len(cells.get(name, "")) > longest for name, longest in LONGEST.items())),
        (YES_OR_NO, cells.get("on_slt", "").lower() not in YES | NO),
    )
    return next((why for why, is_bad in checks if is_bad), "")


def _twice(people: Iterable[Listed]) -> set[str]:
    """The e-mails that stand in the list more than once: nobody knows which of the lines is right."""
    once: set[str] = set()
    return {one.email for one in people if one.email in once or once.add(one.email)}  # type: ignore[func-returns-value]
