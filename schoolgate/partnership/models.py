"""What was agreed and signed, who was told of it, and how the school and the police work together."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolgate.core.ids import new_id
from schoolgate.core.protected import Protected
from schoolgate.directory.models import Organisation, Person

LONGEST_TEXT = 400_000  # characters of a document


class AgreementKind(models.TextChoices):
    PROTOCOL = "protocol", _("SSP protocol")
    DSA = "dsa", _("Data Sharing Agreement")


class Edition(models.Model):
    """One version of a force's SSP protocol or Data Sharing Agreement; fixed once it is published."""

    force = models.ForeignKey(Organisation, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=20, choices=AgreementKind)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(max_length=4_000)
    body = models.TextField(max_length=LONGEST_TEXT)
    as_at = models.DateField()
    written_by = models.IntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "kind", "number"], name="one_edition_a_number"),
            models.UniqueConstraint(
                fields=["force", "kind"], condition=Q(published_at__isnull=True), name="one_edition_being_written"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body="") & ~Q(summary=""), name="edition_says_something"
            ),
        ]


class Agreement(Protected):
    """A text that a police team proposed to one school (the holder), with its fields filled in; it never changes.

    How it stands follows from its steps alone: nothing can be set to "signed" without a signature.
    """

    team = models.IntegerField()
    kind = models.CharField(max_length=20, choices=AgreementKind)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    body = models.TextField()
    digest = models.CharField(max_length=64, editable=False)
    since = models.DateField()
    until = models.DateField()
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_agreement_a_form"),
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="agreement_ends_after_start"),
        ]


class StepKind(models.TextChoices):
    """What happens to an agreement. Each comes once, but reading, delegating, confirming and reminding."""

    READ = "read", _("Read the whole text")
    DELEGATED = "delegated", _("Asked somebody to sign in their place")
    TRUST_SIGNED = "trust_signed", _("Signed for the trust")
    SIGNED = "signed", _("Signed for the school")
    COUNTERSIGNED = "countersigned", _("Signed for the police")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CONFIRMED = "confirmed", _("Confirmed by a new head teacher")
    REMINDED = "reminded", _("Reminded")
    ENDED = "ended", _("Ended")


SIGNATURES = (StepKind.TRUST_SIGNED, StepKind.SIGNED, StepKind.COUNTERSIGNED)
# Which step may follow which: a step stands when all of `after` came and none of `never after` did.
# The database holds the same (migration 0002); a test compares the two.
AFTER: dict[str, set[str]] = {
    StepKind.COUNTERSIGNED: {StepKind.SIGNED},
    StepKind.CONFIRMED: {StepKind.COUNTERSIGNED},
    StepKind.ENDED: {StepKind.COUNTERSIGNED},
}
NEVER_AFTER: dict[str, set[str]] = {
    StepKind.DELEGATED: {StepKind.SIGNED, StepKind.DECLINED, StepKind.WITHDRAWN},
    StepKind.TRUST_SIGNED: {StepKind.DECLINED, StepKind.WITHDRAWN, StepKind.ENDED},
    StepKind.SIGNED: {StepKind.DECLINED, StepKind.WITHDRAWN},
    StepKind.COUNTERSIGNED: {StepKind.DECLINED, StepKind.WITHDRAWN},
    StepKind.DECLINED: {StepKind.SIGNED, StepKind.WITHDRAWN},
    StepKind.WITHDRAWN: {StepKind.DECLINED, StepKind.COUNTERSIGNED},
    StepKind.CONFIRMED: {StepKind.ENDED},
}
ONCE = (*SIGNATURES, StepKind.DECLINED, StepKind.WITHDRAWN, StepKind.ENDED)


