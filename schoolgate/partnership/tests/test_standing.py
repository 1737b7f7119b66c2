"""How a school stands, from its officers and the documents."""

import datetime as dt
from uuid import uuid4

import pytest

from schoolgate.partnership.models import AgreementKind, PartnershipState
from schoolgate.partnership.selectors.agreements import Standing
from schoolgate.partnership.selectors.standing import leading, state_of
from schoolgate.partnership.tests.doings import TODAY, YEAR

DSA = AgreementKind.DSA


def standing(kind: AgreementKind, state: str, until: dt.date = TODAY) -> Standing:
    return Standing(uuid4(), 1, kind, TODAY - YEAR, until, state)


@pytest.mark.parametrize(
    ("states", "has_officer", "expected"),
    [
        ((), False, PartnershipState.NONE),
        ((), True, PartnershipState.OFFICER_NAMED),
        ((("protocol", "active"),), False, PartnershipState.PROPOSED),
        ((("protocol", "declined"), ("dsa", "withdrawn")), False, PartnershipState.NONE),
        ((("protocol", "proposed"),), False, PartnershipState.PROPOSED),
        ((("protocol", "active"), ("dsa", "awaits_police")), True, PartnershipState.PROPOSED),
        ((("protocol", "active"), ("dsa", "agreed")), True, PartnershipState.PROPOSED),
        ((("protocol", "active"), ("dsa", "active")), False, PartnershipState.ACTIVE),
        ((("protocol", "active"), ("dsa", "active"), ("dsa", "proposed")), True, PartnershipState.ACTIVE),
        ((("protocol", "active"), ("dsa", "lapsed")), True, PartnershipState.LAPSED),
        ((("protocol", "lapsed"), ("dsa", "lapsed"), ("dsa", "proposed")), True, PartnershipState.PROPOSED),
        ((("protocol", "ended"), ("dsa", "ended")), True, PartnershipState.ENDED),
        ((("protocol", "ended"), ("dsa", "lapsed")), True, PartnershipState.LAPSED),
    ],
)
def test_a_state_follows_from_officers_and_documents(
    states: tuple[tuple[str, str], ...], has_officer: bool, expected: PartnershipState
) -> None:
    its = [standing(AgreementKind(kind), state) for kind, state in states]
    assert state_of(leading(its), has_officer=has_officer) == expected
    assert state_of(leading(reversed(its)), has_officer=has_officer) == expected


def test_of_what_is_over_the_latest_counts() -> None:
    its = [standing(DSA, "ended", TODAY), standing(DSA, "lapsed", TODAY - YEAR)]
    assert leading(its)[DSA].state == "ended"
