"""Forms and fields of every page, rendered through the government's macros.

    from django.utils.translation import gettext_lazy as _
    from schoolgate.ui import forms

    class ConcernForm(forms.OnceForm):
        what = forms.LongTextField(
            label=_("What did you see or hear?"),
            hint=_("Facts only. Your opinion has its own box below."),
            missing=_("Say what you saw or heard"),
            longest=4000,
        )
        where = forms.RadiosField(
            label=_("Where did it happen?"),
            choices=[
                forms.Choice("school", _("In school")),
                forms.Choice("online", _("Online"), hint=_("Any app"), reveals=("which_app",)),
            ],
            missing=_("Choose where it happened"),
        )
        which_app = forms.TextField(label=_("Which app?"), missing=_("Name the app"))
        when = forms.DayField(label=_("When was it?"), missing=_("Say when it was"), not_later=True)

    form = ConcernForm(request.POST, now=at)        bound; `now` is the time of the request
    form = ConcernForm(now=at, initial={...})       new
    form = ConcernForm.from_draft(saved, now=at)    as typed, no errors; `saved` is a QueryDict

- A field with `missing` must be filled in, and `missing` is what the person is told to do.
  A field without it may be left empty.
- A revealed field (`reveals`) counts only when its choice is chosen; else it comes out empty.
- Wrong input: raise `ValidationError` in `clean_<name>` or `self.add_error(name, message)`.
- In a template `ui/form_page.html` does everything. By hand: `{{ form.error_summary }}`,
  `{{ form.hidden }}`, and `{{ form.what.as_field_group() }}` for one question;
  `form.questions` lists the questions that are not hidden and not revealed by another.
- Choices known only at run time: `self.fields["child"].choices = [Choice(...), ...]`
  in `__init__` after `super().__init__(*args, **kwargs)`.
- No field may be called like an attribute of a form (`data`, `errors`, `files`, `hidden`, `questions`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from schoolgate.core.ids import new_id
from schoolgate.ui.components import component
from schoolgate.ui.fields import (
    BoundField,
    CheckboxesField,
    Choice,
    DateField,
    DayField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    LongTextField,
    OnceField,
    PasswordField,
    RadiosField,
    SelectField,
    TextField,
    TickField,
    TimeField,
    VersionField,
)

__all__ = [
    "CheckboxesField",
    "Choice",
    "DateField",
    "DayField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenField",
    "IntegerField",
    "LongTextField",
    "OnceField",
    "OnceForm",
    "PasswordField",
    "RadiosField",
    "SelectField",
    "TextField",
    "TickField",
    "TimeField",
    "ValidationError",
    "VersionField",
    "form_page",
    "typed_in",
]


# Every form says whose account showed it: on a shared computer somebody else may have signed in since.
TYPED_BY = "typed_by"

# A view of a page with a form.
form_page = require_http_methods(["GET", "POST"])


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """What somebody typed, to be kept or carried along: not the button that they pressed, nor what the page added."""
    return {name: values for name, values in posted.lists() if name not in ("csrfmiddlewaretoken", TYPED_BY, "step")}


class Form(forms.Form):
    """The base of every form. `now` is the time of the request, for fields that speak of today."""

    bound_field_class = BoundField
    fields: dict[str, "Field"]  # type: ignore[assignment]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        now: dt.datetime | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), use_required_attribute=False)
        for field in self.fields.values():
            field.now = now

    @classmethod
    def from_draft(cls, saved: MultiValueDict[str, str], *, now: dt.datetime | None = None, **kwargs: Any) -> Self:
        """Take what was typed (as posted), give a form that shows it and complains of nothing."""
        form = cls(now=now, **kwargs)
        for name, field in form.fields.items():
            typed = field.widget.value_from_datadict(saved, MultiValueDict(), name)
            if typed is not None:
                form.initial[name] = typed
        return form

    @property
    def bound_fields(self) -> list[BoundField]:
        return [cast(BoundField, self[name]) for name in self.fields]

    @property
    def questions(self) -> list[BoundField]:
        """The questions in order, without the hidden and the revealed."""
        revealed = {name for field in self.fields.values() for name in field.revealed()}
        return [b for b in self.bound_fields if not b.is_hidden and b.name not in revealed]

    @property
    def hidden(self) -> Markup:
        """The hidden inputs."""
        return Markup().join(b.as_field_group() for b in self.bound_fields if b.is_hidden)

    @property
    def error_summary(self) -> Markup:
        """What is wrong, linked to the inputs; nothing when nothing is wrong."""
        if not self.errors:
            return Markup()
        listed = [{"text": str(error)} for error in self.non_field_errors()]
        for bound in self.bound_fields:
            href = {} if bound.is_hidden else {"href": f"#{bound.focus_id}"}
            listed += [{"text": str(error)} | href for error in bound.errors]
        parameters = {"titleText": _("There is a problem"), "errorList": listed}
        return component("error-summary", "govukErrorSummary", parameters)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self.not_asked():
            self._errors.pop(name, None)  # type: ignore[attr-defined]
            self.cleaned_data[name] = self.fields[name].nothing

    def not_asked(self) -> set[str]:
        """The fields whose choice was not chosen, and those that they would have revealed."""
        closed: set[str] = set()
        for name, field in self.fields.items():
            chosen = () if name in closed else field.chosen(self[name].value())
            closed |= field.revealed() - field.revealed(chosen)
        return closed


class OnceForm(Form):
    """A form that makes one record, however often it is sent."""

    once = OnceField()

    def begin_anew(self) -> None:
        """What is typed now was not sent, only what was typed before: it may go as a record of its own."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["once"] = str(new_id())  # type: ignore[index]
        self.add_error(None, _("This form was sent already, with other words. Send it again to add these too."))
