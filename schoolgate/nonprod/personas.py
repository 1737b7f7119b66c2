"""The cast of the demonstration: invented people, each with what to look at as them.

Everybody here is made up, and so is every place. Addresses end in .example, telephone numbers are
from the ranges that are kept free for drama.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import Role
from schoolgate.nonprod.places import SCHOOLS


@dataclass(frozen=True)
class Persona:
    """A person of the cast: `key` signs in, `place` is where they work (see places), `look_at` says what for."""

    key: str
    title: str
    name: str
    place: str
    roles: tuple[Role, ...]
    group: str | Promise = ""
    about: str | Promise = ""
    look_at: str | Promise = ""
    on_slt: bool = False

    @property
    def email(self) -> str:
        """Made from name and place: nobody else's."""
        return f"{self.name.lower().replace(' ', '.')}@{self.place}.example"


STAFF, LEADERS, POLICE, PARTNERS, OVERSIGHT = (
    _("At Larkmoor School"),
    _("At another school"),
    _("Police"),
    _("Partners"),
    _("Oversight"),
)

PERSONAS = (
    Persona(
        "teacher", "Ms", "Amara Wren", "larkmoor", (Role.STAFF,), STAFF,
        _("Teaches geography at Larkmoor School."),
        _("Raise a concern in two minutes; see what became of the last ones."),
    ),
    Persona(
        "other-teacher", "Mr", "Idris Pebble", "larkmoor", (Role.STAFF,), STAFF,
        _("Teaches at the same school."),
        _("Sees only concerns of his own, none of a colleague's."),
    ),
    Persona(
        "supply", "", "Supply Staff", "larkmoor", (Role.SUPPLY,), STAFF,
        _("Here for one day, with the code for the day."),
        _("Writes a concern under their own name; reads nothing."),
    ),
    Persona(
        "spoc", "Mrs", "Josephine Larch", "larkmoor", (Role.SPOC,), STAFF,
        _("Deputy head of Larkmoor School and its SPOC."),
        _("The inbox: triage what waits, share with the officer, answer an enquiry."),
        on_slt=True,
    ),
    Persona(
        "deputy-spoc", "Mr", "Devan Teasel", "larkmoor", (Role.DEPUTY_SPOC,), STAFF,
        _("Stands in for the SPOC."),
        _("The same inbox, with what the SPOC did not open in time."),
        on_slt=True,
    ),
    Persona(
        "dsl", "Ms", "Nadia Bracken", "larkmoor", (Role.DSL,), STAFF,
        _("Designated safeguarding lead (DSL) of Larkmoor School."),
        _("Every concern reaches her together with the SPOC."),
        on_slt=True,
    ),
    Persona(
        "head", "Dr", "Winifred Quill", "larkmoor", (Role.HEAD,), STAFF,
        _("Head teacher of Larkmoor School."),
        _("What is late; concerns about staff; the protocol and the Data Sharing Agreement."),
        on_slt=True,
    ),
    Persona(
        "other-head", "Mr", "Percival Dock", "otterbridge", (Role.HEAD,), LEADERS,
        _("Head teacher of Otterbridge Academy."),
        _("Sees nothing of Larkmoor School."),
        on_slt=True,
    ),
    Persona(
        "other-spoc", "Mrs", "Xanthe Mallow", "otterbridge", (Role.SPOC,), LEADERS,
        _("SPOC of Otterbridge Academy, whose Data Sharing Agreement has lapsed."),
        _("Try to share: only the grounds that no agreement can stop are left."),
        on_slt=True,
    ),
    Persona(
        "trust-lead", "Mrs", "Ottilie Brook", "lantern-trust", (Role.TRUST_LEAD,), LEADERS,
        _("Leads the trust that answers for Larkmoor School and two more."),
        _("Signs a Data Sharing Agreement for the trust; each head teacher signs too."),
    ),
    Persona(
        "officer", "PC", "Ada Fern", "safer-schools-north", (Role.OFFICER,), POLICE,
        _("Safer Schools Officer for Larkmoor School and two more."),
        _("On a phone: today's schools, and what awaits an answer."),
    ),
    Persona(
        "buddy-officer", "PC", "Rafi Alder", "safer-schools-north", (Role.OFFICER,), POLICE,
        _("Shares Larkmoor School with PC Fern, and has schools of his own."),
        _("Gets what cannot wait until PC Fern is on duty."),
    ),
    Persona(
        "unassigned-officer", "PC", "Morwenna Sedge", "safer-schools-north", (Role.OFFICER,), POLICE,
        _("In the same team, with no school of her own yet."),
        _("Sees no school's records."),
    ),
    Persona(
        "sergeant", "Sgt", "Grace Hawthorn", "safer-schools-north", (Role.SERGEANT,), POLICE,
        _("Safer Schools sergeant of the north."),
        _("The board: overdue shares and enquiries, crimes without a reference."),
    ),
    Persona(
        "other-sergeant", "Sgt", "Leopold Yarrow", "safer-schools-south", (Role.SERGEANT,), POLICE,
        _("Safer Schools sergeant of the south."),
        _("His own schools only."),
    ),
    Persona(
        "neighbourhood-officer", "PC", "Cai Rhedyn", "arian-neighbourhood", (Role.OFFICER,), POLICE,
        _("Neighbourhood officer in Tir Arian, a force without Safer Schools Officers."),
        _("Everything works the same, with the force's own title."),
    ),
    Persona(
        "other-force-officer", "PC", "Seren Brwyn", "arian-neighbourhood", (Role.OFFICER,), POLICE,
        _("Officer of another force than Larkmoor's."),
        _("Sees nothing of Wexmoor."),
    ),
    Persona(
        "intelligence", "DC", "Imogen Moss", "wexmoor-intelligence", (Role.INTELLIGENCE,), POLICE,
        _("Intelligence unit of Wexmoor Police."),
        _("Nothing waits yet: intelligence reports come later."),
    ),
    Persona(
        "yjs", "Ms", "Petra Finch", "wexmoor-yjs", (Role.PRACTITIONER,), PARTNERS,
        _("Caseworker of Wexmoor Youth Justice Service."),
        _("Nothing waits yet: referrals and conferences come later."),
    ),
    Persona(
        "provider", "Mr", "Solomon Reed", "kite-project", (Role.PRACTITIONER,), PARTNERS,
        _("Runs the Kite Project, a diversion scheme."),
        _("Nothing waits yet: referrals come later."),
    ),
    Persona(
        "youth-lead", "Ch Insp", "Fenella Bittern", "wexmoor-police", (Role.YOUTH_LEAD,), OVERSIGHT,
        _("Youth lead of Wexmoor Police."),
        _("Figures, never a name."),
    ),
    Persona(
        "school-dpo", "Mrs", "Delphine Rush", "lantern-trust", (Role.DPO,), OVERSIGHT,
        _("Data protection officer of the trust that answers for Larkmoor School."),
        _("Who looked, who was told, whether the log is whole; no case files."),
    ),
    Persona(
        "dpo", "Mr", "Algernon Sparrow", "wexmoor-police", (Role.DPO,), OVERSIGHT,
        _("Data protection officer of Wexmoor Police."),
        _("The same for the police's records."),
    ),
    Persona(
        "admin", "Mr", "Barnaby Gorse", "wexmoor-police", (Role.ADMINISTRATOR,), OVERSIGHT,
        _("Technical administrator of Wexmoor Police."),
        _("Accounts, the school register, health; no case files."),
    ),
)  # fmt: skip

