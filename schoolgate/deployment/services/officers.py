"""What a sergeant notes of an officer. A later end of probation suspends, in the database, what it reaches."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.deployment.models import DeploymentRules, Eligibility, Suspension, Training
from schoolgate.deployment.policies import may_keep_file, may_set_rules
from schoolgate.deployment.selectors.serving import sergeants_of_teams
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import people_with
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell


class ChangedMeanwhile(Exception):
    """Somebody else changed what is known of the officer since the form was opened."""


def record_eligibility(
    *,
    by: Viewer,
    at: dt.datetime,
    officer: int,
    team: int,
    probation_ends: dt.date | None,
    rank: str = "PC",
    version: int | None = None,
    **known: Any,
) -> list[Suspension]:
    """Note what is known of an officer; give the postings that the database suspended since probation reaches them.

    version: of what the form showed, 0 where nothing was known; None asks for none. known: other columns by name.
    Sergeant, head teacher and SPOC are told of each suspension.
    Raises PermissionDenied for anybody but the team's sergeant, and for the officer; ChangedMeanwhile.
    """
    require(may_keep_file, by, officer, team)
    found = Eligibility.objects.select_for_update().filter(officer=officer).first()
    if version is not None and version != (found.version if found else 0):
        raise ChangedMeanwhile
    facts = {"team_id": team, "rank": rank, "probation_ends": probation_ends, **known}
    before = list(Suspension.objects.filter(officer=officer).values_list("pk", flat=True))
    _write(found or Eligibility(officer_id=officer, version=0), facts)
    suspended = list(Suspension.objects.filter(officer=officer).exclude(pk__in=before))
    for one in suspended:
        _tell_of(one, by=by, at=at)
    return suspended


def _write(row: Eligibility, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    is_new = row.version == 0
    row.version += 1
    row.save(force_insert=is_new, force_update=not is_new)


def _tell_of(one: Suspension, *, by: Viewer, at: dt.datetime) -> None:
    on = london_day(at)
    sergeants = [person.id for person in sergeants_of_teams([one.holder], on=on)]
    school = [person.id for person in people_with(one.school, Role.HEAD, Role.SPOC, Role.DEPUTY_SPOC, on=on)]
    for people, page in (
        (sergeants, reverse("deployment:board")),
        (school, reverse("deployment:school", args=[one.school])),
    ):
        tell(by=by, at=at, notice=NoticeKind.POSTING_SUSPENDED, record=one, page=page, to=people)


def sign_off(
    *, by: Viewer, at: dt.datetime, officer: int, team: int, version: int, review_on: dt.date, words: str
) -> None:
    """The sergeant signs an officer off as suitable for work with children, until a review.

    Raises PermissionDenied, ChangedMeanwhile, Http404 where nothing is known of the officer yet.
    """
    require(may_keep_file, by, officer, team)
    found = Eligibility.objects.select_for_update().filter(officer=officer).first()
    if found is None:
        raise Http404
    if version != found.version:
        raise ChangedMeanwhile
    facts = {"signed_off_by": by.person, "signed_off_on": london_day(at), "sign_off_review_on": review_on}
    _write(found, facts | {"sign_off_words": words})


def record_training(
    *,
    by: Viewer,
    at: dt.datetime,
    officer: int,
    team: int,
    course: str,
    completed_on: dt.date,
    expires_on: dt.date | None,
) -> None:
    """Note a course that an officer completed; the same course of the same day is one. Raises PermissionDenied."""
    require(may_keep_file, by, officer, team)
    Training.objects.update_or_create(
        officer_id=officer, course=course, completed_on=completed_on, defaults={"expires_on": expires_on}
    )


def set_rules(
    *,
    by: Viewer,
    at: dt.datetime,
    force: int,
    version: int,
    vetting_needed: str,
    courses: list[str],
    sign_off_needed: bool,
    short_months: int,
    near_km: int,
) -> None:
    """Say what a force asks of a posting besides the end of probation, which no setting touches.

    Raises PermissionDenied for anybody but the force's youth lead, ChangedMeanwhile.
    """
    require(may_set_rules, by, force)
    found = DeploymentRules.objects.select_for_update().filter(force=force).first()
    if version != (found.version if found else 0):
        raise ChangedMeanwhile
    facts = {
        "vetting_needed": vetting_needed, "courses_needed": courses, "sign_off_needed": sign_off_needed,
        "short_months": short_months, "near_km": near_km, "version": version + 1,
    }  # fmt: skip
    DeploymentRules.objects.update_or_create(force_id=force, defaults=facts)
