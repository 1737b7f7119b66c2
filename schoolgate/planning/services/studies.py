"""Studies: begun, settled, put to the planner, stopped; and what is supposed beyond them."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.http import Http404
from procrastinate.contrib.django import app

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.core.once import keep_once
from schoolgate.planning.models import Progress, Study, StudyState
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.policies import may_plan
from schoolgate.planning.selectors.problem import build
from schoolgate.planning.terms import StudyTerms, WhatIf

RUN_STUDY = "planning.run_study"


class MovedOn(Exception):
    """Somebody else changed the study meanwhile, or it is being planned."""


def begin_study(*, by: Viewer, at: dt.datetime, team: int, name: str, terms: StudyTerms, once: UUID) -> Study:
    """Begin a study of a team. Raises PermissionDenied for anybody but its sergeant, AlreadySent."""
    require(may_plan, by, team)
    return _keep(by, at, Study(holder=team, name=name, terms=terms.as_json(), once=once), ("name", "terms"))


def _keep(by: Viewer, at: dt.datetime, study: Study, said: tuple[str, ...]) -> Study:
    study.made_by, study.made_at = by.person or 0, at
    kept: Study = keep_once(study, said=said)[0]
    return kept


def settle(*, by: Viewer, study: UUID, version: int, terms: StudyTerms) -> None:
    """Change what a study asks for. Raises PermissionDenied, Http404, MovedOn."""
    found = _held(by, study)
    if found.version != version or found.state != StudyState.DRAFT:
        raise MovedOn
    Study.objects.filter(pk=study).update(terms=terms.as_json(), version=version + 1)


def _held(by: Viewer, study: UUID) -> Study:
    found = Study.objects.select_for_update().filter(pk=study).first()
    if found is None:
        raise Http404
    require(may_plan, by, found.holder)
    return found


def ask_for_plan(*, by: Viewer, at: dt.datetime, study: UUID) -> None:
    """Build the problem from today's data and have the worker plan it; nothing happens where that was asked before.

    Raises PermissionDenied, Http404, BadProblem: the problem as it stands cannot be put to the planner.
    """
    found = _held(by, study)
    if found.state != StudyState.DRAFT:
        return
    content = build(found.holder, StudyTerms.from_json(found.terms)).content
    build_problem(content)
    Study.objects.filter(pk=study).update(problem=content, state=StudyState.WAITING)
    Progress(holder=found.holder, study=found, made_by=by.person or 0, made_at=at).save(force_insert=True)
    # The job's lock: plans are made one after the other, and hold up nothing else.
    app.configure_task(RUN_STUDY, lock=RUN_STUDY).defer(study=str(study), user=by.user)


def stop(*, by: Viewer, study: UUID) -> None:
    """Have the planner stop and keep the best plan so far. Raises PermissionDenied, Http404."""
    _held(by, study)
    Progress.objects.filter(study=study).update(stop=True)


def suppose(*, by: Viewer, at: dt.datetime, study: UUID, name: str, more: WhatIf, once: UUID) -> Study:
    """Put the same question once more, with something supposed beyond today's data, and plan it.

    Raises PermissionDenied, Http404, BadProblem, AlreadySent.
    """
    found = _held(by, study)
    terms = StudyTerms.from_json(found.terms)
    supposed = replace(terms, what_if=terms.what_if.with_more(more))
    another = Study(holder=found.holder, name=name, terms=supposed.as_json(), based_on=study, once=once)
    with transaction.atomic():  # what cannot be planned is not kept either
        kept = _keep(by, at, another, ("terms", "based_on"))
        ask_for_plan(by=by, at=at, study=kept.pk)
    return kept


def again(*, by: Viewer, at: dt.datetime, study: UUID, once: UUID) -> Study:
    """Begin a study with the same terms on today's data, to be changed before it is planned.

    Raises PermissionDenied, Http404.
    """
    found = _held(by, study)
    terms = StudyTerms.from_json(found.terms)
    begins = max(terms.begins_on, london_day(at))
    another = Study(holder=found.holder, name=found.name, terms=replace(terms, begins_on=begins).as_json(), once=once)
    return _keep(by, at, another, ())
