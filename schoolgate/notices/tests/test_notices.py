"""Notices: each person their own, never to the barred, without content."""

import datetime as dt
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from schoolgate.access.acting import acting
from schoolgate.children.models import Child
from schoolgate.core.clock import LONDON
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Mail, NoticeKind
from schoolgate.notices.selectors import NoticeLine, notices
from schoolgate.notices.services import (
    Envelope,
    mark_all_seen,
    mark_seen,
    people_to_digest,
    send_digest,
    send_notice,
    tell,
    write_message,
)

pytestmark = pytest.mark.usefixtures("committed_database")

MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)


def a_record(cast: Cast) -> Child:
    """A record of Larkmoor School that its DSL made."""
    return Child(holder=cast.place("larkmoor"), name="Invented Child", made_by=cast.person("dsl"), made_at=MORNING)


def told(
    cast: Cast, *keys: str, notice: NoticeKind = NoticeKind.CONCERN_RAISED, barred: tuple[str, ...] = ()
) -> list[UUID]:
    """The DSL tells these people of a record."""
    with acting(cast.user("dsl"), page="test") as dsl:
        record = a_record(cast)
        record.barred = [cast.person(key) for key in barred]
        record.save(force_insert=True)
        return tell(by=dsl, at=MORNING, notice=notice, record=record, page="/concerns/", to=map(cast.person, keys))


def notices_of(cast: Cast, key: str) -> list[NoticeLine]:
    with acting(cast.user(key), page="test"):
        return notices(at=MORNING)


def test_a_notice_reaches_the_person_told_and_nobody_else(cast: Cast) -> None:
    told(cast, "spoc")
    assert [line.kind for line in notices_of(cast, "spoc")] == [NoticeKind.CONCERN_RAISED]
    assert notices_of(cast, "deputy-spoc") == []


def test_somebody_in_no_circle_of_the_record_can_be_told(cast: Cast) -> None:
    before = len(notices_of(cast, "officer"))
    told(cast, "officer")
    assert len(notices_of(cast, "officer")) == before + 1


def test_nobody_is_told_of_a_record_that_they_are_barred_from(cast: Cast) -> None:
    told(cast, "spoc", "head", barred=("head",))
    assert notices_of(cast, "head") == []
    assert len(notices_of(cast, "spoc")) == 1


def test_a_bar_declared_later_takes_the_notice_away(cast: Cast) -> None:
    told(cast, "spoc")
    with acting(cast.user("dsl"), page="test"), connection.cursor() as cursor:
        record = Child.objects.get(name="Invented Child").pk
        cursor.execute(
            "select access_declare_bar('children_child', %s, %s, 'own child', gen_random_uuid())",
            [record, cast.person("spoc")],
        )
        assert cursor.fetchone() == (True,)
    assert notices_of(cast, "spoc") == []
    assert cast.person("spoc") not in people_to_digest()


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast) -> None:
    assert told(cast, "dsl") == []


def test_supply_staff_who_read_nothing_get_no_notice(cast: Cast) -> None:
    assert told(cast, "supply") == []


def test_a_stranger_cannot_tell_of_a_record(cast: Cast) -> None:
    told(cast, "spoc")
    with acting(cast.user("dsl"), page="test"):
        record = Child.objects.get(name="Invented Child")
    with (
        pytest.raises(DatabaseError, match="nobody tells of a record"),
        acting(cast.user("other-spoc"), page="test") as stranger,
    ):
        tell(by=stranger, at=MORNING, notice=NoticeKind.CONCERN_RAISED, record=record, page="/", to=[1])


def test_seen_notices_come_after_the_new_ones(cast: Cast) -> None:
    first, second = told(cast, "spoc")[0], told(cast, "spoc")[0]
    with acting(cast.user("spoc"), page="test") as spoc:
        assert mark_seen(by=spoc, at=MORNING, notice=second) == "/concerns/"
    assert [(line.id, line.seen) for line in notices_of(cast, "spoc")] == [(first, False), (second, True)]


