"""The forms by which staff tell."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from schoolgate.concerns.models import Involvement
from schoolgate.concerns.services.telling import Involved
from schoolgate.directory.selectors import PersonCard
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.exchange.models import Place
from schoolgate.ui import forms
from schoolgate.ui.components import component, rendered
from schoolgate.ui.fields import BoundField
from schoolgate.ui.parsing import date_from, london_moment, today
from schoolgate.ui.presenters import day_words

CHILD, ADULT = "child", "adult"
YES, NO = "yes", "no"
OTHER_DAY, NOT_EXACTLY = "other", "not_exactly"
MOST_PEOPLE = 20
LONG_AGO = dt.timedelta(days=365)


class Note(forms.Field):
    """Words among the questions, such as whom to ring; it asks nothing."""

    markup: Markup = Markup()

    def render(self, bound: BoundField) -> Markup:
        return self.markup


class MoreButton(forms.Field):
    """Asks the same again for one more person, without sending the form."""

    def render(self, bound: BoundField) -> Markup:
        classes, words = "govuk-button--secondary", str(self.label)
        return component("button", "govukButton", {"text": words, "name": "step", "value": "more", "classes": classes})


class DayChoice(forms.RadiosField):
    """Today, yesterday, another day, or not exactly. The choices carry their dates, so that they outlive midnight."""

    def offered(self, value: str) -> str:
        if value not in (OTHER_DAY, NOT_EXACTLY):
            return date_from(value.split("-")[::-1]).isoformat()
        return value

    def items(self, bound: BoundField) -> list[dict[str, Any]]:
        picked = str(bound.value() or "")
        near = [self.item(choice, bound, choice.value == picked) for choice in self._near(picked)]
        return near + super().items(bound)

    def _near(self, picked: str) -> list[forms.Choice]:
        now = today(self.now)
        days = {now.isoformat(): gettext("Today"), (now - dt.timedelta(days=1)).isoformat(): gettext("Yesterday")}
        with suppress(ValueError):
            days.setdefault(picked, day_words(dt.date.fromisoformat(picked)))
        return [forms.Choice(day, words) for day, words in days.items()]


class ToldForm(DraftedForm):
    """What both forms ask: danger, what was seen, opinion apart, when and where."""

    in_danger = forms.RadiosField(
        label=_("Is anybody in danger now?"),
        choices=[forms.Choice(YES, _("Yes"), reveals=("danger_note",)), forms.Choice(NO, _("No"))],
        missing=_("Say whether anybody is in danger now"),
    )
    danger_note = Note()
    author_name = forms.TextField(label=_("Your name"), missing=_("Give your name"))
    seen = forms.LongTextField(
        label=_("What was seen or said?"),
        hint=_("Facts only, in the words that were used. Your opinion has its own box below."),
        missing=_("Say what was seen or said"),
        longest=20_000,
    )
    opinion = forms.LongTextField(label=_("Your opinion (optional)"), longest=5_000, rows=2)
    day = DayChoice(
        label=_("When was it?"),
        choices=[
            forms.Choice(OTHER_DAY, _("Another day"), reveals=("other_day",)),
            forms.Choice(NOT_EXACTLY, _("I do not know exactly"), reveals=("occurred_words",)),
        ],
        missing=_("Say when it was"),
    )
    other_day = forms.DayField(label=_("Which day?"), missing=_("Give the day"), not_later=True)
    occurred_words = forms.TextField(
        label=_("When, as near as you know"),
        hint=_("For example, some time last week after school."),
        missing=_("Say when, as near as you know"),
    )
    occurred_time = forms.TimeField(label=_("Time (optional)"), hint=_("For example, 3:15 pm."))
    place = forms.RadiosField(label=_("Where was it?"), choices=Place.choices, missing=_("Choose where it was"))
    place_detail = forms.TextField(label=_("Where exactly (optional)"))

    def __init__(self, *args: Any, is_supply: bool, danger: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now: dt.datetime | None = kwargs.get("now")
        if not is_supply:
            del self.fields["author_name"]
        self.fields["danger_note"].markup = rendered("ui/macros.html", "emergency", danger)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = self.occurred_on, cleaned.get("occurred_time")
        if day and day > today(self.now):
            self.add_error("day", gettext("The date must be today or earlier"))
        elif day and time and self.now and london_moment(day, time) > self.now:
            self.add_error("occurred_time", gettext("The time must not be in the future"))
        return cleaned

    @property
    def occurred_on(self) -> dt.date | None:
        """The day, where one is known."""
        day = self.cleaned_data.get("day", "")
        if day == OTHER_DAY:
            return self.cleaned_data.get("other_day")
        return None if day in ("", NOT_EXACTLY) else dt.date.fromisoformat(day)

    @property
    def was_long_ago(self) -> bool:
        """Whether the day is so long ago that it may be a slip of the finger."""
        day = self.occurred_on
        return bool(day and today(self.now) - day > LONG_AGO)

    @property
    def told(self) -> dict[str, Any]:
        """What the author says, by the columns of the record."""
        plain = ("seen", "opinion", "occurred_words", "occurred_time", "place", "place_detail", "child_name")
        words = {column: self.cleaned_data[column] for column in plain}
        return words | {
            "author_name": self.cleaned_data.get("author_name", ""),
            "in_danger": self.cleaned_data["in_danger"] == YES,
            "occurred_on": self.occurred_on,
        }


class ConcernForm(ToldForm):
    """A concern about a child or young person: two minutes on a phone.

    ConcernForm(request.POST, now=at, danger=words, is_supply=..., people=rows, circle=[PersonCard, ...])
    """

    draft_kind = DraftKind.CONCERN
    about = forms.RadiosField(
        label=_("Who is it about?"),
        choices=[
            forms.Choice(CHILD, _("A child or young person")),
            forms.Choice(
                ADULT, _("An adult who works or volunteers here, or a police officer"), reveals=("adult_note",)
            ),
        ],
        missing=_("Say who it is about"),
    )
    adult_note = Note()
    child_name = forms.TextField(
        label=_("Which child or young person?"),
        hint=_("The name as you know it, and the class or year if you know that."),
        missing=_("Give the name, or what you know of the child"),
    )
    others = forms.RadiosField(label=_("Is anybody else involved?"), missing=_("Say whether anybody else is involved"))
    may_need_early_intervention = forms.TickField(
        label=_("This young person may need early intervention and diversion")
    )
    keep_from = forms.CheckboxesField(
        label=_("Should one of these people not read it? (optional)"),
        hint=_("For example, because they are a relative of the child. Otherwise leave this empty."),
    )

    ORDER = (
        "once", "about", "in_danger", "author_name", "child_name", "seen", "opinion", "day",
        "occurred_time", "place", "place_detail", "others",
    )  # fmt: skip

    def __init__(self, *args: Any, people: int, circle: list[PersonCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circle = circle
        self.rows = range(1, min(people, MOST_PEOPLE) + 1)
        self._ask_about_people()
        words = gettext(
            "Press Continue and answer a few questions: it goes to other people than a concern about a child."
        )
        self.fields["adult_note"].markup = rendered("ui/macros.html", "inset", words)  # type: ignore[attr-defined]
        self.fields["keep_from"].choices = [(str(person.id), person.called) for person in circle]  # type: ignore[attr-defined]
        self.order_fields(self.ORDER)

    def _ask_about_people(self) -> None:
        for row in self.rows:
            number = {"number": row}
            self.fields[f"person_{row}_name"] = forms.TextField(
                label=gettext("Person %(number)s: name, or what you know of them") % number,
                missing=gettext("Give a name, or what you know of the person") if row == 1 else None,
            )
            self.fields[f"person_{row}_how"] = forms.SelectField(
                label=gettext("Person %(number)s: how are they involved?") % number,
                prompt=gettext("Choose"),
                choices=Involvement.choices,
                missing=gettext("Choose how they are involved") if row == 1 else None,
            )
        self.fields["more"] = MoreButton(label=_("Add another person"))
        names = [f"person_{row}_{part}" for row in self.rows for part in ("name", "how")]
        yes = forms.Choice(YES, _("Yes"), reveals=(*names, "more"))
        self.fields["others"].choices = [forms.Choice(NO, _("No")), yes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for row in self.rows:
            name, how = cleaned.get(f"person_{row}_name"), cleaned.get(f"person_{row}_how")
            if name and not how and f"person_{row}_how" not in self.errors:
                self.add_error(f"person_{row}_how", gettext("Choose how they are involved"))
            if how and not name and f"person_{row}_name" not in self.errors:
                self.add_error(f"person_{row}_name", gettext("Give a name, or what you know of the person"))
        return cleaned

    def clean_about(self) -> str:
        about = str(self.cleaned_data["about"])
        if about == ADULT:
            raise forms.ValidationError(gettext("About an adult, use the form for a concern about an adult"))
        return about

    def clean_keep_from(self) -> list[int]:
        kept = [int(person) for person in self.cleaned_data["keep_from"]]
        if self.circle and len(kept) == len(self.circle):
            raise forms.ValidationError(gettext("Leave at least one person who can read it"))
        return kept

    @property
    def told(self) -> dict[str, Any]:
        return super().told | {"may_need_early_intervention": self.cleaned_data["may_need_early_intervention"]}

    @property
    def involved(self) -> list[Involved]:
        """The other people who are involved."""
        rows = [(self.cleaned_data[f"person_{row}_name"], self.cleaned_data[f"person_{row}_how"]) for row in self.rows]
        return [Involved(name, how) for name, how in rows if name]


class AdditionForm(DraftedForm):
    """What the author adds to their own concern."""

    draft_kind = DraftKind.ADDITION

    words = forms.LongTextField(
        label=_("Add something, or answer"),
        hint=_("What you sent stays as it is. This is added to it."),
        missing=_("Write what you want to add"),
        longest=20_000,
        rows=4,
    )
