"""What is done in oversight."""

import datetime as dt
from uuid import UUID

from django.db import connection
from django.shortcuts import get_object_or_404

from schoolgate.access.models import CircleKind, EmergencyAccess
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.core.clock import london_day
from schoolgate.deployment.selectors.serving import sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import people_with, school_card
from schoolgate.governance.policies import may_end_emergency_access, may_take_emergency_access
from schoolgate.governance.selectors import circles_near
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell

KIND = "access.emergencyaccess"


class NotNext(Exception):
    """Only a circle next to one's own can be joined in an emergency."""


def take_emergency_access(
    *, by: Viewer, at: dt.datetime, kind: CircleKind, school: int, hours: int, reason: str, once: UUID
) -> UUID:
    """Join a circle of a school for some hours, and give the id of the record of it.

    by: an officer of the school's force (its partnership circle) or its staff (the school circle).
    hours: up to eight. once: the form's token; a second call gives the same id.
    Bars hold, and it ends by itself. Head teacher, sergeants and data protection officer are told.
    Raises PermissionDenied; NotNext.
    """
    require(may_take_emergency_access, by)
    if not any((near.kind, near.school) == (kind, school) for near in circles_near(by)):
        raise NotNext
    with connection.cursor() as cursor:
        cursor.execute(
            "select taken, is_first from access_take_emergency(%s, %s, %s, %s, %s)", [once, kind, school, hours, reason]
        )
        taken, is_first = cursor.fetchone()
    if is_first:
        _tell(by, at, EmergencyAccess(pk=taken, holder=school), reason)
    return UUID(str(taken))


def end_emergency_access(*, by: Viewer, at: dt.datetime, taken: UUID) -> bool:
    """End it before its time; False when it was over already.

    by: whoever took it, or the head teacher. Raises PermissionDenied, Http404.
    """
    row = get_object_or_404(EmergencyAccess, pk=taken)
    require(may_end_emergency_access, by, row.holder, row.made_by)
    with connection.cursor() as cursor:
        cursor.execute("select access_end_emergency(%s)", [taken])
        return bool(cursor.fetchone()[0])


def _tell(by: Viewer, at: dt.datetime, taken: EmergencyAccess, reason: str) -> None:
    """The school and its police find the record; the data protection officer, who reads no records, finds it logged."""
    day, school = london_day(at), taken.holder
    controller = school_card(school).controller or school
    local = [card.id for card in people_with(school, Role.HEAD, on=day) + sergeants_of(school, on=day)]
    officers = [card.id for card in people_with(controller, Role.DPO, on=day)]
    for page, to in ((f"/emergency/{taken.pk}/", local), (f"/log/record/{taken.pk}/", officers)):
        tell(by=by, at=at, notice=NoticeKind.EMERGENCY, record=taken, page=page, to=to)
    told = sorted({*local, *officers})
    note(Operation.DISCLOSURE, KIND, [taken.pk], controller=controller, recipients=told, reason=reason)
