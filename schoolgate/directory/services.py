"""What administrators do to the directory. Every change is kept by the database's history.

Nothing is deleted but a role that is taken back on its first day.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.enums import Regime
from schoolgate.directory.administration import PARTICULARS, particulars_of, persons_of, version_of
from schoolgate.directory.models import (
    ClosedDay,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Term,
)
from schoolgate.directory.policies import administers

EDITED = ("name", "closed_on", "controller_id")  # of an organisation's own columns; a team has a kind of its own
POLICE = (OrganisationKind.BCU, OrganisationKind.TEAM)


class ChangedMeanwhile(Exception):
    """Somebody else changed the record since the form was opened."""


class RoleRefused(Exception):
    """The database's rules refuse a role; `rule` is the constraint's name."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class ClosedAlready(Exception):
    """The school is closed on that day already."""


def add_organisation(
    *,
    by: Viewer,
    at: dt.datetime,
    force: int,
    kind: str,
    name: str,
    parent: int | None = None,
    particulars: Mapping[str, Any],
) -> int:
    """A team, BCU, agency or controller of a force, or a school that no register has; gives its id.

    particulars: its kind's own columns. Raises PermissionDenied.
    """
    require(administers, by, force)
    police = kind in POLICE
    organisation = Organisation.objects.create(
        kind=kind,
        name=name,
        parent_id=parent,
        controller_id=force if police else None,
        force_id=force,
        regime=Regime.LAW_ENFORCEMENT if police else Regime.UK_GDPR,
        nation=Organisation.objects.values_list("nation", flat=True).get(id=force),
    )
    if kind in PARTICULARS:
        PARTICULARS[kind]._default_manager.create(organisation=organisation, **particulars)
    return organisation.id


def edit_organisation(
    *, by: Viewer, at: dt.datetime, organisation: int, version: str, changes: Mapping[str, Any]
) -> None:
    """Change an organisation's own columns and those of its kind, by name.

    Raises PermissionDenied, Http404, ChangedMeanwhile.
    """
    found = _locked(Organisation.objects.all(), organisation)
    require(administers, by, found.force_id or found.id)
    particulars = particulars_of(found)
    rows = [found] if particulars is None else [found, particulars]
    _refuse_old(version, *rows)
    _set(found, {name: value for name, value in changes.items() if name in EDITED})
    if particulars:
        _set(particulars, {name: value for name, value in changes.items() if name not in EDITED})


def add_term(*, by: Viewer, at: dt.datetime, school: int, first_day: dt.date, last_day: dt.date) -> None:
    """A term of a school. Raises PermissionDenied."""
    _must_administer(by, school)
    Term.objects.create(school_id=school, first_day=first_day, last_day=last_day)


def add_closed_day(*, by: Viewer, at: dt.datetime, school: int, day: dt.date, name: str) -> None:
    """A day on which one school is closed. Raises PermissionDenied, ClosedAlready."""
    its = _must_administer(by, school)
    if ClosedDay.objects.filter(school=school, day=day).exists():
        raise ClosedAlready
    ClosedDay.objects.create(school_id=school, nation=its.nation, day=day, name=name)


def add_person(*, by: Viewer, at: dt.datetime, name: str, title: str, email: str, telephone: str) -> int:
    """A person, who has no role yet; gives their id. Raises PermissionDenied."""
    require(administers, by)
    return Person.objects.create(name=name, title=title, email=email, telephone=telephone).id


def edit_person(*, by: Viewer, at: dt.datetime, person: int, version: str, changes: Mapping[str, Any]) -> None:
    """Change how a person of the own force, or without a role yet, is called and reached.

    Raises PermissionDenied, Http404, ChangedMeanwhile.
    """
    require(administers, by)
    found = _locked(persons_of(by), person)
    _refuse_old(version, found)
    _set(found, changes)


def add_role(
    *,
    by: Viewer,
    at: dt.datetime,
    person: int,
    organisation: int,
    role: str,
    since: dt.date,
    until: dt.date | None = None,
    on_slt: bool = False,
) -> None:
    """What a person is somewhere, first to last day included. Raises PermissionDenied, RoleRefused."""
    _must_administer(by, organisation)
    row = Membership(
        person_id=person, organisation_id=organisation, role=Role(role), since=since, until=until, on_slt=on_slt
    )
    _save_role(row)


def end_role(*, by: Viewer, at: dt.datetime, membership: int, until: dt.date) -> None:
    """Give a role its last day; what it let read ends with it. Raises PermissionDenied, RoleRefused.

    until: before the first day takes back a role that began today, or has not begun: it ends at once.
    """
    row = _locked(Membership.objects.all(), membership)
    _must_administer(by, row.organisation_id)
    if until < row.since:
        return withdraw_role(row)
    row.until = until
    return _save_role(row)


def withdraw_role(row: Membership) -> None:
    """Take back a role that began today, or has not begun, as if it had never been given. Raises RoleRefused."""
    with connection.cursor() as cursor:
        cursor.execute("select directory_withdraw(%s)", [row.pk])
        if not cursor.fetchone()[0]:
            raise RoleRefused("membership_ends_after_start")


def _save_role(row: Membership) -> None:
    if row.until and row.until < row.since:
        raise RoleRefused("membership_ends_after_start")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        raise RoleRefused(getattr(diagnosis, "constraint_name", None) or "") from error


def _must_administer(by: Viewer, organisation: int) -> Organisation:
    found = Organisation.objects.filter(id=organisation).first()
    if found is None:
        raise Http404
    require(administers, by, found.force_id or found.id)
    return found


def _locked(rows: QuerySet[Any], pk: int) -> Any:
    found = rows.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _refuse_old(version: str, *rows: Any) -> None:
    if version_of(*rows) != version:
        raise ChangedMeanwhile


def _set(row: Any, changes: Mapping[str, Any]) -> None:
    changed = [name for name in changes if getattr(row, name) != changes[name]]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.save(update_fields=changed)
