"""The invented map: two counties at sea, one on the Dogger Bank, one in Cardigan Bay.

The first has Safer Schools Officers; the second uses neighbourhood officers and is in Wales.
"""

import datetime as dt
from dataclasses import dataclass

from schoolgate.core.enums import Nation
from schoolgate.directory.models import AgencyKind, Phase, TeamKind

WEXMOOR, ARIAN = "wexmoor-police", "arian-police"


@dataclass(frozen=True)
class DemoForce:
    place: str
    name: str
    nation: Nation
    role_title: str
    has_safer_schools_officers: bool


@dataclass(frozen=True)
class DemoTeam:
    place: str
    name: str
    kind: TeamKind
    under: str  # a BCU, or the force
    force: str
    base: str


@dataclass(frozen=True)
class DemoAgency:
    place: str
    name: str
    kind: AgencyKind
    force: str
    la_code: str


@dataclass(frozen=True)
class DemoSchool:
    """A school: where it stands, how big it is, and how its agreements are (see AGREED)."""

    place: str
    name: str
    phase: Phase
    bcu: str
    controller: str
    ages: tuple[int, int]
    pupils: int
    percentage_fsm: float
    at: tuple[float, float]
    agreed: str = "in date"

    @property
    def force(self) -> str:
        return ARIAN if self.bcu == "arian" else WEXMOOR


FORCES = (
    DemoForce(WEXMOOR, "Wexmoor Police", Nation.ENGLAND, "Safer Schools Officer", True),
    DemoForce(ARIAN, "Tir Arian Police", Nation.WALES, "Neighbourhood Officer", False),
)

BCUS = {
    "north": ("Wexmoor North", WEXMOOR),
    "south": ("Wexmoor South", WEXMOOR),
    "arian": ("Tir Arian", ARIAN),
}

TEAMS = (
    DemoTeam("safer-schools-north", "Safer Schools North", TeamKind.SAFER_SCHOOLS, "north", WEXMOOR, "Lantern Street"),
    DemoTeam("safer-schools-south", "Safer Schools South", TeamKind.SAFER_SCHOOLS, "south", WEXMOOR, "Tallow Wharf"),
    DemoTeam("wexmoor-stt", "Wexmoor Safer Transport Team", TeamKind.STT, "south", WEXMOOR, "Tallow Wharf"),
    DemoTeam("quayside-snt", "Quayside Safer Neighbourhood Team", TeamKind.SNT, "north", WEXMOOR, "North Quay"),
    DemoTeam("wexmoor-intelligence", "Wexmoor Intelligence Unit", TeamKind.INTELLIGENCE, WEXMOOR, WEXMOOR, ""),
    DemoTeam(
        "wexmoor-professional-standards", "Wexmoor Professional Standards", TeamKind.PROFESSIONAL_STANDARDS,
        WEXMOOR, WEXMOOR, "",
    ),
    DemoTeam("arian-neighbourhood", "Tir Arian East", TeamKind.NEIGHBOURHOOD, "arian", ARIAN, "Stryd y Farchnad"),
)  # fmt: skip

CONTROLLERS = {
    "wexmoor-council": ("Wexmoor Council", WEXMOOR),
    "lantern-trust": ("Lantern Learning Trust", WEXMOOR),
    "compass-trust": ("Compass Academies Trust", WEXMOOR),
    "candlewick-governors": ("Governing body of Candlewick High School", WEXMOOR),
    "second-wind-proprietor": ("Proprietor of Second Wind", WEXMOOR),
    "college-corporation": ("Wexmoor College Corporation", WEXMOOR),
    "university-council": ("Council of the University of Wexmoor", WEXMOOR),
    "fairweather-foundation": ("Fairweather Foundation", WEXMOOR),
    "arian-council": ("Cyngor Tir Arian Council", ARIAN),
}

AGENCIES = (
    DemoAgency("wexmoor-yjs", "Wexmoor Youth Justice Service", AgencyKind.YJS, WEXMOOR, "990"),
    DemoAgency(
        "wexmoor-childrens-services", "Wexmoor Children's Services", AgencyKind.CHILDRENS_SERVICES, WEXMOOR, "990"
    ),
    DemoAgency("wexmoor-early-help", "Wexmoor Early Help", AgencyKind.EARLY_HELP, WEXMOOR, "990"),
    DemoAgency("kite-project", "The Kite Project", AgencyKind.SCHEME_PROVIDER, WEXMOOR, "990"),
    DemoAgency("wexmoor-lado", "Wexmoor designated officer (LADO)", AgencyKind.LADO, WEXMOOR, "990"),
    DemoAgency("arian-lado", "Tir Arian designated officer (LADO)", AgencyKind.LADO, ARIAN, "991"),
)

