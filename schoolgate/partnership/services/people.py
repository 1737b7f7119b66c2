"""Who is the school's SPOC: appointed by the head teacher from the SLT, with deputies and dates; handed over."""

import datetime as dt
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.core.refusals import named_refusals
from schoolgate.directory.models import Membership, Role
from schoolgate.directory.services import withdraw_role
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.models import Appointment
from schoolgate.partnership.policies import is_head
from schoolgate.partnership.selectors.people import SPOC_LINE, both_sides


class NotOnSLT(Exception):
    """A SPOC is a member of the school's senior leadership team."""


class HoldsItAlready(Exception):
    """That person holds the role on some of those days."""


class RoleIsOver(Exception):
    """A role that is over is not ended on another day."""


REFUSALS = {"spoc_sits_on_slt": NotOnSLT, "one_role_once": HoldsItAlready, "role_is_over": RoleIsOver}


def appoint_spoc(
    *, by: Viewer, at: dt.datetime, school: int, person: int, role: Role, since: dt.date, words: str, once: UUID
) -> None:
    """Make a member of the SLT the school's SPOC or a deputy from a day on, and tell both sides.

    The SPOC before ends with the day before and stays on the staff, and one who would begin on that same day never
    begins; what is open goes to the new one by their role. words: what the one hands over to the other.

    Source: "Assign a SPOC to have day-to-day contact with the SSO"; "A member of the school SLT should be nominated".
    Raises PermissionDenied for anybody but the head teacher, NotOnSLT, HoldsItAlready.
    """
    require(is_head, by, school)
    appointment = Appointment(
        holder=school, person=person, role=role, since=since, words=words, once=once, made_by=by.person or 0, made_at=at
    )
    kept, is_new = keep_once(appointment)
    if not is_new:
        return
    with named_refusals(REFUSALS):
        before = _end_before(school, since, person) if role == Role.SPOC else []
        Membership(person_id=person, organisation_id=school, role=role, since=since).save(force_insert=True)
    tell(
        by=by, at=at, notice=NoticeKind.SPOC_CHANGED, record=kept, page=reverse("partnership:spoc", args=[school]),
        to=both_sides(school, on=london_day(at)).union(before),
    )  # fmt: skip


def end_spoc(*, by: Viewer, at: dt.datetime, school: int, membership: int, last_day: dt.date) -> None:
    """End a SPOC's or deputy's role after a day. Its post then goes to the next in line; they stay on the staff.

    last_day: before the first takes back a role that began today, or has not begun.
    Raises PermissionDenied, Http404, RoleIsOver, NotOnSLT for a later day than the one given before; RoleRefused for a
    day before the first of a role that began earlier.
    """
    require(is_head, by, school)
    row = get_object_or_404(Membership, pk=membership, organisation=school, role__in=SPOC_LINE)
    if last_day < row.since:
        return withdraw_role(row)
    with named_refusals(REFUSALS):
        Membership.objects.filter(pk=membership).update(until=last_day)
    return None


def _end_before(school: int, since: dt.date, person: int) -> list[int]:
    """Whoever is SPOC until then ends with the day before, and so does this person as deputy. Gives who.

    One who would only begin later is not touched. Nobody else appoints there until the transaction ends: two at once
    would each leave the other in place.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"SPOC of {school}"])
    last_day = since - dt.timedelta(days=1)
    replaced = Q(role=Role.SPOC) | Q(role=Role.DEPUTY_SPOC, person=person)
    held = Membership.objects.filter(replaced, organisation=school)
    ending = held.filter(since__lte=last_day).exclude(until__lte=last_day)
    people = list(ending.values_list("person", flat=True))
    ending.update(until=last_day)
    for row in held.filter(since=since):
        people.append(row.person_id)
        withdraw_role(row)
    return people
