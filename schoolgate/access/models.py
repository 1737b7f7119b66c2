"""Accounts and circles. Who is in a circle follows from roles and dates (see the view circle_members)."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.core.ids import new_id
from schoolgate.core.protected import Protected


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None = None) -> "User":
        """An account that signs in by e-mail address; without a password it cannot use one."""
        user = self.model(email=self.normalize_email(email).lower())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A way to sign in. Who the person is, and what they may read, is the directory's."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(default=True)
    objects = UserManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.email


class AccountMail(models.TextChoices):
    """What somebody is told by e-mail about their account."""

    INVITATION = "invitation", _("An account was made for you. Choose your password here:")
    RESET = "reset", _("Somebody, you we hope, asked for a new password. Choose it here:")
    PASSWORD = "password", _("Your password was changed.")  # noqa: S105
    APP_ADDED = "app_added", _("An authenticator app was set up as your second factor.")
    APP_REMOVED = "app_removed", _("Your authenticator app was removed.")
    PASSKEY_ADDED = "passkey_added", _("A passkey was set up for your account.")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey of your account was removed.")
    RECOVERY_CODES = "recovery_codes", _("New recovery codes were made for your account.")


class DayCode(models.Model):
    """A school's code for supply staff, kept as a keyed digest; a new one ends the old."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.IntegerField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()


class IdentityProvider(models.Model):
    """Where a school's staff sign in: its own tenant at Google or Microsoft. The secret is not kept here.

    A row is never changed: another tenant is another provider, with nobody bound to it yet.
    """

    school = models.IntegerField()
    name = models.CharField(max_length=200)
    issuer = models.URLField()
    tenant = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "issuer", "tenant"], name="one_provider_each"),
            models.CheckConstraint(condition=~models.Q(tenant=""), name="provider_names_its_tenant"),
        ]

    def __str__(self) -> str:
        return self.name


class CircleKind(models.TextChoices):
    """One need to know each."""

    AUTHOR = "author", _("the person who wrote it")
    STAFF = "staff", _("all staff of the school")
    SUPPLY = "supply", _("supply staff with today's code (write only)")
    SCHOOL = "school", _("the school's SPOC and deputies, head teacher, DSL and deputies")
    SAFEGUARDING = "safeguarding", _("the school's DSL and deputies")
    HEAD = "head", _("the head teacher")
    GOVERNORS = "governors", _("the chair of governors or proprietor")
    PARTNERSHIP = "partnership", _("the school circle and the school's officers and their sergeants")
    POLICE = "police", _("the school's officers and their sergeants")
    TEAM = "team", _("the team's officers and sergeants")
    SERGEANTS = "sergeants", _("the team's sergeants")
    AGENCY = "agency", _("the agency's practitioners")
    INTELLIGENCE = "intelligence", _("the force's intelligence unit")
    LADO = "lado", _("the local authority designated officer")
    PROFESSIONAL_STANDARDS = "professional_standards", _("the force's professional standards department")
    DPO = "dpo", _("the data protection officer")
    TRUST = "trust", _("who leads the trust")
    FIGURES = "figures", _("youth lead and analysts (figures only)")
    ADMINISTRATORS = "administrators", _("technical administrators (no records)")


class Circle(models.Model):
    """A set of people with one need to know, named by what it is for; members follow from roles."""

    kind = models.CharField(max_length=30, choices=CircleKind)
    organisation = models.IntegerField()
    person = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "organisation", "person"], name="one_circle_each")]


class Bar(models.Model):
    """A person who may not read a record though their circle does: complained of, or with an interest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=63)
    record = models.UUIDField()
    person = models.IntegerField()
    reason = models.TextField()
    circles = ArrayField(models.IntegerField())
    declared_by = models.IntegerField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_bar_each")]


class EmergencyAccess(Protected):
    """Whoever made it is in one circle of the school (the holder) from then on, for hours; bars still hold."""

    kind = models.CharField(max_length=30, choices=CircleKind)
    until = models.DateTimeField()
    reason = models.TextField()
    once = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "made_by", "once"], name="emergency_once"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("made_at"))
                & models.Q(
                    until__lte=models.F("made_at") + models.Value("8 hours", output_field=models.DurationField())
                ),
                name="emergency_lasts_hours",
            ),
        ]
