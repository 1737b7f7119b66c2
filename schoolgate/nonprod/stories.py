"""What was told in three months of an invented partnership. Nothing here is about anybody, or any school."""

from dataclasses import dataclass
from enum import StrEnum

from schoolgate.exchange.models import Place, Purpose


class End(StrEnum):
    """How far a story has come when it stops; it stops earlier where today comes first."""

    SENT = "sent"
    OPENED = "opened"
    ASKED = "asked"
    ANSWERED = "answered"
    SCHOOL_MATTER = "school_matter"
    WITH_DSL = "with_dsl"
    EARLY_INTERVENTION = "early_intervention"
    NOT_SHARED = "not_shared"
    SHARED = "shared"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    DONE = "done"
    REPORTED = "reported"
    CLOSED = "closed"
    RECALLED = "recalled"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Incident:
    """What somebody saw or was told. `crime` says what crime it discloses, if it does."""

    seen: str
    opinion: str
    place: Place
    purpose: Purpose = Purpose.SAFEGUARDING
    in_danger: bool = False
    others: tuple[tuple[str, str], ...] = ()
    crime: str = ""


@dataclass(frozen=True)
class Story:
    """An incident at a school, by whom it was told, how many school days ago, and how far it has come.

    by: the key of the cast. ago: school days, 0 is today: then `minutes` are those before now, else after 08:30.
    """

    school: str
    by: str
    incident: str
    end: End
    ago: int
    minutes: int = 60
    ground: str = ""


