"""Forces, teams, schools, agencies, controllers; people and their dated roles. No data about children."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.access.models import User
from schoolgate.core.enums import Nation, Regime


class OrganisationKind(models.TextChoices):
    FORCE = "force", _("Police force")
    BCU = "bcu", _("Basic Command Unit")
    TEAM = "team", _("Police team")
    SCHOOL = "school", _("School")
    CONTROLLER = "controller", _("Trust, governing body, proprietor or authority")
    AGENCY = "agency", _("Agency")


class Organisation(models.Model):
    """Anything that people work for. Its controller answers for the personal data that it holds."""

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    controller = models.ForeignKey("self", models.PROTECT, null=True, related_name="controlled")
    force = models.ForeignKey("self", models.PROTECT, null=True, related_name="area")
    regime = models.CharField(max_length=20, choices=Regime)
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND)
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Force(models.Model):
    """A police force: its title for the role, and whether it has the role at all."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="as_force")
    slug = models.SlugField(unique=True)
    role_title = models.CharField(max_length=80, default="Safer Schools Officer")
    has_safer_schools_officers = models.BooleanField(default=True)
    non_emergency = models.CharField(max_length=40, default="101")


class TeamKind(models.TextChoices):
    SAFER_SCHOOLS = "safer_schools", _("Safer Schools team")
    STT = "stt", _("Safer Transport Team")
    SNT = "snt", _("Safer Neighbourhood Team")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood team")
    INTELLIGENCE = "intelligence", _("Intelligence unit")
    PROFESSIONAL_STANDARDS = "professional_standards", _("Professional standards")


class Team(models.Model):
    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="as_team")
    kind = models.CharField(max_length=30, choices=TeamKind)
    base = models.CharField(max_length=200, blank=True)


class AgencyKind(models.TextChoices):
    YJS = "yjs", _("Youth Justice Service")
    CHILDRENS_SERVICES = "childrens_services", _("Children's services")
    EARLY_HELP = "early_help", _("Early Help")
    SCHEME_PROVIDER = "scheme_provider", _("Scheme provider")
    LADO = "lado", _("Local authority designated officer (LADO)")


class Agency(models.Model):
    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="as_agency")
    kind = models.CharField(max_length=30, choices=AgencyKind)
    la_code = models.CharField(max_length=9, blank=True)


class Phase(models.TextChoices):
    NURSERY = "nursery", _("Nursery")
    PRIMARY = "primary", _("Primary")
    MIDDLE = "middle", _("Middle")
    SECONDARY = "secondary", _("Secondary")
    ALL_THROUGH = "all_through", _("All-through")
    SIXTEEN_PLUS = "sixteen_plus", _("16 plus")
    PRU = "pru", _("Pupil referral unit (PRU)")
    AP = "ap", _("Alternative provision (AP)")
    SPECIAL = "special", _("Special")
    COLLEGE = "college", _("Further education college")
    UNIVERSITY = "university", _("University")
    INDEPENDENT = "independent", _("Independent")
    UNKNOWN = "unknown", _("Not known")


class RegisterStatus(models.TextChoices):
    OPEN = "open", _("Open")
    PROPOSED_TO_CLOSE = "proposed_to_close", _("Open, but proposed to close")
    PROPOSED_TO_OPEN = "proposed_to_open", _("Proposed to open")
    CLOSED = "closed", _("Closed")
    ABSENT = "absent", _("Not in the register")


class School(models.Model):
    """A school. The register's columns come from imports; the rest people enter and imports keep."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="as_school")
    # From the register:
    urn = models.IntegerField(unique=True)
    la_code = models.CharField(max_length=9, blank=True)
    la_name = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.UNKNOWN)
    type_name = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=20, choices=RegisterStatus, default=RegisterStatus.OPEN)
    low_age = models.SmallIntegerField(null=True)
    high_age = models.SmallIntegerField(null=True)
    pupils = models.IntegerField(null=True)
    percentage_fsm = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    postcode = models.CharField(max_length=10, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    successor_urn = models.IntegerField(null=True)
    # From people:
    keeps_own_system = models.BooleanField(default=False)
    opens_at = models.TimeField(default="08:30")
    closes_at = models.TimeField(default="15:30")
    minutes_to_open_concern = models.PositiveIntegerField(default=60)
    out_of_hours = models.CharField(max_length=300, blank=True)
    holiday_contact = models.ForeignKey("Person", models.PROTECT, null=True)
    telephone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.organisation.name


class Term(models.Model):
    """The days on which a school is open. Between terms it is holiday; after the last, every weekday counts."""

    school = models.ForeignKey(School, models.PROTECT, related_name="terms")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="term_ends_after_start"
            )
        ]


class ClosedDay(models.Model):
    """A day without school: a bank holiday (school is empty) or one school's own (inset)."""

    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="closed_days")
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND)
    day = models.DateField()
    name = models.CharField(max_length=100)


