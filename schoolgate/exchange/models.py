"""What passes between a school and its police: shares, enquiries, and the police's own rows about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolgate.children.models import Child
from schoolgate.core.enums import Nation
from schoolgate.core.protected import Protected


class Side(models.TextChoices):
    """Who writes: bases in law differ, and a school never sees those of the police."""

    SCHOOL = "school", _("School")
    POLICE = "police", _("Police")


class Purpose(models.TextChoices):
    """What a share is for."""

    SAFEGUARDING = "safeguarding", _("To safeguard this child or promote their welfare")
    SAFETY = "safety", _("To keep other people safe")
    CRIME = "crime", _("To prevent or investigate crime or anti-social behaviour")
    DIVERSION = "diversion", _("Early intervention and diversion")


class Place(models.TextChoices):
    """Where something happened, as counted."""

    IN_SCHOOL = "in_school", _("In school")
    GATE = "gate", _("At the school gate")
    WAY = "way", _("On the way to or from school")
    ONLINE = "online", _("Online")
    ELSEWHERE = "elsewhere", _("Elsewhere")


class Ground(models.TextChoices):
    """Why it may go: by agreement, or on a ground that no missing agreement stops."""

    AGREEMENT = "agreement", _("Routine: under the SSP protocol and the Data Sharing Agreement")
    PROTECT_LIFE = "protect_life", _("To protect life")
    WELFARE = "welfare", _("To safeguard a child or promote their welfare")
    REPORT_CRIME = "report_crime", _("To report a crime")
    LAW = "law", _("The law requires it")


class Urgency(models.TextChoices):
    """How soon an officer must take it up."""

    AT_ONCE = "at_once", _("At once: somebody may come to harm")
    NEXT_SCHOOL_DAY = "next_school_day", _("By the end of the next school day")


class ShareStatus(models.TextChoices):
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    REPORTED = "reported", _("Reported back")
    CORRECTED = "corrected", _("Corrected")
    RECALLED = "recalled", _("Recalled")


# The database holds the same list (migration 0002); a test compares the two.
TRANSITIONS: dict[str, set[str]] = {
    ShareStatus.SENT: {ShareStatus.ACKNOWLEDGED, ShareStatus.CORRECTED, ShareStatus.RECALLED},
    ShareStatus.ACKNOWLEDGED: {
        ShareStatus.PLANNED, ShareStatus.DONE, ShareStatus.CORRECTED, ShareStatus.RECALLED,
    },
    ShareStatus.PLANNED: {ShareStatus.DONE, ShareStatus.CORRECTED, ShareStatus.RECALLED},
    ShareStatus.DONE: {ShareStatus.REPORTED, ShareStatus.CORRECTED, ShareStatus.RECALLED},
    ShareStatus.REPORTED: {ShareStatus.CORRECTED, ShareStatus.RECALLED},
    ShareStatus.CORRECTED: set(),
    ShareStatus.RECALLED: set(),
}  # fmt: skip

OPEN = (ShareStatus.SENT, ShareStatus.ACKNOWLEDGED, ShareStatus.PLANNED, ShareStatus.DONE)


class LegalBasis(models.Model):
    """A gateway in law that a share may rest on: reference data with its date, edited by administrators."""

    nation = models.CharField(max_length=20, choices=Nation)
    side = models.CharField(max_length=10, choices=Side)
    code = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    as_at = models.DateField()
    suits = ArrayField(models.CharField(max_length=20), default=list)
    position = models.SmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nation", "side", "code"], name="one_basis_each")]


def _told(who: str) -> Q:
    """Told, by somebody on a day; or not, with the reason."""
    by, on, why = Q(**{f"{who}_told_by": ""}), Q(**{f"{who}_told_on__isnull": True}), Q(**{f"{who}_not_told_why": ""})
    return (~by & ~on & why) | (by & on & ~why)


class Share(Protected):
    """What one side tells the other about a child: only what is needed, and never changed once sent."""

    school = models.IntegerField()
    child = models.ForeignKey(Child, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+")
    child_name = models.CharField(max_length=200)
    facts = models.TextField()
    opinion = models.TextField(blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose)
    place = models.CharField(max_length=20, choices=Place)
    occurred = models.CharField(max_length=200)
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="+")
    basis_text = models.CharField(max_length=300)
    ground = models.CharField(max_length=20, choices=Ground)
    ground_reason = models.TextField(blank=True)
    recipients = ArrayField(models.IntegerField())
    handling = models.CharField(max_length=300)
    urgency = models.CharField(max_length=20, choices=Urgency)
    child_told_by = models.CharField(max_length=200, blank=True)
    child_told_on = models.DateField(null=True)
    child_not_told_why = models.TextField(blank=True)
    child_view = models.TextField(blank=True)
    parent_told_by = models.CharField(max_length=200, blank=True)
    parent_told_on = models.DateField(null=True)
    parent_not_told_why = models.TextField(blank=True)
    parent_view = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    police_incident = models.CharField(max_length=60, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, db_constraint=False, db_index=False)
    once = models.UUIDField()
    # What changes as it is worked on:
    status = models.CharField(max_length=20, choices=ShareStatus, default=ShareStatus.SENT)
    due_at = models.DateTimeField(null=True)
    school_reference = models.CharField(max_length=60, blank=True)
    police_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_share_a_form"),
            models.CheckConstraint(
                condition=Q(ground=Ground.AGREEMENT) | ~Q(ground_reason=""), name="ground_has_reason"
            ),
            models.CheckConstraint(condition=Q(recipients__len__gt=0), name="share_has_recipients"),
            models.CheckConstraint(condition=_told("child"), name="child_told_or_why_not"),
            models.CheckConstraint(condition=_told("parent"), name="parent_told_or_why_not"),
        ]


class StepKind(models.TextChoices):
    SENT = "sent", _("Sent")
    ALERTED = "alerted", _("Told that it went without an agreement in force")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    PLANNED = "planned", _("Said what will be done")
    DONE = "done", _("Recorded what was done")
    REPORTED = "reported", _("Reported back")
    PASSED = "passed", _("Passed on, because it could not wait")
    CORRECTED = "corrected", _("Corrected")
    RECALLED = "recalled", _("Recalled")
    RECALL_SEEN = "recall_seen", _("Acknowledged the recall")


class ShareStep(Protected):
    """One thing that happened to a share, held by whoever did it; never changed."""

    share = models.ForeignKey(Share, models.PROTECT, db_constraint=False, related_name="steps")
    school = models.IntegerField()
    kind = models.CharField(max_length=20, choices=StepKind)
    words = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    people = ArrayField(models.IntegerField(), default=list)
    once = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "once"], name="one_step_a_form")]


class Category(models.TextChoices):
    """DPA 2018 s.38(3)."""

    SUSPECT = "suspect", _("Suspect")
    CONVICTED = "convicted", _("Convicted")
    VICTIM = "victim", _("Victim")
    WITNESS_OR_OTHER = "witness_or_other", _("Witness or other")


class Footing(models.TextChoices):
    """DPA 2018 s.38(2)."""

    FACT = "fact", _("Based on fact")
    ASSESSMENT = "assessment", _("A personal assessment")


class SubjectCategory(Protected):
    """How the police see one person in a share, under DPA 2018 s.38. The school never sees it."""

    share = models.ForeignKey(Share, models.PROTECT, db_constraint=False, related_name="+")
    school = models.IntegerField()
    person = models.CharField(max_length=200)
    categories = ArrayField(models.CharField(max_length=20, choices=Category))
    footing = models.CharField(max_length=20, choices=Footing)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_category_a_form"),
            models.CheckConstraint(condition=Q(categories__len__gt=0), name="category_names_one"),
        ]


class ChildLink(Protected):
    """The recipient's own child record for the name told in a share: a combination, made by a named person."""

    share = models.ForeignKey(Share, models.PROTECT, db_constraint=False, related_name="+")
    school = models.IntegerField()
    child = models.ForeignKey(Child, models.PROTECT, db_constraint=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "share"], name="one_link_a_share")]


