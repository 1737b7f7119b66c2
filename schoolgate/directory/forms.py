"""What an administrator fills in."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.administration import PERSON
from schoolgate.directory.areas import PoliceArea
from schoolgate.directory.gias import UnreadableRegister, Upload, open_register
from schoolgate.directory.models import ROLES_OF, AgencyKind, ImportPart, OrganisationKind, Role, TeamKind
from schoolgate.directory.selectors import PersonCard
from schoolgate.ui import forms

Named = Sequence[tuple[int, str]]

REFUSALS = {
    "role_fits_organisation": ("role", _("This role does not exist in an organisation of this kind")),
    "administrator_reads_nothing": (
        "role",
        _("A technical administrator holds no other role at the same time: end the other one first"),
    ),
    "one_role_once": ("since", _("This person already holds this role here in that time")),
    "spoc_sits_on_slt": (
        "role",
        _("A SPOC is a member of the SLT: first give them a role at the school that is on it"),
    ),
    "role_is_over": ("until", _("This role is over. If it begins again, give it anew")),
    "membership_ends_after_start": ("until", _("The last day must not be before the first")),
}
REFUSED = _("This role cannot be given or ended so. Check the dates and the role")


class FindForm(forms.Form):
    """Whom or what to look for."""

    words = forms.TextField(label=_("Name, or part of it"))
    kind = forms.SelectField(
        label=_("Kind"),
        prompt=_("Organisations and people"),
        choices=[forms.Choice(PERSON, _("People")), *(forms.Choice(*c) for c in OrganisationKind.choices)],
    )


class WhereForm(forms.Form):
    """The organisation in which somebody gets a role."""

    words = forms.TextField(label=_("Name of the organisation, or part of it"))


class OrganisationForm(forms.Form):
    """What every organisation has; a school's name comes from the register."""

    version = forms.HiddenField()
    name = forms.TextField(label=_("Name"), missing=_("Give the name"))
    closed_on = forms.DayField(label=_("Closed on"), hint=_("Leave empty while it is at work."))


class ForceForm(forms.Form):
    version = forms.HiddenField()
    name = forms.TextField(label=_("Name"), missing=_("Give the name"))
    role_title = forms.TextField(
        label=_("What this force calls its officers in schools"),
        hint=_("For example: Safer Schools Officer. The title changes; what they may do does not."),
        longest=80,
        missing=_("Give the title of the role"),
    )
    has_safer_schools_officers = forms.TickField(
        label=_("The force has officers posted to schools (else neighbourhood officers do this work)")
    )
    non_emergency = forms.TextField(
        label=_("Number for what is no emergency"), longest=40, width=20, missing=_("Give the number")
    )


class TeamForm(OrganisationForm):
    kind = forms.RadiosField(label=_("Kind of team"), choices=TeamKind.choices, missing=_("Choose the kind of team"))
    base = forms.TextField(label=_("Where it is based"))


class AgencyForm(OrganisationForm):
    kind = forms.RadiosField(
        label=_("Kind of agency"), choices=AgencyKind.choices, missing=_("Choose the kind of agency")
    )
    la_code = forms.TextField(
        label=_("Local authority code"),
        hint=_("As the school register has it. It brings a school's concerns about adults to its own LADO."),
        longest=9,
        width=10,
    )


