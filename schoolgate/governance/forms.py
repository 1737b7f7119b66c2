"""What oversight asks for."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from schoolgate.audit.notes import Operation
from schoolgate.governance.selectors import NearCircle, kinds
from schoolgate.ui import forms
from schoolgate.ui.parsing import london_moment

HOURS = (1, 2, 4, 8)


class LogForm(forms.Form):
    """Which entries of the log to show. settled: the questions that the page itself answers, so they are not asked."""

    who = forms.TextField(label=later("Name of the person who looked"))
    record = forms.TextField(label=later("Id of a record or of a child"), hint=later("As the log shows it."))
    operation = forms.SelectField(
        label=later("What was done"), prompt=later("Anything"), choices=[forms.Choice(*c) for c in Operation.choices]
    )
    kind = forms.SelectField(label=later("Kind of record"), prompt=later("Any kind"))
    since = forms.DayField(label=later("From"), not_later=True)
    until = forms.DayField(label=later("Until, that day included"))

    def __init__(self, *args: object, settled: Iterable[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in settled:
            del self.fields[name]
        named = sorted((capfirst(one), kind) for kind, (one, _many) in kinds().items())
        self.fields["kind"].choices = [(kind, one) for one, kind in named]  # type: ignore[attr-defined]

    def clean_record(self) -> UUID | None:
        typed = self.cleaned_data["record"]
        try:
            return UUID(typed) if typed else None
        except ValueError:
            raise forms.ValidationError(_("Enter an id as the log shows it, with 32 letters and figures")) from None

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not be before the first"))

    def moment(self, name: str, *, days_later: int = 0) -> dt.datetime | None:
        """The beginning of a day that was typed, or of one after it."""
        day = self.cleaned_data.get(name) if self.is_bound else None
        return london_moment(day + dt.timedelta(days=days_later), dt.time()) if day else None


class EmergencyForm(forms.Form):
    """Which circle, for how long, and why."""

    once = forms.OnceField()
    circle = forms.SelectField(
        label=later("Which records do you need?"),
        prompt=later("Choose a school"),
        missing=later("Choose the school whose records you need"),
    )
    hours = forms.RadiosField(
        label=later("For how long?"),
        hint=later("It ends by itself."),
        choices=[forms.Choice(str(h), ngettext("%(count)s hour", "%(count)s hours", h) % {"count": h}) for h in HOURS],
        missing=later("Choose for how long"),
        inline=True,
    )
    reason = forms.LongTextField(
        label=later("Why do you need them now?"),
        hint=later("Head teacher, sergeant and data protection officer read this. Leave out names."),
        missing=later("Say why you need them now"),
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
