"""The only door to the directory's rows. They hold no data about children, so reads are not logged."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from schoolgate.directory.calendars import SchoolCalendar, SchoolHours, SchoolTerm
from schoolgate.directory.models import (
    Agency,
    AgencyKind,
    Force,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Team,
    TeamKind,
)


@dataclass(frozen=True)
class PersonCard:
    """A person and one role, as others in the partnership see them."""

    id: int
    name: str
    title: str
    email: str
    telephone: str
    role: str = ""
    group: str = ""
    organisation: int = 0

    @property
    def called(self) -> str:
        """Title and name: 'PC Ada Fern'."""
        return f"{self.title} {self.name}".strip()


@dataclass(frozen=True)
class SchoolCard:
    """What the partnership knows of a school, and when it is open."""

    id: int
    name: str
    phase: str
    nation: str
    force: int | None
    controller: int | None
    la_code: str
    opens_at: dt.time
    closes_at: dt.time
    minutes_to_open_concern: int
    keeps_own_system: bool
    out_of_hours: str
    holiday_contact: int | None
    telephone: str
    calendar: SchoolCalendar


@dataclass(frozen=True)
class ForceCard:
    """A force, and its own words for its officers in schools."""

    id: int
    name: str
    nation: str
    role_title: str
    non_emergency: str


def people_with(organisation: int, *roles: str, on: dt.date) -> list[PersonCard]:
    """Those who hold one of the roles there on that day, by name; somebody with two roles stands twice."""
    rows = (
        Membership.objects.filter(held_on(on), organisation=organisation, role__in=roles)
        .values_list("person", "person__name", "person__title", "person__email", "person__telephone", "role", "group")
        .order_by("person__name", "role")
    )
    return [PersonCard(*row, organisation=organisation) for row in rows]


def people(ids: Iterable[int]) -> dict[int, PersonCard]:
    """The people of these ids, by id; an id that is nobody's is left out."""
    rows = Person.objects.filter(id__in=set(ids)).values_list("id", "name", "title", "email", "telephone")
    return {row[0]: PersonCard(*row) for row in rows}


def people_called(words: str) -> list[int]:
    """The ids of everybody whose name holds these words."""
    return list(Person.objects.filter(name__icontains=words).values_list("id", flat=True))


def open_schools_of_forces_of(teams: Iterable[int]) -> list[tuple[int, str]]:
    """The open schools (id, name) in the areas of the forces that these teams belong to, by name."""
    forces = Organisation.objects.filter(id__in=list(teams)).values("force")
    schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL, force__in=forces, closed_on__isnull=True)
    return list(schools.order_by("name", "id").values_list("id", "name"))


def names(organisations: Iterable[int]) -> dict[int, str]:
    """The names of these organisations, by id."""
    return dict(Organisation.objects.filter(id__in=set(organisations)).values_list("id", "name"))


def name_of(column: str) -> Subquery:
    """The name of the organisation in a column, as part of a query on that column's table."""
    return Subquery(Organisation.objects.filter(pk=OuterRef(column)).values("name"))


# In SQL: nearly every form asks it, and the same by the models costs a millisecond of putting it together.
SCHOOL_CARD = """
select s.organisation_id, o.name, s.phase, o.nation, o.force_id, o.controller_id, s.la_code, s.opens_at, s.closes_at,
    s.minutes_to_open_concern, s.keeps_own_system, s.out_of_hours, s.holiday_contact_id, s.telephone,
    array(select first_day from directory_term where school_id = o.id order by first_day),
    array(select last_day from directory_term where school_id = o.id order by first_day),
    array(select day from directory_closedday where school_id = o.id or (school_id is null and nation = o.nation))
from directory_school s join directory_organisation o on o.id = s.organisation_id
where s.organisation_id = %s
"""


def school_card(school: int) -> SchoolCard:
    """One school, with the terms and the days closed to it or to its nation. Raises Http404 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(SCHOOL_CARD, [school])
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise Http404
    *facts, first_days, last_days, closed_days = row
    return SchoolCard(*[*facts, _calendar(facts[7], facts[8], first_days, last_days, closed_days)])


def _calendar(
    opens: dt.time, closes: dt.time, first_days: list[dt.date], last_days: list[dt.date], closed: list[dt.date]
) -> SchoolCalendar:
    terms = tuple(SchoolTerm(*days) for days in zip(first_days, last_days, strict=True))
    return SchoolCalendar(SchoolHours(opens, closes), terms, frozenset(closed))


def lado_of(school: SchoolCard) -> int | None:
    """The agency of the local authority designated officer of the school's authority, else of its force's area."""
    agencies = Agency.objects.filter(kind=AgencyKind.LADO).order_by("pk")
    of_authority = agencies.filter(la_code=school.la_code).first() if school.la_code else None
    found = of_authority or agencies.filter(organisation__force__isnull=False, organisation__force=school.force).first()
    return found.pk if found else None


def professional_standards_of(force: int) -> int | None:
    """The force's professional standards team."""
    teams = Team.objects.filter(kind=TeamKind.PROFESSIONAL_STANDARDS, organisation__force=force)
    return teams.order_by("pk").values_list("pk", flat=True).first()


def forces_of(person: int) -> list[int]:
    """The forces in whose area, or for which, this person has a role now or later."""
    places = Organisation.objects.filter(memberships__person=person)
    return sorted(set(places.annotate(of=Coalesce("force_id", "id")).values_list("of", flat=True)))


def teams_of_force(force: int, *, among: Iterable[int]) -> list[int]:
    """Those of these teams that belong to the force."""
    teams = Organisation.objects.filter(kind=OrganisationKind.TEAM, force=force, id__in=list(among))
    return list(teams.order_by("id").values_list("id", flat=True))


def forces_of_teams(teams: Iterable[int]) -> list[int]:
    """The forces that these teams belong to, each once, by id."""
    rows = Organisation.objects.filter(id__in=list(teams)).values_list("force", flat=True)
    return sorted({force for force in rows if force is not None})


def names_of_forces(forces: Iterable[int], *, teams: Iterable[int]) -> dict[int, str]:
    """The names of these forces and of those that these teams belong to, by id."""
    of_teams = Organisation.objects.filter(kind=OrganisationKind.TEAM, id__in=list(teams)).values("force")
    return dict(Organisation.objects.filter(Q(id__in=list(forces)) | Q(id__in=of_teams)).values_list("id", "name"))


def slt_of(school: int, *, on: dt.date) -> list[PersonCard]:
    """The members of the school's senior leadership team on a day, each once, by name."""
    rows = (
        Membership.objects.filter(held_on(on), organisation=school, on_slt=True)
        .values_list("person", "person__name", "person__title", "person__email", "person__telephone")
        .order_by("person__name")
        .distinct()
    )
    return [PersonCard(*row, organisation=school) for row in rows]


def force_card(force: int) -> ForceCard:
    """What a force calls its officers, and its number for what is no emergency. Raises Http404."""
    columns = ("organisation_id", "organisation__name", "organisation__nation", "role_title", "non_emergency")
    row = Force.objects.filter(pk=force).values_list(*columns).first()
    if row is None:
        raise Http404
    return ForceCard(*row)


def held_on(day: dt.date) -> Q:
    """The condition on rows from `since` to `until`, both days included, that they hold on this day."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