INCIDENTS = {
    "vape": Incident(
        "Two pupils were in the toilets by the drama hall with a vape. It smelled of fruit. They handed it over.",
        "I think it was bought outside the gate; they would not say from whom.",
        Place.IN_SCHOOL,
    ),
    "photo-knife": Incident(
        "She showed me a photograph on her telephone of a folding knife on a kitchen table, sent to her group by a "
        "pupil of another year. The message with it said: bring it Friday.",
        "She seemed frightened and asked me not to say that it was her.",
        Place.ONLINE, Purpose.SAFETY, others=(("A pupil of year 10, known as Fox", "said_to_have_done"),),
        crime="Possession of a knife, threatened",
    ),
    "bus-stop": Incident(
        "There was pushing and shouting between two groups at the bus stop after school, about ten pupils. Nobody "
        "was hurt. It stopped when the bus came.",
        "It has been building up all week.",
        Place.WAY, Purpose.CRIME,
    ),
    "trainers": Incident(
        "He came to school in trainers that cost more than his mother earns in a week, as he said himself, and with a "
        "second telephone that rang all through the lesson. He said an older friend gave him both.",
        "He used to talk to me and does not any more. I am worried who this friend is.",
        Place.IN_SCHOOL, Purpose.SAFEGUARDING, others=(("An older friend, called Jet", "other"),),
    ),
    "graffiti": Incident(
        "The same tag as last month is on the wall of the sports hall, in green paint, about a metre wide.",
        "Several pupils have been practising it in their books.",
        Place.IN_SCHOOL, Purpose.CRIME, crime="Criminal damage to the sports hall",
    ),
    "phone-taken": Incident(
        "His telephone was taken from his hand at the gate by two boys in another school's uniform. He was pushed "
        "against the fence and has a graze on his elbow.",
        "He did not want me to write it down, because they know where he lives.",
        Place.GATE, Purpose.CRIME, others=(("Two boys, another school's uniform", "said_to_have_done"),),
        crime="Robbery of a mobile telephone",
    ),
    "walking-home": Incident(
        "She said that a man in a white van has slowed down beside her on the way home three times this week and "
        "asked her name. She gave a part of the number plate.",
        "She was calm and clear. I believe her.",
        Place.WAY, Purpose.SAFEGUARDING, in_danger=False, others=(("A man in a white van", "said_to_have_done"),),
    ),
    "cannabis": Incident(
        "He smelled strongly of cannabis in registration, his eyes were red, and he fell asleep twice.",
        "His attendance has dropped since his brother moved out.",
        Place.IN_SCHOOL, Purpose.DIVERSION,
    ),
    "image-shared": Incident(
        "A picture of a pupil in her underwear is being passed round year 9. I have not looked at it. Three pupils "
        "told me separately. Her form tutor has her with her now.",
        "I think that she sent it to one boy who has passed it on.",
        Place.ONLINE, Purpose.SAFEGUARDING, others=(("A pupil of year 9", "harmed"),),
        crime="Sharing of an image of a child",
    ),
    "bruise": Incident(
        "He has a bruise the size of a hand on his upper arm. I asked how he came by it, and he said he fell. Later he "
        "said that he was not allowed to talk about it.",
        "It does not look like a fall to me.",
        Place.ELSEWHERE, Purpose.SAFEGUARDING,
    ),
    "scooter": Incident(
        "Three pupils rode electric scooters through the gate at home time, one of them with a smaller child standing "
        "on it, and nearly hit a grandmother.",
        "They think that nobody minds.",
        Place.GATE, Purpose.SAFETY,
    ),
    "shop": Incident(
        "The shop in Tallow Street rang: four of our pupils came in at lunch, filled their pockets and ran. They have "
        "pictures.",
        "They are the same four who were late all week.",
        Place.ELSEWHERE, Purpose.DIVERSION, crime="Theft from a shop",
    ),
    "missing-lessons": Incident(
        "She was not in lessons four and five today, nor on Tuesday. She came back with a different coat and a burger. "
        "A friend says that she gets into a car at the corner.",
        "This is new, and not like her at all.",
        Place.WAY, Purpose.SAFEGUARDING, others=(("The driver of a grey car", "other"),),
    ),
    "fireworks": Incident(
        "Somebody let off a firework by the bicycle sheds at break. I found the tube. Nobody was hurt.",
        "A silly thing rather than a wicked one.",
        Place.IN_SCHOOL, Purpose.SAFETY,
    ),
    "leaflets": Incident(
        "He handed me a leaflet that says that some pupils here do not belong in this country. He has about thirty in "
        "his bag and says that a man he met in a game sent them.",
        "He is lonely and pleased that somebody writes to him.",
        Place.ONLINE, Purpose.SAFEGUARDING, others=(("A man met in an online game", "other"),),
    ),
    "multi-tool": Incident(
        "A multi-tool with a small blade fell out of her bag in textiles. She said at once that it was her "
        "grandfather's, and that she had forgotten it.",
        "I believe her; she was in tears.",
        Place.IN_SCHOOL,
    ),
    "group-chat": Incident(
        "There is a group chat in which about twenty pupils vote on who is the ugliest in year 8. Her name was first "
        "for three days. She has stopped eating lunch in the hall.",
        "It is unkind rather than criminal, but it has to stop.",
        Place.ONLINE,
    ),
    "threat": Incident(
        "He said in front of the class that he would wait for another boy at the gate with his cousins and that the "
        "other boy had better not come out. It is today at half past three.",
        "I think that he means it.",
        Place.GATE, Purpose.SAFETY, in_danger=True, others=(("A boy of year 10", "harmed"),),
    ),
    "tired": Incident(
        "He falls asleep in lesson one every day and told me that he looks after his two sisters at night, because "
        "their mother is at work.",
        "He needs help rather than a telling-off.",
        Place.ELSEWHERE, Purpose.DIVERSION,
    ),
    "window": Incident(
        "Stones were thrown at the windows of the library from the path behind the school. Two panes are cracked.",
        "I saw hoods and no faces.",
        Place.IN_SCHOOL, Purpose.CRIME, crime="Criminal damage to the library",
    ),
}  # fmt: skip

