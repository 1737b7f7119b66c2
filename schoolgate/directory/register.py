"""Imports the school register: the whole file in one transaction, or nothing. Also `schoolgate import-schools`."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from schoolgate.access.acting import acting
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day, now
from schoolgate.core.enums import Regime
from schoolgate.directory.administration import forces_of_others
from schoolgate.directory.areas import PoliceArea, UnknownForce, areas_called
from schoolgate.directory.comparison import (
    ORGANISATION_FIELDS,
    SCHOOL_FIELDS,
    Comparison,
    Forces,
    ImportReport,
    area_of_row,
)
from schoolgate.directory.gias import (
    BadRow,
    RegisterRow,
    UnreadableRegister,
    Upload,
    open_register,
    read_successors,
)
from schoolgate.directory.models import Force, Membership, Organisation, OrganisationKind, Role, School, Stage
from schoolgate.directory.policies import may_import_schools
from schoolgate.directory.report import report_lines
from schoolgate.directory.selectors import held_on

BATCH = 1_000
ONLY_IMPORT_LOCK = 7_301_004  # any number that nothing else in the database locks
CONTROLLER_FIELDS = ("controller_id", "parent_id")
FAILED = 1


Progress = Callable[[Stage, int, int], None]


class ImportRunning(Exception):
    """Another import has not finished; its text is one line."""


class NoAdministrator(Exception):
    """There is no technical administrator to import as; its text is one line."""


def import_schools(
    *,
    file: Path | Upload,
    links: Path | None = None,
    forces: Iterable[str] = (),
    by: Viewer,
    at: dt.datetime,
    wait: bool = False,
    progress: Progress = lambda stage, done, of: None,
) -> ImportReport:
    """Bring the directory's schools up to an extract of the register (DfE, Get Information about Schools).

    Forces with other administrators are left to those, so the database refuses nothing on the way.
    Safe to repeat: only what changed is written. Lines that cannot be read are told in the report; while there are
    any, no school is marked as missing.
    links: the register's file of links, which names successors; the extract does not.
    forces: only these, by name or data.police.uk identifier. wait: for another import to end, instead of refusing.
    progress: told the stage, what is done, of how much.
    Raises PermissionDenied; UnknownForce; UnreadableRegister, when the file is no extract or holds no school;
    ImportRunning. Nothing is changed then.
    """
    require(may_import_schools, by)
    asked_for = areas_called(forces)
    fields, rows, unreadable = _read(file, progress)
    if links:
        fields, rows = _with_successors(fields, rows, read_successors(links))
    with transaction.atomic():
        _be_the_only_import(wait)
        imported, forces_added = _keep_forces(rows, asked_for, forces_of_others(by))
        known = School.objects.select_related("organisation__controller")
        comparison = Comparison(known, forces=imported, fields=fields, on=london_day(at))
        for row in rows:
            comparison.take(row)
        if not unreadable:
            comparison.mark_missing()
        _save(comparison, imported.ids, progress)
    comparison.report.forces_added, comparison.report.unreadable = forces_added, unreadable
    return comparison.report


def _read(file: Path | Upload, progress: Progress) -> tuple[Collection[str], list[RegisterRow], list[BadRow]]:
    """The fields that the file has, its rows, and its lines that could not be read."""
    with open_register(file, progress=lambda done, of: progress(Stage.READING, done, of)) as register:
        lines = list(register)
    rows = [line for line in lines if isinstance(line, RegisterRow)]
    unreadable = [line for line in lines if isinstance(line, BadRow)]
    if not lines:
        raise UnreadableRegister(_("The file has no school in it."))
    if not rows:
        bad = unreadable[0]
        why = f"{bad.column} {bad.why}".strip()
        raise UnreadableRegister(_("No line can be read; line %s: %s.") % (bad.line, why))
    return register.fields, rows, unreadable


def _with_successors(
    fields: Collection[str], rows: Iterable[RegisterRow], successors: Mapping[int, int]
) -> tuple[Collection[str], list[RegisterRow]]:
    return {*fields, "successor_urn"}, [replace(row, successor_urn=successors.get(row.urn)) for row in rows]


def _be_the_only_import(wait: bool) -> None:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ONLY_IMPORT_LOCK])
            return
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ONLY_IMPORT_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRunning(_("Another import is running: wait until it has finished."))


def _keep_forces(
    rows: Iterable[RegisterRow], asked_for: Collection[PoliceArea], others: Mapping[int, str]
) -> tuple[Forces, list[str]]:
    """The forces to import of those with schools in the file, and the names of those made here."""
    found = {area for row in rows if (area := area_of_row(row)) and area.slug not in others.values()}
    areas = sorted((area for area in found if area in asked_for or not asked_for), key=lambda area: area.name)
    known = set(Force.objects.values_list("slug", flat=True))
    missing = [area for area in areas if area.slug not in known]
    for area in missing:
        _add_force(area)
    ids = dict(Force.objects.values_list("slug", "pk"))
    names = dict(Force.objects.values_list("pk", "organisation__name"))
    imported = {area: ids[area.slug] for area in areas}
    return Forces(imported, names, others.keys()), [area.name for area in missing]


def _add_force(area: PoliceArea) -> None:
    organisation = Organisation.objects.create(
        kind=OrganisationKind.FORCE, name=area.name, regime=Regime.LAW_ENFORCEMENT, nation=area.nation
    )
    Force.objects.create(organisation=organisation, slug=area.slug)


def _save(comparison: Comparison, forces: Mapping[PoliceArea, int], progress: Progress) -> None:
    """Of a known school only the register's columns are written: people may have edited the others meanwhile."""
    of_new = [(row, forces[area]) for row in comparison.new if (area := area_of_row(row))]
    of_known = [(row, its.force_id) for its, row in comparison.without_controller]
    trusts = _keep_trusts([*of_new, *of_known])
    organisations = [_new_organisation(row, forces, trusts.get(row.trust_name)) for row in comparison.new]
    schools = [_new_school(row, its) for row, its in zip(comparison.new, organisations, strict=True)]
    controlled = [_put_under(trusts[row.trust_name], its) for its, row in comparison.without_controller]
    writes: list[tuple[Sequence[Model], Sequence[str]]] = [
        (organisations, ()),
        (schools, ()),
        (comparison.organisations, ORGANISATION_FIELDS),
        (controlled, CONTROLLER_FIELDS),
        (comparison.schools, SCHOOL_FIELDS),
    ]
    done, of = 0, sum(len(records) for records, _fields in writes)
    for batch, fields in _in_batches(writes):
        _write(batch, fields)
        done += len(batch)
        progress(Stage.SAVING, done, of)