FIRST_URN = 990001
SCHOOLS = (
    DemoSchool(
        "larkmoor", "Larkmoor School", Phase.SECONDARY, "north", "lantern-trust", (11, 18), 1180, 31.5, (54.62, 2.11)
    ),
    DemoSchool(
        "otterbridge", "Otterbridge Academy", Phase.SECONDARY, "north", "compass-trust", (11, 16), 940, 24.0,
        (54.65, 2.15), "DSA lapsed",
    ),
    DemoSchool(
        "thimble-hill", "Thimble Hill Primary School", Phase.PRIMARY, "north", "wexmoor-council", (4, 11), 410, 28.1,
        (54.63, 2.13),
    ),
    DemoSchool(
        "pocket-lane", "Pocket Lane Nursery School", Phase.NURSERY, "north", "wexmoor-council", (3, 4), 70, 20.0,
        (54.61, 2.14),
    ),
    DemoSchool(
        "lantern-house", "Lantern House Pupil Referral Unit", Phase.PRU, "north", "wexmoor-council", (11, 16), 64,
        62.5, (54.6, 2.1),
    ),
    DemoSchool(
        "brightwater", "Brightwater Special School", Phase.SPECIAL, "north", "lantern-trust", (4, 19), 130, 44.0,
        (54.66, 2.12),
    ),
    DemoSchool(
        "north-quay", "North Quay Sixth Form", Phase.SIXTEEN_PLUS, "north", "compass-trust", (16, 19), 620, 15.2,
        (54.64, 2.18),
    ),
    DemoSchool(
        "fiddlers-green", "Fiddlers Green Primary School", Phase.PRIMARY, "north", "lantern-trust", (4, 11), 215,
        35.9, (54.59, 2.12), "no DSA",
    ),
    DemoSchool(
        "saltmarsh", "Saltmarsh Middle School", Phase.MIDDLE, "north", "wexmoor-council", (9, 13), 480, 22.8,
        (54.68, 2.2),
    ),
    DemoSchool(
        "marigold", "Marigold Park School", Phase.SECONDARY, "south", "compass-trust", (11, 18), 1320, 38.3,
        (54.48, 2.16), "lapses soon",
    ),
    DemoSchool(
        "candlewick", "Candlewick High School", Phase.SECONDARY, "south", "candlewick-governors", (11, 16), 870, 41.0,
        (54.5, 2.21), "nothing signed",
    ),
    DemoSchool(
        "two-rivers", "Two Rivers All-through School", Phase.ALL_THROUGH, "south", "compass-trust", (4, 18), 1510,
        33.3, (54.46, 2.24),
    ),
    DemoSchool(
        "second-wind", "Second Wind Alternative Provision", Phase.AP, "south", "second-wind-proprietor", (13, 16), 38,
        71.1, (54.47, 2.19),
    ),
    DemoSchool(
        "wexmoor-college", "Wexmoor College", Phase.COLLEGE, "south", "college-corporation", (16, 25), 4200, 18.7,
        (54.49, 2.18),
    ),
    DemoSchool(
        "university", "University of Wexmoor", Phase.UNIVERSITY, "south", "university-council", (18, 99), 11800, 0.0,
        (54.51, 2.17),
    ),
    DemoSchool(
        "st-bartlebys", "St Bartleby's Church of England Primary School", Phase.PRIMARY, "south", "wexmoor-council",
        (4, 11), 205, 12.4, (54.44, 2.22),
    ),
    DemoSchool(
        "gull-rock", "Gull Rock Primary School", Phase.PRIMARY, "south", "compass-trust", (4, 11), 390, 29.6,
        (54.45, 2.26),
    ),
    DemoSchool(
        "fairweather", "Fairweather Independent School", Phase.INDEPENDENT, "south", "fairweather-foundation", (7, 18),
        540, 0.0, (54.52, 2.25), "proposed",
    ),
    DemoSchool(
        "ysgol-tir-arian", "Ysgol Tir Arian", Phase.SECONDARY, "arian", "arian-council", (11, 18), 980, 19.8,
        (52.41, -5.12),
    ),
    DemoSchool(
        "silverstream", "Silverstream High School", Phase.SECONDARY, "arian", "arian-council", (11, 16), 760, 27.5,
        (52.44, -5.16), "lapsed",
    ),
    DemoSchool(
        "pwll-ser", "Ysgol Gynradd Pwll Sêr", Phase.PRIMARY, "arian", "arian-council", (3, 11), 180, 16.0,
        (52.43, -5.1),
    ),
    DemoSchool(
        "nant-gwydr", "Ysgol Gynradd Nant Gwydr", Phase.PRIMARY, "arian", "arian-council", (3, 11), 240, 21.4,
        (52.39, -5.14),
    ),
    DemoSchool(
        "canolfan-cwmwl", "Canolfan Cwmwl", Phase.PRU, "arian", "arian-council", (11, 16), 42, 58.0, (52.4, -5.18)
    ),
    DemoSchool(
        "coleg-arian", "Coleg Tir Arian", Phase.COLLEGE, "arian", "arian-council", (16, 25), 2100, 14.9, (52.42, -5.2)
    ),
)  # fmt: skip

