"""What people of the partnership do in these tests."""

import re
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.test import Client

from schoolgate.access.sign_in import BACKEND, SECOND_FACTOR
from schoolgate.nonprod.cast import Cast

KNIFE = {
    "about": "child",
    "in_danger": "no",
    "child_name": "Ffion Ap Rhys, 9B",
    "seen": "She said that her brother had shown her a knife at the bus stop.",
    "day": "2026-01-12",
    "place": "way",
    "others": "no",
}


def signed_in(cast: Cast, key: str) -> Client:
    """A browser in which somebody has signed in with a second factor. Needs a database that commits."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=cast.user(key)), backend=BACKEND)
    session = client.session
    session[SECOND_FACTOR] = cast.user(key)
    session.save()
    return client


def typed(**changes: Any) -> dict[str, Any]:
    """A filled-in form with fresh tokens."""
    return KNIFE | {"once": str(uuid4()), "draft_page": str(uuid4()), "draft_version": ""} | changes


def raise_concern(client: Client, **changes: Any) -> dict[str, Any]:
    """Type, check and send; gives what was typed."""
    form = typed(**changes)
    assert "Check your answers" in client.post("/concerns/new/", form).text
    assert client.post("/concerns/new/", form | {"step": "send"}).status_code == 302
    return form


def links(client: Client, page: str) -> list[str]:
    """The addresses of the records that a list shows, less drafts."""
    return re.findall(r'class="govuk-link sg-row__link" href="([^"?]+)"', client.get(page).text)


def version(client: Client, address: str) -> str:
    """The version that a triage page shows to somebody about to decide."""
    found = re.search(r'name="version" value="(\d+)"', client.get(address).text)
    assert found
    return found[1]


def decide(client: Client, address: str, decision: str, **words: str) -> Any:
    """Decide what becomes of a concern."""
    answers = {f"{decision}_{name}": text for name, text in words.items()}
    return client.post(address, decision_form(client, address, decision) | answers)


def decision_form(client: Client, address: str, decision: str) -> dict[str, str]:
    """The form of a decision as the page shows it now, with a fresh token."""
    return {"version": version(client, address), "becomes": decision, "once": str(uuid4())}
