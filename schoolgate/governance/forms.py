"""What oversight asks for."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from schoolgate.audit.notes import Operation
from schoolgate.governance.selectors import NearCircle
from schoolgate.ui import forms
from schoolgate.ui.parsing import london_moment

HOURS = (1, 2, 4, 8)
HOURS_WORDS = ngettext_lazy("%(count)s hour", "%(count)s hours", "count")


class ChildForm(forms.Form):
    """The name by which somebody asks the data protection officer about a child."""

    name = forms.TextField(
        label=_("Name of the child, or part of it"),
        hint=_("At least three letters. The page shows which records there are, and nothing of what they say."),
        missing=_("Enter the name"),
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if len(name) < 3:
            raise forms.ValidationError(gettext("Enter at least three letters"))
        return name


class LogForm(forms.Form):
    """Which entries of the log to show. kinds: those of records, in words.

    settled: the questions that the page itself answers, so they are not asked.
    """

    who = forms.TextField(label=_("Name of the person who looked"))
    record = forms.TextField(label=_("Id of a record or of a child"), hint=_("As the log shows it."))
    operation = forms.SelectField(
        label=_("What was done"), prompt=_("Anything"), choices=[forms.Choice(*c) for c in Operation.choices]
    )
    kind = forms.SelectField(label=_("Kind of record"), prompt=_("Any kind"))
    since = forms.DayField(label=_("From"), not_later=True)
    until = forms.DayField(label=_("Until, that day included"))

    def __init__(
        self, *args: object, kinds: Iterable[tuple[str, str]], settled: Iterable[str] = (), **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in settled:
            del self.fields[name]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_record(self) -> UUID | None:
        typed = self.cleaned_data["record"]
        try:
            return UUID(typed) if typed else None
        except ValueError:
            raise forms.ValidationError(
                gettext("Enter an id as the log shows it, with 32 letters and figures")
            ) from None

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The last day must not be before the first"))

    def moment(self, name: str, *, days_later: int = 0) -> dt.datetime | None:
        """The beginning of a day that was typed, or of one after it."""
        day = self.cleaned_data.get(name) if self.is_bound else None
        return london_moment(day + dt.timedelta(days=days_later), dt.time()) if day else None


class EmergencyForm(forms.Form):
    """Which circle, for how long, and why."""

    once = forms.OnceField()
    circle = forms.SelectField(
        label=_("Which records do you need?"),
        prompt=_("Choose a school"),
        missing=_("Choose the school whose records you need"),
    )
    hours = forms.RadiosField(
        label=_("For how long?"),
        hint=_("It ends by itself."),
        choices=[forms.Choice(str(h), HOURS_WORDS % {"count": h}) for h in HOURS],
        missing=_("Choose for how long"),
        inline=True,
    )
    reason = forms.LongTextField(
        label=_("Why do you need them now?"),
        hint=_("Head teacher, sergeant and data protection officer read this. Leave out names."),
        missing=_("Say why you need them now"),
        longest=1000,
    )

    def __init__(self, *args: object, near: Iterable[NearCircle], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.near = {f"{circle.kind}:{circle.school}": circle for circle in near}
        choices = [forms.Choice(value, circle.name) for value, circle in self.near.items()]
        self.fields["circle"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> NearCircle:
        """The circle that was chosen."""
        return self.near[self.cleaned_data["circle"]]
