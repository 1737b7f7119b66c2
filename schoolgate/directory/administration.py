"""What the administrators' pages read of the directory: their own force's part of it, and nobody else's."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.directory.models import (
    Agency,
    ClosedDay,
    Force,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    School,
    Team,
    Term,
)
from schoolgate.directory.policies import administers
from schoolgate.directory.selectors import PersonCard, held_on, people

PERSON = "person"
PAGE = 50
PARTICULARS: dict[str, type[Model]] = {
    OrganisationKind.FORCE: Force,
    OrganisationKind.TEAM: Team,
    OrganisationKind.AGENCY: Agency,
    OrganisationKind.SCHOOL: School,
}


@dataclass(frozen=True)
class Found:
    """A line of the list: an organisation, or a person (kind "person")."""

    name: str
    kind: str
    id: int


@dataclass(frozen=True)
class FoundPage:
    """One page by name; `after` is the key of the next page."""

    rows: tuple[Found, ...]
    after: str = ""


@dataclass(frozen=True)
class RoleRow:
    """A role that somebody has, had or will have."""

    id: int
    person: int
    name: str
    organisation: int
    organisation_name: str
    role: str
    on_slt: bool
    since: dt.date
    until: dt.date | None

    def ended(self, on: dt.date) -> bool:
        """Whether the last day is over."""
        return self.until is not None and self.until < on


@dataclass(frozen=True)
class OrganisationRecord:
    """An organisation as its administrator sees it; values: its own columns and its kind's, by name.

    version: changes when somebody changes it.
    """

    id: int
    kind: str
    name: str
    force: int
    force_name: str
    values: dict[str, Any]
    version: str
    parent_name: str = ""
    controller_name: str = ""
    holiday_contact: PersonCard | None = None


@dataclass(frozen=True)
class Days:
    """A school's terms, and the days on which it alone is closed, latest first."""

    terms: tuple[tuple[dt.date, dt.date], ...]
    closed: tuple[tuple[dt.date, str], ...]


@dataclass(frozen=True)
class PersonRecord:
    """A person as the administrator sees them; user: their account, when they were invited."""

    id: int
    name: str
    title: str
    email: str
    telephone: str
    user: int | None
    version: str

    @property
    def called(self) -> str:
        """Title and name."""
        return f"{self.title} {self.name}".strip()


def forces_of(viewer: Viewer) -> list[tuple[int, str]]:
    """The forces (id, name) that this person administers. Raises Http404 when there is none."""
    if not administers(viewer):
        raise Http404
    forces = Organisation.objects.filter(id__in=viewer.organisations("administrators"))
    return list(forces.order_by("name").values_list("id", "name"))


def forces_of_others(viewer: Viewer) -> dict[int, str]:
    """The forces (slug by id) that have administrators of their own, of whom this person is none."""
    kept = Force.objects.filter(organisation__memberships__role=Role.ADMINISTRATOR)
    others = kept.exclude(organisation__in=viewer.organisations("administrators"))
    return dict(others.values_list("organisation_id", "slug"))


def find_organisations(viewer: Viewer, *, words: str = "", after: str = "") -> FoundPage:
    """Organisations of the viewer's force whose name holds the words, by name; after: see find. Raises Http404."""
    return _page([_organisations(viewer).filter(name__icontains=words)], after)


def find(viewer: Viewer, *, words: str = "", kind: str = "", after: str = "") -> FoundPage:
    """Organisations and people of the viewer's force whose name holds the words, by name.

    kind: one kind of organisation, or "person". after: the key that the page before gave. Raises Http404.
    """
    organisations = _organisations(viewer).filter(name__icontains=words)
    persons = persons_of(viewer).filter(name__icontains=words).annotate(kind=Value(PERSON, CharField()))
    if kind == PERSON:
        return _page([persons], after)
    return _page([organisations.filter(kind=kind)] if kind else [organisations, persons], after)


def _page(parts: list[QuerySet[Any]], after: str) -> FoundPage:
    first, *more = [_after(rows, after).order_by().values_list("name", "kind", "id") for rows in parts]
    rows = [Found(*row) for row in first.union(*more).order_by("name", "kind", "id")[: PAGE + 1]]
    return FoundPage(tuple(rows[:PAGE]), f"{rows[PAGE - 1].kind}-{rows[PAGE - 1].id}" if rows[PAGE:] else "")


def _after(rows: QuerySet[Any], after: str) -> QuerySet[Any]:
    if not after:
        return rows
    kind, _dash, number = after.partition("-")
    if not number.isdecimal():
        raise Http404
    model: Any = Person if kind == PERSON else Organisation
    name = model.objects.filter(id=int(number)).values_list("name", flat=True).first()
    if name is None:
        raise Http404
    same = Q(kind__gt=kind) | Q(kind=kind, id__gt=int(number))
    return rows.filter(Q(name__gt=name) | Q(name=name) & same)


def _organisations(viewer: Viewer) -> QuerySet[Organisation]:
    forces = [pk for pk, _name in forces_of(viewer)]
    return Organisation.objects.filter(Q(force__in=forces) | Q(id__in=forces))


