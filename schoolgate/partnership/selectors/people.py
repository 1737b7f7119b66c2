"""The school's SPOC and deputies, and who belongs to both sides of its partnership."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from schoolgate.deployment.selectors.serving import officers_of, schools_served, sergeants_of
from schoolgate.directory.models import Membership, Organisation, OrganisationKind, Role
from schoolgate.directory.selectors import PersonCard, held_on, people_with

SPOC_LINE = (Role.SPOC, Role.DEPUTY_SPOC)
SCHOOL_CIRCLE = (*SPOC_LINE, Role.HEAD, Role.DSL, Role.DEPUTY_DSL)


@dataclass(frozen=True)
class Appointed:
    """A SPOC or deputy, from when until when."""

    membership: int
    person: int
    name: str
    role: Role
    since: dt.date
    until: dt.date | None

    def holds(self, on: dt.date) -> bool:
        """Whether they are it on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def appointed(school: int) -> list[Appointed]:
    """Every SPOC and deputy of a school, present, past and to come; the latest first."""
    columns = ("id", "person_id", "person__title", "person__name", "role", "since", "until")
    rows = Membership.objects.filter(organisation=school, role__in=SPOC_LINE).order_by("-since", "-id")
    return [
        Appointed(pk, person, f"{title} {name}".strip(), Role(role), since, until)
        for pk, person, title, name, role, since, until in rows.values_list(*columns)
    ]


def in_place_of_spoc(school: int, *, on: dt.date) -> list[PersonCard]:
    """Whom the SPOC's post goes to on a day: the SPOC, else the deputies, else the head teacher; never nowhere."""
    for role in (Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD):
        found = people_with(school, role, on=on)
        if found:
            return found
    return []


def who_works_together(school: int, *, on: dt.date) -> set[int]:
    """The head teacher, the SPOC and deputies, and the school's officers."""
    ours = {person.id for person in people_with(school, *SPOC_LINE, Role.HEAD, on=on)}
    return ours | {posting.officer.id for posting in officers_of(school, on=on)}


def both_sides(school: int, *, on: dt.date) -> set[int]:
    """The school circle, the school's officers and their sergeants."""
    ours = {person.id for person in people_with(school, *SCHOOL_CIRCLE, on=on)}
    officers = {posting.officer.id for posting in officers_of(school, on=on)}
    return ours | officers | {sergeant.id for sergeant in sergeants_of(school, on=on)}


def schools_without_spoc(*, on: dt.date) -> list[int]:
    """The open schools of the partnership without a SPOC on a day: with a head teacher or an officer, that is."""
    held = Membership.objects.filter(held_on(on))
    schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL, force__isnull=False, closed_on__isnull=True)
    known = Q(pk__in=held.filter(role=Role.HEAD).values("organisation")) | Q(pk__in=schools_served(on=on))
    without = schools.filter(known).exclude(pk__in=held.filter(role=Role.SPOC).values("organisation"))
    return list(without.order_by("pk").values_list("pk", flat=True))
