"""Who proposes, signs and ends an agreement; what is in force; and what no page may be trusted to hold."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.models import AFTER, NEVER_AFTER, Agreement, AgreementKind, AgreementStep, StepKind
from schoolgate.partnership.selectors import agreements
from schoolgate.partnership.selectors.agreements import agreement_state
from schoolgate.partnership.services import signing
from schoolgate.partnership.tests.doings import (
    TODAY,
    YEAR,
    agree,
    countersign,
    delegate,
    given,
    propose,
    record_of,
    sign,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def state(cast: Cast, *, on: dt.date = TODAY) -> agreements.AgreementState:
    with acting(cast.user("other-spoc"), page="test"):
        return agreement_state(cast.place("otterbridge"), on=on)


def test_both_signatures_open_routine_sharing(cast: Cast) -> None:
    assert not state(cast).agreed
    pk = propose(cast)
    assert record_of(cast, pk).state == "proposed"
    sign(cast, pk)
    assert (record_of(cast, pk).state, state(cast).agreed) == ("awaits_police", False)
    countersign(cast, pk)
    assert (record_of(cast, pk).state, state(cast).agreed) == ("active", True)
    assert state(cast, on=TODAY + YEAR).dsa_until == TODAY + YEAR
    assert not state(cast, on=TODAY + YEAR + DAY).agreed


def test_a_protocol_alone_does_not_open_routine_sharing(cast: Cast) -> None:
    with acting(cast.user("officer"), page="test"):
        found = agreement_state(cast.place("fiddlers-green"), on=TODAY)
    assert found.protocol_until
    assert not found.agreed


@pytest.mark.parametrize("key", ["other-spoc", "sergeant", "head", "admin"])
def test_nobody_but_the_schools_head_teacher_signs(cast: Cast, key: str) -> None:
    pk = propose(cast)
    with pytest.raises((PermissionDenied, Http404)):
        sign(cast, pk, by=key)


@pytest.mark.parametrize("key", ["officer", "other-sergeant", "other-head"])
def test_nobody_but_the_teams_sergeant_proposes_and_countersigns(cast: Cast, key: str) -> None:
    with pytest.raises(PermissionDenied):
        propose(cast, by=key)
    pk = propose(cast)
    sign(cast, pk)
    with pytest.raises((PermissionDenied, Http404)):
        countersign(cast, pk, by=key)


def test_whom_the_head_teacher_asked_in_writing_signs_in_their_place(cast: Cast) -> None:
    pk = propose(cast)
    delegate(cast, pk)
    sign(cast, pk, by="other-spoc")
    assert record_of(cast, pk).state == "awaits_police"


def test_a_declined_text_is_never_signed(cast: Cast) -> None:
    pk = propose(cast)
    with acting(cast.user("other-head"), page="test") as head:
        record = agreements.agreement(head, pk, at=now())
        signing.decline_agreement(
            by=head, at=now(), agreement=record, words="Our governors want changes.", once=uuid4()
        )
        with pytest.raises(signing.MovedOn):
            signing.sign_agreement(by=head, at=now(), agreement=record, signing=given(record), once=uuid4())
    assert record_of(cast, pk).state == "declined"


def test_a_text_that_was_withdrawn_meanwhile_is_not_signed(cast: Cast) -> None:
    pk = propose(cast)
    seen = record_of(cast, pk)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        signing.withdraw_agreement(by=sergeant, at=now(), agreement=seen, words="A new text comes.", once=uuid4())
    with acting(cast.user("other-head"), page="test") as head, pytest.raises(signing.MovedOn):
        signing.sign_agreement(by=head, at=now(), agreement=seen, signing=given(seen), once=uuid4())


def test_another_text_than_the_one_on_record_is_not_signed(cast: Cast) -> None:
    pk = propose(cast)
    with pytest.raises(signing.AnotherText):
        sign(cast, pk, digest="0" * 64)


def test_a_second_signature_for_the_school_is_refused(cast: Cast) -> None:
    pk = propose(cast)
    seen = record_of(cast, pk)
    sign(cast, pk)
    with acting(cast.user("other-head"), page="test") as head, pytest.raises(signing.MovedOn):
        signing.sign_agreement(by=head, at=now(), agreement=seen, signing=given(seen), once=uuid4())


def test_a_form_sent_twice_is_one_agreement(cast: Cast) -> None:
    once = uuid4()
    assert propose(cast, once=once) == propose(cast, once=once)


def test_either_side_ends_it_after_its_last_day(cast: Cast) -> None:
    pk = agree(cast)
    with acting(cast.user("other-head"), page="test") as head:
        record = agreements.agreement(head, pk, at=now())
        signing.end_agreement(
            by=head,
            at=now(),
            agreement=record,
            words="The school joins another trust.",
            last_day=TODAY + DAY,
            once=uuid4(),
        )
    assert state(cast, on=TODAY + DAY).agreed
    assert not state(cast, on=TODAY + DAY + DAY).agreed


def test_one_that_begins_later_is_agreed_and_not_in_force(cast: Cast) -> None:
    pk = agree(cast, since=TODAY + DAY, until=TODAY + YEAR)
    assert record_of(cast, pk).state == "agreed"
    assert not state(cast).agreed


def test_the_database_holds_what_was_proposed(cast: Cast) -> None:
    pk = propose(cast)
    for change in ({"body": "Another text"}, {"until": TODAY + YEAR + YEAR}, {"digest": "0" * 64}):
        with acting(cast.user("sergeant"), page="test"), pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=pk).update(**change)


@pytest.mark.parametrize("kind", [StepKind.SIGNED, StepKind.COUNTERSIGNED, StepKind.TRUST_SIGNED, StepKind.ENDED])
@pytest.mark.parametrize("key", ["other-spoc", "officer", "youth-lead"])
def test_no_statement_of_the_application_signs_for_somebody_else(cast: Cast, key: str, kind: StepKind) -> None:
    seen = record_of(cast, propose(cast))
    with acting(cast.user(key), page="test") as viewer:
        step = AgreementStep(
            holder=seen.school, team=seen.team, agreement_id=seen.id, kind=kind, once=uuid4(), made_by=viewer.person,
            made_at=now(), words="x", signer_name="x", signer_role="x", statement="x", digest=seen.digest, factor="x",
            effective_on=TODAY if kind == StepKind.ENDED else None,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="row-level security|not theirs to do"), transaction.atomic():
            step.save(force_insert=True)


def test_steps_follow_each_other_in_the_database_as_in_the_product(cast: Cast) -> None:
    """Every pair of steps that the product forbids, the database forbids; a step that needs another, needs it there."""
    for kind, earlier in [(kind, one) for kind, ones in NEVER_AFTER.items() for one in ones]:
        assert not follows(cast, kind, {*AFTER.get(kind, set()), earlier}), (kind, earlier)
    for kind, needed in AFTER.items():
        assert not follows(cast, kind, set()), kind
        assert follows(cast, kind, needed), kind


def follows(cast: Cast, kind: StepKind, done: set[StepKind]) -> bool:
    """Whether the database takes a step after these, by whoever may take it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select partnership_follows(%s, %s::text[])", [kind, [str(step) for step in done]])
        return bool(cursor.fetchone()[0])


def test_a_kind_of_agreement_is_said_by_its_text(cast: Cast) -> None:
    seen = record_of(cast, propose(cast))
    with acting(cast.user("sergeant"), page="test") as sergeant:
        other = Agreement(
            holder=seen.school, team=seen.team, kind=AgreementKind.PROTOCOL, edition_id=seen.edition, title="x",
            summary="x", body="x", since=TODAY, until=TODAY + YEAR, once=uuid4(), made_by=sergeant.person,
            made_at=now(),
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            other.save(force_insert=True)