class AgreementStep(Protected):
    """One thing that happened to an agreement; never changed. A signature carries name, role, statement and digest."""

    team = models.IntegerField()
    agreement = models.ForeignKey(Agreement, models.PROTECT, db_constraint=False, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    words = models.TextField(blank=True)
    person = models.IntegerField(null=True)
    effective_on = models.DateField(null=True)
    signer_name = models.CharField(max_length=200, blank=True)
    signer_role = models.CharField(max_length=100, blank=True)
    statement = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    factor = models.CharField(max_length=30, blank=True)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_agreement_step_a_form"),
            models.UniqueConstraint(
                fields=["holder", "agreement", "kind"], condition=Q(kind__in=ONCE), name="one_signature_each"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=SIGNATURES)
                | (~Q(signer_name="") & ~Q(signer_role="") & ~Q(statement="") & ~Q(digest="") & ~Q(factor="")),
                name="signature_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[StepKind.DECLINED, StepKind.DELEGATED, StepKind.WITHDRAWN, StepKind.ENDED])
                | ~Q(words=""),
                name="agreement_step_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.DELEGATED, person__isnull=False)
                | ~Q(kind=StepKind.DELEGATED) & Q(person__isnull=True),
                name="delegation_names_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.ENDED, effective_on__isnull=False)
                | ~Q(kind=StepKind.ENDED) & Q(effective_on__isnull=True),
                name="end_has_its_day",
            ),
        ]


class IssuedCopy(Protected):
    """The digest of a PDF that was handed out, so that anybody who holds one can check it against the record."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, db_constraint=False, related_name="+")
    team = models.IntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "digest"], name="one_copy_each")]


class Appointment(Protected):
    """That the head teacher made somebody the SPOC or a deputy, and what the one before hands over."""

    person = models.IntegerField()
    role = models.CharField(max_length=20)
    since = models.DateField()
    words = models.TextField(blank=True)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_appointment_a_form"),
            models.CheckConstraint(condition=Q(role__in=["spoc", "deputy_spoc"]), name="appoints_spoc"),
        ]


class MissingSpoc(Protected):
    """That a school had no SPOC, and the clock told its head teacher and its sergeants."""


class Involvement(Protected):
    """How a school and its officers agreed to work together, by the size and kind of the school; the latest holds."""

    visit_days = ArrayField(models.SmallIntegerField(), default=list)
    visits = models.CharField(max_length=200)
    in_school_time = models.TextField(blank=True)
    room = models.TextField(blank=True)
    storage = models.TextField(blank=True)
    access_card = models.TextField(blank=True)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_involvement_a_form"),
            models.CheckConstraint(
                condition=Q(visit_days__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="visits_on_weekdays"
            ),
        ]


class PartnershipState(models.TextChoices):
    """How the partnership of one school stands: it follows from its officers and both documents."""

    NONE = "none", _("None yet")
    OFFICER_NAMED = "officer_named", _("Officer named")
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    LAPSED = "lapsed", _("Lapsed")
    ENDED = "ended", _("Ended")


class SchoolState(models.Model):
    """How the partnership of a school stands by its documents on the days in `valid`; a school without any has no row.

    The database keeps it (migration 0007) for the overview, and works it out afresh for any other day. Whether an
    officer is named is asked on the day.
    """

    school = models.IntegerField(primary_key=True)
    state = models.CharField(max_length=20, choices=PartnershipState)
    protocol_until = models.DateField(null=True)
    dsa_until = models.DateField(null=True)
    valid = DateRangeField()


class BriefingPage(models.TextChoices):
    """The briefing's pages: one on the partnership, which all staff read, and one for each role."""

    SSP = "ssp", _("What a Safer School Partnership is")
    STAFF = "staff", _("School staff")
    SPOC = "spoc", _("The SPOC")
    HEAD_TEACHER = "head-teacher", _("The head teacher")
    DSL = "dsl", _("The DSL")
    OFFICER = "officer", _("The officer")
    SERGEANT = "sergeant", _("The Safer Schools sergeant")


class Acknowledgement(Protected):
    """That a member of staff read the briefing, and which words of it (digest)."""

    page = models.CharField(max_length=20, choices=BriefingPage)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "made_by", "page", "digest"], name="one_acknowledgement_each")
        ]


class SchoolAwareness(models.Model):
    """How many of a school's staff have read the briefing in the words of `digest`, on the days in `valid`.

    The database keeps it (migration 0009) for the overview, and counts afresh for other words and any other day.
    """

    school = models.IntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    staff = models.IntegerField()
    aware = models.IntegerField()
    valid = DateRangeField()


class BriefingReminder(Protected):
    """That staff who had not read the briefing were reminded of it."""

    people = ArrayField(models.IntegerField())
    once = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "once"], name="one_reminder_a_form")]


class OfficerPicture(models.Model):
    """How an officer looks, for the school's page and the poster: a small JPEG. Another one is another row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.OneToOneField(Person, models.PROTECT, related_name="picture")
    content = models.BinaryField()
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
