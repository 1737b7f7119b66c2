"""Emergency access to a school's concerns is for reading."""

import re
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.access.models import CircleKind
from schoolgate.concerns.tests.doings import links, raise_concern, signed_in
from schoolgate.core.clock import now
from schoolgate.governance.services import take_emergency_access
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def taken(cast: Cast) -> UUID:
    """A teacher's emergency access to the school circle of his own school."""
    with acting(cast.user("other-teacher"), page="test") as teacher:
        return take_emergency_access(
            by=teacher,
            at=now(),
            kind=CircleKind.SCHOOL,
            school=cast.place("larkmoor"),
            hours=4,
            reason="Nobody of the school circle can be reached.",
            once=uuid4(),
        )


@pytest.fixture
def raised(cast: Cast, taken: UUID) -> str:
    """The address of the triage of a concern that a colleague raised."""
    raise_concern(signed_in(cast, "teacher"))
    [address] = links(signed_in(cast, "other-teacher"), "/triage/")
    return address


def test_looking_at_a_concern_does_not_open_it(cast: Cast, raised: str, as_superuser: Connection) -> None:
    page = signed_in(cast, "other-teacher").get(raised)
    assert "Nobody has opened it yet." in page.text
    assert as_superuser.execute("select status from concerns_triage").fetchone() == ("sent",)
    assert as_superuser.execute("select count(*) from concerns_authorword").fetchone() == (0,)


def test_it_offers_nothing_to_do_and_lets_nothing_be_done(cast: Cast, raised: str) -> None:
    reader = signed_in(cast, "other-teacher")
    assert "What becomes of it?" not in reader.get(raised).text
    assert reader.post(raised, {"becomes": "with_dsl", "version": "1", "once": str(uuid4())}).status_code == 403
    for page in ("note", "keep", "child", "reference", "share"):
        assert reader.get(f"{raised}{page}/").status_code == 403, page
        answer = reader.post(f"{raised}{page}/", {"person": str(cast.person("spoc")), "reason": "No.", "words": "No."})
        assert answer.status_code == 403, page


@pytest.mark.parametrize(
    "change",
    [
        "update concerns_triage set own_reference = 'x' returning id",
        "select 1 where access_declare_bar('concerns_concern', (select id from concerns_concern), 5, 'x',"
        " gen_random_uuid())",
    ],
)
def test_the_database_lets_it_change_nothing(cast: Cast, raised: str, change: str) -> None:
    with acting(cast.user("other-teacher"), page="test"), connection.cursor() as cursor:
        cursor.execute("select count(*) from concerns_concern")
        assert cursor.fetchone() == (1,)
        cursor.execute(change)
        assert cursor.fetchall() == []


def test_the_database_lets_it_add_nothing(cast: Cast, raised: str) -> None:
    copied = (
        "insert into concerns_authorword (id, holder, controller, regime, marking, retention_class, circles, barred,"
        " made_by, made_at, concern_id, author, kind, words) select gen_random_uuid(), holder, 0, '', marking,"
        " 'contact', '{}', '{}', audit_person(), now(), id, made_by, 'opened', 'x' from concerns_concern"
    )
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting(cast.user("other-teacher"), page="test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(copied)


def test_its_reader_is_shown_with_until_when(cast: Cast, raised: str) -> None:
    page = signed_in(cast, "spoc").get(raised).text
    assert re.search(r"Mr Idris Pebble <span class=\"sg-quiet\">Emergency access until \d", page)


@pytest.mark.parametrize(("who", "status"), [("other-teacher", 302), ("head", 302), ("spoc", 403), ("teacher", 404)])
def test_whoever_took_it_or_the_head_teacher_ends_it(
    cast: Cast, raised: str, taken: UUID, who: str, status: int
) -> None:
    client = signed_in(cast, who)
    assert (f"/emergency/{taken}/end/" in client.get(f"/emergency/{taken}/").text) is (status == 302)

    assert client.post(f"/emergency/{taken}/end/").status_code == status

    reads = signed_in(cast, "other-teacher").get(raised).status_code == 200
    assert reads is (status != 302)
