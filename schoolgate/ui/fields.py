"""The kinds of question that a form can ask, each rendered whole: label, hint, error and input."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from schoolgate.core.ids import new_id
from schoolgate.ui.components import Parameters, component
from schoolgate.ui.parsing import complain_unless, date_from, is_email, time_from, today

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words: TypeAlias = str | _StrPromise
else:
    Words = str | Promise


@dataclass(frozen=True)
class Choice:
    """One choice of radios, checkboxes or a select; `reveals` names fields that it opens."""

    value: str
    text: Words
    hint: Words = ""
    reveals: tuple[str, ...] = ()


Choices = Iterable[Choice | tuple[str, Words]]


class BoundField(forms.BoundField):
    """One question of a form: label, hint, error and input in one piece."""

    form: forms.BaseForm
    field: "Field"

    def as_field_group(self) -> Markup:  # type: ignore[override]
        """Render the whole component."""
        return self.field.render(self)

    @property
    def error(self) -> str:
        """The first thing that is wrong, or nothing."""
        return str(next(iter(self.errors), ""))

    @property
    def focus_id(self) -> str:
        """The id of the first input, for the error summary's link."""
        return self.field.focus_id(self.id)

    @property
    def id(self) -> str:
        return str(self.auto_id)

    def base(self) -> Parameters:
        """What every component takes: id, name, hint and error."""
        parameters: Parameters = {"id": self.id, "idPrefix": self.id, "name": self.html_name}
        if self.help_text:
            parameters["hint"] = {"text": str(self.help_text)}
        if self.error:
            parameters["errorMessage"] = {"text": self.error, "visuallyHiddenText": _("Error")}
        return parameters

    def labelled(self) -> Parameters:
        """The base with a label, for a single input."""
        return self.base() | {"label": {"text": str(self.label), "classes": "govuk-label--s"}}

    def grouped(self) -> Parameters:
        """The base with a legend, for a group of inputs."""
        legend = {"text": str(self.label), "classes": "govuk-fieldset__legend--s"}
        return self.base() | {"fieldset": {"legend": legend}}


class RawInput(forms.Widget):
    """Reads one input as it was typed. Fields render themselves."""


class HiddenInput(RawInput):
    """Reads a hidden input."""

    input_type = "hidden"


