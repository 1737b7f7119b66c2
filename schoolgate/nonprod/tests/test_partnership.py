"""The cast that the demonstration and the tests share."""

import pytest
from django.db import connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.personas import PERSONAS, everybody
from schoolgate.nonprod.places import SCHOOLS

pytestmark = pytest.mark.django_db

KEYS = {
    "teacher", "other-teacher", "spoc", "deputy-spoc", "head", "dsl", "officer", "buddy-officer",
    "unassigned-officer", "sergeant", "other-sergeant", "school-dpo", "supply", "neighbourhood-officer",
    "intelligence", "yjs", "provider", "youth-lead", "dpo", "admin", "other-head", "other-spoc",
    "other-force-officer", "trust-lead",
}  # fmt: skip


def test_every_named_persona_is_in_the_cast() -> None:
    assert {person.key for person in PERSONAS} == KEYS


def test_no_two_people_share_a_key_or_an_address() -> None:
    people = everybody()
    assert len({person.key for person in people}) == len({person.email for person in people}) == len(people)


def test_every_person_has_an_account(cast: Cast) -> None:
    assert {person.key for person in everybody()} == set(cast.users)


def test_every_phase_of_school_is_on_the_map() -> None:
    assert len(SCHOOLS) == 24
    assert len({school.phase for school in SCHOOLS}) == 12


@pytest.mark.parametrize(
    ("key", "kind", "place"),
    [
        ("teacher", "staff", "larkmoor"),
        ("spoc", "school", "larkmoor"),
        ("head", "head", "larkmoor"),
        ("officer", "partnership", "larkmoor"),
        ("buddy-officer", "police", "larkmoor"),
        ("sergeant", "police", "larkmoor"),
        ("neighbourhood-officer", "police", "ysgol-tir-arian"),
        ("school-dpo", "dpo", "lantern-trust"),
        ("trust-lead", "trust", "lantern-trust"),
        ("dpo", "dpo", "wexmoor-police"),
        ("admin", "administrators", "wexmoor-police"),
        ("youth-lead", "figures", "wexmoor-police"),
        ("yjs", "agency", "wexmoor-yjs"),
        ("supply", "supply", "larkmoor"),
    ],
)
def test_a_persona_is_in_the_circle_of_their_role(cast: Cast, key: str, kind: str, place: str) -> None:
    with acting(cast.user(key), page="test") as viewer:
        assert viewer.shares(kind, cast.place(place))


@pytest.mark.parametrize("key", ["unassigned-officer", "other-sergeant", "other-force-officer", "other-spoc"])
def test_an_outsider_shares_no_circle_with_the_school(cast: Cast, key: str) -> None:
    with acting(cast.user(key), page="test") as viewer:
        assert cast.place("larkmoor") not in {standing.organisation for standing in viewer.standings}


@pytest.mark.parametrize(("place", "agreed"), [("larkmoor", True), ("otterbridge", False), ("candlewick", False)])
def test_agreements_are_in_date_lapsed_or_missing(cast: Cast, place: str, agreed: bool) -> None:
    with acting(cast.user("head"), page="test"), connection.cursor() as cursor:
        cursor.execute("select partnership_agreed(%s, %s)", [cast.place(place), now().date()])
        assert cursor.fetchone() == (agreed,)


WHO_DID_IT = """
select c.kind, array_agg(distinct coalesce(m.role, '') order by coalesce(m.role, ''))
from audit_change c left join directory_membership m on m.person_id = c.person
where c.xid >= (select min(xid) from audit_change where kind = 'directory.force')
    and c.kind <> 'notices.notice'
group by c.kind
"""
BEFORE_ANYBODY = ""  # the forces and their first administrators


def test_the_history_of_the_partnership_names_who_did_it(cast: Cast, as_superuser: Connection) -> None:
    assert dict(as_superuser.execute(WHO_DID_IT).fetchall()) == {
        "directory.organisation": [BEFORE_ANYBODY, "administrator"],
        "directory.force": [BEFORE_ANYBODY, "administrator"],
        "directory.team": ["administrator"],
        "directory.agency": ["administrator"],
        "directory.school": ["administrator"],
        "directory.term": ["administrator"],
        "directory.person": [BEFORE_ANYBODY, "administrator", "spoc"],  # the SPOC's code lets supply staff in
        "directory.membership": [BEFORE_ANYBODY, "administrator", "spoc"],
        "deployment.eligibility": ["sergeant"],
        "deployment.assignment": ["sergeant"],
        "deployment.proposal": ["sergeant"],
        "deployment.telling": ["sergeant"],
        "deployment.dutyhours": ["sergeant"],
        "deployment.absence": ["sergeant"],
        "partnership.edition": ["sergeant"],
        "partnership.agreement": ["sergeant"],
        "partnership.agreementstep": ["head", "sergeant", "trust_lead"],
        "partnership.involvement": ["spoc"],
    }