# People whom the routes need: nobody signs in as them from the demonstration's page.
OTHERS = (
    Persona("deputy-dsl", "Mr", "Owen Tansy", "larkmoor", (Role.DEPUTY_DSL,)),
    Persona("holiday-contact", "Mr", "Felix Burdock", "larkmoor", (Role.STAFF,)),
    Persona("form-tutor", "Miss", "Zuleika Sorrel", "larkmoor", (Role.STAFF,)),
    Persona("site-manager", "Mr", "Dominic Rowan", "larkmoor", (Role.STAFF,)),
    Persona("chair-of-governors", "Mrs", "Beatrix Lumen", "larkmoor", (Role.GOVERNORS,)),
    Persona("other-dsl", "Mr", "Hamza Speedwell", "otterbridge", (Role.DSL,)),
    Persona("other-school-teacher", "Ms", "Isolde Campion", "otterbridge", (Role.STAFF,)),
    Persona("probationer", "PC", "Kit Dunnock", "safer-schools-north", (Role.OFFICER,)),
    Persona("south-officer", "PC", "Sunniva Rook", "safer-schools-south", (Role.OFFICER,)),
    Persona("second-south-officer", "PC", "Tarek Plover", "safer-schools-south", (Role.OFFICER,)),
    Persona("neighbourhood-sergeant", "Sgt", "Dilys Celyn", "arian-neighbourhood", (Role.SERGEANT,)),
    Persona("lado", "Mrs", "Ursula Oakapple", "wexmoor-lado", (Role.LADO,)),
    Persona("other-force-lado", "Ms", "Mared Eithin", "arian-lado", (Role.LADO,)),
    Persona(
        "professional-standards", "DI", "Cyrus Flint", "wexmoor-professional-standards", (Role.PROFESSIONAL_STANDARDS,)
    ),
    Persona("childrens-services", "Ms", "Halima Vetch", "wexmoor-childrens-services", (Role.PRACTITIONER,)),
    Persona("early-help", "Mr", "Jonah Clover", "wexmoor-early-help", (Role.PRACTITIONER,)),
    Persona("other-school-dpo", "Mr", "Ezra Bulrush", "compass-trust", (Role.DPO,)),
    Persona("other-force-dpo", "Mrs", "Nia Helyg", "arian-police", (Role.DPO,)),
    Persona("other-force-admin", "Mr", "Emrys Banadl", "arian-police", (Role.ADMINISTRATOR,)),
)

