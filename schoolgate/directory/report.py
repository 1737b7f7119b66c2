"""The report of an import in words: the whole for the console and to copy, its parts for the page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.directory.comparison import Change, Entry, ImportReport
from schoolgate.directory.gias import BadRow
from schoolgate.directory.models import Phase, RegisterStatus

NONE_MISSING = gettext_lazy("Because of these lines, no school was marked as no longer in the register.")

# A longer list is told by force: nobody reads 25,000 lines.
LONGEST_LIST = 100

COLUMN_NAMES = {
    "name": gettext_lazy("name"),
    "force": gettext_lazy("force"),
    "controller": gettext_lazy("trust"),
    "closed_on": gettext_lazy("closed on"),
    "la_code": gettext_lazy("local authority code"),
    "la_name": gettext_lazy("local authority"),
    "phase": gettext_lazy("phase"),
    "type_name": gettext_lazy("type"),
    "status": gettext_lazy("status"),
    "low_age": gettext_lazy("lowest age"),
    "high_age": gettext_lazy("highest age"),
    "pupils": gettext_lazy("pupils"),
    "percentage_fsm": gettext_lazy("free school meals, per cent"),
    "postcode": gettext_lazy("postcode"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "successor_urn": gettext_lazy("successor"),
}
LABELS = {"phase": dict(Phase.choices), "status": dict(RegisterStatus.choices)}


def report_lines(report: ImportReport) -> Iterator[str]:
    """The whole report, line by line, without line ends."""
    if report.forces_added:
        yield _("Forces added: %s") % ", ".join(report.forces_added)
    yield from _list(_("Added"), report.added)
    yield from _list(_("Changed"), report.changed)
    yield from _list(_("Closed"), report.closed)
    yield from _list(_("No longer in the register"), report.missing)
    yield _("Unchanged: %s") % f"{report.unchanged:,}"
    yield from _could_not_read(report)
    yield from left_alone(report)


def _list(heading: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"{heading}: {len(entries):,}"
    if len(entries) <= LONGEST_LIST:
        yield from map(_entry, entries)
    else:
        yield from _by_force(entries)


def _by_force(entries: Iterable[Entry]) -> Iterator[str]:
    counts = Counter(entry.force or _("outside every force") for entry in entries)
    yield from (f"  {force}: {count:,}" for force, count in sorted(counts.items()))


def _entry(entry: Entry) -> str:
    text = f"  {where_words(entry)}: {entry.urn} {entry.name} ({entry.force})"
    return f"{text}: {'; '.join(map(change_words, entry.changes))}" if entry.changes else text


def where_words(line: Entry | BadRow) -> str:
    """Where in the file it stands."""
    return _("line %s") % line.line if line.line else _("not in the file")


def change_words(change: Change) -> str:
    """What changed: "pupils 200 → 210"."""
    before, after = (_value(change.column, value) for value in (change.before, change.after))
    return f"{COLUMN_NAMES[change.column]} {before} → {after}"


def _value(column: str, value: Any) -> str:
    if value in (None, ""):
        return _("not known")
    return str(LABELS.get(column, {}).get(value, value))


def _could_not_read(report: ImportReport) -> Iterator[str]:
    yield _("Could not be read: %s") % f"{len(report.unreadable):,}"
    for bad in report.unreadable:
        yield "  " + ": ".join(part for part in (where_words(bad), bad.column, bad.why) if part)
    if report.unreadable:
        yield str(NONE_MISSING)


def left_alone(report: ImportReport) -> Iterator[str]:
    """What an import did not touch, and why."""
    for part in report.part_only:
        words = _("%s: the file lacks %s of %s schools, so it is part of the register; none was marked as missing.")
        yield words % (part.force, f"{part.lacking:,}", f"{part.known:,}")
    if report.differing:
        yield _("The register names another trust than the directory does; a person must decide:")
        yield from map(_entry, report.differing)
    if report.other_forces:
        yield _("Of other forces, left alone: %s") % f"{report.other_forces:,}"
    if report.long_closed:
        yield _("Closed before, never known here: %s") % f"{report.long_closed:,}"
    for name, count in sorted(report.left_out.items()):
        yield _("No police force is known for “%s”, left out: %s") % (name, f"{count:,}")
