"""That staff read the briefing, and are reminded of it."""

import datetime as dt
from uuid import UUID

from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.models import Acknowledgement, BriefingPage, BriefingReminder
from schoolgate.partnership.policies import may_acknowledge, may_keep_staff
from schoolgate.partnership.selectors.awareness import digest_of, readers_of_briefing


class OtherWords(Exception):
    """The briefing changed after the page was opened."""


def acknowledge_briefing(*, by: Viewer, at: dt.datetime, school: int, page: BriefingPage, digest: str) -> None:
    """Note that somebody read a page of the briefing; twice is once.

    Source: "Have an understanding of a SSP and the roles within it" (all). Raises PermissionDenied, OtherWords.
    """
    require(may_acknowledge, by, school)
    if digest != digest_of(page):
        raise OtherWords
    row = Acknowledgement(holder=school, page=page, digest=digest, made_by=by.person or 0, made_at=at)
    Acknowledgement.objects.bulk_create([row], ignore_conflicts=True)


def remind_staff(*, by: Viewer, at: dt.datetime, school: int, once: UUID) -> int:
    """Remind everybody who has not read the briefing; gives how many. Raises PermissionDenied.

    Source: "Ensure all school staff are aware of the SSP" (head teacher).
    """
    require(may_keep_staff, by, school)
    waiting = [reader.person for reader in readers_of_briefing(by, school, on=london_day(at)) if reader.read_at is None]
    reminder, is_new = keep_once(
        BriefingReminder(holder=school, people=waiting, once=once, made_by=by.person or 0, made_at=at)
    )
    if is_new:
        page = reverse("partnership:briefing", args=[school])
        tell(by=by, at=at, notice=NoticeKind.BRIEFING_TO_READ, record=reminder, page=page, to=waiting)
    return len(reminder.people)
