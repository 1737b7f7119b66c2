"""For each protected table, whose circles read and write it: the design's sentences, entered by hand."""

from dataclasses import dataclass

from tests.access.oracle import Circle

Part = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Rule:
    """owners: the columns that name organisations, with the kind that each may be; the first one varies.

    reads: parts are alternatives. adds, changes: alternatives of parts that must all hold.
    A part is (kind of circle, column of its organisation[, column of its person]).
    """

    owners: dict[str, tuple[str, ...]]
    reads: list[Part]
    adds: list[list[Part]]
    changes: list[list[Part]] | None = None
    change_column: str = ""
    people: tuple[str, ...] = ()
    """Columns that name a person: the maker of the row's parent."""


def circles(parts: list[Part], row: dict[str, object]) -> list[Circle]:
    """The circles that these parts name for a row; a part whose column is empty names none."""
    named = [(part[0], *[row.get(column) for column in part[1:]]) for part in parts]
    return [circle for circle in named if None not in circle]  # type: ignore[misc]


def together(alternatives: list[list[Part]], row: dict[str, object]) -> list[list[Circle]]:
    """The alternatives whose every part names a circle for this row."""
    named = [circles(parts, row) for parts in alternatives]
    return [found for found, parts in zip(named, alternatives, strict=True) if len(found) == len(parts)]


CHILD: list[Part] = [("school", "holder"), ("team", "holder"), ("agency", "holder")]

SCHOOL: dict[str, tuple[str, ...]] = {"holder": ("school",)}
HOLDER: dict[str, tuple[str, ...]] = {"holder": ("school", "team", "agency")}
SIDES: dict[str, tuple[str, ...]] = {"holder": ("school", "team"), "school": ("school",)}
POLICE_SIDE: dict[str, tuple[str, ...]] = {"holder": ("team",), "school": ("school",)}
ROUTE_OWNERS: dict[str, tuple[str, ...]] = SCHOOL | {
    "head_of": ("school",),
    "governors_of": ("school",),
    "lado_of": ("agency",),
    "standards_of": ("team",),
}
AUTHOR: list[Part] = [("author", "holder", "made_by")]
CIRCLE: list[Part] = [("school", "holder")]
ANY_STAFF: list[list[Part]] = [[("staff", "holder")], [("supply", "holder")]]
ROUTE: list[Part] = [
    ("head", "head_of"),
    ("governors", "governors_of"),
    ("lado", "lado_of"),
    ("professional_standards", "standards_of"),
]
AGREED: dict[str, tuple[str, ...]] = SCHOOL | {"team": ("team",)}
STAFF_AND_PARTNERS: list[Part] = [("staff", "holder"), ("partnership", "holder")]
AGREED_BY: list[Part] = [*STAFF_AND_PARTNERS, ("team", "team"), ("trust", "controller")]
PARTNERSHIP: list[Part] = [("partnership", "school")]
POLICE: list[Part] = [("police", "school")]
HELD_BY_POLICE: list[Part] = [("police", "school"), ("team", "holder")]
SERGEANTS: list[Part] = [("sergeants", "holder")]
EITHER_SIDE: list[list[Part]] = [[("school", "school"), ("school", "holder")], HELD_BY_POLICE]

