"""Which officer serves which school, from when until when, when they are on duty, and which schools come first."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolgate.core.protected import Protected
from schoolgate.directory.models import Organisation, Person, School


class VettingLevel(models.TextChoices):
    """In the order of strength: a higher one is enough where a lower one is asked."""

    RECRUITMENT = "recruitment", _("Recruitment vetting (RV)")
    MANAGEMENT = "management", _("Management vetting (MV)")


class ServedPhase(models.TextChoices):
    """The kinds of school that an officer may serve."""

    SECONDARY = "secondary", _("Secondary")
    PRU_AP = "pru_ap", _("PRU and alternative provision (AP)")
    SPECIAL = "special", _("Special")
    PRIMARY = "primary", _("Primary")
    COLLEGE = "college", _("College")
    UNIVERSITY = "university", _("University")


class Eligibility(models.Model):
    """What must be known of an officer before a posting. No posting begins in probation, ever.

    Its officer and the sergeants of their team read it. probation_source: what says when probation ends.
    """

    officer = models.OneToOneField(Person, models.PROTECT, primary_key=True)
    team = models.ForeignKey(Organisation, models.PROTECT)
    rank = models.CharField(max_length=40, default="PC")
    joined_on = models.DateField(null=True)
    probation_ends = models.DateField(null=True)
    probation_source = models.CharField(max_length=200, blank=True, db_default="")
    vetting_level = models.CharField(max_length=20, choices=VettingLevel, blank=True, db_default="")
    vetting_expires = models.DateField(null=True)
    fte = models.DecimalField(max_digits=3, decimal_places=2, db_default=1)
    phases = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    specialisms = models.TextField(blank=True, db_default="")
    base_name = models.CharField(max_length=200, blank=True, db_default="")
    base_easting = models.IntegerField(null=True)
    base_northing = models.IntegerField(null=True)
    tenure_until = models.DateField(null=True)
    signed_off_by = models.IntegerField(null=True)
    signed_off_on = models.DateField(null=True)
    sign_off_review_on = models.DateField(null=True)
    sign_off_words = models.TextField(blank=True, db_default="")
    version = models.IntegerField(db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fte__gt=0, fte__lte=1), name="fte_of_one_officer"),
            models.CheckConstraint(
                condition=Q(base_easting__isnull=True, base_northing__isnull=True)
                | Q(base_easting__range=(0, 700_000), base_northing__range=(0, 1_300_000)),
                name="base_is_on_the_grid",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True, signed_off_on__isnull=True, sign_off_review_on__isnull=True)
                | Q(
                    signed_off_by__isnull=False,
                    signed_off_on__isnull=False,
                    sign_off_review_on__gt=models.F("signed_off_on"),
                ),
                name="sign_off_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=True)
                | Q(probation_ends__isnull=True)
                | Q(probation_ends__gte=models.F("joined_on")),
                name="probation_ends_after_joining",
            ),
        ]


class Training(models.Model):
    """A course that an officer completed. Read as their eligibility is."""

    officer = models.ForeignKey(Person, models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=100)
    completed_on = models.DateField()
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "course", "completed_on"], name="one_training_once"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("completed_on")),
                name="training_expires_after_completion",
            ),
        ]


class DeploymentRules(models.Model):
    """What a force asks of an officer besides the end of probation, which no setting touches.

    short_months: a posting of fewer months counts as a short rotation. near_km: how far apart schools are still close.
    """

    force = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    vetting_needed = models.CharField(max_length=20, choices=VettingLevel, blank=True, db_default="")
    courses_needed = ArrayField(models.CharField(max_length=100), default=list, db_default=[])
    sign_off_needed = models.BooleanField(db_default=False)
    short_months = models.PositiveSmallIntegerField(db_default=12)
    near_km = models.DecimalField(max_digits=4, decimal_places=1, db_default=5)
    version = models.IntegerField(db_default=1)


class AssignmentKind(models.TextChoices):
    LEAD = "lead", _("Safer Schools Officer for the school")
    BUDDY = "buddy", _("Buddy")
    COVER = "cover", _("Cover")
    ACTING = "acting", _("Acting Safer Schools Officer")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood officer for the school")


class Extent(models.TextChoices):
    FULL_TIME = "full_time", _("Full time")
    PART_TIME = "part_time", _("Part time")


class Manner(models.TextChoices):
    """How an officer is there for a school."""

    ASSIGNED = "assigned", _("Assigned, with other schools")
    DEDICATED = "dedicated", _("Dedicated to this school")
    POINT_OF_CONTACT = "point_of_contact", _("Point of contact")


class Terms(models.Model):
    """What is settled of a posting besides officer, school and days.

    half: the school is shared half and half (buddy system). covers: whose leave a cover is for. ward: where a
    neighbourhood officer serves all schools of a ward.
    """

    kind = models.CharField(max_length=20, choices=AssignmentKind)
    extent = models.CharField(max_length=20, choices=Extent, db_default=Extent.PART_TIME)
    manner = models.CharField(max_length=20, choices=Manner, db_default=Manner.ASSIGNED)
    half = models.BooleanField(db_default=False)
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    covers = models.IntegerField(null=True)
    ward = models.CharField(max_length=100, blank=True, db_default="")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        abstract = True


class Assignment(Terms):
    """An officer of a team at a school, first to last day included (Europe/London).

    proposal: what was told to head teacher and SPOC before it went live; ended_by: what was told before its end
    was set. Only rows older than proposals have none.
    """

    officer = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="assignments")
    proposal = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(half=False) | Q(kind__in=["lead", "buddy", "acting"]), name="halves_are_of_a_lead_or_buddy"
            ),
            models.UniqueConstraint(fields=["proposal"], name="one_posting_a_proposal"),
        ]


class Change(models.TextChoices):
    POST = "post", _("Post an officer")
    END = "end", _("End a posting")


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", _("Proposed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LIVE = "live", _("Live")


class Proposal(Terms, Protected):
    """A change of who serves a school, before it goes live. The holder is the officer's team; its sergeants read it.

    status: a draft is withdrawn, or goes live, which only a posting itself brings about; both are for good (migration
    0004).
    posting: the one that ends. instead_of: the one that ends on the day before this one begins.
    head_words, spoc_words: what head teacher and SPOC are told, as drafted.
    """

    change = models.CharField(max_length=10, choices=Change)
    school = models.IntegerField()
    officer = models.IntegerField()
    posting = models.IntegerField(null=True)
    instead_of = models.IntegerField(null=True)
    reason = models.TextField(blank=True, db_default="")
    head_words = models.TextField()
    spoc_words = models.TextField()
    status = models.CharField(max_length=10, choices=ProposalStatus, db_default=ProposalStatus.DRAFT)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_proposal_a_form"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="proposal_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(change=Change.END) | Q(posting__isnull=False, until__isnull=False),
                name="end_names_posting_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(change=Change.POST, kind=AssignmentKind.COVER) | Q(until__isnull=False),
                name="cover_has_a_last_day",
            ),
        ]


class Told(models.TextChoices):
    HEAD = "head", _("Head teacher")
    SPOC = "spoc", _("SPOC")


class TellingWay(models.TextChoices):
    HERE = "here", _("Here in Schoolgate, with a notice")
    MEETING = "meeting", _("In person")
    TELEPHONE = "telephone", _("By telephone")
    LETTER = "letter", _("By e-mail or letter")


class Telling(Protected):
    """That the sergeant told head teacher or SPOC of a proposal, in which words. The school circle reads it."""

    school = models.IntegerField()
    proposal = models.ForeignKey(Proposal, models.PROTECT, db_constraint=False, related_name="tellings")
    role = models.CharField(max_length=10, choices=Told)
    person = models.IntegerField(null=True)
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=20, choices=TellingWay)
    words = models.TextField()
    once = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "once"], name="one_telling_a_form")]


class Suspension(Protected):
    """A posting that the database stopped since it would fall in probation. Made by a trigger alone.

    was_running: it had begun, and its last day was set to the day before; else it was taken out. possible_from:
    the first day on which the officer can be posted; unknown while the end of probation is.
    """

    officer = models.IntegerField()
    school = models.IntegerField()
    posting = models.IntegerField()
    kind = models.CharField(max_length=20, choices=AssignmentKind)
    since = models.DateField()
    until = models.DateField(null=True)
    was_running = models.BooleanField()
    probation_ended = models.DateField(null=True)
    possible_from = models.DateField(null=True)


class Refusal(Protected):
    """An attempt to post an officer that the rules refused: which rule, and from which day on it would be possible."""

    officer = models.IntegerField()
    school = models.IntegerField()
    kind = models.CharField(max_length=20, choices=AssignmentKind)
    since = models.DateField()
    rule = models.CharField(max_length=40)
    possible_from = models.DateField(null=True)


class Shadowing(Protected):
    """Days on which somebody goes along with an officer to a school. It lets them read nothing."""

    school = models.IntegerField()
    officer = models.IntegerField()
    beside = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    words = models.CharField(max_length=300, blank=True, db_default="")
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_shadowing_a_form"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="shadowing_ends_after_start"),
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


class IndicatorKind(models.TextChoices):
    """What may count towards a school's priority. A closed list: nothing about ethnicity, religion or origin."""

    KNIFE_INCIDENTS = "knife_incidents", _("Knife and weapon incidents in or near the school")
    VIOLENCE = "violence", _("Violence after school, in the area")
    ROBBERY = "robbery", _("Robbery of pupils")
    EXPLOITATION = "exploitation", _("Known exploitation in the area")
    ASB = "asb", _("ASB on the way to and from school")
    CALLS = "calls", _("Calls for service from the school")
    SUSPENSIONS = "suspensions", _("Suspensions and exclusions, per 100 pupils")
    ATTENDANCE = "attendance", _("Persistent absence, per cent")
    ATTAINMENT = "attainment", _("Low attainment, per cent")
    DEPRIVATION = "deprivation", _("Pupils with free school meals, per cent")
    PUPILS = "pupils", _("Number of pupils")


