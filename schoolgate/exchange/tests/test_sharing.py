"""The share from the SPOC to the officer and back."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from schoolgate.access.acting import acting
from schoolgate.core.clock import LONDON
from schoolgate.exchange import services
from schoolgate.exchange.models import Share, ShareStatus, ShareStep
from schoolgate.exchange.selectors import share_choices
from schoolgate.exchange.services import ShareDetails, Told
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db

AT = dt.datetime.now(LONDON).replace(hour=10, minute=0)


def details(cast: Cast, viewer: Any, school: str = "larkmoor", **changes: Any) -> ShareDetails:
    choices = share_choices(viewer, cast.place(school), AT)
    told = ShareDetails(
        child_name="Robin Thistle",
        facts="Showed a folded knife to two pupils behind the sports hall.",
        purpose="safety",
        place="in_school",
        occurred="Today at about 9 am",
        basis=choices.suggested_basis("safety"),
        recipients=choices.suggestion.recipients,
        handling="For the officer named.",
        child_told=Told(by="Mrs Larch", on=AT.date(), view="Says it was a joke."),
        parent_told=Told(why_not="Not reached yet."),
    )
    return replace(told, **changes)


def send(cast: Cast, *, by: str = "spoc", school: str = "larkmoor", once: uuid.UUID | None = None, **changes: Any):
    with acting(cast.user(by), page="test") as viewer:
        told = details(cast, viewer, school, **changes)
        return services.send_share(by=viewer, at=AT, school=cast.place(school), details=told, once=once or uuid.uuid4())


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
