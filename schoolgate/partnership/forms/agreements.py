"""The forms by which an agreement is proposed, signed, declined, withdrawn and ended."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.selectors import PersonCard
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.partnership.selectors.documents import EditionRow
from schoolgate.ui import forms
from schoolgate.ui.presenters import short_day_words

LONGEST = dt.timedelta(days=5 * 366)


class ProposeForm(forms.Form):
    """Which texts, from when until when."""

    once = forms.OnceField()
    editions = forms.CheckboxesField(label=_("What do you propose?"), missing=_("Choose at least one document"))
    since = forms.DayField(label=_("In force from"), missing=_("Give the first day"))
    until = forms.DayField(label=_("Until"), missing=_("Give the last day"), not_earlier=True)

    def __init__(self, *args: Any, editions: Iterable[EditionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["editions"].choices = [  # type: ignore[attr-defined]
            forms.Choice(str(row.id), _edition_words(row)) for row in editions
        ]

    def clean_editions(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["editions"]]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if since and until and until <= since:
            self.add_error("until", gettext("The last day must be after the first"))
        elif since and until and until - since > LONGEST:
            self.add_error("until", gettext("An agreement runs for five years at most"))
        return answers


def _edition_words(row: EditionRow) -> str:
    words = gettext("%(title)s, edition %(number)s, as at %(day)s")
    return words % {"title": row.title, "number": row.number, "day": short_day_words(row.as_at)}


class SignForm(forms.Form):
    """Name, role and statement. The digest says which text stood on the page.

    also: the same edition, as it waits for the trust's other schools.
    """

    once = forms.OnceField()
    digest = forms.HiddenField()
    name = forms.TextField(label=_("Your name"), missing=_("Give your name"), longest=200)
    role = forms.TextField(label=_("Your role"), missing=_("Give your role"), longest=100)
    also = forms.CheckboxesField(
        label=_("Sign the same text for other schools of the trust too?"),
        hint=_("It differs in the names and dates of the school alone. Each head teacher still signs."),
    )
    agreed = forms.TickField(label=_("I have read the whole text, and I agree and sign"), missing=_("Tick to sign"))

    def __init__(self, *args: Any, also: Sequence[forms.Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if also:
            self.fields["also"].choices = also  # type: ignore[attr-defined]
        else:
            del self.fields["also"]

    def clean_also(self) -> list[UUID]:
        return [UUID(pk) for pk in self.cleaned_data["also"]]


class ReasonForm(DraftedForm):
    """Why."""

    draft_kind = DraftKind.AGREEMENT_STEP
    words = forms.LongTextField(label=_("Why?"), missing=_("Give the reasons"), longest=2_000, rows=4)


class EndForm(ReasonForm):
    """Why, and the last day."""

    last_day = forms.DayField(label=_("Its last day"), missing=_("Give its last day"), not_earlier=True)


class DelegateForm(DraftedForm):
    """Who signs in one's place, and why."""

    draft_kind = DraftKind.AGREEMENT_STEP
    person = forms.SelectField(
        label=_("Who signs in your place?"), prompt=_("Choose a member of the SLT"), missing=_("Choose who signs")
    )
    words = forms.LongTextField(
        label=_("What do you ask of them?"), missing=_("Write what you ask of them"), longest=1_000, rows=3
    )

    def __init__(self, *args: Any, people: Iterable[PersonCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(person.id), person.called) for person in people]  # type: ignore[attr-defined]

    def clean_person(self) -> int:
        return int(self.cleaned_data["person"])


class CheckForm(forms.Form):
    """A copy that somebody holds: the file itself, or its digest."""

    copy = forms.FileField(label=_("The PDF that you have"), endings=(".pdf",), largest=20_000_000)
    digest = forms.TextField(
        label=_("Or its SHA-256 digest"), hint=_("64 letters and figures. The file need not leave your computer then.")
    )

    def clean_digest(self) -> str:
        digest = str(self.cleaned_data["digest"]).strip().lower()
        if digest and not re.fullmatch("[0-9a-f]{64}", digest):
            raise forms.ValidationError(gettext("A digest is 64 figures and letters from a to f"))
        return digest

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and not answers.get("copy") and not answers.get("digest"):
            self.add_error("copy", gettext("Choose the PDF, or give its digest"))
        return answers

    @property
    def sha256(self) -> str:
        """The digest of the copy."""
        copy = self.cleaned_data["copy"]
        if copy:
            return hashlib.sha256(copy.read()).hexdigest()
        return str(self.cleaned_data["digest"])