class Person(models.Model):
    """Somebody who works in the partnership: name, rank or title, and how to reach them at work."""

    name = models.CharField(max_length=200)
    title = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, db_constraint=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person is somewhere. Reading follows from it."""

    STAFF = "staff", _("Member of staff")
    SUPPLY = "supply", _("Supply staff (code for the day)")
    SPOC = "spoc", _("SPOC")
    DEPUTY_SPOC = "deputy_spoc", _("Deputy SPOC")
    HEAD = "head", _("Head teacher")
    DSL = "dsl", _("DSL")
    DEPUTY_DSL = "deputy_dsl", _("Deputy DSL")
    GOVERNORS = "governors", _("Chair of governors or proprietor")
    OFFICER = "officer", _("Officer")
    SERGEANT = "sergeant", _("Sergeant")
    INTELLIGENCE = "intelligence", _("Intelligence officer")
    PROFESSIONAL_STANDARDS = "professional_standards", _("Professional standards contact")
    PRACTITIONER = "practitioner", _("Practitioner")
    LADO = "lado", _("LADO")
    YOUTH_LEAD = "youth_lead", _("Force youth lead")
    ANALYST = "analyst", _("Analyst")
    TRUST_LEAD = "trust_lead", _("Trust leader (signs for the trust)")
    DPO = "dpo", _("Data protection officer")
    ADMINISTRATOR = "administrator", _("Technical administrator")


ROLES_OF = {
    OrganisationKind.SCHOOL: [
        Role.STAFF, Role.SUPPLY, Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL, Role.GOVERNORS,
    ],
    OrganisationKind.TEAM: [Role.OFFICER, Role.SERGEANT, Role.INTELLIGENCE, Role.PROFESSIONAL_STANDARDS],
    OrganisationKind.FORCE: [Role.YOUTH_LEAD, Role.ANALYST, Role.ADMINISTRATOR, Role.DPO],
    OrganisationKind.AGENCY: [Role.PRACTITIONER, Role.LADO, Role.DPO],
    OrganisationKind.CONTROLLER: [Role.DPO, Role.TRUST_LEAD],
}  # fmt: skip


class Membership(models.Model):
    """A role of a person in an organisation, first to last day included (Europe/London)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    on_slt = models.BooleanField(default=False)
    group = models.CharField(
        max_length=60, blank=True, db_default=""
    )  # as the school sorts its staff: teaching, office, site
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="membership_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="membership_org_role")]


class Stage(models.TextChoices):
    """What an import is doing; reading is counted in bytes, saving in rows."""

    READING = "reading", _("Reading")
    SAVING = "saving", _("Saving")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


ENDED = (ImportState.DONE, ImportState.FAILED)


class RegisterImport(models.Model):
    """An import of the school register that an administrator asked for in a page.

    The file is kept until the import ends and no longer. force: whose administrators see it. attempts: how often
    the worker began. totals: what the report says beyond its lines.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Organisation, models.PROTECT, related_name="register_imports")
    asked_by = models.ForeignKey(Person, models.PROTECT)
    asked_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    content = models.BinaryField(null=True)
    only_forces = ArrayField(models.CharField(max_length=50), default=list)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.READING)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    why_failed = models.TextField(blank=True)
    totals = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, content__isnull=True, ended_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(content__isnull=False, ended_at__isnull=True)),
                name="import_keeps_its_file_until_it_ends",
            )
        ]


class ImportPart(models.TextChoices):
    """The parts of a report that have lines; each is called as in ImportReport."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    CLOSED = "closed", _("Closed")
    MISSING = "missing", _("No longer in the register")
    DIFFERING = "differing", _("Another trust than in the directory")
    UNREADABLE = "unreadable", _("Could not be read")


class ImportLine(models.Model):
    """One line of an import's report. line: of the file, 0 where the school is not in it.

    changes: column, before and after, of a school; column and why: of a line that could not be read.
    """

    register_import = models.ForeignKey(RegisterImport, models.PROTECT, related_name="lines")
    part = models.CharField(max_length=12, choices=ImportPart)
    line = models.PositiveIntegerField()
    urn = models.IntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    force = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=list)
    column = models.CharField(max_length=100, blank=True)
    why = models.TextField(blank=True)
