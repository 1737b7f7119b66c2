"""Which schools of the force to show."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import Phase
from schoolgate.partnership.models import PartnershipState
from schoolgate.partnership.selectors.overview import Wanted
from schoolgate.ui import forms


class OverviewForm(forms.Form):
    """By state, phase, BCU, and what is amiss; `after` is the id and the name of the last school shown."""

    after = forms.HiddenField(longest=240)
    state = forms.SelectField(label=_("State"), prompt=_("Any state"), choices=PartnershipState.choices)
    phase = forms.SelectField(label=_("Phase"), prompt=_("Any phase"), choices=Phase.choices)
    bcu = forms.SelectField(label=_("BCU of the officer's team"), prompt=_("Any BCU"))
    lapses = forms.TickField(label=_("A document lapses this term"))
    no_spoc = forms.TickField(label=_("No SPOC"))
    low = forms.TickField(label=_("Fewer than half of the staff have read the briefing"))

    def __init__(self, *args: Any, bcus: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        return Wanted(**self.cleaned_data) if self.is_bound else Wanted()