class CrimeReport(Protected):
    """A crime that a share disclosed: the force must record it within 24 hours (Home Office Counting Rules)."""

    share = models.ForeignKey(Share, models.PROTECT, db_constraint=False, related_name="+")
    school = models.IntegerField()
    what = models.TextField()
    due_at = models.DateTimeField()
    once = models.UUIDField()
    force_reference = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_crime_a_form"),
            models.CheckConstraint(
                condition=Q(force_reference="", recorded_at__isnull=True)
                | (~Q(force_reference="") & Q(recorded_at__isnull=False)),
                name="reference_has_its_time",
            ),
        ]


class EnquiryKind(models.TextChoices):
    ADVICE = "advice", _("Advice, without names")
    ENQUIRY = "enquiry", _("Enquiry")


class Enquiry(Protected):
    """A question between the school's SPOC and its officers. Advice names no child."""

    school = models.IntegerField()
    kind = models.CharField(max_length=10, choices=EnquiryKind)
    child_name = models.CharField(max_length=200, blank=True)
    question = models.TextField()
    asked = ArrayField(models.IntegerField())
    due_at = models.DateTimeField()
    once = models.UUIDField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_enquiry_a_form"),
            models.CheckConstraint(
                condition=Q(kind=EnquiryKind.ENQUIRY) | Q(child_name=""), name="advice_names_no_child"
            ),
        ]


class EnquiryPassed(Protected):
    """An enquiry that the clock passed on to one more person, because nobody had answered it; never changed."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, db_constraint=False, related_name="passed")
    school = models.IntegerField()
    person = models.IntegerField()


class Answer(Protected):
    """An answer to an enquiry, held by whoever gave it."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, db_constraint=False, related_name="answers")
    school = models.IntegerField()
    words = models.TextField()
    once = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "once"], name="one_answer_a_form")]
