"""An administrator keeps the own force and no other: held by the database, whatever the product's code does."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.directory import services
from schoolgate.directory.administration import people_at, person_record
from schoolgate.directory.models import ROLES_OF, OrganisationKind, Role
from schoolgate.directory.services import edit_person
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

OWN, OTHER = "admin", "other-force-admin"
CHANGES = {
    "organisation": "update directory_organisation set name = name where id = %(school)s",
    "its force": "update directory_organisation set name = name where id = %(force)s",
    "force": "update directory_force set role_title = role_title where organisation_id = %(force)s",
    "team": "update directory_team set base = base where organisation_id = %(team)s",
    "school": "update directory_school set telephone = telephone where organisation_id = %(school)s",
    "agency": "update directory_agency set la_code = la_code where organisation_id = %(agency)s",
    "closed day": "update directory_closedday set name = name where school_id = %(school)s",
    "term": "update directory_term set last_day = last_day where school_id = %(school)s",
    "person": "update directory_person set title = title where id = %(person)s",
    "role": "update directory_membership set on_slt = on_slt where person_id = %(person)s",
}
INSERT_ORGANISATION = """insert into directory_organisation (kind, name, force_id, regime, nation)
    values ('{}', 'New', {}, 'uk_gdpr', 'england') returning id"""
ADDITIONS = {
    "school": INSERT_ORGANISATION.format("school", "%(force)s"),
    "team": INSERT_ORGANISATION.format("team", "%(force)s"),
    "controller": INSERT_ORGANISATION.format("controller", "%(force)s"),
    "closed day": "insert into directory_closedday (school_id, nation, day, name)"
    " values (%(school)s, 'england', '2026-01-05', 'Inset day') returning id",
    "term": "insert into directory_term (school_id, first_day, last_day)"
    " values (%(school)s, '2031-01-05', '2031-02-05') returning id",
    "role": "insert into directory_membership (person_id, organisation_id, role, on_slt, since)"
    " values (%(person)s, %(school)s, 'governors', false, '2031-01-05') returning id",
}


@pytest.fixture
def places(cast: Cast, as_owner: Connection) -> dict[str, int]:
    """Records of Wexmoor, the force of the administrator called OWN."""
    school = cast.place("larkmoor")
    row = as_owner.execute("select force_id from directory_organisation where id = %s", [school]).fetchone()
    assert row
    of_force = "select min(id) from directory_organisation where kind = %s and force_id = %s"
    found = {"school": school, "force": row[0], "person": cast.person("teacher")}
    for kind in ("team", "agency"):
        one = as_owner.execute(of_force, [kind, row[0]]).fetchone()
        assert one
        found[kind] = one[0]
    as_owner.execute(
        "insert into directory_closedday (school_id, nation, day, name) values (%s, 'england', '2026-01-06', 'Inset')",
        [school],
    )
    return found


def written(cast: Cast, who: str, statement: str, places: dict[str, int]) -> int:
    """How many rows the application's role writes for this administrator; nothing stays."""
    with undone(cast, who), connection.cursor() as cursor:
        cursor.execute(statement, places)
        return int(cursor.rowcount)


@contextmanager
def undone(cast: Cast, who: str) -> Iterator[Any]:
    with acting(cast.user(who), page="test") as viewer:
        yield viewer
        transaction.set_rollback(True)


@pytest.mark.parametrize("what", CHANGES)
def test_only_the_own_administrator_changes(cast: Cast, places: dict[str, int], what: str) -> None:
    assert written(cast, OWN, CHANGES[what], places) > 0
    assert written(cast, OTHER, CHANGES[what], places) == 0


@pytest.mark.parametrize("what", ADDITIONS)
def test_only_the_own_administrator_adds(cast: Cast, places: dict[str, int], what: str) -> None:
    assert written(cast, OWN, ADDITIONS[what], places) == 1
    with pytest.raises(DatabaseError, match="row-level security"):
        written(cast, OTHER, ADDITIONS[what], places)


@pytest.mark.parametrize(
    "statement",
    [
        "update directory_organisation set force_id = %(other)s where id = %(school)s",
        INSERT_ORGANISATION.format("school", "null"),
        INSERT_ORGANISATION.format("school", "%(school)s"),
        "insert into directory_closedday (nation, day, name) values ('england', '2026-01-05', 'Everywhere')",
    ],
)
def test_nobody_writes_what_belongs_to_no_force_of_theirs(cast: Cast, places: dict[str, int], statement: str) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        written(cast, OWN, statement, places | {"other": cast.place("arian-police")})


def test_a_force_without_administrator_gets_its_schools_and_no_roles(cast: Cast, as_owner: Connection) -> None:
    with acting(cast.user(OWN), page="test"), connection.cursor() as cursor:
        cursor.execute(INSERT_ORGANISATION.format("force", "null"))
        force = cursor.fetchone()[0]
        cursor.execute(INSERT_ORGANISATION.format("school", "%(force)s"), {"force": force})
        school = cursor.fetchone()[0]
    about = {"force": force, "school": school, "person": cast.person("teacher")}
    for refused in ("team", "role", "term"):
        with pytest.raises(DatabaseError, match="row-level security"):
            written(cast, OWN, ADDITIONS[refused], about)
    as_owner.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since, until)"
        " values (%s, %s, 'administrator', false, '2001-01-01', '2001-02-01')",
        [cast.person("teacher"), force],
    )
    assert written(cast, OWN, CHANGES["organisation"], about) == 0, "whose administrator went is not anybody's"


def test_the_service_asks_for_the_force_of_a_person(cast: Cast) -> None:
    with acting(cast.user(OWN), page="test") as own:
        version = person_record(own, cast.person("teacher")).version
    with acting(cast.user(OTHER), page="test") as other, pytest.raises(Http404):
        edit_person(by=other, at=now(), person=cast.person("teacher"), version=version, changes={"title": "Dr"})


def test_who_has_a_role_at_a_school_on_a_day_has_begun_and_not_ended(cast: Cast) -> None:
    school, person = cast.place("larkmoor"), cast.person("other-head")
    tomorrow = now().date() + dt.timedelta(days=1)
    with undone(cast, OWN) as own:
        services.add_role(by=own, at=now(), person=person, organisation=school, role=Role.STAFF, since=tomorrow)
        assert person not in dict(people_at(school, now()))
        assert cast.person("teacher") in dict(people_at(school, now()))


def test_the_roles_of_the_forms_are_those_of_the_database(cast: Cast, as_owner: Connection) -> None:
    taken = {kind: {role.value for role in Role if database_takes(as_owner, kind, role)} for kind in OrganisationKind}
    assert taken == {kind: set(ROLES_OF.get(kind, [])) for kind in OrganisationKind}


def database_takes(owner: Connection, kind: str, role: str) -> bool:
    made = """
        with who as (insert into directory_person (name, title, email, telephone) values ('x', '', '', '') returning id)
        insert into directory_membership (person_id, organisation_id, role, on_slt, since)
        select who.id, (select min(id) from directory_organisation where kind = %s), %s, false, '2026-01-05' from who"""
    try:
        with owner.transaction(force_rollback=True):
            owner.execute(made, [kind, role])
    except psycopg.errors.CheckViolation as refused:
        return refused.diag.constraint_name != "role_fits_organisation"
    return True
