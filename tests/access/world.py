"""A small made-up world for access tests: built past the policies, by the superuser."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from psycopg import Connection

LONG_AGO = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Somebody:
    person: int
    user: int


class Builder:
    """Adds organisations, people, roles and rows by plain SQL, so that it shares nothing with the product."""

    def __init__(self, superuser: Connection) -> None:
        self.sql = superuser

    def organisation(self, kind: str, name: str, *, force: int | None = None, controller: int | None = None) -> int:
        regime = "law_enforcement" if kind in ("force", "team") else "uk_gdpr"
        return self.one(
            "insert into directory_organisation (kind, name, force_id, controller_id, regime, nation)"
            " values (%s, %s, %s, %s, %s, 'england') returning id",
            kind, name, force, controller, regime,
        )  # fmt: skip

    def school(self, name: str, *, force: int, controller: int) -> int:
        school = self.organisation("school", name, force=force, controller=controller)
        self.sql.execute(
            "insert into directory_school (organisation_id, urn, la_code, la_name, phase, type_name, status, postcode,"
            " keeps_own_system, opens_at, closes_at, minutes_to_open_concern, out_of_hours, telephone)"
            " values (%s, %s, '999', '', 'secondary', '', 'open', '', false, '08:30', '15:30', 60, '', '')",
            [school, 990000 + school],
        )
        return school

    def team(self, name: str, *, force: int, kind: str = "safer_schools") -> int:
        team = self.organisation("team", name, force=force, controller=force)
        self.sql.execute("insert into directory_team (organisation_id, kind, base) values (%s, %s, '')", [team, kind])
        return team

    def edition(self, force: int) -> None:
        """A published text of the force, which an agreement needs."""
        self.sql.execute(
            "insert into partnership_edition (force_id, kind, number, title, summary, body, as_at, changed_at, version,"
            " published_at) values (%s, 'protocol', 1, 'a', 'a', 'a', '2026-03-02', now(), 1, now())",
            [force],
        )

    def person(self, name: str) -> Somebody:
        user = self.one(
            "insert into access_user (email, password, is_active) values (%s, '!', true) returning id",
            f"{uuid4().hex}@people.example",
        )
        person = self.one(
            "insert into directory_person (name, title, email, telephone, user_id)"
            " values (%s, '', '', '', %s) returning id",
            name, user,
        )  # fmt: skip
        return Somebody(person, user)

    def role(
        self, who: Somebody, organisation: int, role: str, *, since: dt.date = LONG_AGO, until: dt.date | None = None
    ) -> None:
        self.sql.execute(
            "insert into directory_membership (person_id, organisation_id, role, on_slt, since, until)"
            " values (%s, %s, %s, %s, %s, %s)",
            [who.person, organisation, role, role in ("spoc", "deputy_spoc"), since, until],
        )

    def assign(
        self, who: Somebody, team: int, school: int, *, since: dt.date = LONG_AGO, until: dt.date | None = None
    ) -> None:
        self.sql.execute(
            "insert into deployment_eligibility (officer_id, team_id, rank, probation_ends) values (%s, %s, 'PC', %s)"
            " on conflict do nothing",
            [who.person, team, dt.date(2010, 1, 1)],
        )
        self.sql.execute(
            "insert into deployment_assignment (officer_id, team_id, school_id, kind, since, until)"
            " values (%s, %s, %s, 'lead', %s, %s)",
            [who.person, team, school, since, until],
        )

    def one(self, query: str, *values: object) -> int:
        row = self.sql.execute(query, values).fetchone()
        assert row is not None
        return int(row[0])


@dataclass
class Town(Builder):
    """Two schools of one force, a team, and the people of the first school."""

    sql: Connection
    force: int = 0
    team_id: int = 0
    north: int = 0
    south: int = 0
    teacher: Somebody = Somebody(0, 0)
    spoc: Somebody = Somebody(0, 0)
    head: Somebody = Somebody(0, 0)
    officer: Somebody = Somebody(0, 0)
    sergeant: Somebody = Somebody(0, 0)

    def add_child(self, holder: int, name: str) -> UUID:
        child = uuid4()
        self.sql.execute(
            "insert into children_child (id, holder, controller, regime, marking, retention_class, circles, barred,"
            " made_by, made_at, name, year_group, needs)"
            " values (%s, %s, 0, '', 'official_sensitive', 'contact', '{}', '{}', %s, now(), %s, '', '')",
            [child, holder, self.spoc.person, name],
        )
        return child


def make_town(superuser: Connection) -> Town:
    """Make the town in the connection's database."""
    town = Town(superuser)
    town.force = town.organisation("force", "Test Police")
    town.team_id = town.team("Test Safer Schools team", force=town.force)
    trust = town.organisation("controller", "Test Trust", force=town.force)
    town.north = town.school("North Test School", force=town.force, controller=trust)
    town.south = town.school("South Test School", force=town.force, controller=trust)
    for name, organisation, role in (
        ("teacher", town.north, "staff"),
        ("spoc", town.north, "spoc"),
        ("head", town.north, "head"),
        ("officer", town.team_id, "officer"),
        ("sergeant", town.team_id, "sergeant"),
    ):
        somebody = town.person(name.title())
        town.role(somebody, organisation, role)
        setattr(town, name, somebody)
    town.assign(town.officer, town.team_id, town.north)
    return town
