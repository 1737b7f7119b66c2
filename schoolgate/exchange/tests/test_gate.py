"""Routine sharing needs the SSP protocol and the DSA in force; a ground always lets a share go."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from schoolgate.access.acting import acting
from schoolgate.exchange import services
from schoolgate.exchange.models import Ground, Share, ShareStep, StepKind
from schoolgate.exchange.tests.doings import ask, ask_for_advice, send
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db

# The DSA of this school has lapsed.
LAPSED = {"by": "other-spoc", "school": "otterbridge"}

COPY = """
insert into exchange_share select (jsonb_populate_record(null::exchange_share,
    to_jsonb(s) || jsonb_build_object('id', %s::text, 'once', %s::text, 'ground', %s::text, 'ground_reason', %s::text)
)).* from exchange_share s where id = %s
"""


def insert_copy(share: uuid.UUID, ground: str, reason: str) -> None:
    """As any statement of the application role could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("schoolgate_app",)
        cursor.execute(COPY, [uuid.uuid4(), uuid.uuid4(), ground, reason, share])


def test_a_lapsed_agreement_blocks_routine_sharing(cast: Cast) -> None:
    with pytest.raises(services.NotAgreed):
        send(cast, **LAPSED)


@pytest.mark.parametrize("ground", [ground for ground in Ground if ground != Ground.AGREEMENT])
def test_a_share_on_a_ground_always_goes(cast: Cast, ground: str) -> None:
    assert send(cast, **LAPSED, ground=ground, ground_reason="A child may come to harm.")


def test_head_teacher_sergeant_and_dpo_are_told_of_a_share_without_agreement(cast: Cast) -> None:
    share = send(cast, **LAPSED, ground=Ground.WELFARE, ground_reason="A child may come to harm.")
    with acting(cast.user("other-spoc"), page="test"):
        step = ShareStep.objects.get(share=share, kind=StepKind.ALERTED)
    assert {cast.person("other-head"), cast.person("sergeant")} <= set(step.people)
    assert any(
        person not in (cast.person("other-head"), cast.person("sergeant")) for person in step.people
    )  # the controller's data protection officer


def test_the_database_blocks_routine_sharing_whatever_the_form_says(cast: Cast) -> None:
    share = send(cast, **LAPSED, ground=Ground.WELFARE, ground_reason="A child may come to harm.")
    with acting(cast.user("other-spoc"), page="test"), pytest.raises(IntegrityError, match="not both in force"):
        insert_copy(share, "agreement", "")


def test_the_database_wants_a_reason_for_every_other_ground(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test"):
        with pytest.raises(IntegrityError, match="ground_has_reason"):
            insert_copy(share, "welfare", "")
        insert_copy(share, "welfare", "A child may come to harm.")
        insert_copy(share, "agreement", "")
        assert Share.objects.filter(school=cast.place("larkmoor")).count() == 3


def test_an_enquiry_that_names_a_child_needs_the_agreements(cast: Cast) -> None:
    with pytest.raises(services.NotAgreed):
        ask(cast, by="other-spoc", school="otterbridge", child_name="Robin Thistle")
    assert ask(cast, by="other-spoc", school="otterbridge")
    assert ask_for_advice(cast, by="other-spoc", school="otterbridge")


def test_a_school_row_cannot_be_held_by_somebody_else(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test"):
        row = Share.objects.get(pk=share)
        row.pk, row.once, row.holder = uuid.uuid4(), uuid.uuid4(), cast.place("lantern-trust")
        with pytest.raises(IntegrityError):
            row.save(force_insert=True)
