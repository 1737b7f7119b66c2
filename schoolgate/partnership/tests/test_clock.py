"""What the clock calls to mind: each thing once, to those whom it concerns, and nothing that is settled."""

import datetime as dt
from collections import Counter
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import LONDON, now
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Notice, NoticeKind
from schoolgate.partnership.presenters import timeline
from schoolgate.partnership.selectors import agreements
from schoolgate.partnership.services import clock, signing
from schoolgate.partnership.tests.doings import TODAY, YEAR, agree, propose, record_of, sign

pytestmark = pytest.mark.usefixtures("committed_database")

DAY = dt.timedelta(days=1)
ENDS = TODAY + YEAR
SCHOOL_DAY = dt.datetime(2026, 9, 16, 8, tzinfo=LONDON)  # a Wednesday in term in the whole of the United Kingdom


def told(cast: Cast, key: str, kind: NoticeKind, record: UUID | None = None) -> int:
    """How often somebody was told of a kind of thing, about an agreement where one is given."""
    with acting(cast.user(key), page="test"):
        found = Notice.objects.filter(kind=kind)
        return found.filter(page__contains=str(record)).count() if record else found.count()


def remind(at: dt.datetime) -> None:
    """As the worker does, twice: what was told is not told again."""
    clock.remind_of_agreements(at=at)
    assert clock.remind_of_agreements(at=at) == 0


def before(days: int) -> dt.datetime:
    return dt.datetime.combine(ENDS - days * DAY, dt.time(8), LONDON)


@pytest.fixture
def signed(cast: Cast) -> UUID:
    """A Data Sharing Agreement of a year from today on."""
    return agree(cast)


def test_what_runs_out_is_called_to_mind_90_and_30_and_7_days_before(cast: Cast, signed: UUID) -> None:
    for days, expected in ((91, 0), (90, 1), (89, 1), (31, 1), (30, 2), (8, 2), (7, 3), (0, 3)):
        remind(before(days))
        heard = {key: told(cast, key, NoticeKind.AGREEMENT_LAPSING, signed) for key in ("other-head", "other-spoc")}
        assert heard == {"other-head": expected, "other-spoc": expected}, days
    assert told(cast, "sergeant", NoticeKind.AGREEMENT_LAPSING, signed) == 3
    assert told(cast, "officer", NoticeKind.AGREEMENT_LAPSING, signed) == 0
    assert told(cast, "head", NoticeKind.AGREEMENT_LAPSING, signed) == 0


def test_after_an_idle_month_only_the_nearest_reminder_is_due(cast: Cast, signed: UUID) -> None:
    remind(before(5))
    assert told(cast, "other-head", NoticeKind.AGREEMENT_LAPSING, signed) == 1


def test_the_reminder_stands_in_words_on_the_agreement(cast: Cast, signed: UUID) -> None:
    remind(before(30))
    assert "It runs out within 30 days." in [step.get("text") for step in timeline(record_of(cast, signed), now=now())]


def test_what_another_agreement_follows_is_not_called_to_mind(cast: Cast, signed: UUID) -> None:
    agree(cast, since=ENDS - 10 * DAY, until=ENDS + YEAR)
    remind(before(30))
    assert told(cast, "other-head", NoticeKind.AGREEMENT_LAPSING, signed) == 0


def test_what_lapsed_is_not_called_to_mind(cast: Cast, signed: UUID) -> None:
    remind(before(-1))
    assert told(cast, "other-head", NoticeKind.AGREEMENT_LAPSING, signed) == 0


def test_what_waits_a_fortnight_for_a_signature_is_called_to_mind_once_for_each_side(cast: Cast) -> None:
    pk = propose(cast)
    kinds = NoticeKind.AGREEMENT_PROPOSED, NoticeKind.AGREEMENT_SIGNED
    first = [told(cast, "other-head", kind, pk) for kind in kinds]
    remind(now() + 13 * DAY)
    assert [told(cast, "other-head", kind, pk) for kind in kinds] == first
    remind(now() + 15 * DAY)
    remind(now() + 16 * DAY)
    assert [told(cast, "other-head", kind, pk) for kind in kinds] == [first[0] + 1, first[1]]
    sign(cast, pk)
    by_now = told(cast, "sergeant", NoticeKind.AGREEMENT_SIGNED, pk)
    remind(now() + 17 * DAY)
    assert told(cast, "sergeant", NoticeKind.AGREEMENT_SIGNED, pk) == by_now + 1


