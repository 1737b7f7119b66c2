"""What the tests of agreements do again and again."""

import datetime as dt
from uuid import UUID, uuid4

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.partnership.models import AgreementKind
from schoolgate.partnership.selectors import agreements, documents
from schoolgate.partnership.selectors.agreements import AgreementRecord
from schoolgate.partnership.selectors.filling import agreement_fields
from schoolgate.partnership.services import signing

TODAY = now().date()
YEAR = dt.timedelta(days=365)


def propose(
    cast: Cast,
    kind: AgreementKind = AgreementKind.DSA,
    *,
    by: str = "sergeant",
    school: str = "otterbridge",
    since: dt.date = TODAY,
    until: dt.date = TODAY + YEAR,
    once: UUID | None = None,
) -> UUID:
    with acting(cast.user(by), page="test") as viewer:
        edition = documents.published(cast.place(WEXMOOR))[kind]
        return signing.propose_agreement(
            by=viewer,
            at=now(),
            school=cast.place(school),
            team=cast.place("safer-schools-north"),
            edition=edition.id,
            fields=agreement_fields(cast.place(school), on=TODAY, since=since, until=until, number=1),
            since=since,
            until=until,
            once=once or uuid4(),
        )


def record_of(cast: Cast, pk: UUID, *, by: str = "sergeant") -> AgreementRecord:
    with acting(cast.user(by), page="test") as viewer:
        return agreements.agreement(viewer, pk, at=now())


def given(record: AgreementRecord, **changes: str) -> signing.Signing:
    words = {"name": "A Name", "role": "A role", "statement": "I agree", "digest": record.digest, "factor": "totp"}
    return signing.Signing(**words | changes)


def sign(cast: Cast, pk: UUID, *, by: str = "other-head", **changes: str) -> None:
    with acting(cast.user(by), page="test") as viewer:
        record = agreements.agreement(viewer, pk, at=now())
        signing.sign_agreement(by=viewer, at=now(), agreement=record, signing=given(record, **changes), once=uuid4())


def countersign(cast: Cast, pk: UUID, *, by: str = "sergeant") -> None:
    with acting(cast.user(by), page="test") as viewer:
        record = agreements.agreement(viewer, pk, at=now())
        signing.countersign_agreement(by=viewer, at=now(), agreement=record, signing=given(record), once=uuid4())


def delegate(cast: Cast, pk: UUID) -> None:
    """The head teacher asks the SPOC to sign in their place."""
    with acting(cast.user("other-head"), page="test") as head:
        record = agreements.agreement(head, pk, at=now())
        signing.delegate_signing(
            by=head, at=now(), agreement=record, person=cast.person("other-spoc"), words="I am away.", once=uuid4()
        )


def agree(cast: Cast, kind: AgreementKind = AgreementKind.DSA, **proposed: dt.date) -> UUID:
    """Proposed and signed by both sides."""
    pk = propose(cast, kind, **proposed)  # type: ignore[arg-type]
    sign(cast, pk)
    countersign(cast, pk)
    return pk
