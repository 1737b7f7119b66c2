"""Compares the register's rows with the schools known, and says what to write. Asks the database nothing.

The register rules its own columns and no others. A school that the register closed or dropped keeps everything
that people entered about it, and is marked.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from schoolgate.directory.areas import PoliceArea, area_of
from schoolgate.directory.gias import BadRow, RegisterRow
from schoolgate.directory.models import Organisation, RegisterStatus, School

SCHOOL_FIELDS = (
    "la_code", "la_name", "phase", "type_name", "status", "low_age", "high_age", "pupils", "percentage_fsm",
    "postcode", "latitude", "longitude", "successor_urn",
)  # fmt: skip
ORGANISATION_FIELDS = ("name", "force_id", "closed_on")
GONE = (RegisterStatus.CLOSED, RegisterStatus.ABSENT)

# A file that lacks more of a force's schools than this is a part of the register: who is missing, it cannot tell.
MISSING_AT_MOST = 0.1
MISSING_ALWAYS_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One column of a school, before and after."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One school of a report; line 0 when it is not in the file."""

    line: int
    urn: int
    name: str
    force: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PartOnly:
    """A force of whose schools the file lacks so many that none was marked as missing."""

    force: str
    lacking: int
    known: int


@dataclass(frozen=True)
class Forces:
    """The ids of the forces to import, by area; the names of all, by id; the ids of those that others administer."""

    ids: Mapping[PoliceArea, int]
    names: Mapping[int, str]
    others: Collection[int] = ()


@dataclass
class ImportReport:
    """What an import did, and what it left alone.

    missing: schools no longer in the register. differing: schools whose controller people entered, and which the
    register puts under another trust. other_forces: rows of forces not asked for. long_closed: schools that
    closed before Schoolgate knew them. left_out: rows by local authority that no force here serves.
    """

    forces_added: list[str] = field(default_factory=list)
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    closed: list[Entry] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    differing: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    unreadable: list[BadRow] = field(default_factory=list)
    part_only: list[PartOnly] = field(default_factory=list)
    other_forces: int = 0
    long_closed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Comparison:
    """Takes the file's rows one by one; afterwards holds the report and what to write.

    known: all schools, with organisation and controller. fields: those of RegisterRow that the file has.
    on: the day of the import.
    """

    def __init__(self, known: Iterable[School], *, forces: Forces, fields: Collection[str], on: dt.date) -> None:
        self.report = ImportReport()
        self.new: list[RegisterRow] = []
        self.schools: list[School] = []
        self.organisations: list[Organisation] = []
        self.without_controller: list[tuple[Organisation, RegisterRow]] = []
        self._known = {school.urn: school for school in known}
        self._forces = forces
        self._fields = [name for name in SCHOOL_FIELDS if name in fields]
        self._on = on
        self._seen: set[int] = set()

    def take(self, row: RegisterRow) -> None:
        """Decide about one row."""
        self._seen.add(row.urn)
        school, area = self._known.get(row.urn), area_of_row(row)
        of_others = school is not None and school.organisation.force_id in self._forces.others
        if of_others or (area is not None and area not in self._forces.ids):
            self.report.other_forces += 1
        elif school is not None:
            self._alter(school, row, area)
        elif row.status == RegisterStatus.CLOSED:
            self.report.long_closed += 1
        elif area is None:
            self.report.left_out[row.la_name] += 1
        else:
            self._add(row, area)

    def mark_missing(self) -> None:
        """Mark the schools that the file, read to its end, does not have."""
        for force, schools in self._open_schools().items():
            lacking = [school for school in schools if school.urn not in self._seen]
            if len(lacking) > max(MISSING_ALWAYS_ALLOWED, MISSING_AT_MOST * len(schools)):
                self.report.part_only.append(PartOnly(self._forces.names[force], len(lacking), len(schools)))
            else:
                self.report.missing += [self._mark_missing(school) for school in lacking]

    def _open_schools(self) -> dict[int, list[School]]:
        """The schools known as open, of each force that is imported."""
        by_force: dict[int, list[School]] = {force: [] for force in self._forces.ids.values()}
        for school in self._known.values():
            if school.status not in GONE and school.organisation.force_id in by_force:
                by_force[school.organisation.force_id].append(school)
        return by_force

    def _add(self, row: RegisterRow, area: PoliceArea) -> None:
        self.new.append(row)
        self.report.added.append(self._entry(row, self._forces.ids[area]))

    def _alter(self, school: School, row: RegisterRow, area: PoliceArea | None) -> None:
        organisation, was = school.organisation, school.status
        of_school = _set(school, {name: getattr(row, name) for name in self._fields})
        of_organisation = _set(organisation, self._organisation_values(organisation, row, area))
        controller = self._control(organisation, row)
        if of_school:
            self.schools.append(school)
        if of_organisation:
            self.organisations.append(organisation)
        entry = self._entry(row, organisation.force_id, [*of_school, *of_organisation, *controller])
        if not entry.changes:
            self.report.unchanged += 1
        elif school.status == RegisterStatus.CLOSED != was:
            self.report.closed.append(entry)
        else:
            self.report.changed.append(entry)

    def _organisation_values(
        self, organisation: Organisation, row: RegisterRow, area: PoliceArea | None
    ) -> dict[str, Any]:
        """The register does not always date a closing; the day of the import that saw it stands in."""
        closed = row.status == RegisterStatus.CLOSED
        return {
            "name": row.name,
            "force_id": self._forces.ids[area] if area else organisation.force_id,
            "closed_on": (row.closed_on or organisation.closed_on or self._on) if closed else None,
        }

    def _control(self, organisation: Organisation, row: RegisterRow) -> list[Change]:
        """Fill in the trust where nobody entered a controller; where somebody did, only tell the difference."""
        if not row.trust_name:
            return []
        change = Change("controller", str(organisation.controller or ""), row.trust_name)
        if organisation.controller is None:
            self.without_controller.append((organisation, row))
            return [change]
        if change.before != change.after:
            self.report.differing.append(self._entry(row, organisation.force_id, [change]))
        return []

    def _mark_missing(self, school: School) -> Entry:
        changes = _set(school, {"status": RegisterStatus.ABSENT})
        self.schools.append(school)
        return Entry(
            0, school.urn, school.organisation.name, self._force_name(school.organisation.force_id), tuple(changes)
        )

    def _entry(self, row: RegisterRow, force: int | None, changes: Iterable[Change] = ()) -> Entry:
        named = tuple(self._with_force_names(change) for change in changes)
        return Entry(row.line, row.urn, row.name, self._force_name(force), named)

    def _with_force_names(self, change: Change) -> Change:
        if change.column != "force_id":
            return change
        return Change("force", self._force_name(change.before), self._force_name(change.after))

    def _force_name(self, force: int | None) -> str:
        return self._forces.names.get(force or 0, "")


def area_of_row(row: RegisterRow) -> PoliceArea | None:
    """The police area in which the register puts a school, or None."""
    return area_of(gss_code=row.gss_code, la_code=row.la_code, la_name=row.la_name)


def _set(record: Model, values: Mapping[str, Any]) -> list[Change]:
    changes = [Change(name, getattr(record, name), value) for name, value in values.items()]
    changes = [change for change in changes if change.before != change.after]
    for change in changes:
        setattr(record, change.column, change.after)
    return changes
