"""Who may read and write what, said again in plain Python from the design's tables, without a word of SQL.

It knows people, dated roles, postings, hours of emergency access and bars; the test compares it with the
database over random worlds. Nothing here is shared with the product's own code.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

SCHOOL_CIRCLE = {"spoc", "deputy_spoc", "head", "dsl", "deputy_dsl"}
SCHOOL_STAFF = SCHOOL_CIRCLE | {"staff"}
BY_ROLE = {
    "staff": SCHOOL_STAFF,
    "supply": {"supply"},
    "school": SCHOOL_CIRCLE,
    "safeguarding": {"dsl", "deputy_dsl"},
    "head": {"head"},
    "governors": {"governors"},
    "team": {"officer", "sergeant"},
    "agency": {"practitioner"},
    "intelligence": {"intelligence"},
    "lado": {"lado"},
    "professional_standards": {"professional_standards"},
    "dpo": {"dpo"},
    "trust": {"trust_lead"},
    "sergeants": {"sergeant"},
    "figures": {"youth_lead", "analyst"},
    "administrators": {"administrator"},
}

Circle = tuple[str, int] | tuple[str, int, int]


@dataclass(frozen=True)
class Dates:
    since: dt.date
    until: dt.date | None

    def hold(self, today: dt.date) -> bool:
        return self.since <= today and (self.until is None or today <= self.until)


@dataclass(frozen=True)
class Held:
    person: int
    organisation: int
    role: str
    dates: Dates


@dataclass(frozen=True)
class Posted:
    person: int
    team: int
    school: int
    dates: Dates


@dataclass(frozen=True)
class Emergency:
    person: int
    kind: str
    organisation: int
    holds_now: bool


@dataclass
class World:
    today: dt.date
    roles: list[Held] = field(default_factory=list)
    postings: list[Posted] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)

    def has_role(self, person: int, organisation: int, roles: Iterable[str]) -> bool:
        return any(
            r.person == person and r.organisation == organisation and r.role in roles and r.dates.hold(self.today)
            for r in self.roles
        )

    def is_police_of(self, person: int, school: int) -> bool:
        """The officers posted there today who still belong to the team, and the sergeants of those teams.

        A sergeant answers for a posting while it runs, though its officer has left the team.
        """
        for posting in self.postings:
            if posting.school == school and posting.dates.hold(self.today):
                if posting.person == person and self.has_role(person, posting.team, {"officer"}):
                    return True
                if self.has_role(person, posting.team, {"sergeant"}):
                    return True
        return False

    def is_next_to(self, person: int, kind: str, school: int) -> bool:
        """Staff beside the circle of their school; the police beside its partnership. There is one force only."""
        if kind == "school":
            return self.has_role(person, school, SCHOOL_STAFF)
        return any(r.person == person and r.role in BY_ROLE["team"] and r.dates.hold(self.today) for r in self.roles)

    def is_in(self, person: int, circle: Circle) -> bool:
        kind, organisation = circle[0], circle[1]
        if any(
            e.person == person and e.kind == kind and e.organisation == organisation and e.holds_now
            for e in self.emergencies
        ) and self.is_next_to(person, kind, organisation):
            return True
        if kind == "author":
            everything_but_supply = {r.role for r in self.roles} - {"supply"}
            return person == circle[2] and self.has_role(person, organisation, everything_but_supply)
        if kind == "police":
            return self.is_police_of(person, organisation)
        if kind == "partnership":
            return self.has_role(person, organisation, SCHOOL_CIRCLE) or self.is_police_of(person, organisation)
        return self.has_role(person, organisation, BY_ROLE[kind])

    def may_read(self, person: int, circles: Iterable[Circle], barred: Iterable[int]) -> bool:
        return person not in set(barred) and any(self.is_in(person, circle) for circle in circles)

    def may_write(self, person: int, alternatives: Iterable[Iterable[Circle]]) -> bool:
        return any(all(self.is_in(person, circle) for circle in together) for together in alternatives)
