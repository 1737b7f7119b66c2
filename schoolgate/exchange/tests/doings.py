"""What people of the partnership do in these tests."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from schoolgate.access.acting import acting
from schoolgate.access.sign_in import BACKEND, SECOND_FACTOR
from schoolgate.core.clock import LONDON
from schoolgate.exchange import services
from schoolgate.exchange.selectors import share_choices
from schoolgate.exchange.services import ShareDetails, Told
from schoolgate.nonprod.cast import Cast

AT = dt.datetime.now(LONDON).replace(hour=10, minute=0)


def signed_in(cast: Cast, key: str) -> Client:
    """A browser in which somebody has signed in with a second factor. Needs a database that commits."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=cast.user(key)), backend=BACKEND)
    session = client.session
    session[SECOND_FACTOR] = cast.user(key)
    session.save()
    return client


def details(cast: Cast, viewer: Any, school: str = "larkmoor", **changes: Any) -> ShareDetails:
    choices = share_choices(viewer, cast.place(school), AT)
    told = ShareDetails(
        child_name="Robin Thistle",
        facts="Showed a folded knife to two pupils behind the sports hall.",
        purpose="safety",
        place="in_school",
        occurred="Today at about 9 am",
        basis=choices.suggested_basis("safety"),
        recipients=choices.suggested_recipients,
        handling="For the officer named.",
        child_told=Told(by="Mrs Larch", on=AT.date(), view="Says it was a joke."),
        parent_told=Told(why_not="Not reached yet."),
    )
    return replace(told, **changes)


def send(cast: Cast, *, by: str = "spoc", school: str = "larkmoor", once: uuid.UUID | None = None, **changes: Any):
    with acting(cast.user(by), page="test") as viewer:
        told = details(cast, viewer, school, **changes)
        return services.send_share(by=viewer, at=AT, school=cast.place(school), details=told, once=once or uuid.uuid4())


def act(cast: Cast, key: str, does: Any, share: uuid.UUID, at: dt.datetime = AT, **said: Any) -> Any:
    """Somebody does something to a share."""
    with acting(cast.user(key), page="test") as viewer:
        return does(by=viewer, at=at, share=share, once=uuid.uuid4(), **said)


def ask(cast: Cast, *, by: str, school: str = "larkmoor", child_name: str = "") -> uuid.UUID:
    """Somebody makes an enquiry of the other side."""
    with acting(cast.user(by), page="test") as viewer:
        said = {"question": "Is there a place where Robin feels safe?", "child_name": child_name}
        return services.make_enquiry(by=viewer, at=AT, school=cast.place(school), once=uuid.uuid4(), **said)


def ask_for_advice(cast: Cast, *, by: str, school: str = "larkmoor") -> uuid.UUID:
    """Somebody asks for advice, without names."""
    with acting(cast.user(by), page="test") as viewer:
        question = "May we keep what we took from a pupil?"
        return services.ask_for_advice(
            by=viewer, at=AT, school=cast.place(school), question=question, once=uuid.uuid4()
        )
