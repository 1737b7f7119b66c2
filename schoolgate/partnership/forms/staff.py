"""The forms by which a school's staff list is handed in, looked at, and taken over."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.partnership.staff_list import StaffList, read_staff_list
from schoolgate.ui import forms
from schoolgate.ui.spreadsheet import UnreadableTable, text_of

LARGEST = 2_000_000  # bytes or characters: more than 20,000 people


class StaffListForm(forms.Form):
    """A file, or what was copied from a table. `given` is the list as it was read."""

    file = forms.FileField(label=_("File"), hint=_("A .csv file."), endings=(".csv", ".txt"), largest=LARGEST)
    text = forms.LongTextField(
        label=_("Or paste the list here"),
        hint=_("The first line names the columns, for example: name, email, title, group, on SLT."),
        longest=LARGEST,
        rows=8,
    )
    given: StaffList

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        file = answers.get("file")
        answers["text"] = text_of(file.read()) if file else answers.get("text", "")
        if not self.errors and not answers["text"]:
            self.add_error("file", gettext("Choose the file, or paste the list"))
        elif not self.errors:
            self._read(answers["text"], "file" if file else "text")
        return answers

    def _read(self, text: str, field: str) -> None:
        try:
            self.given = read_staff_list(text)
        except UnreadableTable as error:
            self.add_error(field, str(error))


class TakeStaffForm(StaffListForm):
    """The same list once more, as it travelled with the page, and the digest of what was shown of it."""

    file = None  # type: ignore[assignment]
    text = forms.HiddenField(longest=LARGEST)  # type: ignore[assignment]
    shown = forms.HiddenField()
    invite = forms.TickField(label=_("Invite whoever cannot sign in yet: they get an e-mail with a link"))