def persons_of(viewer: Viewer) -> QuerySet[Person]:
    """Those with a role in the force, and those without any: somebody must be able to give them their first."""
    roles = Membership.objects.filter(person=OuterRef("pk"))
    here = roles.filter(organisation__in=_organisations(viewer).values("id"))
    return Person.objects.filter(Exists(here) | ~Exists(roles))


def organisation_record(viewer: Viewer, organisation: int) -> OrganisationRecord:
    """One organisation of the viewer's force. Raises Http404."""
    found = _organisations(viewer).select_related("force", "parent", "controller").filter(id=organisation).first()
    if found is None:
        raise Http404
    particulars = particulars_of(found)
    rows = [found] if particulars is None else [found, particulars]
    values = {field.attname: getattr(row, field.attname) for row in rows for field in row._meta.concrete_fields}
    contact = values.get("holiday_contact_id")
    force = found.force or found
    return OrganisationRecord(
        id=found.id,
        kind=found.kind,
        name=found.name,
        force=force.id,
        force_name=force.name,
        values=values,
        version=version_of(*rows),
        parent_name=found.parent.name if found.parent else "",
        controller_name=found.controller.name if found.controller else "",
        holiday_contact=people([contact]).get(contact) if contact else None,
    )


def particulars_of(organisation: Organisation) -> Model | None:
    """The row with what only its kind has, where its kind has one."""
    model = PARTICULARS.get(organisation.kind)
    return model._default_manager.filter(pk=organisation.pk).first() if model else None


def version_of(*rows: Model) -> str:
    """A digest of all that these rows say."""
    values = [[getattr(row, field.attname) for field in row._meta.concrete_fields] for row in rows]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def person_record(viewer: Viewer, person: int) -> PersonRecord:
    """One person of the viewer's force, or without a role yet. Raises Http404."""
    found = persons_of(viewer).filter(id=person).first()
    if found is None:
        raise Http404
    return PersonRecord(
        id=found.id,
        name=found.name,
        title=found.title,
        email=found.email,
        telephone=found.telephone,
        user=found.user_id,
        version=version_of(found),
    )


def roles_in(viewer: Viewer, organisation: int) -> list[RoleRow]:
    """The roles in an organisation of the viewer's force: present and coming first, then the latest to end."""
    return _roles(Membership.objects.filter(organisation__in=_organisations(viewer).filter(id=organisation)))


def roles_of(viewer: Viewer, person: int) -> list[RoleRow]:
    """The roles of a person in the viewer's force, in the same order."""
    return _roles(Membership.objects.filter(organisation__in=_organisations(viewer), person=person))


def role_row(viewer: Viewer, membership: int) -> RoleRow:
    """One role in the viewer's force. Raises Http404."""
    found = _roles(Membership.objects.filter(organisation__in=_organisations(viewer), id=membership))
    if not found:
        raise Http404
    return found[0]


def _roles(memberships: QuerySet[Membership]) -> list[RoleRow]:
    columns = ["id", "person_id", "person__name", "organisation_id", "organisation__name", "role", "on_slt", "since"]
    rows = memberships.order_by(F("until").desc(nulls_first=True), "person__name", "role")
    return [RoleRow(*row) for row in rows.values_list(*columns, "until")]


def days_of(viewer: Viewer, school: int) -> Days:
    """The terms and closed days of a school of the viewer's force. Raises Http404."""
    organisation_record(viewer, school)
    terms = Term.objects.filter(school=school).order_by("-first_day").values_list("first_day", "last_day")
    closed = ClosedDay.objects.filter(school=school).order_by("-day").values_list("day", "name")
    return Days(tuple(terms), tuple(closed))


def controllers_of(viewer: Viewer, force: int) -> list[tuple[int, str]]:
    """The trusts, governing bodies, proprietors and authorities (id, name) of a force, by name."""
    return _named(viewer, force, OrganisationKind.CONTROLLER)


def commands_of(viewer: Viewer, force: int) -> list[tuple[int, str]]:
    """What a team may stand under: the force itself, then its BCUs (id, name)."""
    return [*_named(viewer, force, OrganisationKind.FORCE), *_named(viewer, force, OrganisationKind.BCU)]


def _named(viewer: Viewer, force: int, kind: OrganisationKind) -> list[tuple[int, str]]:
    rows = _organisations(viewer).filter(Q(force=force) | Q(id=force), kind=kind, closed_on__isnull=True)
    return list(rows.order_by("name", "id").values_list("id", "name"))


def people_at(organisation: int, at: dt.datetime) -> list[tuple[int, str]]:
    """Those with a role in an organisation on that day (id, name), by name."""
    roles = Membership.objects.filter(held_on(london_day(at)), organisation=organisation)
    return list(Person.objects.filter(id__in=roles.values("person")).order_by("name").values_list("id", "name"))


def people_with_address(address: str, *, but: Iterable[int] = ()) -> list[PersonCard]:
    """Those who have exactly that e-mail address, in any case of letters."""
    rows = Person.objects.filter(email__iexact=address.strip()).exclude(id__in=list(but)) if address.strip() else []
    return [PersonCard(row.id, row.name, row.title, row.email, row.telephone) for row in rows]
