"""Which officer serves which school, from when until when, and when they are on duty."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import Organisation, Person, School


class Eligibility(models.Model):
    """What must be known of an officer before a posting. No posting begins in probation, ever."""

    officer = models.OneToOneField(Person, models.PROTECT, primary_key=True)
    team = models.ForeignKey(Organisation, models.PROTECT)
    rank = models.CharField(max_length=40, default="PC")
    probation_ends = models.DateField(null=True)


class AssignmentKind(models.TextChoices):
    LEAD = "lead", _("Safer Schools Officer for the school")
    BUDDY = "buddy", _("Buddy")
    COVER = "cover", _("Cover")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood officer for the school")


class Assignment(models.Model):
    """An officer of a team at a school, first to last day included (Europe/London)."""

    officer = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=20, choices=AssignmentKind)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="assignment_ends_after_start",
            )
        ]


class DutyHours(models.Model):
    """An officer's usual hours on one weekday (Monday is 0)."""

    officer = models.ForeignKey(Person, models.PROTECT, related_name="duty_hours")
    weekday = models.SmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "weekday"], name="one_shift_a_weekday"),
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="duty_weekday"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="duty_ends_after_start"),
        ]


class Absence(models.Model):
    """Days on which an officer is away."""

    officer = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
