"""What counts towards priority, what was measured, and what the sergeant decides. Nothing is rewritten."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Max

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import Indicator, IndicatorKind, IndicatorValue, Matrix, PriorityDecision
from schoolgate.deployment.policies import may_deploy_some, may_see_figures, may_weigh
from schoolgate.deployment.selectors.priority import ranking
from schoolgate.deployment.values import Given


class NotWhole(Exception):
    """Some lines of the table cannot be taken, so none is."""


class ChangedMeanwhile(Exception):
    """Somebody else set other weights since the form was opened."""


def set_weights(
    *, by: Viewer, at: dt.datetime, force: int, number: int, weights: Mapping[IndicatorKind, int], reason: str
) -> None:
    """Make the next version of the weights. number: of the version that the form showed.

    Raises PermissionDenied, ChangedMeanwhile.
    """
    require(may_weigh, by)
    last = Matrix.objects.filter(force=force).aggregate(last=Max("number"))["last"] or 0
    if last != number:
        raise ChangedMeanwhile
    made = Matrix.objects.create(force_id=force, number=last + 1, reason=reason, made_by=by.person or 0, made_at=at)
    Indicator.objects.bulk_create(Indicator(matrix=made, kind=kind, weight=weight) for kind, weight in weights.items())


def take_values(*, by: Viewer, at: dt.datetime, force: int, given: Given, as_at: dt.date) -> int:
    """Take a table of values, whole or not at all; gives how many. Raises PermissionDenied, NotWhole."""
    require(may_see_figures, by)
    if given.bad:
        raise NotWhole
    rows = [
        IndicatorValue(
            force_id=force, school_id=school, kind=kind, value=value, as_at=as_at, made_by=by.person or 0, made_at=at
        )
        for (school, kind), value in given.values.items()
    ]
    IndicatorValue.objects.bulk_create(rows)
    return len(rows)


def decide_priority(
    *, by: Viewer, at: dt.datetime, force: int, school: int, is_priority: bool, reasons: str, once: UUID
) -> None:
    """Make a school a priority, or not, with reasons; the score of the day is noted beside. Sent twice, it is one.

    Raises PermissionDenied for anybody but a sergeant.
    """
    require(may_deploy_some, by)
    now = ranking(force)
    its = next((one for one in now.schools if one.id == school), None)
    scored = {"score": its.score, "rank": its.rank} if its and now.matrix.number else {}
    decision = PriorityDecision(
        force_id=force, school_id=school, is_priority=is_priority, reasons=reasons, matrix_id=now.matrix.id,
        made_by=by.person or 0, made_at=at, once=once, **scored,
    )  # fmt: skip
    PriorityDecision.objects.bulk_create([decision], ignore_conflicts=True)