def test_another_persons_notice_is_not_there(cast: Cast) -> None:
    notice = told(cast, "spoc")[0]
    with pytest.raises(Http404), acting(cast.user("deputy-spoc"), page="test") as deputy:
        mark_seen(by=deputy, at=MORNING, notice=notice)


def test_all_are_marked_as_seen_at_once(cast: Cast) -> None:
    told(cast, "spoc")
    told(cast, "spoc")
    with acting(cast.user("spoc"), page="test") as spoc:
        assert mark_all_seen(by=spoc, at=MORNING) == 2
        assert mark_all_seen(by=spoc, at=MORNING) == 0


def test_danger_goes_by_e_mail_at_once_and_once(cast: Cast) -> None:
    notice = told(cast, "spoc", notice=NoticeKind.CONCERN_DANGER)[0]
    assert [send_notice(notice, at=MORNING), send_notice(notice, at=MORNING)] == [True, False]
    assert Mail.objects.get().person == cast.person("spoc")


def test_an_e_mail_says_neither_who_nor_what(cast: Cast) -> None:
    send_notice(told(cast, "spoc", notice=NoticeKind.CONCERN_DANGER)[0], at=MORNING)
    mail = Mail.objects.get()
    assert mail.subject == "Schoolgate: it cannot wait"
    assert mail.text.splitlines() == [
        "There is something for you in Schoolgate that cannot wait. Please look now.",
        "",
        "A concern",
        "",
        f"Sign in to read it: {settings.BASE_ADDRESS}/notices/",
        "",
        "In danger now? Ring 999. Schoolgate is not watched round the clock.",
    ]


def test_the_same_e_mail_always_has_the_same_message_id() -> None:
    about = Envelope(id=UUID(int=7), person=1, address="ada@force.example", kinds=("share.sent",), notices=())
    first, second = write_message(about), write_message(about)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].startswith("<00000000-0000-0000-0000-000000000007@")


def test_the_rest_comes_in_one_digest_a_day(cast: Cast) -> None:
    told(cast, "spoc")
    told(cast, "spoc", notice=NoticeKind.SHARE_REPORTED)
    spoc, day = cast.person("spoc"), MORNING.date()
    assert spoc in people_to_digest()
    assert send_digest(spoc, day=day, at=MORNING)
    told(cast, "spoc")
    assert not send_digest(spoc, day=day, at=MORNING)
    assert send_digest(spoc, day=day + dt.timedelta(days=1), at=MORNING)
    texts = sorted((mail.text for mail in Mail.objects.all()), key=len)
    assert ["A concern\nA share\n" in text for text in texts] == [False, True]


def test_what_was_seen_needs_no_digest(cast: Cast) -> None:
    notice = told(cast, "spoc")[0]
    with acting(cast.user("spoc"), page="test") as spoc:
        mark_seen(by=spoc, at=MORNING, notice=notice)
    assert cast.person("spoc") not in people_to_digest()


@pytest.mark.parametrize("function", ["notices_to_mail(gen_random_uuid())", "notices_people_to_digest()"])
def test_a_page_of_records_cannot_ask_what_the_worker_asks(cast: Cast, function: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(cast.user("spoc"), page="test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select {function}")


@pytest.mark.parametrize("table", ["notices_mail", "notices_mailednotice"])
def test_a_page_of_records_cannot_read_addresses(cast: Cast, table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(cast.user("spoc"), page="test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select * from {table}")


OTHER_SITES = ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "/\t/elsewhere", "elsewhere", ""]


@pytest.mark.parametrize("page", OTHER_SITES)
def test_a_notice_opens_no_other_site(cast: Cast, page: str) -> None:
    told(cast, "spoc")
    with acting(cast.user("dsl"), page="test") as dsl:
        record, to = Child.objects.get(name="Invented Child"), [cast.person("spoc")]
        with pytest.raises(IntegrityError, match="page_is_ours"), transaction.atomic():
            tell(by=dsl, at=MORNING, notice=NoticeKind.CONCERN_RAISED, record=record, page=page, to=to)
