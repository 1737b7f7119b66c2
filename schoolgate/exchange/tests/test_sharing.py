"""The share from the SPOC to the officer and back."""

import uuid

import pytest

from schoolgate.access.acting import acting
from schoolgate.exchange import services
from schoolgate.exchange.models import Share, ShareStatus, ShareStep
from schoolgate.exchange.tests.doings import AT, send
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_share_goes_from_the_spoc_to_the_officer_and_back(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("officer"), page="test") as officer:
        services.acknowledge_share(by=officer, at=AT, share=share, once=uuid.uuid4())
        services.plan_share(
            by=officer, at=AT, share=share, words="Speak with Robin and a parent.", due_on=AT.date(), once=uuid.uuid4()
        )
        services.record_done(by=officer, at=AT, share=share, words="Spoke with both.", once=uuid.uuid4())
        services.report_back(by=officer, at=AT, share=share, words="The officer has dealt with it.", once=uuid.uuid4())
    with acting(cast.user("spoc"), page="test"):
        assert Share.objects.get(pk=share).status == ShareStatus.REPORTED
        kinds = set(ShareStep.objects.filter(share=share).values_list("kind", flat=True))
    assert kinds == {"sent", "acknowledged", "planned", "done", "reported"}


def test_a_form_sent_twice_makes_one_share(cast: Cast) -> None:
    once = uuid.uuid4()
    assert send(cast, once=once) == send(cast, once=once)
