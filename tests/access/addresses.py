"""For every address: who gets in. Everybody else is turned away, with 404 (outsiders) or 403 (insiders)."""

from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver

from schoolgate.nonprod.personas import PERSONAS

EVERYBODY = frozenset(persona.key for persona in PERSONAS)
ANONYMOUS = "anonymous"
READS_A_SCHOOL = frozenset({"spoc", "deputy-spoc", "head", "dsl"})
LARKMOOR_STAFF = READS_A_SCHOOL | {"teacher", "other-teacher"}
SCHOOL_STAFF = LARKMOOR_STAFF | {"other-head", "other-spoc"}
TRUST = frozenset({"trust-lead"})
LARKMOOR_POLICE = frozenset({"officer", "buddy-officer", "sergeant"})
PARTNERSHIP = READS_A_SCHOOL | LARKMOOR_POLICE


@dataclass(frozen=True)
class Address:
    """may: persona keys (and `anonymous`) that are let in. record: what fills the address's id.

    posts: the address takes POST only.
    """

    may: frozenset[str]
    record: dict[str, str] = field(default_factory=dict)
    posts: bool = False


SPOCS = frozenset({"spoc", "deputy-spoc", "head"})
ASKERS = SPOCS | {"other-head", "other-spoc"}
POSTED = LARKMOOR_POLICE | {"neighbourhood-officer", "other-force-officer", "other-sergeant"}
ADMIN = frozenset({"admin"})
OVERSEERS = frozenset({"sergeant", "other-sergeant", "youth-lead"})
RAISERS = SCHOOL_STAFF | {"supply"}
DPOS = frozenset({"dpo", "school-dpo"})
HEAD, SERGEANT = frozenset({"head"}), frozenset({"sergeant"})
SERGEANTS = frozenset({"sergeant", "other-sergeant"})
OFFICERS = frozenset({"officer", "buddy-officer", "unassigned-officer", "neighbourhood-officer", "other-force-officer"})
WRITERS = frozenset({"youth-lead", "sergeant", "other-sergeant"})
INSIDE_LARKMOOR = LARKMOOR_STAFF | LARKMOOR_POLICE
READS_AGREEMENT = INSIDE_LARKMOOR | TRUST | {"unassigned-officer"}  # the team that proposed it, too
IN_WEXMOOR = EVERYBODY - {"neighbourhood-officer", "other-force-officer"}
OUT_OF_LARKMOOR = {"other-head", "other-spoc"}


def record(name: str, may: frozenset[str], **keywords: bool) -> Address:
    return Address(may=may, record={name: name}, **keywords)


def copy(name: str, may: frozenset[str]) -> Address:
    return Address(may=may, record={name: name, "form": "form"})