class SchoolForm(forms.Form):
    """What people say of a school; the rest is the register's."""

    version = forms.HiddenField()
    telephone = forms.TextField(label=_("Telephone"), longest=40, width=20)
    out_of_hours = forms.TextField(
        label=_("Whom to ring out of hours"), hint=_("Staff see this when school is closed."), longest=300
    )
    holiday_contact_id = forms.SelectField(
        label=_("Holiday contact"),
        hint=_("Somebody with a role at the school, whom the police can reach in the holidays."),
        prompt=_("Nobody yet"),
    )
    opens_at = forms.TimeField(label=_("Opens at"), missing=_("Say when the school opens"))
    closes_at = forms.TimeField(label=_("Closes at"), missing=_("Say when the school closes"))
    minutes_to_open_concern = forms.IntegerField(
        label=_("Minutes of school time in which a concern must be opened"),
        hint=_("After that, the deputies and the head teacher get it too."),
        least=5,
        most=600,
        missing=_("Give the minutes"),
    )
    keeps_own_system = forms.TickField(label=_("The school keeps its own system for concerns"))
    controller_id = forms.SelectField(
        label=_("Who answers for its data"),
        hint=_("Its trust, governing body, proprietor or authority."),
        prompt=_("Not known yet"),
    )

    def __init__(self, *args: Any, contacts: Named, controllers: Named, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holiday_contact_id"].choices = _choices(contacts)  # type: ignore[attr-defined]
        self.fields["controller_id"].choices = _choices(controllers)  # type: ignore[attr-defined]

    def clean_holiday_contact_id(self) -> int | None:
        return _number(self.cleaned_data["holiday_contact_id"])

    def clean_controller_id(self) -> int | None:
        return _number(self.cleaned_data["controller_id"])

    def clean(self) -> None:
        opens, closes = self.cleaned_data.get("opens_at"), self.cleaned_data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("The school must close after it opens"))


