"""The form by which a force's document is written."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.partnership.models import LONGEST_TEXT
from schoolgate.partnership.selectors.filling import FIELDS
from schoolgate.ui import forms
from schoolgate.ui.prose import fields_in


class EditionForm(DraftedForm):
    """Title, summary and text in Markdown. begun_from: the version that somebody had before them as they began."""

    draft_kind = DraftKind.EDITION
    begun_from = forms.HiddenField()
    title = forms.TextField(label=_("Title"), missing=_("Give the title"), longest=200)
    as_at = forms.DayField(
        label=_("As at"), hint=_("The day on which the law in it was checked."), missing=_("Give the day")
    )
    summary = forms.LongTextField(
        label=_("Plain summary"),
        hint=_("What the head teacher reads first: what they agree to, what changes, how it ends."),
        missing=_("Write the summary"),
        longest=4_000,
        rows=8,
    )
    body = forms.LongTextField(
        label=_("The whole text"),
        hint=_(
            "Markdown: # for headings, - for lists, | for tables. "
            "Fields in double brackets are filled in for each school."
        ),
        missing=_("Write the text"),
        longest=LONGEST_TEXT,
        rows=30,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        for name in ("summary", "body"):
            unknown = [field for field in fields_in(answers.get(name) or "") if field not in FIELDS]
            if unknown:
                self.add_error(name, gettext("There is no field called %s") % ", ".join(unknown))
        return answers