ADDRESSES: dict[str, Address] = {
    "health": Address(EVERYBODY | {ANONYMOUS}),
    "insight:home": Address(EVERYBODY | {ANONYMOUS}),
    "insight:board": Address(frozenset({"sergeant", "other-sergeant"})),
    "insight:handover": record("school", LARKMOOR_POLICE),
    "concerns:own": Address(RAISERS),
    "concerns:new_concern": Address(RAISERS),
    "concerns:new_allegation": Address(RAISERS),
    "drafts:save": Address(LARKMOOR_STAFF, record={"kind": "kind", "holder": "school"}, posts=True),
    "drafts:discard": Address(frozenset({"teacher"}), record={"draft": "draft"}, posts=True),
    "concerns:sent": Address(frozenset({"teacher"}), record={"school": "school", "once": "once_concern"}),
    "concerns:sent_allegation": Address(frozenset({"teacher"}), record={"school": "school", "once": "once_allegation"}),
    "concerns:concern": record("concern", frozenset({"teacher"})),
    "concerns:allegations": Address(frozenset({"head", "other-head"})),
    "concerns:allegation": record("allegation", frozenset({"head", "teacher"})),
    "concerns:keep_allegation": record("allegation", frozenset({"head"})),
    "concerns:inbox": Address(READS_A_SCHOOL | OUT_OF_LARKMOOR),
    "concerns:share": record("concern", SPOCS),
    **{
        f"concerns:{page}": record("concern", READS_A_SCHOOL)
        for page in ("triage", "child", "note", "reference", "keep")
    },
    "concerns:copy": copy("concern", READS_A_SCHOOL),
    "concerns:copy_own": copy("concern", frozenset({"teacher"})),
    "concerns:copy_allegation": copy("allegation", frozenset({"head"})),
    "concerns:decided": Address(READS_A_SCHOOL | OUT_OF_LARKMOOR),
    "exchange:new_share": Address(ASKERS | POSTED),
    "exchange:new_enquiry": Address(ASKERS | POSTED),
    "exchange:new_advice": Address(ASKERS | POSTED),
    "exchange:shares": Address(EVERYBODY),
    "exchange:enquiries": Address(EVERYBODY),
    "exchange:crimes": Address(EVERYBODY),
    "exchange:legal_bases": Address(EVERYBODY),
    "exchange:legal_basis": record("basis", frozenset({"admin"})),
    **{f"exchange:{page}": record("share", PARTNERSHIP) for page in ("share", "keep")},
    "exchange:copy_share": copy("share", PARTNERSHIP),
    "exchange:copy_enquiry": copy("enquiry", PARTNERSHIP),
    **{
        f"exchange:{page}": record("share", LARKMOOR_POLICE)
        for page in ("plan", "done", "report", "category", "record_crime", "link")
    },
    "exchange:acknowledge": record("share", LARKMOOR_POLICE, posts=True),
    **{f"exchange:{page}": record("share", SPOCS) for page in ("correct", "recall")},
    **{f"exchange:{page}": record("share", SPOCS | LARKMOOR_POLICE) for page in ("pass_on", "reference")},
    "exchange:crime": record("crime", LARKMOOR_POLICE),
    "exchange:enquiry": record("enquiry", PARTNERSHIP),
    **{f"directory:{page}": Address(ADMIN) for page in ("start", "new_person", "imports", "new_import")},
    **{f"directory:{page}": Address(ADMIN, record={"asked": "import"}) for page in ("import", "import_text")},
    "directory:add": Address(ADMIN, record={"kind": "team"}),
    **{
        f"directory:{page}": Address(ADMIN, record={"organisation": "school"})
        for page in ("organisation", "edit", "term", "closed_day")
    },
    **{f"directory:{page}": record("person", ADMIN) for page in ("person", "edit_person", "where", "invite")},
    "directory:add_role": Address(ADMIN, record={"person": "person", "organisation": "school"}),
    "directory:end_role": record("membership", ADMIN),
    **{f"governance:{page}": Address(DPOS) for page in ("log", "log_csv", "told", "told_csv", "children", "seal")},
    **{f"governance:{page}": record("person", DPOS) for page in ("person", "person_csv")},
    **{f"governance:{page}": Address(DPOS, record={"record": "concern"}) for page in ("record", "record_csv")},
    "governance:who_can_read": Address(READS_A_SCHOOL | {"teacher", "school-dpo"}, record={"record": "concern"}),
    "governance:emergencies": Address(EVERYBODY),
    "governance:take_emergency": Address(LARKMOOR_STAFF | OUT_OF_LARKMOOR | POSTED | {"unassigned-officer"}),
    "governance:end_emergency": Address(frozenset({"head"}), record={"taken": "taken"}, posts=True),
    "governance:emergency": Address(PARTNERSHIP, record={"taken": "taken"}),
    **{f"partnership:{page}": Address(EVERYBODY) for page in ("agreements", "documents")},
    "partnership:check": Address(EVERYBODY | {ANONYMOUS}),
    "partnership:propose": record("school", frozenset({"sergeant", "other-sergeant"})),
    **{f"partnership:{page}": record("agreement", READS_AGREEMENT) for page in ("agreement", "copy")},
    "partnership:school_agreements": record("school", READS_AGREEMENT),
    "partnership:sign": record("agreement", HEAD | TRUST | SERGEANT),
    "partnership:read": record("agreement", HEAD, posts=True),
    "partnership:confirm": record("agreement", HEAD, posts=True),
    **{f"partnership:{page}": record("agreement", HEAD) for page in ("delegate", "decline")},
    "partnership:withdraw": record("agreement", SERGEANT),
    "partnership:end": record("agreement", HEAD | SERGEANT),
    **{f"partnership:{page}": record("school", INSIDE_LARKMOOR) for page in ("spoc", "briefing")},
    "partnership:end_spoc": Address(HEAD, record={"school": "school", "membership": "spoc_membership"}),
    "partnership:briefing_page": Address(INSIDE_LARKMOOR, record={"school": "school", "page": "briefing"}),
    **{f"partnership:{page}": record("school", SPOCS) for page in ("staff", "staff_list")},
    **{f"partnership:{page}": record("school", SPOCS, posts=True) for page in ("remind", "invite_staff")},
    "partnership:picture": record("officer", LARKMOOR_STAFF | LARKMOOR_POLICE | OUT_OF_LARKMOOR | OVERSEERS | ADMIN),
    "partnership:change_picture": record("officer", frozenset({"officer"}) | ADMIN),
    "partnership:remove_picture": record("officer", frozenset({"officer"}) | ADMIN, posts=True),
    "partnership:edition": record("edition", IN_WEXMOOR),
    "partnership:compare": record("edition", IN_WEXMOOR),
    "partnership:edit_edition": record("edition", WRITERS),
    "partnership:publish": record("edition", WRITERS, posts=True),
    "partnership:begin_edition": Address(WRITERS, record={"force": "force", "kind": "document"}, posts=True),
    **{
        f"partnership:{page}": record("school", LARKMOOR_STAFF | OVERSEERS | LARKMOOR_POLICE)
        for page in ("school", "poster")
    },
    **{f"partnership:{page}": Address(OVERSEERS) for page in ("overview", "overview_csv", "overview_places")},
    "partnership:involvement": record("school", READS_A_SCHOOL),
    **{f"deployment:{page}": Address(SERGEANTS) for page in ("board", "propose", "shadow")},
    "deployment:proposal": record("proposal", SERGEANT),
    "deployment:tell": Address(SERGEANT, record={"proposal": "proposal", "role": "told_role"}),
    **{f"deployment:{page}": record("proposal", SERGEANT, posts=True) for page in ("tell_here", "go_live", "withdraw")},
    "deployment:end": record("posting", SERGEANT),
    "deployment:told": record("telling", READS_A_SCHOOL | SERGEANT),
    "deployment:school": record("school", PARTNERSHIP | OVERSEERS),
    "deployment:own": Address(OFFICERS),
    **{f"deployment:{page}": record("officer", SERGEANT | {"officer"}) for page in ("officer", "hours", "absence")},
    **{f"deployment:{page}": record("officer", SERGEANT) for page in ("edit_officer", "sign_off", "training")},
    **{
        f"deployment:{page}": Address(OVERSEERS)
        for page in ("rules", "good_practice", "places", "priority", "weights", "values", "equality")
    },
    "deployment:decide": record("school", OVERSEERS),
    **{f"planning:{page}": Address(SERGEANTS) for page in ("studies", "new", "compare")},
    **{f"planning:{page}": record("study", SERGEANT) for page in ("study", "progress", "settle", "pair", "suppose")},
    "planning:need": Address(SERGEANT, record={"study": "study", "school": "school"}),
    **{f"planning:{page}": record("study", SERGEANT, posts=True) for page in ("run", "stop", "again")},
    "planning:forget_pair": Address(
        SERGEANT, record={"study": "study", "officer": "officer", "school": "school"}, posts=True
    ),
    **{f"planning:{page}": record("plan", SERGEANT) for page in ("plan", "places", "change")},
    "planning:accept": record("plan", SERGEANT, posts=True),
    "day_code": Address(ASKERS),
    "persons_account": record("person", ADMIN),
    "school_sign_in_setup": Address(ADMIN, record={"school": "school"}),
    "notices:notices": Address(EVERYBODY),
    "notices:mark_all_seen": Address(EVERYBODY, posts=True),
    "notices:open": record("notice", frozenset({"spoc"})),
}

# Pages of the sign-in role and of the demonstration: they hold no records, and anybody may open them.
SIGN_IN_SPACES = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "nonprod:")


def names(resolver: URLResolver, space: str = "") -> set[str]:
    """Every route name of the product, with its namespace."""
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            found.add(f"{space}{pattern.name}")
    return found