CHILDREN = (
    "Juno Halfpenny", "Otis Lantern", "Wilf Teacup", "Posy Windmill", "Ravi Button", "Nell Kettle", "Ezra Thimble",
    "Saoirse Pocket", "Kofi Marble", "Tilly Compass", "Bram Saucer", "Inez Ribbon", "Dewi Pebbleford", "Zara Inkwell",
    "Milo Bobbin", "Leila Feathers", "Gus Almanac", "Ottilie Spindle", "Hari Doorbell", "Martha Quaver",
)  # fmt: skip
YEARS = ("Year 7", "Year 8", "Year 9", "Year 10", "Year 11")

# The school of the cast, by hand: something in every state.
LARKMOOR = (
    Story("larkmoor", "teacher", "scooter", End.SENT, 0, 14),
    Story("larkmoor", "supply", "group-chat", End.SENT, 0, 35),
    Story("larkmoor", "other-teacher", "missing-lessons", End.SENT, 1, 95),
    Story("larkmoor", "form-tutor", "tired", End.OPENED, 1, 40),
    Story("larkmoor", "teacher", "trainers", End.OPENED, 2, 200),
    Story("larkmoor", "teacher", "walking-home", End.ACKNOWLEDGED, 1, 50),
    Story("larkmoor", "site-manager", "window", End.ASKED, 2, 30),
    Story("larkmoor", "teacher", "cannabis", End.ANSWERED, 3, 70),
    Story("larkmoor", "other-teacher", "photo-knife", End.SHARED, 1, 160),
    Story("larkmoor", "teacher", "phone-taken", End.ACKNOWLEDGED, 2, 120),
    Story("larkmoor", "form-tutor", "bus-stop", End.SHARED, 5, 340),
    Story("larkmoor", "teacher", "shop", End.PLANNED, 4, 250),
    Story("larkmoor", "other-teacher", "image-shared", End.DONE, 3, 60),
    Story("larkmoor", "teacher", "bruise", End.WITH_DSL, 5, 35),
    Story("larkmoor", "site-manager", "graffiti", End.REPORTED, 9, 20),
    Story("larkmoor", "teacher", "threat", End.CLOSED, 14, 190, "protect_life"),
    Story("larkmoor", "form-tutor", "vape", End.SCHOOL_MATTER, 8, 140),
    Story("larkmoor", "teacher", "multi-tool", End.SCHOOL_MATTER, 12, 220),
    Story("larkmoor", "other-teacher", "leaflets", End.EARLY_INTERVENTION, 10, 80),
    Story("larkmoor", "teacher", "fireworks", End.NOT_SHARED, 17, 110),
    Story("larkmoor", "form-tutor", "trainers", End.RECALLED, 20, 65),
    Story("larkmoor", "teacher", "missing-lessons", End.CORRECTED, 22, 150),
    Story("larkmoor", "site-manager", "window", End.CLOSED, 27, 25),
    Story("larkmoor", "teacher", "bus-stop", End.CLOSED, 33, 335),
    Story("larkmoor", "other-teacher", "shop", End.CLOSED, 39, 240),
    Story("larkmoor", "supply", "vape", End.SCHOOL_MATTER, 29, 180),
    Story("larkmoor", "teacher", "tired", End.EARLY_INTERVENTION, 44, 90),
)

# Elsewhere, told by rote: where, what, how far, how long ago.

