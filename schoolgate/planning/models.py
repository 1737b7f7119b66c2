"""Studies of a sergeant's team: the problem as it was put, the plans that came of it, how far the planner is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolgate.core.protected import Protected


class StudyState(models.TextChoices):
    DRAFT = "draft", _("Not planned yet")
    WAITING = "waiting", _("Waiting for the planner")
    RUNNING = "running", _("Being planned")
    DONE = "done", _("Planned")
    NO_PLAN = "no_plan", _("No plan is possible")
    FAILED = "failed", _("Failed")


OPEN = (StudyState.WAITING, StudyState.RUNNING)  # the planner is still to answer


class Study(Protected):
    """A question put to the planner. The holder is the team; its sergeants read it.

    terms: what was asked for (terms.StudyTerms). problem: the contract's file, as it was built when planning began.
    based_on: the study from which a what-if came. explanation: why there is no plan.
    """

    name = models.CharField(max_length=120)
    terms = models.JSONField()
    problem = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=StudyState, db_default=StudyState.DRAFT)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    explanation = models.JSONField(default=list, db_default=[])
    based_on = models.UUIDField(null=True)
    version = models.IntegerField(db_default=1)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_study_a_form"),
            models.CheckConstraint(
                condition=Q(state=StudyState.DRAFT, problem__isnull=True)
                | (~Q(state=StudyState.DRAFT) & Q(problem__isnull=False)),
                name="a_study_that_runs_has_its_problem",
            ),
        ]


class Plan(Protected):
    """Who would cover which schools, with its cost and the proven bound. Never changed: another plan is another row.

    portfolios: as in the contract. based_on, words: the plan that somebody changed by hand, and how.
    """

    study = models.ForeignKey(Study, models.PROTECT, db_constraint=False, related_name="plans")
    portfolios = models.JSONField()
    cost = models.FloatField()
    lower_bound = models.FloatField()
    seconds = models.FloatField(db_default=0)
    steps = models.IntegerField(db_default=0)
    based_on = models.UUIDField(null=True)
    words = models.CharField(max_length=300, blank=True, db_default="")
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_plan_a_form"),
            models.UniqueConstraint(
                fields=["holder", "study"], condition=Q(based_on=None), name="one_plan_of_the_planner"
            ),
        ]


class Progress(Protected):
    """How far the planner is with a study, and whether it was told to stop. Scratch: the plan is what stays."""

    study = models.ForeignKey(Study, models.PROTECT, db_constraint=False, related_name="progress")
    seconds = models.FloatField(db_default=0)
    cost = models.FloatField(null=True)
    lower_bound = models.FloatField(null=True)
    stop = models.BooleanField(db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "study"], name="one_progress_a_study")]
