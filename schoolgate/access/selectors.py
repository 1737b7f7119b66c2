"""Who shares a circle with a record now, and what may be known about accounts and codes for signing in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.http import Http404

from schoolgate.access.models import IdentityProvider
from schoolgate.access.policies import MAKES_CODES
from schoolgate.access.viewer import Viewer


@dataclass(frozen=True)
class Reader:
    """Somebody who can read a record now: by which circle of which organisation, which role, since and until when."""

    person: int
    name: str
    title: str
    kind: str
    organisation: int
    role: str
    since: dt.datetime
    until: dt.datetime | None

    @property
    def called(self) -> str:
        """Title and name: 'PC Ada Fern'."""
        return f"{self.title} {self.name}".strip()


def readers(circles: Sequence[int], barred: Sequence[int]) -> list[Reader]:
    """Everybody in one of the circles now, less the barred; somebody in two circles stands twice."""
    query = (
        "select person, name, title, kind, organisation, role, since, until from access_readers(%s::int[], %s::int[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [list(circles), list(barred)])
        return [Reader(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class PersonAccount:
    """How far a person of the directory has come with signing in; user is nothing for one without an account."""

    person: int
    name: str
    user: int | None
    email: str
    last_sign_in: dt.datetime | None
    has_password: bool
    has_second_factor: bool


@dataclass(frozen=True)
class SchoolSignIn:
    """A school's own sign-in, as it was set up."""

    id: int
    issuer: str
    tenant: str
    client: str


@dataclass(frozen=True)
class SchoolCode:
    """A school whose code for supply staff somebody may make, and until when there is one."""

    school: int
    name: str
    ends_at: dt.datetime | None


@dataclass(frozen=True)
class Provider:
    """A school's own sign-in, by the name that its staff know."""

    id: int
    name: str


def person_account(person: int) -> PersonAccount:
    """The account of a person, for a technical administrator.

    Raises Http404 when there is no such person in the administrator's force.
    """
    query = (
        "select p.id, p.name, a.* from directory_person p left join access_account_of(p.id) a on true"
        " where p.id = %s and access_administers_person(p.id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [person])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return PersonAccount(*row)


def school_name(school: int) -> str:
    """The name of a school of the administrator's force. Raises Http404 when there is none of that id."""
    query = "select name from directory_organisation where id = %s and kind = 'school' and access_administers(id)"
    with connection.cursor() as cursor:
        cursor.execute(query, [school])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return str(row[0])


def school_sign_ins(school: int) -> list[SchoolSignIn]:
    """How a school's staff sign in with its own accounts, for a technical administrator."""
    with connection.cursor() as cursor:
        cursor.execute("select provider, issuer, tenant, client_id from access_providers(%s)", [school])
        return [SchoolSignIn(*row) for row in cursor.fetchall()]


def school_codes(viewer: Viewer, *, at: dt.datetime) -> list[SchoolCode]:
    """The schools whose code the viewer may make, by name, each with the code that it has at that time."""
    schools = sorted({s.organisation for s in viewer.standings if s.role in MAKES_CODES and s.kind == "school"})
    with connection.cursor() as cursor:
        cursor.execute("select school, name, ends_at from access_day_codes(%s, %s)", [schools, at])
        return [SchoolCode(*row) for row in cursor.fetchall()]


def providers(words: str) -> list[Provider]:
    """Up to twenty schools with a sign-in of their own, by words of their name; three letters at least."""
    if len(words) < 3:
        return []
    found = IdentityProvider.objects.filter(name__icontains=words).order_by("name", "id")
    return [Provider(*row) for row in found.values_list("id", "name")[:20]]


def any_provider() -> bool:
    """Whether any school has a sign-in of its own."""
    return IdentityProvider.objects.exists()


def name_of_account(user: int) -> str:
    """The name of whom an account belongs to; nothing where it is nobody's."""
    with connection.cursor() as cursor:
        cursor.execute("select name from access_standing(%s)", [user])
        row = cursor.fetchone()
    return str(row[0]) if row else ""
