"""What must hold whoever comes at the same moment, with another school's ids, or by statements of their own."""

import io
import threading
import time
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.models import AgreementKind, AgreementStep, StepKind
from schoolgate.partnership.selectors import agreements
from schoolgate.partnership.selectors.agreements import agreement_state
from schoolgate.partnership.services import signing
from schoolgate.partnership.tests.doings import TODAY, YEAR, agree, delegate, given, propose, record_of, sign
from schoolgate.partnership.tests.test_clock import replace_head
from schoolgate.partnership.tests.test_pictures import a_picture, put_up
from schoolgate.partnership.tests.test_signing_pages import FILLED, browser, hidden, page
from schoolgate.partnership.urls import urlpatterns

pytestmark = pytest.mark.usefixtures("committed_database")


def at_once(*doings: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Each in a thread and on a connection of its own, all set off together."""
    ready, answers = threading.Barrier(len(doings)), {}

    def run(number: int, does: Callable[[], HttpResponse]) -> None:
        ready.wait()
        answers[number] = does()

    in_threads(*(partial(run, *each) for each in enumerate(doings)))
    return [answers[number] for number in range(len(doings))]


def in_threads(*doings: Callable[[], None]) -> None:
    """Each in a thread and on a connection of its own, to the end."""

    def run(does: Callable[[], None]) -> None:
        try:
            does()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[does]) for does in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def signs(cast: Cast, key: str, pk: UUID) -> Callable[[], HttpResponse]:
    """What somebody is about to send, from a page that they opened before."""
    client = browser(cast, key)
    filled = hidden(client.get(page(pk, "sign"))) | FILLED
    return lambda: client.post(page(pk, "sign"), filled, follow=True)


def test_of_two_who_sign_in_the_same_moment_one_signs_and_nobody_meets_a_fault(cast: Cast) -> None:
    for _round in range(4):
        pk = propose(cast)
        delegate(cast, pk)
        answers = at_once(signs(cast, "other-head", pk), signs(cast, "other-spoc", pk))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert len(record_of(cast, pk).signatures) == 1
        (other,) = [answer.text for answer in answers if ">Signed." not in answer.text.replace("\n", "")] or [""]
        assert "Nothing was signed now" in other or "There is nothing for you to sign now" in other


def test_signing_and_withdrawing_in_the_same_moment_leave_one_of_them(cast: Cast) -> None:
    for _round in range(4):
        pk = propose(cast)
        sergeant = browser(cast, "sergeant")
        form = hidden(sergeant.get(page(pk, "withdraw"))) | {"words": "A new text comes."}
        withdraws = lambda client=sergeant, form=form, pk=pk: client.post(page(pk, "withdraw"), form)  # noqa: E731
        at_once(signs(cast, "other-head", pk), withdraws)
        after = record_of(cast, pk)
        assert after.state in ("awaits_police", "withdrawn")
        assert after.came(StepKind.SIGNED) or after.came(StepKind.WITHDRAWN)


def test_who_takes_a_step_waits_for_whoever_takes_another_and_then_sees_it(cast: Cast) -> None:
    pk = propose(cast)
    sign(cast, pk)
    taken, said = threading.Event(), []

    def countersign_slowly() -> None:
        with acting(cast.user("sergeant"), page="test") as sergeant:
            record = agreements.agreement(sergeant, pk, at=now())
            signing.countersign_agreement(by=sergeant, at=now(), agreement=record, signing=given(record), once=uuid4())
            taken.set()
            time.sleep(0.5)

    def withdraw() -> None:
        with acting(cast.user("sergeant"), page="test") as sergeant:
            record = agreements.agreement(sergeant, pk, at=now())
            taken.wait()
            try:
                signing.withdraw_agreement(by=sergeant, at=now(), agreement=record, words="A new text.", once=uuid4())
            except signing.MovedOn:
                said.append("moved on")

    in_threads(countersign_slowly, withdraw)
    assert said == ["moved on"]
    assert record_of(cast, pk).state == "active"


def test_both_documents_countersigned_in_the_same_moment_are_both_in_the_overview(
    cast: Cast, as_superuser: Connection
) -> None:
    both = [propose(cast, kind, school="candlewick") for kind in AgreementKind]
    for pk in both:
        sign(cast, pk, by="candlewick-head")
    at_once(*(signs(cast, "sergeant", pk) for pk in both))
    kept = "select state from partnership_schoolstate where school = %s"
    assert as_superuser.execute(kept, [cast.place("candlewick")]).fetchone() == ("active",)


def test_a_form_sent_again_later_signs_nothing(cast: Cast) -> None:
    pk = propose(cast)
    head = browser(cast, "other-head")
    filled = hidden(head.get(page(pk, "sign"))) | FILLED
    assert head.post(page(pk, "sign"), filled).status_code == 302
    for client in (browser(cast, "other-head"), browser(cast, "other-spoc"), browser(cast, "sergeant")):
        client.post(page(pk, "sign"), filled)
    record = record_of(cast, pk)
    assert [step.kind for step in record.signatures if step.made_by == cast.person("other-head")] == [StepKind.SIGNED]
    other = propose(cast)
    assert "Nothing was signed now" in head.post(page(other, "sign"), filled).text
    assert not record_of(cast, other).signatures


def test_what_ended_meanwhile_is_not_confirmed(cast: Cast, as_superuser: Connection) -> None:
    pk = agree(cast)
    replace_head(cast, as_superuser)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        record = agreements.agreement(sergeant, pk, at=now())
        signing.end_agreement(
            by=sergeant, at=now(), agreement=record, words="The school closes.", last_day=TODAY, once=uuid4()
        )
    said = browser(cast, "other-spoc").post(page(pk, "confirm"), {"once": str(uuid4())}, follow=True).text
    assert "It moved on since you opened the page" in said
    assert not record_of(cast, pk).came(StepKind.CONFIRMED)


@pytest.mark.parametrize(("key", "kind"), [("sergeant", StepKind.SIGNED), ("other-head", StepKind.COUNTERSIGNED)])
def test_neither_side_signs_for_the_other_by_a_statement_of_its_own(cast: Cast, key: str, kind: StepKind) -> None:
    pk = propose(cast)
    if kind == StepKind.COUNTERSIGNED:
        sign(cast, pk)
    seen = record_of(cast, pk)
    with acting(cast.user(key), page="test") as viewer:
        step = AgreementStep(
            holder=seen.school, team=seen.team, agreement_id=seen.id, kind=kind, once=uuid4(), made_by=viewer.person,
            made_at=now(), signer_name="x", signer_role="x", statement="x", digest=seen.digest, factor="totp",
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="not theirs to do"), transaction.atomic():
            step.save(force_insert=True)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("other-school-teacher", {"kind": StepKind.READ}),
        ("other-head", {"kind": StepKind.DELEGATED, "words": "I am away.", "person": "other-school-teacher"}),
        ("other-head", {"kind": StepKind.ENDED, "words": "It never held.", "effective_on": TODAY - YEAR}),
    ],
)
def test_no_statement_notes_what_did_not_happen(cast: Cast, key: str, words: dict[str, object]) -> None:
    seen = record_of(cast, agree(cast) if words["kind"] == StepKind.ENDED else propose(cast))
    if "person" in words:
        words = words | {"person": cast.person(str(words["person"]))}
    with acting(cast.user(key), page="test") as viewer, pytest.raises(DatabaseError), transaction.atomic():
        AgreementStep(
            holder=seen.school, team=seen.team, agreement_id=seen.id, once=uuid4(), made_by=viewer.person,
            made_at=now(), **words,
        ).save(force_insert=True)  # fmt: skip


FORGERIES = [
    "update partnership_agreement set until = '2999-01-01'",
    "update partnership_agreementstep set kind = 'countersigned'",
    "delete from partnership_agreementstep",
    "insert into partnership_schoolstate (school, state, valid) values (%(school)s, 'active', '(,)')",
    "update partnership_schoolstate set state = 'active'",
    "select state from partnership_schoolstate",
    "select aware from partnership_schoolawareness",
    "update partnership_schoolawareness set aware = staff",
    "select partnership_keep_aware(%(school)s, '')",
    "select partnership_refresh_awareness('')",
    "select partnership_keep_state(%(school)s)",
    "select partnership_refresh_states()",
    "select * from partnership_work_out(%(school)s, current_date)",
]


@pytest.mark.parametrize("key", ["other-head", "sergeant"])
@pytest.mark.parametrize("statement", FORGERIES)
def test_no_statement_of_the_application_opens_the_gate(cast: Cast, key: str, statement: str) -> None:
    sign(cast, propose(cast))
    with acting(cast.user(key), page="test"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"school": cast.place("otterbridge")})
        assert not agreement_state(cast.place("otterbridge"), on=TODAY).agreed


GIVEN = {"kind": "dsa", "page": "ssp"}


def of_another_school(cast: Cast) -> dict[str, object]:
    """What fills every address of the partnership with what belongs to Otterbridge Academy."""
    with acting(None, page="test"), connection.cursor() as cursor:
        cursor.execute(
            "select id from directory_membership where organisation_id = %s and role = 'spoc'",
            [cast.place("otterbridge")],
        )
        (membership,) = cursor.fetchone()
    return GIVEN | {
        "school": cast.place("otterbridge"), "agreement": propose(cast), "membership": membership,
        "officer": cast.person("south-officer"), "edition": 10**6, "force": cast.place("arian-police"),
    }  # fmt: skip


@pytest.mark.parametrize("key", ["head", "spoc", "teacher", "neighbourhood-officer", "admin"])
def test_another_schools_ids_open_nothing_and_change_nothing(cast: Cast, key: str) -> None:
    found = of_another_school(cast)
    put_up(cast, a_picture(), key="south-officer", of="south-officer")
    client = signed_in(cast, key)
    got_in = []
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        if not names or (key == "admin" and "officer" in names):  # the force's administrator keeps every picture
            continue
        address = reverse(f"partnership:{pattern.name}", kwargs={name: found[name] for name in names})
        for answer in (client.get(address), client.post(address, {"once": str(uuid4())} | FILLED)):
            if answer.status_code not in (403, 404, 405):
                got_in.append((pattern.name, answer.status_code))
    assert got_in == []
    assert not record_of(cast, found["agreement"]).steps  # type: ignore[arg-type]


NAMES = {"other-head": "אורי בן־דוד", "sergeant": "ليلى الحداد"}


def test_names_that_are_read_from_the_right_stand_in_page_and_pdf(cast: Cast, as_superuser: Connection) -> None:
    for key, name in NAMES.items():
        as_superuser.execute("update directory_person set name = %s where id = %s", [name, cast.person(key)])
    pk = propose(cast)
    for key in NAMES:
        client = browser(cast, key)
        client.post(page(pk, "sign"), hidden(client.get(page(pk, "sign"))) | FILLED | {"name": NAMES[key]})
    assert record_of(cast, pk).state == "active"
    shown = signed_in(cast, "other-spoc").get(page(pk)).text
    assert all(name in shown for name in NAMES.values())
    pdf = signed_in(cast, "other-spoc").get(f"{page(pk)}copy.pdf").content
    with pikepdf.open(io.BytesIO(pdf)) as copy:
        fonts = {str(font.BaseFont) for one in copy.pages for font in one.Resources.Font.values()}
        assert copy.Root.MarkInfo.Marked
    assert any("DejaVu" in font for font in fonts), "the letters of both names have a font"


def test_a_signed_agreement_needs_both_documents(cast: Cast) -> None:
    agree(cast, since=TODAY, until=TODAY + YEAR)
    with acting(cast.user("other-spoc"), page="test"):
        assert agreement_state(cast.place("otterbridge"), on=TODAY).agreed
    assert Client().get(page(propose(cast))).status_code in (302, 404)
