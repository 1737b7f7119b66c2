"""What the clock does for the partnership: it reminds and it tells, as nobody, knowing ids only."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from schoolgate.access.acting import acting
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.deployment.selectors.serving import sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, people_with, school_card
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell
from schoolgate.partnership.models import Agreement, AgreementStep, BriefingPage, MissingSpoc
from schoolgate.partnership.selectors.awareness import digest_of
from schoolgate.partnership.selectors.people import schools_without_spoc

NOBODY = Viewer()


def remind_of_agreements(*, at: dt.datetime) -> int:
    """Call to mind what runs out in 90, 30 or 7 days, or waits for a signature for 14; once each. Gives how many.

    Head teacher, SPOC and the team's sergeants are told.
    """
    with transaction.atomic():
        due = _rows("select notice, step, agreement, people from partnership_remind(%s)", at)
        for notice, step, agreement, people in due:
            page = reverse("partnership:agreement", args=[agreement])
            tell(by=NOBODY, at=at, notice=NoticeKind(notice), record=AgreementStep(id=step), page=page, to=people)
    return len(due)


def tell_new_heads(*, at: dt.datetime) -> int:
    """Tell a new head teacher, once, of each agreement that waits for them: to sign, or to confirm what another signed.

    Gives of how many.
    """
    with transaction.atomic():
        waiting = _rows("select notice, agreement, people from partnership_for_new_heads(%s)", at)
        for notice, agreement, people in waiting:
            page, record = reverse("partnership:agreement", args=[agreement]), Agreement(id=agreement)
            tell(by=NOBODY, at=at, notice=NoticeKind(notice), record=record, page=page, to=people)
    return len(waiting)


def tell_of_missing_spocs(*, at: dt.datetime) -> int:
    """On a school day, tell head teacher and sergeants of a school without a SPOC, once a week. Gives how many schools.

    Schools that have neither a head teacher nor an officer here are none of the partnership's yet.
    """
    on = london_day(at)
    with acting(None, page="job:partnership.tell_of_missing_spocs"):
        missing = [school for school in schools_without_spoc(on=on) if school_card(school).calendar.has_school_on(on)]
        to_tell = {school: [*people_with(school, Role.HEAD, on=on), *sergeants_of(school, on=on)] for school in missing}
    with transaction.atomic():
        return sum(_tell_of_missing_spoc(school, told, at) for school, told in to_tell.items())


def refresh_states() -> int:
    """Work out anew how those schools stand for which a day has passed on which something begins or ends."""
    ((schools,),) = _rows("select partnership_refresh_states()")
    return int(schools)


def refresh_awareness() -> int:
    """Count anew who has read the briefing where a role began or ended with a day, or its words are new."""
    ((schools,),) = _rows("select partnership_refresh_awareness(%s)", digest_of(BriefingPage.SSP))
    return int(schools)


def _tell_of_missing_spoc(school: int, told: list[PersonCard], at: dt.datetime) -> bool:
    ((noted,),) = _rows("select partnership_note_missing_spoc(%s, %s)", school, at)
    if noted:
        tell(
            by=NOBODY, at=at, notice=NoticeKind.SPOC_MISSING, record=MissingSpoc(id=noted),
            page=reverse("partnership:spoc", args=[school]), to=[person.id for person in told],
        )  # fmt: skip
    return bool(noted)


def _rows(query: str, *values: int | str | dt.datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
