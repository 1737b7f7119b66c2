"""Makes the demonstration's partnership: forces, schools, people, roles, postings, agreements.

Two parts. `found` runs as the owner of the tables, because nobody can sign in before it: the forces
and one technical administrator each. `make_partnership` does the rest as the people themselves:
administrators enter the directory, sergeants post officers, head teachers sign.
"""

import datetime as dt
from collections.abc import Iterable

from schoolgate.access.acting import acting
from schoolgate.access.models import User
from schoolgate.core.clock import LONDON
from schoolgate.core.enums import Regime
from schoolgate.deployment.models import Absence, Assignment, DutyHours, Eligibility
from schoolgate.directory.models import (
    Agency,
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
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.personas import Persona, everybody
from schoolgate.nonprod.places import (
    AGENCIES,
    AGREED,
    ARIAN,
    ASSIGNMENTS,
    BCUS,
    CONTROLLERS,
    DUTY,
    FIRST_URN,
    FORCES,
    SCHOOLS,
    TEAMS,
    TERMS,
    WEXMOOR,
    DemoSchool,
    force_of,
)
from schoolgate.partnership.models import Agreement, AgreementKind

JOB = "job:nonprod.make_partnership"
ADMINISTRATORS = {WEXMOOR: "admin", ARIAN: "other-force-admin"}
LA_NAMES = {WEXMOOR: ("990", "Wexmoor"), ARIAN: ("991", "Tir Arian")}
MEMBER_SINCE = dt.timedelta(days=760)
OUT_OF_HOURS = "Nobody reads this before the school opens. Ring children's services on 01632 960 111."
Places = dict[str, Organisation]


def is_founded() -> bool:
    """Whether the forces are there (asked as the owner)."""
    return Force.objects.filter(slug=FORCES[0].slug).exists()


def found(*, at: dt.datetime) -> None:
    """As the owner: the forces, and a technical administrator for each."""
    places: Places = {}
    for force in FORCES:
        places[force.place] = Organisation.objects.create(
            kind=OrganisationKind.FORCE, name=force.name, regime=Regime.LAW_ENFORCEMENT, nation=force.nation
        )
        Force.objects.create(
            organisation=places[force.place],
            slug=force.slug,
            role_title=force.role_title,
            has_safer_schools_officers=force.has_safer_schools_officers,
        )
    administrators = [person for person in everybody() if Role.ADMINISTRATOR in person.roles]
    _enter_people(administrators, _open_accounts(administrators), places, _day(at))


def make_partnership(*, at: dt.datetime) -> Cast:
    """As the people themselves: everything but the forces. Gives the cast."""
    others = [person for person in everybody() if Role.ADMINISTRATOR not in person.roles]
    accounts = _open_accounts(others)
    administrators = Cast.load()
    for force, key in ADMINISTRATORS.items():
        with acting(administrators.user(key), page=JOB):
            places = _enter_organisations(force)
            _enter_people([person for person in others if force_of(person.place) == force], accounts, places, _day(at))
            _enter_terms(places, [school for school in SCHOOLS if school.force == force], _day(at))
    cast = Cast.load()
    _name_holiday_contact(cast)
    _post_officers(cast, _day(at))
    _sign_agreements(cast, _day(at))
    return cast


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(LONDON).date()


def _open_accounts(people: Iterable[Persona]) -> dict[str, User]:
    """Accounts by key, without a password: nobody knows a way in but the demonstration's page."""
    accounts = {person.key: User(email=person.email) for person in people}
    for account in accounts.values():
        account.set_unusable_password()
    User.objects.bulk_create(accounts.values())
    return accounts


def _enter_organisations(force: str) -> Places:
    """The force's area, top down. Gives the organisations by place."""
    the_force = Organisation.objects.get(name=next(each.name for each in FORCES if each.place == force))
    places: Places = {force: the_force}
    for place, (name, _force) in _within(BCUS, force).items():
        places[place] = _organisation(OrganisationKind.BCU, name, the_force, parent=the_force, controller=the_force)
    for team in [each for each in TEAMS if each.force == force]:
        parent = places[team.under]
        places[team.place] = _organisation(
            OrganisationKind.TEAM, team.name, the_force, parent=parent, controller=the_force
        )
    for place, (name, _force) in _within(CONTROLLERS, force).items():
        places[place] = _organisation(OrganisationKind.CONTROLLER, name, the_force)
    for agency in [each for each in AGENCIES if each.force == force]:
        places[agency.place] = _organisation(OrganisationKind.AGENCY, agency.name, the_force)
    for school in [each for each in SCHOOLS if each.force == force]:
        controller = places[school.controller]
        places[school.place] = _organisation(
            OrganisationKind.SCHOOL, school.name, the_force, parent=controller, controller=controller
        )
    _enter_particulars(force, places)
    return places


def _within(named: dict[str, tuple[str, str]], force: str) -> dict[str, tuple[str, str]]:
    return {place: (name, of) for place, (name, of) in named.items() if of == force}


def _organisation(
    kind: OrganisationKind,
    name: str,
    force: Organisation,
    *,
    parent: Organisation | None = None,
    controller: Organisation | None = None,
) -> Organisation:
    police = kind in (OrganisationKind.BCU, OrganisationKind.TEAM)
    return Organisation.objects.create(
        kind=kind,
        name=name,
        parent=parent,
        controller=controller,
        force=force,
        regime=Regime.LAW_ENFORCEMENT if police else Regime.UK_GDPR,
        nation=force.nation,
    )


def _enter_particulars(force: str, places: Places) -> None:
    """What the register knows of each team, agency and school beyond its name."""
    Team.objects.bulk_create(
        Team(organisation=places[team.place], kind=team.kind, base=team.base) for team in TEAMS if team.force == force
    )
    Agency.objects.bulk_create(
        Agency(organisation=places[agency.place], kind=agency.kind, la_code=agency.la_code)
        for agency in AGENCIES
        if agency.force == force
    )
    School.objects.bulk_create(
        _school(school, places[school.place], FIRST_URN + number)
        for number, school in enumerate(SCHOOLS)
        if school.force == force
    )


def _school(school: DemoSchool, organisation: Organisation, urn: int) -> School:
    la_code, la_name = LA_NAMES[school.force]
    return School(
        organisation=organisation,
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


def _enter_people(people: list[Persona], accounts: dict[str, User], places: Places, today: dt.date) -> None:
    """People with their accounts, and what each is where."""
    rows = Person.objects.bulk_create(
        Person(
            name=person.name,
            title=person.title,
            email=person.email,
            telephone=f"01632 960{500 + number}",
            user=accounts[person.key],
        )
        for number, person in enumerate(people)
    )
    Membership.objects.bulk_create(
        Membership(
            person=row,
            organisation=places[person.place],
            role=role,
            on_slt=person.on_slt,
            since=today - MEMBER_SINCE,
        )
        for person, row in zip(people, rows, strict=True)
        for role in person.roles
    )


def _enter_terms(places: Places, schools: list[DemoSchool], today: dt.date) -> None:
    """Three school years about today, so that history, today and the planned fall in one."""
    first = today.year - 1 if today.month >= 8 else today.year - 2
    Term.objects.bulk_create(
        Term(
            school=School(organisation_id=places[school.place].pk),
            first_day=dt.date(year + since[0], since[1], since[2]),
            last_day=dt.date(year + until[0], until[1], until[2]),
        )
        for school in schools
        for year in (first, first + 1, first + 2)
        for since, until in TERMS
    )


def _name_holiday_contact(cast: Cast) -> None:
    with acting(cast.user("admin"), page=JOB):
        School.objects.filter(organisation=cast.place("larkmoor")).update(
            holiday_contact=cast.person("holiday-contact")
        )


def _post_officers(cast: Cast, today: dt.date) -> None:
    """Each sergeant: who is eligible, who serves which school, when they are on duty, who is away."""
    for sergeant in [person for person in everybody() if Role.SERGEANT in person.roles]:
        officers = [
            person.key for person in everybody() if person.place == sergeant.place and Role.OFFICER in person.roles
        ]
        with acting(cast.user(sergeant.key), page=JOB):
            _post(cast, cast.place(sergeant.place), officers, today)


def _post(cast: Cast, team: int, officers: list[str], today: dt.date) -> None:
    Eligibility.objects.bulk_create(
        Eligibility(officer_id=cast.person(key), team_id=team, probation_ends=_end_of_probation(key, today))
        for key in officers
    )
    Assignment.objects.bulk_create(
        Assignment(
            officer_id=cast.person(key),
            team_id=team,
            school_id=cast.place(school),
            kind=kind,
            since=today - dt.timedelta(days=420),
        )
        for key, school, kind in ASSIGNMENTS
        if key in officers
    )
    DutyHours.objects.bulk_create(
        DutyHours(officer_id=cast.person(key), weekday=weekday, starts=starts, ends=ends)
        for key in officers
        for weekday, (starts, ends) in DUTY.get(key, {}).items()
    )
    if "south-officer" in officers:
        Absence.objects.create(
            officer_id=cast.person("south-officer"), first_day=today, last_day=today + dt.timedelta(days=6)
        )


def _end_of_probation(key: str, today: dt.date) -> dt.date:
    return today + dt.timedelta(days=150) if key == "probationer" else today - dt.timedelta(days=900)


def _sign_agreements(cast: Cast, today: dt.date) -> None:
    """Each head teacher signs what is signed: in date, lapsed, lapsing soon."""
    heads = {person.place: person.key for person in everybody() if Role.HEAD in person.roles}
    for school in SCHOOLS:
        spans = zip((AgreementKind.PROTOCOL, AgreementKind.DSA), AGREED[school.agreed], strict=True)
        with acting(cast.user(heads[school.place]), page=JOB):
            Agreement.objects.bulk_create(
                Agreement(
                    school_id=cast.place(school.place),
                    kind=kind,
                    signed_by=cast.person(heads[school.place]),
                    since=today + dt.timedelta(days=span[0]),
                    until=today + dt.timedelta(days=span[1]),
                )
                for kind, span in spans
                if span
            )