class ListInput(RawInput):
    """Reads all inputs of one name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)


class FileInput(RawInput):
    """Reads a file."""

    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name)


class PartsInput(RawInput):
    """Reads several inputs, each `name_part`, into a dict."""

    def __init__(self, *parts: str) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str] | None:
        typed = {part: data.get(f"{name}_{part}") for part in self.parts}
        return {k: v or "" for k, v in typed.items()} if any(typed.values()) else None


class Field(forms.Field):
    """The base of every field. Without `missing` it may be left empty."""

    nothing: ClassVar[Any] = ""
    widget: Any = RawInput
    now: dt.datetime | None = None

    def __init__(
        self, *, label: Words = "", hint: Words = "", missing: Words | None = None, initial: Any = None
    ) -> None:
        messages = {"required": missing} if missing else {}
        super().__init__(
            required=missing is not None,
            label=label,
            help_text=hint,
            initial=initial,
            error_messages=cast(Any, messages),
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        return BoundField(form, self, field_name)

    def render(self, bound: BoundField) -> Markup:
        raise NotImplementedError

    def focus_id(self, id: str) -> str:
        return id

    def revealed(self, chosen: Iterable[str] | None = None) -> set[str]:
        """The fields opened by the chosen values, or by any."""
        return set()

    def chosen(self, typed: Any) -> tuple[str, ...]:
        """The chosen values in what was typed."""
        return ()


class TextField(Field):
    """One line of text. `width` is in characters (2, 3, 4, 5, 10, 20) or nothing for the full width."""

    type: ClassVar[str] = "text"
    autocomplete: ClassVar[str] = "off"
    inputmode: ClassVar[str] = ""

    def __init__(self, *, longest: int = 200, width: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.width = longest, width

    def to_python(self, value: Any) -> Any:
        return str(value or "").replace("\r\n", "\n").strip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, str) and len(value) > self.longest:
            raise ValidationError(
                _("Use %(longest)s characters or fewer. You used %(used)s.")
                % {"longest": f"{self.longest:,}", "used": f"{len(value):,}"}
            )

    def render(self, bound: BoundField) -> Markup:
        return component("input", "govukInput", self.input_parameters(bound))

    def input_parameters(self, bound: BoundField) -> Parameters:
        parameters = bound.labelled() | {
            "value": shown(bound.value()),
            "type": self.type,
            "autocomplete": self.autocomplete,
        }
        if self.width:
            parameters["classes"] = f"govuk-input--width-{self.width}"
        if self.inputmode:
            parameters["inputmode"] = self.inputmode
        return parameters


class EmailField(TextField):
    """An e-mail address."""

    type = "email"
    inputmode = "email"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=254, **kwargs)

    def to_python(self, value: Any) -> str:
        address = str(super().to_python(value))
        if address:
            complain_unless(is_email(address), _("Enter an e-mail address like name@example.org"))
        return address


class PasswordField(TextField):
    """A password: never shown again, never trimmed."""

    autocomplete = "current-password"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=1000, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def render(self, bound: BoundField) -> Markup:
        parameters = self.input_parameters(bound) | {"value": ""}
        return component("password-input", "govukPasswordInput", parameters)


class IntegerField(TextField):
    """A whole number from `least` to `most`."""

    nothing = None
    inputmode = "numeric"

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(width=5, **kwargs)
        self.least, self.most = least, most

    def to_python(self, value: Any) -> int | None:
        typed = str(value if value is not None else "").replace(",", "").strip()
        if not typed:
            return None
        message = _("Enter a whole number from %(least)s to %(most)s") % {
            "least": self.least,
            "most": self.most,
        }
        complain_unless(re.fullmatch(r"-?[0-9]{1,12}", typed), message)
        complain_unless(self.least <= int(typed) <= self.most, message)
        return int(typed)


class LongTextField(TextField):
    """Several lines of text with a counted maximum."""

    def __init__(self, *, longest: int, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(longest=longest, **kwargs)
        self.rows = rows

    def render(self, bound: BoundField) -> Markup:
        parameters = bound.labelled() | {
            "value": lines_kept(shown(bound.value())),
            "rows": self.rows,
            "maxlength": self.longest,
            "threshold": 75,
            "spellcheck": True,
        }
        return component("character-count", "govukCharacterCount", parameters | count_words())


class ChoiceField(Field):
    """The base of fields with choices."""

    def __init__(self, *, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    @property
    def choices(self) -> list[Choice]:
        return self._choices

    @choices.setter
    def choices(self, choices: Choices) -> None:
        self._choices = [c if isinstance(c, Choice) else Choice(str(c[0]), c[1]) for c in choices]

    def revealed(self, chosen: Iterable[str] | None = None) -> set[str]:
        wanted = None if chosen is None else set(chosen)
        opening = (c for c in self.choices if wanted is None or c.value in wanted)
        return {name for choice in opening for name in choice.reveals}

    def chosen(self, typed: Any) -> tuple[str, ...]:
        values = typed if isinstance(typed, list | tuple) else [typed]
        return tuple(shown(value) for value in values)

    def offered(self, value: str) -> str:
        known = {choice.value for choice in self.choices}
        complain_unless(value in known, _("Choose from the list"))
        return value

    def to_python(self, value: Any) -> Any:
        return self.offered(str(value)) if value else ""

    def items(self, bound: BoundField) -> list[Parameters]:
        picked = self.chosen(bound.value())
        return [self.item(choice, bound, choice.value in picked) for choice in self.choices]

    def item(self, choice: Choice, bound: BoundField, checked: bool) -> Parameters:
        item: Parameters = {"value": choice.value, "text": str(choice.text), "checked": checked}
        if choice.hint:
            item["hint"] = {"text": str(choice.hint)}
        if choice.reveals:
            fields = (cast(BoundField, bound.form[name]) for name in choice.reveals)
            item["conditional"] = {"html": Markup().join(f.as_field_group() for f in fields)}
        return item


class RadiosField(ChoiceField):
    """One of a few choices, all in view."""

    def __init__(self, *, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inline = inline

    def render(self, bound: BoundField) -> Markup:
        parameters = bound.grouped() | {"items": self.items(bound)}
        if self.inline:
            parameters["classes"] = "govuk-radios--inline"
        return component("radios", "govukRadios", parameters)


class SelectField(ChoiceField):
    """One of many choices. `prompt` stands first and chooses nothing."""

    def __init__(self, *, prompt: Words, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prompt = prompt

    def render(self, bound: BoundField) -> Markup:
        offered = [{"value": c.value, "text": str(c.text)} for c in self.choices]
        items = [{"value": "", "text": str(self.prompt)}, *offered]
        parameters = bound.labelled() | {"items": items, "value": shown(bound.value())}
        return component("select", "govukSelect", parameters)


class CheckboxesField(ChoiceField):
    """Any of a few choices; gives a list of values."""

    nothing: ClassVar[Any] = ()
    widget = ListInput

    def to_python(self, value: Any) -> Any:
        return [self.offered(str(one)) for one in value or ()]

    def render(self, bound: BoundField) -> Markup:
        parameters = bound.grouped() | {"items": self.items(bound)}
        return component("checkboxes", "govukCheckboxes", parameters)


class TickField(Field):
    """One box to tick; gives True or False."""

    nothing = False

    def to_python(self, value: Any) -> bool:
        return bool(value)

    def validate(self, value: Any) -> None:
        complain_unless(value or not self.required, str(self.error_messages["required"]))

    def render(self, bound: BoundField) -> Markup:
        tick = {"value": "yes", "text": str(bound.label), "checked": bool(bound.value())}
        return component("checkboxes", "govukCheckboxes", bound.base() | {"items": [tick]})


class DateField(Field):
    """A date in three boxes: for a date of birth or one that is known by heart.

    With `not_later` or `not_earlier`, than today.
    """

    nothing = None
    parts = ("day", "month", "year")

    def __init__(self, *, not_later: bool = False, not_earlier: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = self.reader()
        self.not_later, self.not_earlier = not_later, not_earlier

    def reader(self) -> forms.Widget:
        return PartsInput(*self.parts)

    def focus_id(self, id: str) -> str:
        return f"{id}_day"

    def to_python(self, value: Any) -> dt.date | None:
        if not value or isinstance(value, dt.date):
            return value or None
        return date_from([value[part].strip() for part in self.parts])

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.not_later:
            complain_unless(value <= self.today(), _("The date must be today or earlier"))
        if value and self.not_earlier:
            complain_unless(value >= self.today(), _("The date must be today or later"))

    def today(self) -> dt.date:
        return today(self.now)

    def render(self, bound: BoundField) -> Markup:
        typed = self.typed(bound.value())
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        items = [
            {
                "name": part,
                "id": f"{bound.id}_{part}",
                "label": labels[part],
                "value": typed[part],
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                + (" govuk-input--error" if bound.error else ""),
            }
            for part in self.parts
        ]
        for item in items:
            item["name"] = f"{bound.html_name}_{item['name']}"
        return component("date-input", "govukDateInput", bound.grouped() | {"items": items})

    def typed(self, value: Any) -> dict[str, str]:
        if isinstance(value, dt.date):
            return {part: str(getattr(value, part)) for part in self.parts}
        return value or dict.fromkeys(self.parts, "")


class DayField(DateField):
    """A date in one box: for a day near today, which a phone picks from a calendar."""

    def reader(self) -> forms.Widget:
        return RawInput()

    def focus_id(self, id: str) -> str:
        return id

    def to_python(self, value: Any) -> dt.date | None:
        if not value or isinstance(value, dt.date):
            return value or None
        numbers = re.split(r"[-/. ]+", str(value).strip())
        return date_from(numbers[::-1] if len(numbers[0]) == 4 else numbers)

    def render(self, bound: BoundField) -> Markup:
        return component("input", "govukInput", bound.labelled() | day_input(bound.value()))


class TimeField(TextField):
    """A time of day, written 3:15 pm, 3.15pm or 15:15."""

    nothing = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=10, **kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        if not value or isinstance(value, dt.time):
            return value or None
        return time_from(str(value))


class FileField(Field):
    """A file of at most `largest` bytes whose name ends in one of `endings`."""

    nothing = None
    widget = FileInput

    def __init__(self, *, endings: tuple[str, ...], largest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.endings, self.largest = endings, largest

    def to_python(self, value: UploadedFile | None) -> UploadedFile | None:
        if value is None:
            return None
        listed = ", ".join(self.endings)
        complain_unless(
            (value.name or "").lower().endswith(self.endings),
            _("Choose a file that ends in %(endings)s") % {"endings": listed},
        )
        complain_unless(value.size, _("The file is empty. Choose another"))
        complain_unless(
            (value.size or 0) <= self.largest,
            _("Choose a file smaller than %(size)s MB") % {"size": self.largest // 1_000_000},
        )
        return value

    def render(self, bound: BoundField) -> Markup:
        accept = {"accept": ",".join(self.endings)}
        parameters = bound.labelled() | {"attributes": accept}
        return component("file-upload", "govukFileUpload", parameters)


class HiddenField(TextField):
    """A value that travels with the form, such as the version that was edited."""

    widget = HiddenInput

    def render(self, bound: BoundField) -> Markup:
        markup = Markup('<input type="hidden" name="{}" value="{}">')
        return markup.format(bound.html_name, shown(bound.value()))


class VersionField(HiddenField):
    """The version that was edited, a whole number; anything else was never a version, and so is out of date."""

    def to_python(self, value: Any) -> int:
        typed = str(value if value is not None else "")
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else -1


class OnceField(HiddenField):
    """A random id made with the form, so that a form sent twice makes one record."""

    nothing = None

    def __init__(self) -> None:
        super().__init__(initial=new_id, missing=_("Open this page again, then send the form"))

    def to_python(self, value: Any) -> UUID | None:
        try:
            return UUID(str(value)) if value else None
        except ValueError:
            raise ValidationError(self.error_messages["required"], code="required") from None


def shown(value: Any) -> str:
    """What stands in an input for a value: its words, or nothing."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def lines_kept(text: str) -> Markup:
    """Text for a textarea. Line ends are written as references: the macros indent what they nest."""
    return escape(text.replace("\r\n", "\n")).replace("\n", Markup("&#10;"))


def count_words() -> Parameters:
    """The words of the counter below a textarea."""
    return {
        "textareaDescriptionText": _("You can use up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": _("%{count} character left"),
            "other": _("%{count} characters left"),
        },
        "charactersAtLimitText": _("No characters left"),
        "charactersOverLimitText": {
            "one": _("%{count} character too many"),
            "other": _("%{count} characters too many"),
        },
    }


def day_input(value: Any) -> Parameters:
    """The parameters of a date in one box."""
    return {"type": "date", "value": shown(value), "classes": "sg-input-day", "autocomplete": "off"}
