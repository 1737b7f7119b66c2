"""The pages of the exchange, walked as the people of the partnership."""

import uuid

import pytest

from schoolgate.exchange.tests.doings import send, signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


def test_the_officer_sees_the_share_and_acknowledges_it(cast: Cast) -> None:
    share = send(cast)
    client = signed_in(cast, "officer")
    listed = client.get("/shares/")
    assert "Robin Thistle" in listed.content.decode()
    page = client.get(f"/shares/{share}/").content.decode()
    assert "Acknowledge" in page
    assert client.post(f"/shares/{share}/acknowledge/", {"once": str(uuid.uuid4())}).status_code == 302
    assert "Say what will be done" in client.get(f"/shares/{share}/").content.decode()
