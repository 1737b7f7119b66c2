"""What staff tell the school, how the school deals with it, and allegations about adults."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolgate.children.models import Child
from schoolgate.core.ids import new_id
from schoolgate.core.protected import Protected
from schoolgate.exchange.models import Place, Share


class Told(Protected):
    """What somebody saw or was told, as they wrote it; never changed.

    `recipients` are the people who were told of it when it was sent. `digest` is of all that the form said: it tells
    the same form sent twice from one that was changed, for a sender who cannot read what they sent as well.
    """

    author_name = models.CharField(max_length=200, blank=True)
    in_danger = models.BooleanField()
    child_name = models.CharField(max_length=200, blank=True)
    seen = models.TextField()
    opinion = models.TextField(blank=True)
    occurred_on = models.DateField(null=True)
    occurred_time = models.TimeField(null=True)
    occurred_words = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=20, choices=Place)
    place_detail = models.CharField(max_length=200, blank=True)
    recipients = ArrayField(models.IntegerField(), default=list)
    once = models.UUIDField()
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Concern(Told):
    """A concern about a child or young person. `due_at` is when one school hour has passed."""

    may_need_early_intervention = models.BooleanField(default=False)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_concern_a_form"),
            models.CheckConstraint(
                condition=Q(occurred_on__isnull=False) | ~Q(occurred_words=""), name="concern_says_when"
            ),
            models.CheckConstraint(condition=~Q(child_name="") & ~Q(seen=""), name="concern_says_who_and_what"),
        ]


class Involvement(models.TextChoices):
    SAID_TO_HAVE_DONE = "said_to_have_done", _("Said to have done it")
    HARMED = "harmed", _("Harmed")
    SAW = "saw", _("Saw it")
    OTHER = "other", _("Other")


class ConcernPerson(Protected):
    """Somebody else who is involved, as the author knows them."""

    concern = models.ForeignKey(Concern, models.PROTECT, db_constraint=False, related_name="people")
    name = models.CharField(max_length=200)
    involvement = models.CharField(max_length=20, choices=Involvement)


class Addition(Protected):
    """What the author added later, or answered. The concern itself never changes."""

    concern = models.ForeignKey(Concern, models.PROTECT, db_constraint=False, related_name="additions")
    words = models.TextField()
    once = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "once"], name="one_addition_a_form")]


class Status(models.TextChoices):
    SENT = "sent", _("Not opened yet")
    OPENED = "opened", _("Opened")
    SCHOOL_MATTER = "school_matter", _("School matter, no police role")
    WITH_DSL = "with_dsl", _("With the DSL")
    ASKED = "asked", _("The member of staff was asked")
    EARLY_INTERVENTION = "early_intervention", _("Early intervention")
    SHARING = "sharing", _("A share with the officer is being written")
    SHARED = "shared", _("Shared with the officer")
    NOT_SHARED = "not_shared", _("Not shared")
    CLOSED = "closed", _("Closed")


DECISIONS: set[str] = {
    Status.SCHOOL_MATTER, Status.WITH_DSL, Status.ASKED, Status.EARLY_INTERVENTION, Status.SHARING, Status.NOT_SHARED,
}  # fmt: skip

# The database holds the same list (migration 0002); a test compares the two.
TRANSITIONS: dict[str, set[str]] = {
    Status.SENT: {Status.OPENED},
    Status.OPENED: {*DECISIONS},
    Status.ASKED: {*DECISIONS},
    Status.WITH_DSL: {*DECISIONS, Status.CLOSED} - {Status.WITH_DSL},
    Status.EARLY_INTERVENTION: {*DECISIONS, Status.CLOSED} - {Status.EARLY_INTERVENTION},
    Status.SHARING: {*DECISIONS, Status.SHARED} - {Status.SHARING},
    Status.SHARED: {Status.SHARING, Status.WITH_DSL, Status.CLOSED},
    Status.SCHOOL_MATTER: {Status.OPENED},
    Status.NOT_SHARED: {Status.OPENED},
    Status.CLOSED: {Status.OPENED},
}

# What still waits for somebody, and what is done with.
OPEN = (
    Status.SENT, Status.OPENED, Status.WITH_DSL, Status.ASKED, Status.EARLY_INTERVENTION, Status.SHARING, Status.SHARED,
)  # fmt: skip


class Triage(Protected):
    """How a concern stands, for the school circle alone. `version` tells two people apart who decide at once."""

    concern = models.ForeignKey(Concern, models.PROTECT, db_constraint=False, related_name="triages")
    status = models.CharField(max_length=20, choices=Status, default=Status.SENT)
    child = models.ForeignKey(Child, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.IntegerField(null=True)
    changed_at = models.DateTimeField()
    own_reference = models.CharField(max_length=60, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "concern"], name="one_triage_a_concern"),
            models.CheckConstraint(
                condition=Q(status=Status.SENT, opened_at__isnull=True, opened_by__isnull=True)
                | (~Q(status=Status.SENT) & Q(opened_at__isnull=False, opened_by__isnull=False)),
                name="opened_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["holder"], name="triage_open", condition=Q(status__in=OPEN))]


LATE, MATCHED, NOTED = "late", "matched", "noted"
STEPS = [
    *Status.choices,
    (LATE, _("Not opened within one school hour")),
    (MATCHED, _("Linked to a child's record")),
    (NOTED, _("Note")),
]


class NotSharingGround(models.TextChoices):
    """Why information is not shared (Children Act 2004 s.16LA: more detrimental to the child than not)."""

    MORE_HARM = "more_harm", _("Sharing would do the child more harm than not sharing")
    NOT_RELEVANT = "not_relevant", _("It is not relevant to anything that the police do")


class TriageStep(Protected):
    """One thing done about a concern: by whom (0 is the clock), why, and who was told; never changed."""

    triage = models.ForeignKey(Triage, models.PROTECT, db_constraint=False, related_name="steps")
    kind = models.CharField(max_length=20, choices=STEPS)
    reason = models.TextField(blank=True)
    told = models.TextField(blank=True)
    ground = models.CharField(max_length=20, choices=NotSharingGround, blank=True)
    share = models.ForeignKey(Share, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+")
    recipients = ArrayField(models.IntegerField(), default=list)
    once = models.UUIDField(default=new_id)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_triage_step_a_form"),
            models.UniqueConstraint(fields=["holder", "triage"], condition=Q(kind=LATE), name="late_once"),
            models.CheckConstraint(
                condition=Q(kind=Status.NOT_SHARED) & ~Q(ground="") | ~Q(kind=Status.NOT_SHARED) & Q(ground=""),
                name="not_sharing_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(kind=Status.SHARED, share__isnull=False) | ~Q(kind=Status.SHARED) & Q(share__isnull=True),
                name="shared_names_share",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(DECISIONS - {Status.SHARING})) | ~Q(reason=""), name="decision_has_reason"
            ),
        ]


class WordKind(models.TextChoices):
    """What the author hears."""

    OPENED = "opened", _("Read")
    SPEAK_NOW = "speak_now", _("Not read yet: speak to somebody now")
    QUESTION = "question", _("You are asked something")
    DEALT_WITH = "dealt_with", _("Being dealt with")
    OUTCOME = "outcome", _("Outcome")


class AuthorWord(Protected):
    """Plain words to the author of a concern, whom nothing else of the triage reaches."""

    concern = models.ForeignKey(Concern, models.PROTECT, db_constraint=False, related_name="words")
    author = models.IntegerField()
    kind = models.CharField(max_length=20, choices=WordKind)
    words = models.TextField()


class Subject(models.TextChoices):
    """Whom an allegation is about; it decides who gets it."""

    STAFF = "staff", _("A member of staff")
    VOLUNTEER = "volunteer", _("Supply staff, a volunteer or a contractor")
    HEAD = "head", _("The head teacher")
    OFFICER = "officer", _("A police officer")


class Allegation(Told):
    """About an adult who works or volunteers at the school, or an officer. Never for the school circle.

    head_of, governors_of, lado_of, standards_of: the organisations whose circle gets it (Keeping
    children safe in education, part four); the person complained of is barred from the first moment.
    """

    about = models.CharField(max_length=20, choices=Subject)
    complained_of_name = models.CharField(max_length=200)
    complained_of = models.IntegerField(null=True)
    head_of = models.IntegerField(null=True)
    governors_of = models.IntegerField(null=True)
    lado_of = models.IntegerField(null=True)
    standards_of = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_allegation_a_form"),
            models.CheckConstraint(
                condition=Q(head_of__isnull=False)
                | Q(governors_of__isnull=False)
                | Q(lado_of__isnull=False)
                | Q(standards_of__isnull=False),
                name="allegation_goes_somewhere",
            ),
            models.CheckConstraint(condition=~Q(seen="") & ~Q(complained_of_name=""), name="allegation_says_what"),
        ]


class AllegationStepKind(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ADVICE = "advice", _("Advice")
    CLOSED = "closed", _("Closed")
    PASSED_ON = "passed_on", _("Passed on, because nobody else could read it")


class AllegationStep(Protected):
    """What a recipient did or advised. `heard_by` is the author where they are told it too."""

    allegation = models.ForeignKey(Allegation, models.PROTECT, db_constraint=False, related_name="steps")
    kind = models.CharField(max_length=20, choices=AllegationStepKind)
    words = models.TextField(blank=True)
    heard_by = models.IntegerField(null=True)
    head_of = models.IntegerField(null=True)
    governors_of = models.IntegerField(null=True)
    lado_of = models.IntegerField(null=True)
    standards_of = models.IntegerField(null=True)
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "once"], name="one_allegation_step_a_form"),
            models.CheckConstraint(
                condition=Q(kind=AllegationStepKind.ACKNOWLEDGED) | ~Q(words=""), name="allegation_step_says_what"
            ),
        ]
