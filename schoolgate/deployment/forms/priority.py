"""The forms by which weights are set, values are handed in, and a sergeant decides."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.deployment.models import IndicatorKind
from schoolgate.deployment.values import Given, read_values
from schoolgate.ui import forms
from schoolgate.ui.spreadsheet import UnreadableTable, text_of

LARGEST = 2_000_000


class WeightsForm(forms.Form):
    """A weight for each indicator of the closed list; empty: it does not count."""

    number = forms.VersionField()

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and not self.weights:
            self.add_error(IndicatorKind.values[0], gettext("Give at least one indicator a weight"))
        return answers

    @property
    def weights(self) -> dict[IndicatorKind, int]:
        """What counts, and how much."""
        given = {kind: self.cleaned_data.get(kind.value) for kind in IndicatorKind}
        return {kind: weight for kind, weight in given.items() if weight}


for _kind in IndicatorKind:
    WeightsForm.base_fields[_kind.value] = forms.IntegerField(label=_kind.label, least=0, most=100)
WeightsForm.base_fields["reason"] = forms.LongTextField(
    label=_("Why these weights?"), missing=_("Say why these weights"), longest=2_000, rows=3
)


class ValuesForm(forms.Form):
    """A file, or what was copied from a table, and the day of the figures. `given` is the table as it was read."""

    file = forms.FileField(label=_("File"), hint=_("A .csv file."), endings=(".csv", ".txt"), largest=LARGEST)
    text = forms.LongTextField(
        label=_("Or paste the table here"), hint=_("For example: URN, Robbery of pupils, ASB."), longest=LARGEST, rows=8
    )
    as_at = forms.DateField(label=_("As at"), missing=_("Give the day of the figures"), not_later=True)
    given: Given

    def __init__(self, *args: Any, schools: Mapping[int, tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._schools = schools

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        file = answers.get("file")
        answers["text"] = text_of(file.read()) if file else answers.get("text", "")
        if "file" in self.errors or "text" in self.errors:
            return answers
        if not answers["text"]:
            self.add_error("file", gettext("Choose the file, or paste the table"))
            return answers
        try:
            self.given = read_values(answers["text"], self._schools)
        except UnreadableTable as error:
            self.add_error("file" if file else "text", str(error))
        return answers


class TakeValuesForm(ValuesForm):
    """The same table once more, as it travelled with the page."""

    file = None  # type: ignore[assignment]
    text = forms.HiddenField(longest=LARGEST)  # type: ignore[assignment]


class DecisionForm(forms.OnceForm):
    """A priority or not, and why."""

    is_priority = forms.RadiosField(
        label=_("Is it a priority school?"),
        choices=[("yes", _("A priority school")), ("no", _("Not a priority school"))],
        missing=_("Choose whether it is a priority school"),
    )
    reasons = forms.LongTextField(
        label=_("Reasons"),
        hint=_("Kept apart from the score. No names of children, and nothing about who they are."),
        missing=_("Give the reasons"),
        longest=2_000,
        rows=5,
    )

    def clean_is_priority(self) -> bool:
        return bool(self.cleaned_data["is_priority"] == "yes")