def test_a_new_head_teacher_is_told_once_and_confirms(cast: Cast, signed: UUID, as_superuser: Connection) -> None:
    clock.tell_new_heads(at=now())
    assert told(cast, "other-head", NoticeKind.AGREEMENT_TO_CONFIRM) == 0
    replace_head(cast, as_superuser)
    clock.tell_new_heads(at=now())
    clock.tell_new_heads(at=now())
    assert told(cast, "other-spoc", NoticeKind.AGREEMENT_TO_CONFIRM, signed) == 1
    with acting(cast.user("other-spoc"), page="test") as head:
        record = agreements.agreement(head, signed, at=now())
        signing.confirm_agreement(by=head, at=now(), agreement=record, once=uuid4())
    as_superuser.execute("delete from notices_notice where kind = 'agreement.to_confirm'")
    clock.tell_new_heads(at=now())
    assert told(cast, "other-spoc", NoticeKind.AGREEMENT_TO_CONFIRM, signed) == 0


def test_a_new_head_teacher_is_told_once_of_what_waits_for_their_signature(
    cast: Cast, as_superuser: Connection
) -> None:
    pk = propose(cast)
    clock.tell_new_heads(at=now())
    replace_head(cast, as_superuser)
    for _morning in range(2):
        clock.tell_new_heads(at=now())
    assert told(cast, "other-spoc", NoticeKind.AGREEMENT_PROPOSED, pk) == 1


def replace_head(cast: Cast, as_superuser: Connection) -> None:
    """The SPOC of Otterbridge Academy follows its head teacher, who left yesterday."""
    person, school = cast.person("other-head"), cast.place("otterbridge")
    as_superuser.execute(
        "update directory_membership set until = current_date - 1 where person_id = %s and role = 'head'", [person]
    )
    as_superuser.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since)"
        " values (%s, %s, 'head', true, current_date)",
        [cast.person("other-spoc"), school],
    )


@pytest.fixture
def without_spoc(cast: Cast, as_superuser: Connection) -> None:
    """Larkmoor School's SPOC has left."""
    as_superuser.execute(
        "delete from directory_membership where role = 'spoc' and organisation_id = %s", [cast.place("larkmoor")]
    )


@pytest.mark.usefixtures("without_spoc")
def test_a_school_without_a_spoc_is_told_of_once_a_week_on_school_days(cast: Cast) -> None:
    heard = Counter[str]()
    for days, expected in ((-4, 0), (0, 1), (1, 1), (6, 1), (7, 2)):  # four days before is a Saturday
        clock.tell_of_missing_spocs(at=SCHOOL_DAY + days * DAY)
        heard = Counter({key: told(cast, key, NoticeKind.SPOC_MISSING) for key in ("head", "sergeant", "officer")})
        assert heard == Counter({"head": expected, "sergeant": expected, "officer": 0}), days
    assert told(cast, "other-head", NoticeKind.SPOC_MISSING) == 0


def test_nobody_is_told_where_there_is_a_spoc(cast: Cast) -> None:
    assert clock.tell_of_missing_spocs(at=SCHOOL_DAY) == 0


@pytest.mark.usefixtures("without_spoc")
@pytest.mark.parametrize("key", ["head", "sergeant", "admin"])
def test_nobody_signed_in_takes_the_clocks_part(cast: Cast, key: str) -> None:
    from django.db import DatabaseError, connection, transaction

    note = "select partnership_note_missing_spoc(%s, now())"
    for query, values in (
        ("select partnership_remind(now())", []),
        ("select partnership_for_new_heads(now())", []),
        (note, [cast.place("larkmoor")]),
    ):
        with acting(cast.user(key), page="test"), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(query, values)
                    assert query == note
                    assert cursor.fetchone() == (None,)
            except DatabaseError as error:
                assert "permission denied" in str(error)  # noqa: PT017
