"""Who signs, and what is in force."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.models import Agreement, AgreementKind
from schoolgate.partnership.selectors import agreement_state
from schoolgate.partnership.services import sign_agreement

pytestmark = pytest.mark.django_db

TODAY = now().date()
YEAR = dt.timedelta(days=365)


def sign(cast: Cast, by: str, school: str, kind: AgreementKind = AgreementKind.DSA) -> Agreement:
    with acting(cast.user(by), page="test") as viewer:
        return sign_agreement(
            by=viewer, at=now(), school=cast.place(school), kind=kind, since=TODAY, until=TODAY + YEAR
        )


def test_the_head_teachers_signature_opens_routine_sharing(cast: Cast) -> None:
    school = cast.place("otterbridge")
    with acting(cast.user("other-spoc"), page="test"):
        assert not agreement_state(school, on=TODAY).agreed
    sign(cast, "other-head", "otterbridge")
    with acting(cast.user("other-spoc"), page="test"):
        assert agreement_state(school, on=TODAY).agreed
        assert agreement_state(school, on=TODAY + YEAR).dsa_until == TODAY + YEAR
        assert not agreement_state(school, on=TODAY + YEAR + dt.timedelta(days=1)).agreed


@pytest.mark.parametrize("key", ["spoc", "other-head", "officer", "sergeant", "admin"])
def test_nobody_but_the_schools_head_teacher_signs(cast: Cast, key: str) -> None:
    with pytest.raises(PermissionDenied):
        sign(cast, key, "larkmoor")


def test_the_database_lets_nobody_else_sign(cast: Cast) -> None:
    with acting(cast.user("spoc"), page="test") as spoc, pytest.raises(DatabaseError, match="row-level security"):
        Agreement.objects.create(
            school_id=cast.place("larkmoor"),
            kind=AgreementKind.DSA,
            signed_by=spoc.person,
            since=TODAY,
            until=TODAY + YEAR,
        )


def test_a_protocol_alone_does_not_open_routine_sharing(cast: Cast) -> None:
    with acting(cast.user("officer"), page="test"):
        state = agreement_state(cast.place("fiddlers-green"), on=TODAY)
    assert state.protocol_until
    assert not state.agreed