# Every other school's head teacher, SPOC, DSL and a teacher, in the order of the schools.
FIRST_NAMES = (
    "Abena", "Basil", "Clemency", "Dashiell", "Elodie", "Fergus", "Giselle", "Horatio", "Ione", "Jasper",
    "Kezia", "Lucian", "Mabel", "Nikhil", "Ottoline", "Piers", "Quentin", "Rosalind", "Samir", "Thea",
    "Uriel", "Verity",
)  # fmt: skip
LAST_NAMES = (
    "Acorn", "Barley", "Catkin", "Dewberry", "Elder", "Fescue", "Gosling", "Hazel", "Iris", "Jackdaw",
    "Knotweed", "Lichen", "Medlar", "Nuthatch", "Osier", "Privet", "Quince", "Ragwort", "Siskin", "Thrush",
    "Umbel", "Vervain", "Whinchat",
)  # fmt: skip
USUAL_ROLES = ((Role.HEAD,), (Role.SPOC,), (Role.DSL,), (Role.STAFF,))


def usual_staff(place: str, number: int) -> list[Persona]:
    """Take a school's place and its number in the list; give its head teacher, SPOC, DSL and a teacher."""
    return [
        Persona(
            f"{place}-{roles[0].value}",
            ("Ms", "Mr", "Mrs", "Dr")[(number + seat) % 4],
            _invented_name(number, seat),
            place,
            roles,
            on_slt=roles[0] != Role.STAFF,
        )
        for seat, roles in enumerate(USUAL_ROLES)
    ]


def _invented_name(number: int, seat: int) -> str:
    first = FIRST_NAMES[(number * 4 + seat) % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(number * 5 + seat) % len(LAST_NAMES)]}"


def everybody() -> list[Persona]:
    """Everybody of the partnership, in a fixed order."""
    cast_in_full = {"larkmoor", "otterbridge"}
    others = [person for number, school in enumerate(SCHOOLS) for person in usual_staff(school.place, number)]
    return [*PERSONAS, *OTHERS, *(person for person in others if person.place not in cast_in_full)]
