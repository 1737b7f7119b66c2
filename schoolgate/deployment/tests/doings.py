"""What sergeants do in tests: propose, tell, let go live."""

import datetime as dt
from typing import Any
from uuid import UUID

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.core.ids import new_id
from schoolgate.deployment.models import AssignmentKind, Told
from schoolgate.deployment.services import officers, postings
from schoolgate.nonprod.cast import Cast

TODAY = now().date()
DAY = dt.timedelta(days=1)
IN_A_WEEK = TODAY + 7 * DAY
PROBATION_ENDS = TODAY + dt.timedelta(days=150)  # the demonstration's probationer's
NORTH = "safer-schools-north"


def proposed(
    cast: Cast,
    *,
    officer: str = "unassigned-officer",
    school: str = "fiddlers-green",
    by: str = "sergeant",
    instead_of: int | None = None,
    **terms: Any,
) -> UUID:
    """A proposal of a posting, a week ahead unless told otherwise."""
    settled = {"kind": AssignmentKind.LEAD, "since": IN_A_WEEK} | terms
    with acting(cast.user(by), page="test") as sergeant:
        made = postings.propose_posting(
            by=sergeant, at=now(), officer=cast.person(officer), team=cast.place(NORTH), school=cast.place(school),
            terms=postings.Terms(**settled), instead_of=instead_of, once=new_id(),
        )  # fmt: skip
    return made.pk


def tell(cast: Cast, proposal: UUID, *roles: Told, school: str = "fiddlers-green", by: str = "sergeant") -> list[UUID]:
    """The sergeant tells head teacher and SPOC, or those named."""
    made = []
    for role in roles or tuple(Told):
        key = f"{school}-{role.value}" if school != "larkmoor" else role.value
        with acting(cast.user(by), page="test") as sergeant:
            telling = postings.record_telling(
                by=sergeant, at=now(), proposal=proposal, role=role, way="here", words="They come on Monday.",
                person=cast.person(key), name=key, once=new_id(),
            )  # fmt: skip
        made.append(telling.pk)
    return made


def go_live(cast: Cast, proposal: UUID, *, by: str = "sergeant") -> None:
    """The sergeant lets it go live."""
    with acting(cast.user(by), page="test") as sergeant:
        postings.go_live(by=sergeant, at=now(), proposal=proposal)


def posted(cast: Cast, **about: Any) -> UUID:
    """A posting that went the whole way."""
    proposal = proposed(cast, **about)
    tell(cast, proposal, school=about.get("school", "fiddlers-green"))
    go_live(cast, proposal)
    return proposal


def note_probation(cast: Cast, officer: str, ends: dt.date | None, *, by: str = "sergeant") -> list[Any]:
    """The sergeant notes when an officer's probation ends."""
    with acting(cast.user(by), page="test") as sergeant:
        return officers.record_eligibility(
            by=sergeant, at=now(), officer=cast.person(officer), team=cast.place(NORTH), probation_ends=ends
        )