class NewOrganisationForm(forms.Form):
    """The force is asked for only where somebody administers several."""

    force = forms.SelectField(label=_("Police force"), prompt=_("Choose the force"), missing=_("Choose the force"))
    name = forms.TextField(label=_("Name"), missing=_("Give the name"))

    def __init__(self, *args: Any, forces: Named, commands: Named, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = forces[0][0] if len(forces) == 1 else None
        self.fields["force"].choices = _choices(forces)  # type: ignore[attr-defined]
        if self.only:
            del self.fields["force"]
        if "parent" in self.fields:
            self.fields["parent"].choices = _choices(commands)  # type: ignore[attr-defined]

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, the columns of the organisation's kind apart."""
        typed = {"force": self.only} | self.cleaned_data
        own = {name: typed.pop(name) for name in ("force", "name", "parent") if name in typed}
        return own | {"particulars": typed}

    def clean_force(self) -> int | None:
        return _number(self.cleaned_data["force"])

    def clean_parent(self) -> int | None:
        return _number(self.cleaned_data["parent"])


class NewControllerForm(NewOrganisationForm):
    """A trust, governing body, proprietor or authority."""


class NewBcuForm(NewOrganisationForm):
    parent = forms.SelectField(label=_("Under"), prompt=_("Choose the force"), missing=_("Choose what it stands under"))


class NewTeamForm(NewOrganisationForm):
    parent = forms.SelectField(
        label=_("Under"), prompt=_("Choose the force or BCU"), missing=_("Choose what it stands under")
    )
    kind = TeamForm.base_fields["kind"]  # type: ignore[attr-defined]
    base = TeamForm.base_fields["base"]  # type: ignore[attr-defined]


class NewAgencyForm(NewOrganisationForm):
    kind = AgencyForm.base_fields["kind"]  # type: ignore[attr-defined]
    la_code = AgencyForm.base_fields["la_code"]  # type: ignore[attr-defined]


class TermForm(forms.Form):
    first_day = forms.DayField(label=_("First day"), missing=_("Give the first day"))
    last_day = forms.DayField(label=_("Last day"), missing=_("Give the last day"))

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day must not be before the first"))


class ClosedDayForm(forms.Form):
    day = forms.DayField(label=_("Day"), missing=_("Give the day"))
    name = forms.TextField(
        label=_("Why the school is closed"), hint=_("For example: inset day."), longest=100,
        missing=_("Say why the school is closed"),
    )  # fmt: skip


class PersonForm(forms.Form):
    """How a person is called and reached at work. twins: others with the address that was typed."""

    version = forms.HiddenField()
    name = forms.TextField(label=_("Name"), missing=_("Give the name"))
    title = forms.TextField(label=_("Title or rank"), hint=_("For example: Mrs, PC, Sgt."), longest=100)
    email = forms.EmailField(label=_("Work e-mail"))
    telephone = forms.TextField(label=_("Work telephone"), longest=40, width=20)
    sure = forms.TickField(label=_("It is another person: keep the address for both"))

    def __init__(self, *args: Any, twins: Iterable[PersonCard] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins = list(twins)
        if not self.twins:
            del self.fields["sure"]

    def clean(self) -> None:
        if self.twins and not self.cleaned_data.pop("sure", False):
            names = ", ".join(twin.called for twin in self.twins)
            self.add_error(
                "email", gettext("%(names)s has this address already. Is it the same person?") % {"names": names}
            )


class NewPersonForm(PersonForm):
    """A new person needs an address to be invited with."""

    email = forms.EmailField(label=_("Work e-mail"), missing=_("Give the work e-mail"))


class RoleForm(forms.Form):
    """What somebody is in an organisation of this kind, and since when."""

    role = forms.RadiosField(label=_("Role"), missing=_("Choose the role"))
    since = forms.DayField(label=_("First day"), missing=_("Give the first day"))
    until = forms.DayField(label=_("Last day"), hint=_("Leave empty where it is not known yet."))
    on_slt = forms.TickField(label=_("Sits on the school's senior leadership team (SLT)"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = ROLES_OF.get(OrganisationKind(kind), [])
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            forms.Choice(role, role.label) for role in offered if role != Role.SUPPLY
        ]
        if kind != OrganisationKind.SCHOOL:
            del self.fields["on_slt"]

    def refuse(self, rule: str) -> None:
        """Say beside the field what the database's rule refuses."""
        field, message = REFUSALS.get(rule, (None, REFUSED))
        self.add_error(field, str(message))


class EndForm(forms.Form):
    until = forms.DayField(
        label=_("Last day"),
        hint=_("The whole day counts. Give yesterday to end it at once."),
        missing=_("Give the last day"),
    )

    def refuse(self, rule: str) -> None:
        """Say beside the field what the database's rule refuses."""
        self.add_error("until", str(REFUSALS.get(rule, ("", REFUSED))[1]))


class ImportForm(forms.Form):
    """A file of the school register, and whose schools to import from it. A file that is none is refused at once."""

    once = forms.OnceField()
    file = forms.FileField(
        label=_("File of the school register"),
        hint=_("An extract of Get Information about Schools: .csv or .csv.gz, up to 64 MB."),
        endings=(".csv", ".gz"),
        largest=64_000_000,
        missing=_("Choose the file"),
    )
    which = forms.RadiosField(
        label=_("Whose schools?"),
        choices=[
            forms.Choice(
                "all",
                _("Those of every force in the file"),
                hint=_("A force that has administrators of its own is left to them."),
            ),
            forms.Choice("some", _("Only those of some forces"), reveals=("forces",)),
        ],
        missing=_("Choose whose schools"),
        initial="all",
    )
    forces = forms.CheckboxesField(label=_("Which forces?"), missing=_("Choose at least one force"))

    def __init__(self, *args: Any, areas: Iterable[PoliceArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forces"].choices = [(area.slug, area.name) for area in areas]  # type: ignore[attr-defined]

    def clean_file(self) -> Upload:
        sent = self.cleaned_data["file"]
        upload = Upload(sent.name, sent.read())
        try:
            with open_register(upload):
                return upload
        except UnreadableRegister as error:
            raise forms.ValidationError(str(error)) from error


class ImportLinesForm(forms.Form):
    """Which lines of an import's report to show."""

    words = forms.TextField(label=_("School, URN or police force"))
    part = forms.SelectField(label=_("What happened"), prompt=_("Anything"), choices=ImportPart.choices)


class InviteForm(forms.Form):
    """Nothing to fill in: only to be sent."""


def _choices(named: Named) -> list[forms.Choice]:
    return [forms.Choice(str(pk), name) for pk, name in named]


def _number(value: str) -> int | None:
    return int(value) if value else None
