"""From a teacher's phone to the school's decision and back."""

import pytest

from schoolgate.concerns.tests.doings import decide, links, raise_concern, signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


def test_a_concern_is_raised_decided_as_a_school_matter_and_its_author_hears(cast: Cast) -> None:
    teacher, spoc = signed_in(cast, "teacher"), signed_in(cast, "spoc")

    raise_concern(teacher)
    [address] = links(spoc, "/triage/")
    decided = decide(
        spoc, address, "school_matter",
        reason="The brother is four and it was a toy.", told="It was a toy. Thank you for telling us.",
    )  # fmt: skip

    assert decided.status_code == 302
    assert "Outcome" in teacher.get("/concerns/").text
    [own] = links(teacher, "/concerns/")
    heard = teacher.get(own).text
    assert "It was a toy. Thank you for telling us." in heard
    assert "The brother is four" not in heard