RULES: dict[str, Rule] = {
    # Each holder (a school, a police team, a provider) has its own child record.
    "children_child": Rule(
        owners=HOLDER,
        reads=CHILD,
        adds=[[part] for part in CHILD],
        changes=[[part] for part in CHILD],
        change_column="name",
    ),
    # A draft is its writer's alone.
    "drafts_draft": Rule(HOLDER, reads=AUTHOR, adds=[AUTHOR], changes=[AUTHOR], change_column="content"),
    # A concern: its author (their own words) and the school circle. Anybody on the staff may raise one.
    "concerns_concern": Rule(SCHOOL, reads=AUTHOR + CIRCLE, adds=ANY_STAFF),
    "concerns_concernperson": Rule(SCHOOL, reads=AUTHOR + CIRCLE, adds=ANY_STAFF),
    "concerns_addition": Rule(SCHOOL, reads=AUTHOR + CIRCLE, adds=[AUTHOR]),
    # Triage and status are separate rows of the school circle.
    "concerns_triage": Rule(SCHOOL, reads=CIRCLE, adds=ANY_STAFF, changes=[CIRCLE], change_column="own_reference"),
    "concerns_triagestep": Rule(SCHOOL, reads=CIRCLE, adds=[CIRCLE]),
    # What the author hears is a separate row for the author.
    "concerns_authorword": Rule(SCHOOL, reads=[("author", "holder", "author")], adds=[CIRCLE], people=("author",)),
    # An allegation: those whom its route names, and the author; never the school circle.
    "concerns_allegation": Rule(ROUTE_OWNERS, reads=AUTHOR + ROUTE, adds=ANY_STAFF),
    "concerns_allegationstep": Rule(
        ROUTE_OWNERS,
        reads=[("author", "holder", "heard_by"), *ROUTE],
        adds=[[part] for part in ROUTE],
        people=("heard_by",),
    ),
    # Share, enquiry, advice: the partnership circle; each side writes in its own name.
    "exchange_share": Rule(
        SIDES, reads=PARTNERSHIP, adds=EITHER_SIDE, changes=[PARTNERSHIP], change_column="school_reference"
    ),
    "exchange_sharestep": Rule(SIDES, reads=PARTNERSHIP, adds=EITHER_SIDE),
    "exchange_enquiry": Rule(
        SIDES, reads=PARTNERSHIP, adds=EITHER_SIDE, changes=[PARTNERSHIP], change_column="answered_at"
    ),
    # That the clock passed an enquiry on; only the database makes the row.
    "exchange_enquirypassed": Rule(SIDES, reads=PARTNERSHIP, adds=[]),
    "exchange_answer": Rule(SIDES, reads=PARTNERSHIP, adds=EITHER_SIDE),
    # That somebody took emergency access is seen by the school and its police; only the database makes the row.
    "access_emergencyaccess": Rule(
        SCHOOL, reads=[("school", "holder"), ("police", "holder"), ("partnership", "holder")], adds=[]
    ),
    # A notice is its recipient's alone, and only the database makes one.
    "notices_notice": Rule(
        {"holder": ("school", "team", "agency", "force", "controller")},
        reads=[("author", "holder", "person")],
        adds=[],
        changes=[[("author", "holder", "person")]],
        change_column="seen_at",
        people=("person",),
    ),
    # Protocol and DSA: staff and partnership of the school, the team that proposed them, who leads the trust.
    # Who may take which step, the tests of partnership ask.
    "partnership_agreement": Rule(AGREED, reads=AGREED_BY, adds=[[("sergeants", "team")]]),
    # The specimen notes that the text was read: the head teacher does, where nobody else was asked to sign.
    "partnership_agreementstep": Rule(AGREED, reads=AGREED_BY, adds=[[("head", "holder")]]),
    "partnership_issuedcopy": Rule(AGREED, reads=AGREED_BY, adds=[[part] for part in AGREED_BY]),
    "partnership_involvement": Rule(SCHOOL, reads=STAFF_AND_PARTNERS, adds=[CIRCLE]),
    "partnership_appointment": Rule(SCHOOL, reads=CIRCLE + [("partnership", "holder")], adds=[[("head", "holder")]]),
    # That a school had no SPOC, only the clock notes.
    "partnership_missingspoc": Rule(SCHOOL, reads=CIRCLE + [("partnership", "holder")], adds=[]),
    # That somebody read the briefing: they themselves, and the school circle.
    "partnership_acknowledgement": Rule(SCHOOL, reads=AUTHOR + CIRCLE, adds=[AUTHOR]),
    "partnership_briefingreminder": Rule(SCHOOL, reads=AUTHOR + CIRCLE, adds=[CIRCLE]),
    # Proposals and refusals: the sergeants of the team. What a school is told, its school circle reads too.
    "deployment_proposal": Rule(
        {"holder": ("team",)}, reads=SERGEANTS, adds=[SERGEANTS], changes=[SERGEANTS], change_column="head_words"
    ),
    "deployment_telling": Rule(POLICE_SIDE, reads=[*SERGEANTS, ("school", "school")], adds=[SERGEANTS]),
    "deployment_refusal": Rule({"holder": ("team",)}, reads=SERGEANTS, adds=[SERGEANTS]),
    # Only the database suspends; the officer reads that it did.
    "deployment_suspension": Rule(
        {"holder": ("team",)}, reads=[*SERGEANTS, ("author", "holder", "officer")], adds=[], people=("officer",)
    ),
    # Who goes along reads nothing by it.
    "deployment_shadowing": Rule(POLICE_SIDE, reads=[*SERGEANTS, ("partnership", "school")], adds=[SERGEANTS]),
    # What a sergeant plans: the sergeants of the team. Plans are fixed; how far the planner is, is not.
    "planning_study": Rule(
        {"holder": ("team",)}, reads=SERGEANTS, adds=[SERGEANTS], changes=[SERGEANTS], change_column="terms"
    ),
    "planning_plan": Rule({"holder": ("team",)}, reads=SERGEANTS, adds=[SERGEANTS]),
    "planning_progress": Rule(
        {"holder": ("team",)}, reads=SERGEANTS, adds=[SERGEANTS], changes=[SERGEANTS], change_column="stop"
    ),
    # What the police note about a share is never the school's to see.
    "exchange_subjectcategory": Rule(POLICE_SIDE, reads=POLICE, adds=[HELD_BY_POLICE]),
    "exchange_childlink": Rule(POLICE_SIDE, reads=POLICE, adds=[HELD_BY_POLICE]),
    "exchange_crimereport": Rule(
        POLICE_SIDE, reads=POLICE, adds=[HELD_BY_POLICE], changes=[POLICE], change_column="force_reference"
    ),
}
