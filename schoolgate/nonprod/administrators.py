"""What the technical administrators do: each enters the area of their own force, and invites its people."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from schoolgate.access.services import invite
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import LONDON
from schoolgate.directory.administration import organisation_record, person_record
from schoolgate.directory.models import OrganisationKind, Role
from schoolgate.directory.services import (
    add_organisation,
    add_person,
    add_role,
    add_term,
    edit_organisation,
    edit_person,
)
from schoolgate.nonprod.personas import Persona, everybody
from schoolgate.nonprod.places import (
    AGENCIES,
    ARIAN,
    BCUS,
    CONTROLLERS,
    FIRST_URN,
    SCHOOLS,
    TEAMS,
    TERMS,
    WEXMOOR,
    DemoForce,
    DemoSchool,
    force_of,
)

LA_NAMES = {WEXMOOR: ("990", "Wexmoor"), ARIAN: ("991", "Tir Arian")}
OUT_OF_HOURS = "Nobody reads this before the school opens. Ring children's services on 01632 960 111."
MEMBER_SINCE, HALF_A_YEAR = dt.timedelta(days=760), dt.timedelta(days=183)
TELEPHONES = {person.key: f"01632 960{500 + number}" for number, person in enumerate(everybody())}
NOT_ENTERED = {Role.ADMINISTRATOR, Role.SUPPLY}  # made by the owner's command, and with a school's first day code


@dataclass
class Desk:
    """An administrator at work, with what was entered so far: organisations by place, people by key."""

    by: Viewer
    at: dt.datetime
    force: DemoForce
    places: dict[str, int]
    people: dict[str, int] = field(default_factory=dict)

    def add(self, place: str, kind: OrganisationKind, name: str, /, *, under: str = "", **particulars: Any) -> None:
        """Add an organisation to the force's area."""
        self.places[place] = add_organisation(
            by=self.by,
            at=self.at,
            force=self.places[self.force.place],
            kind=kind,
            name=name,
            parent=self.places.get(under),
            particulars=particulars,
        )

    def change(self, place: str, **changes: Any) -> None:
        """Change what is known of an organisation."""
        record = organisation_record(self.by, self.places[place])
        edit_organisation(by=self.by, at=self.at, organisation=record.id, version=record.version, changes=changes)

    @property
    def today(self) -> dt.date:
        return self.at.astimezone(LONDON).date()

    def has(self, place: str) -> bool:
        """Whether a place is in the force's area."""
        return force_of(place) == self.force.place


def administrator_of(force: DemoForce) -> Persona:
    """The technical administrator of a force."""
    return next(each for each in everybody() if each.place == force.place and Role.ADMINISTRATOR in each.roles)


def enter_area(desk: Desk) -> None:
    """The force, its organisations top down, then everybody in them."""
    _complete(desk)
    _add_police(desk)
    _add_partners(desk)
    for number, school in enumerate(SCHOOLS):
        if desk.has(school.place):
            _add_school(desk, school, urn=FIRST_URN + number)
    _add_people(desk)
    if "holiday-contact" in desk.people:
        desk.change("larkmoor", holiday_contact_id=desk.people["holiday-contact"])


def _complete(desk: Desk) -> None:
    """The force and its administrator were made with bare names."""
    desk.change(
        desk.force.place,
        role_title=desk.force.role_title,
        has_safer_schools_officers=desk.force.has_safer_schools_officers,
    )
    persona, own = administrator_of(desk.force), person_record(desk.by, desk.by.person or 0)
    changes = {"title": persona.title, "telephone": TELEPHONES[persona.key]}
    edit_person(by=desk.by, at=desk.at, person=own.id, version=own.version, changes=changes)


def _add_police(desk: Desk) -> None:
    for place, (name, _force) in BCUS.items():
        if desk.has(place):
            desk.add(place, OrganisationKind.BCU, name, under=desk.force.place)
    for team in TEAMS:
        if desk.has(team.place):
            desk.add(team.place, OrganisationKind.TEAM, team.name, under=team.under, kind=team.kind, base=team.base)


def _add_partners(desk: Desk) -> None:
    for place, (name, _force) in CONTROLLERS.items():
        if desk.has(place):
            desk.add(place, OrganisationKind.CONTROLLER, name)
    for agency in AGENCIES:
        if desk.has(agency.place):
            desk.add(agency.place, OrganisationKind.AGENCY, agency.name, kind=agency.kind, la_code=agency.la_code)


def _add_school(desk: Desk, school: DemoSchool, urn: int) -> None:
    """By hand: the register knows no invented school."""
    la_code, la_name = LA_NAMES[school.force]
    desk.add(
        school.place,
        OrganisationKind.SCHOOL,
        school.name,
        under=school.controller,
        urn=urn,
        la_code=la_code,
        la_name=la_name,
        phase=school.phase,
        type_name="Invented school",
        low_age=school.ages[0],
        high_age=school.ages[1],
        pupils=school.pupils,
        percentage_fsm=school.percentage_fsm,
        latitude=school.at[0],
        longitude=school.at[1],
        telephone=f"01632 960{urn % 1000 + 200}",
        out_of_hours=OUT_OF_HOURS,
    )
    desk.change(school.place, controller_id=desk.places[school.controller])
    _add_terms(desk, school)


def _add_terms(desk: Desk, school: DemoSchool) -> None:
    """Two school years, so that history, today and the planned fall in one."""
    begins = desk.today - HALF_A_YEAR
    first = begins.year if begins.month >= 8 else begins.year - 1
    for year in (first, first + 1):
        for since, until in TERMS:
            first_day = dt.date(year + since[0], since[1], since[2])
            last_day = dt.date(year + until[0], until[1], until[2])
            add_term(by=desk.by, at=desk.at, school=desk.places[school.place], first_day=first_day, last_day=last_day)


def _add_people(desk: Desk) -> None:
    for person in everybody():
        if desk.has(person.place) and not NOT_ENTERED & set(person.roles):
            _add_person(desk, person)


def _add_person(desk: Desk, person: Persona) -> None:
    """Somebody, what they are, and an account without a password: only the demonstration's page lets anybody in."""
    entered = add_person(
        by=desk.by,
        at=desk.at,
        name=person.name,
        title=person.title,
        email=person.email,
        telephone=TELEPHONES[person.key],
    )
    for role in person.roles:
        add_role(
            by=desk.by,
            at=desk.at,
            person=entered,
            organisation=desk.places[person.place],
            role=role,
            since=desk.today - MEMBER_SINCE,
            on_slt=person.on_slt,
        )
    invite(by=desk.by, at=desk.at, person=entered)
    desk.people[person.key] = entered