# Those that stand in for who the pupils are: the equality check shows the ranking without them.
SOCIAL = (IndicatorKind.DEPRIVATION, IndicatorKind.ATTAINMENT)
FROM_REGISTER = {IndicatorKind.DEPRIVATION: "percentage_fsm", IndicatorKind.PUPILS: "pupils"}


class Matrix(models.Model):
    """One version of a force's indicators and their weights. Never changed: another weight is another version."""

    force = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    made_by = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "number"], name="one_matrix_a_number")]


class Indicator(models.Model):
    """What counts in one version of the matrix, and how much."""

    matrix = models.ForeignKey(Matrix, models.PROTECT, related_name="indicators")
    kind = models.CharField(max_length=20, choices=IndicatorKind)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matrix", "kind"], name="one_weight_an_indicator"),
            models.CheckConstraint(condition=Q(kind__in=IndicatorKind.values), name="indicator_of_the_closed_list"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="weight_counts"),
        ]


class IndicatorValue(models.Model):
    """The value of one indicator at one school of the force, as at a day; the latest holds."""

    force = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=IndicatorKind)
    value = models.DecimalField(max_digits=9, decimal_places=2)
    as_at = models.DateField()
    made_by = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IndicatorKind.values), name="value_of_the_closed_list"),
            models.CheckConstraint(condition=Q(value__gte=0), name="value_is_not_negative"),
        ]
        indexes = [models.Index(fields=["school", "kind"], name="value_school_kind")]


class PriorityDecision(models.Model):
    """That a sergeant made a school a priority, or not, and why. Apart from the score, which it notes as it stood."""

    force = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    is_priority = models.BooleanField()
    reasons = models.TextField()
    matrix = models.ForeignKey(Matrix, models.PROTECT, null=True, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["once"], name="one_decision_a_form"),
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons"),
        ]
        indexes = [models.Index(fields=["school", "made_at"], name="decision_school_time")]
