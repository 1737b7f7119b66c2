"""Which schools of the force to show."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import Phase
from schoolgate.partnership.models import PartnershipState
from schoolgate.partnership.selectors.overview import Wanted
from schoolgate.ui import forms


class OverviewForm(forms.Form):
    """By state, phase, BCU, and what is amiss; `after` is the id and the name of the last school shown."""

    after = forms.HiddenField(longest=240)
    force = forms.SelectField(label=_("Police force"), prompt=_("The first by name"))
    state = forms.SelectField(label=_("State"), prompt=_("Any state"), choices=PartnershipState.choices)
    phase = forms.SelectField(label=_("Phase"), prompt=_("Any phase"), choices=Phase.choices)
    bcu = forms.SelectField(label=_("BCU of the officer's team"), prompt=_("Any BCU"))
    lapses = forms.TickField(label=_("A document lapses this term"))
    no_spoc = forms.TickField(label=_("No SPOC"))
    low = forms.TickField(label=_("Fewer than half of the staff have read the briefing"))

    def __init__(
        self, *args: Any, forces: Sequence[tuple[int, str]], bcus: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        """forces: those that this person oversees; who oversees one alone is not asked."""
        super().__init__(*args, **kwargs)
        if len(forces) > 1:
            self.fields["force"].choices = [(str(force), name) for force, name in forces]  # type: ignore[attr-defined]
        else:
            del self.fields["force"]
        self.fields["bcu"].choices = [(str(bcu), name) for bcu, name in bcus]  # type: ignore[attr-defined]

    def clean_bcu(self) -> int | None:
        return int(self.cleaned_data["bcu"]) if self.cleaned_data["bcu"] else None

    def clean_after(self) -> tuple[str, int] | None:
        """What somebody tampered with begins anew."""
        pk, _mark, name = self.cleaned_data["after"].partition("_")
        return (name, int(pk)) if pk.isdecimal() and len(pk) < 10 else None

    @property
    def wanted(self) -> Wanted:
        """What was asked for; nothing yet: all."""
        asked = {name: answer for name, answer in self.cleaned_data.items() if name != "force"} if self.is_bound else {}
        return Wanted(**asked)