ELSEWHERE = (
    Story("otterbridge", "other-school-teacher", "scooter", End.SENT, 0, 50),
    Story("otterbridge", "other-school-teacher", "trainers", End.OPENED, 2),
    Story("otterbridge", "other-school-teacher", "walking-home", End.ACKNOWLEDGED, 1, 45, "welfare"),
    Story("otterbridge", "other-school-teacher", "vape", End.SCHOOL_MATTER, 6),
    Story("otterbridge", "other-school-teacher", "shop", End.CLOSED, 30, 100),
    Story("thimble-hill", "thimble-hill-staff", "bruise", End.WITH_DSL, 4),
    Story("thimble-hill", "thimble-hill-staff", "walking-home", End.PLANNED, 3, 75),
    Story("lantern-house", "lantern-house-staff", "cannabis", End.EARLY_INTERVENTION, 7),
    Story("lantern-house", "lantern-house-staff", "phone-taken", End.SHARED, 4, 130),
    Story("lantern-house", "lantern-house-staff", "photo-knife", End.CLOSED, 25, 55, "report_crime"),
    Story("brightwater", "brightwater-staff", "group-chat", End.SCHOOL_MATTER, 11),
    Story("north-quay", "north-quay-staff", "leaflets", End.REPORTED, 16, 85),
    Story("saltmarsh", "saltmarsh-staff", "image-shared", End.ACKNOWLEDGED, 1, 40),
    Story("marigold", "marigold-staff", "threat", End.ACKNOWLEDGED, 2, 100, "protect_life"),
    Story("marigold", "marigold-staff", "bus-stop", End.CLOSED, 21, 320),
    Story("marigold", "marigold-staff", "graffiti", End.SHARED, 6, 30),
    Story("candlewick", "candlewick-staff", "trainers", End.DONE, 5, 60, "welfare"),
    Story("candlewick", "candlewick-staff", "scooter", End.SCHOOL_MATTER, 13),
    Story("two-rivers", "two-rivers-staff", "missing-lessons", End.CLOSED, 36, 70),
    Story("two-rivers", "two-rivers-staff", "fireworks", End.NOT_SHARED, 15),
    Story("second-wind", "second-wind-staff", "cannabis", End.PLANNED, 4, 90),
    Story("wexmoor-college", "wexmoor-college-staff", "phone-taken", End.REPORTED, 18, 110),
    Story("ysgol-tir-arian", "ysgol-tir-arian-staff", "bus-stop", End.PLANNED, 3, 330),
    Story("ysgol-tir-arian", "ysgol-tir-arian-staff", "vape", End.SCHOOL_MATTER, 9),
    Story("ysgol-tir-arian", "ysgol-tir-arian-staff", "walking-home", End.SHARED, 1, 60),
    Story("silverstream", "silverstream-staff", "bruise", End.WITH_DSL, 7),
    Story("silverstream", "silverstream-staff", "image-shared", End.CLOSED, 24, 65, "welfare"),
    Story("canolfan-cwmwl", "canolfan-cwmwl-staff", "shop", End.ACKNOWLEDGED, 2, 80),
)

STORIES = LARKMOOR + ELSEWHERE

# Questions between the two sides: school, who asks, what, how many school days ago, and the answer, if there is one.
ENQUIRIES = (
    ("larkmoor", "officer", "Which way do your year 9 pupils walk home past Tallow Street?", 1, ""),
    ("larkmoor", "officer", "May I come to assembly on Thursday to speak about the bus stop?", 6, "Yes, at 8:40 am."),
    ("larkmoor", "spoc", "Is the new fence by the path far enough along to patrol from?", 2, ""),
    ("larkmoor", "spoc", "Could you look at our plan for the end of term?", 12, "Looked at; two notes in the margin."),
    ("thimble-hill", "officer", "Who collects the children of the breakfast club?", 5, ""),
    ("marigold", "south-officer", "May we use the hall for a talk to parents?", 10, "You may, on any Wednesday."),
    ("ysgol-tir-arian", "neighbourhood-officer", "Pwy yw'r cyswllt dros y gwyliau? Who is the holiday contact?", 3, ""),
)
ADVICE = (
    ("larkmoor", "spoc", "A pupil brought a kitchen knife for a cake. What would you want to know?", 3, ""),
    ("otterbridge", "other-spoc", "May we keep a vape that we took from a pupil?", 8, "You may, under your policy."),
    ("candlewick", "candlewick-spoc", "What may we tell you before we have signed?", 9, "What a child's safety needs."),
)
