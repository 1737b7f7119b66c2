"""The forms by which a head teacher appoints the SPOC, and both sides write down how they work together."""

from collections.abc import Iterable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.ui import forms

SCHOOL_DAYS = [(str(day), WEEKDAYS[day]) for day in range(5)]


class AppointForm(DraftedForm):
    """Who, as what, from which day on, and what is handed over."""

    draft_kind = DraftKind.APPOINTMENT
    person = forms.RadiosField(
        label=_("Who?"), hint=_("Members of the senior leadership team (SLT)."), missing=_("Choose a member of the SLT")
    )
    role = forms.RadiosField(
        label=_("As what?"),
        choices=[forms.Choice(Role.SPOC, Role.SPOC.label), forms.Choice(Role.DEPUTY_SPOC, Role.DEPUTY_SPOC.label)],
        missing=_("Choose SPOC or deputy"),
    )
    since = forms.DayField(label=_("From which day on?"), missing=_("Give the first day"), not_earlier=True)
    words = forms.LongTextField(
        label=_("What is handed over (optional)?"),
        hint=_("What is open stays where it is and is theirs from that day. Leave out names of children."),
        longest=2_000,
        rows=4,
    )

    def __init__(self, *args: Any, people: Iterable[PersonCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(person.id), person.called) for person in people]  # type: ignore[attr-defined]

    def clean_person(self) -> int:
        return int(self.cleaned_data["person"])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndSpocForm(forms.Form):
    """The last day."""

    last_day = forms.DayField(
        label=_("Their last day"),
        hint=_(
            "The whole day counts. Give yesterday to end it at once. They stay on the staff and go on reading as its "
            "members do: take whoever leaves the school off the staff list."
        ),
        missing=_("Give the last day"),
    )


class InvolvementForm(DraftedForm):
    """Visits, what happens in school time, what the school provides."""

    draft_kind = DraftKind.INVOLVEMENT
    visits = forms.TextField(
        label=_("How often does the officer come?"),
        hint=_("For example, two mornings a week, or once a term."),
        missing=_("Say how often the officer comes"),
    )
    visit_days = forms.CheckboxesField(label=_("On which days (optional)?"), choices=SCHOOL_DAYS)
    in_school_time = forms.LongTextField(label=_("What happens in school time?"), longest=2_000, rows=3)
    room = forms.LongTextField(label=_("Which room is there, and when?"), longest=1_000, rows=2)
    storage = forms.LongTextField(
        label=_("What can be locked away, and who has the keys?"),
        hint=_("A single-leaf door, two locks or more, keys with the police only, both sides' risk assessments."),
        longest=1_000,
        rows=2,
    )
    access_card = forms.LongTextField(label=_("Which card opens the doors?"), longest=1_000, rows=2)

    def clean_visit_days(self) -> list[int]:
        return [int(day) for day in self.cleaned_data["visit_days"]]
