"""An invented national register: schools, teams, people and roles, with the circle of every need to know.

Everything is numbered, so that the circles of a record are worked out without asking the database. First come
the known schools, whose records are as many at every size: the officer's own, the sergeant's busy ones, and
the quiet ones, of which the caseworker has hundreds. All others are other people's.
"""

from collections.abc import Iterator

Row = tuple[object, ...]

OWN_SCHOOLS = 5
BUSY_SCHOOLS = 60  # the sergeant's
QUIET_SCHOOLS = 749  # the caseworker's: partnership and police of each, the team, the author: 1,500 circles
SERGEANT_SCHOOLS = BUSY_SCHOOLS + 89  # likewise 300 circles
KNOWN_SCHOOLS = OWN_SCHOOLS + BUSY_SCHOOLS + QUIET_SCHOOLS
RECORDS_A_SCHOOL = 40
SCHOOLS_A_CONTROLLER = 10
SCHOOLS_AN_OFFICER = 5
OFFICERS_A_TEAM = 8

STAFF = ("spoc", "head", "dsl", "staff", "staff", "staff")
AUTHORS = (3, 4, 5)
SCHOOL_CIRCLES = ("staff", "supply", "school", "safeguarding", "head", "governors", "partnership", "police")
TEAM_CIRCLES = ("team", "intelligence", "professional_standards")
SINCE = "2024-09-01"

FORCE = 1
OWN_OFFICER, SERGEANT, CASEWORKER = 3_000_000, 4_000_001, 5_000_000
CASEWORKER_TEAM = 3_900_000
# Who signs in: account by person. The SPOC is the first school's, the teacher the second's.
SPOC, TEACHER = 1_000_000, 1_000_009
ACCOUNTS = {OWN_OFFICER: 1, SERGEANT: 2, CASEWORKER: 3, SPOC: 4, TEACHER: 5}
OFFICER_ACCOUNT, SERGEANT_ACCOUNT, CASEWORKER_ACCOUNT, SPOC_ACCOUNT, TEACHER_ACCOUNT = range(1, 6)


def schools_for(records: int) -> int:
    """How many schools there are when so many records are other people's."""
    return KNOWN_SCHOOLS + max(SCHOOLS_A_CONTROLLER, records // RECORDS_A_SCHOOL)


def school(number: int) -> int:
    """The organisation of a school."""
    return 1_000_000 + number


def controller(number: int) -> int:
    """The organisation that answers for a school."""
    return 2_000_000 + number // SCHOOLS_A_CONTROLLER


def staff(number: int, place: int) -> int:
    """A person of a school, by place in STAFF."""
    return 1_000_000 + number * len(STAFF) + place


def officer(number: int) -> int:
    """The officer of a school: the first serves the officer's own, the second the sergeant's, the others five each."""
    if number < OWN_SCHOOLS:
        return OWN_OFFICER
    beyond = number - OWN_SCHOOLS - SERGEANT_SCHOOLS
    return OWN_OFFICER + (1 if beyond < 0 else 2 + beyond // SCHOOLS_AN_OFFICER)


def team(number: int) -> int:
    """The team of a school's officer."""
    its_officer = officer(number) - OWN_OFFICER
    return 3_000_000 + (its_officer if its_officer < 2 else 2 + (its_officer - 2) // OFFICERS_A_TEAM)


def school_circle(number: int, kind: str) -> int:
    """The circle of that kind of a school."""
    return 1 + number * len(SCHOOL_CIRCLES) + SCHOOL_CIRCLES.index(kind)


def author_circle(number: int, place: int) -> int:
    """The circle of a member of a school's staff, for what they write."""
    return 10_000_000 + staff(number, place)


def organisations(schools: int) -> Iterator[Row]:
    """Rows (id, kind, name, parent, controller, force, regime)."""
    yield FORCE, "force", "Invented Constabulary", None, None, None, "law_enforcement"
    for number in range(0, schools, SCHOOLS_A_CONTROLLER):
        its = controller(number)
        yield its, "controller", f"Invented Trust {its}", None, None, FORCE, "uk_gdpr"
    for its in [*range(team(0), team(schools - 1) + 1), CASEWORKER_TEAM]:
        yield its, "team", f"Invented Safer Schools Team {its}", FORCE, FORCE, FORCE, "law_enforcement"
    for number in range(schools):
        its = controller(number)
        yield school(number), "school", f"Invented School {number}", its, its, FORCE, "uk_gdpr"


def people(schools: int) -> Iterator[Row]:
    """Rows (id, name, title, user_id)."""
    for number in range(schools):
        for place, role in enumerate(STAFF):
            person = staff(number, place)
            yield person, f"Example Person {person}", role, ACCOUNTS.get(person)
    for person in range(OWN_OFFICER, officer(schools - 1) + 1):
        yield person, f"Example Officer {person}", "PC", ACCOUNTS.get(person)
    for its in range(team(0), team(schools - 1) + 1):
        yield its + 1_000_000, f"Example Sergeant {its}", "Sergeant", ACCOUNTS.get(its + 1_000_000)
    yield CASEWORKER, "Example Caseworker", "", ACCOUNTS[CASEWORKER]


def memberships(schools: int) -> Iterator[Row]:
    """Rows (person_id, organisation_id, role)."""
    for number in range(schools):
        for place, role in enumerate(STAFF):
            yield staff(number, place), school(number), role
    yield from dict.fromkeys((officer(number), team(number), "officer") for number in range(schools))
    for its in range(team(0), team(schools - 1) + 1):
        yield its + 1_000_000, its, "sergeant"
    yield CASEWORKER, CASEWORKER_TEAM, "officer"


def assignments(schools: int) -> Iterator[Row]:
    """Rows (officer_id, team_id, school_id, kind)."""
    for number in range(schools):
        yield officer(number), team(number), school(number), "lead"
    for number in range(OWN_SCHOOLS + BUSY_SCHOOLS, KNOWN_SCHOOLS):
        yield CASEWORKER, CASEWORKER_TEAM, school(number), "cover"


def circles(schools: int) -> Iterator[Row]:
    """Rows (id, kind, organisation, person), as the directory's triggers would make them."""
    for number in range(schools):
        for kind in SCHOOL_CIRCLES:
            yield school_circle(number, kind), kind, school(number), 0
        for place in range(len(STAFF)):
            yield author_circle(number, place), "author", school(number), staff(number, place)
    others: list[Row] = [("dpo", controller(number), 0) for number in range(0, schools, SCHOOLS_A_CONTROLLER)]
    others += [(kind, FORCE, 0) for kind in ("figures", "administrators", "dpo")]
    for its in [*range(team(0), team(schools - 1) + 1), CASEWORKER_TEAM]:
        others += [(kind, its, 0) for kind in TEAM_CIRCLES]
    others += [("author", its, person) for person, its, role in memberships(schools) if role in ("officer", "sergeant")]
    yield from ((20_000_000 + place, *circle) for place, circle in enumerate(others))