def _keep_trusts(rows: Iterable[tuple[RegisterRow, int | None]]) -> dict[str, int]:
    """The ids of the trusts that run these schools, by name; a new one belongs to the force of its first school."""
    ids = dict(Organisation.objects.filter(kind=OrganisationKind.CONTROLLER).values_list("name", "pk"))
    for row, force in rows:
        if row.trust_name and row.trust_name not in ids:
            ids[row.trust_name] = Organisation.objects.create(
                kind=OrganisationKind.CONTROLLER,
                name=row.trust_name,
                force_id=force,
                regime=Regime.UK_GDPR,
            ).pk
    return ids


def _new_organisation(row: RegisterRow, forces: Mapping[PoliceArea, int], trust: int | None) -> Organisation:
    area = area_of_row(row)
    assert area is not None, "a school outside every force is left out"
    school = Organisation(
        kind=OrganisationKind.SCHOOL,
        name=row.name,
        force_id=forces[area],
        regime=Regime.UK_GDPR,
        nation=area.nation,
    )
    return _put_under(trust, school)


def _put_under(trust: int | None, school: Organisation) -> Organisation:
    school.controller_id = school.parent_id = trust
    return school


def _new_school(row: RegisterRow, organisation: Organisation) -> School:
    return School(organisation=organisation, urn=row.urn, **{name: getattr(row, name) for name in SCHOOL_FIELDS})


def _in_batches(
    writes: Iterable[tuple[Sequence[Model], Sequence[str]]],
) -> Iterator[tuple[Sequence[Model], Sequence[str]]]:
    for records, fields in writes:
        for start in range(0, len(records), BATCH):
            yield records[start : start + BATCH], fields


def _write(records: Sequence[Model], fields: Sequence[str]) -> None:
    """Add the records, or with fields write only these of rows that are there: one statement, each row's history."""
    model = type(records[0])
    only: dict[str, Any] = {}
    if fields:
        only = {"update_conflicts": True, "update_fields": fields, "unique_fields": [model._meta.pk.name]}
    model._default_manager.bulk_create(records, **only)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `schoolgate import-schools`."""
    parser.add_argument("file", type=Path, help="the register's extract: .csv or .csv.gz")
    parser.add_argument(
        "--force", action="extend", nargs="+", default=[], metavar="NAME", help="import only this force's schools"
    )
    parser.add_argument(
        "--links",
        type=Path,
        metavar="FILE",
        help="the register's file of links, to follow closed schools to successors",
    )
    parser.add_argument(
        "--by",
        metavar="EMAIL",
        help="the technical administrator who imports; forces that others administer are left alone",
    )


def main(arguments: argparse.Namespace) -> int:
    """Import a file: progress to stderr, the report to stdout. Gives 0, or 1 when nothing was imported."""
    at, meter = now(), _Meter()
    try:
        user, name = _administrator(arguments.by, at.date())
        with acting(user, page="job:directory.import_schools") as viewer:
            report = import_schools(
                file=arguments.file,
                links=arguments.links,
                forces=arguments.force,
                by=viewer,
                at=at,
                progress=meter.show,
            )
    except (ImportRunning, NoAdministrator, UnknownForce, UnreadableRegister) as error:
        meter.end()
        sys.stderr.write(f"schoolgate: {error}\n")
        return FAILED
    meter.end()
    lines = [_("Imported as %s") % name, *report_lines(report)]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _administrator(email: str | None, on: dt.date) -> tuple[int, str]:
    """Account and name of the technical administrator with that address, or of the longest-standing one."""
    with acting(None, page="job:directory.import_schools"):
        held = Membership.objects.filter(held_on(on), role=Role.ADMINISTRATOR, person__user_id__isnull=False)
        held = held.order_by("since", "pk")
        if email is not None:
            held = held.filter(person__email__iexact=email)
        found = held.values_list("person__user_id", "person__name").first()
    if found is None and email:
        raise NoAdministrator(_("No technical administrator has the address %s.") % email)
    if found is None:
        raise NoAdministrator(_("There is no technical administrator to import as."))
    return found


class _Meter:
    """Says on stderr how far the import has come: one line that changes on a terminal, else a line a quarter."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = ""

    def show(self, stage: Stage, done: int, of: int) -> None:
        percent = 100 * done // of
        text = f"{stage.label} {percent if self._terminal else percent // 25 * 25} %"
        if text != self._shown:
            self._shown = text
            sys.stderr.write(f"\r{text}\033[K" if self._terminal else f"{text}\n")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the terminal's line, so that what follows starts its own."""
        if self._terminal and self._shown:
            sys.stderr.write("\n")
