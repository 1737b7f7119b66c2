"""The handover pack: people, agreements and how much is open, for the police of the school; it names no child."""

import pytest
from django.urls import reverse

from schoolgate.core.clock import now
from schoolgate.deployment.tests.doings import TODAY, note_probation
from schoolgate.exchange.tests.doings import ask, send, signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


def pack(cast: Cast, key: str, school: str = "larkmoor") -> object:
    return signed_in(cast, key).get(reverse("insight:handover", args=[cast.place(school)]))


def test_it_counts_what_is_open_and_names_no_child(cast: Cast) -> None:
    send(cast)
    ask(cast, by="spoc")
    page = pack(cast, "officer").text
    for words in ("Mrs Josephine Larch", "Dr Winifred Quill", "Shares still open", "Data Sharing Agreement"):
        assert words in page
    assert "Two mornings a week" in page  # what was agreed
    assert "a familiar face for" in page
    assert "Robin Thistle" not in page
    assert "Robin" not in page


def test_it_is_the_polices_and_ends_with_the_posting(cast: Cast) -> None:
    assert pack(cast, "spoc").status_code == 403
    for outsider in ("teacher", "unassigned-officer", "other-sergeant", "probationer"):
        assert pack(cast, outsider).status_code == 404
    note_probation(cast, "officer", TODAY.replace(year=now().year + 1))
    assert pack(cast, "officer").status_code == 404
