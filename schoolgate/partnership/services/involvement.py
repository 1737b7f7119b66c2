"""A school writes down how it and its officers work together; the latest holds, the earlier ones stay."""

import datetime as dt
from uuid import UUID

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.once import keep_once
from schoolgate.partnership.models import Involvement
from schoolgate.partnership.policies import may_agree_involvement


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
    """Write down what was agreed with the officers. Raises PermissionDenied outside the school circle.

    Source: "The amount of day-to-day involvement a head teacher has with the SSO will depend on the type and size of
    the school".
    """
    require(may_agree_involvement, by, school)
    words = {"in_school_time": in_school_time, "room": room, "storage": storage, "access_card": access_card}
    agreed = Involvement(
        holder=school, visit_days=visit_days, visits=visits, **words, once=once, made_by=by.person or 0, made_at=at
    )
    keep_once(agreed)
