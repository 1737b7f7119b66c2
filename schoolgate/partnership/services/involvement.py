"""A school writes down how it and its officers work together; the latest holds, the earlier ones stay."""

import datetime as dt
from uuid import UUID

from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.models import Involvement
from schoolgate.partnership.policies import may_agree_involvement
from schoolgate.partnership.selectors.people import who_works_together


def agree_involvement(
    *,
    by: Viewer,
    at: dt.datetime,
    school: int,
    visit_days: list[int],
    visits: str,
    in_school_time: str,
    room: str,
    storage: str,
    access_card: str,
    once: UUID,
) -> None:
    """Write down what was agreed with the officers, and tell them, the head teacher, the SPOC and deputies.

    Raises PermissionDenied outside the school circle.

    Source: "The amount of day-to-day involvement a head teacher has with the SSO will depend on the type and size of
    the school".
    """
    require(may_agree_involvement, by, school)
    words = {"in_school_time": in_school_time, "room": room, "storage": storage, "access_card": access_card}
    agreed = Involvement(
        holder=school, visit_days=visit_days, visits=visits, **words, once=once, made_by=by.person or 0, made_at=at
    )
    kept, is_new = keep_once(agreed)
    if is_new:
        tell(
            by=by, at=at, notice=NoticeKind.INVOLVEMENT_AGREED, record=kept,
            page=reverse("partnership:school", args=[school]), to=who_works_together(school, on=london_day(at)),
        )  # fmt: skip