# Days from today on which protocol and DSA began and end; None: not signed.
Span = tuple[int, int] | None
PROPOSED = "proposed"
AGREED: dict[str, tuple[Span, Span]] = {
    "in date": ((-400, 330), (-200, 165)),
    "DSA lapsed": ((-400, 330), (-376, -11)),
    "no DSA": ((-400, 330), None),
    "lapsed": ((-760, -30), (-395, -30)),
    "lapses soon": ((-345, 20), (-345, 20)),
    "nothing signed": (None, None),
    PROPOSED: ((14, 379), (14, 379)),
}

# Officer, school, kind of assignment.
ASSIGNMENTS = (
    ("officer", "larkmoor", "lead"),
    ("officer", "otterbridge", "lead"),
    ("officer", "thimble-hill", "lead"),
    ("buddy-officer", "larkmoor", "buddy"),
    ("buddy-officer", "lantern-house", "lead"),
    ("buddy-officer", "brightwater", "lead"),
    ("buddy-officer", "north-quay", "lead"),
    ("buddy-officer", "saltmarsh", "lead"),
    ("south-officer", "marigold", "lead"),
    ("south-officer", "candlewick", "lead"),
    ("south-officer", "second-wind", "lead"),
    ("second-south-officer", "two-rivers", "lead"),
    ("second-south-officer", "wexmoor-college", "lead"),
    ("second-south-officer", "university", "lead"),
    ("second-south-officer", "marigold", "buddy"),
    ("neighbourhood-officer", "ysgol-tir-arian", "neighbourhood"),
    ("neighbourhood-officer", "pwll-ser", "neighbourhood"),
    ("other-force-officer", "silverstream", "neighbourhood"),
    ("other-force-officer", "canolfan-cwmwl", "neighbourhood"),
)

# Usual hours by weekday (Monday is 0): the officer in school hours, the buddy later and on Saturdays.
EARLY, LATE = (dt.time(8), dt.time(16)), (dt.time(11), dt.time(19))
DUTY = {
    "officer": {0: EARLY, 1: EARLY, 2: EARLY, 3: EARLY, 4: EARLY},
    "buddy-officer": {1: LATE, 2: LATE, 3: LATE, 4: LATE, 5: LATE},
    "south-officer": {0: EARLY, 1: EARLY, 2: LATE, 3: EARLY, 4: EARLY},
    "second-south-officer": {0: LATE, 1: LATE, 2: LATE, 3: LATE},
    "neighbourhood-officer": {0: EARLY, 2: LATE, 4: EARLY, 5: LATE},
    "other-force-officer": {1: EARLY, 3: LATE, 4: LATE},
}

# First and last days of terms as (month, day) of the year in which the school year begins, then the next.
TERMS = (
    ((0, 9, 2), (0, 10, 23)),
    ((0, 11, 2), (0, 12, 18)),
    ((1, 1, 4), (1, 2, 12)),
    ((1, 2, 22), (1, 3, 26)),
    ((1, 4, 12), (1, 5, 28)),
    ((1, 6, 7), (1, 7, 21)),
)

# Every place by its name in the directory.
NAMES: dict[str, str] = (
    {each.place: each.name for group in (FORCES, TEAMS, AGENCIES, SCHOOLS) for each in group}
    | {place: name for place, (name, _force) in BCUS.items()}
    | {place: name for place, (name, _force) in CONTROLLERS.items()}
)


def force_of(place: str) -> str:
    """The force in whose area a place is."""
    if place in (WEXMOOR, ARIAN):
        return place
    areas = {each.place: each.force for group in (TEAMS, AGENCIES, SCHOOLS) for each in group}
    return (areas | {p: f for p, (_n, f) in (BCUS | CONTROLLERS).items()})[place]
