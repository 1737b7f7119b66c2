"""The forms by which a sergeant notes what is known of an officer, and an officer keeps their hours."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.deployment.models import ServedPhase, VettingLevel
from schoolgate.deployment.selectors.serving import Shift
from schoolgate.ui import forms

ELSEWHERE = "elsewhere"
RANKS = [(rank, rank) for rank in ("PC", "DC", "Sgt", "PCSO")]
LONGEST_REVIEW = dt.timedelta(days=366)


class OfficerForm(forms.Form):
    """Service, vetting, what they may serve, where they work from."""

    version = forms.VersionField()
    rank = forms.SelectField(label=_("Rank"), prompt=_("Choose a rank"), choices=RANKS, missing=_("Choose a rank"))
    joined_on = forms.DateField(label=_("Joined the police on"), not_later=True)
    probation_ends = forms.DateField(
        label=_("Last day of probation"),
        hint=_(
            "While it is not known, nobody can be posted; nothing overrides that. A later day suspends the postings "
            "that it reaches, and their head teachers and SPOCs are told."
        ),
    )
    probation_source = forms.TextField(
        label=_("What says so?"), hint=_("For example, the letter of confirmation and its date, or the record of HR.")
    )
    vetting_level = forms.SelectField(label=_("Vetting"), prompt=_("Not known"), choices=VettingLevel.choices)
    vetting_expires = forms.DateField(label=_("Vetting expires on"))
    fte = forms.TextField(
        label=_("Full-time equivalent"),
        hint=_("1 is full time, 0.5 half."),
        missing=_("Give a number such as 1 or 0.8"),
        width=5,
    )
    phases = forms.CheckboxesField(label=_("May serve"), choices=ServedPhase.choices)
    specialisms = forms.LongTextField(
        label=_("Specialisms"),
        hint=_("For example, exploitation, online harm, SEND, British Sign Language."),
        longest=1_000,
        rows=2,
    )
    base = forms.SelectField(label=_("Works from"), prompt=_("Not known"))
    base_name = forms.TextField(
        label=_("Another place: its name"), hint=_("Leave these three empty where the place is in the list.")
    )
    base_easting = forms.IntegerField(
        label=_("Another place: easting"), hint=_("Metres on the British National Grid."), least=0, most=700_000
    )
    base_northing = forms.IntegerField(label=_("Another place: northing"), least=0, most=1_300_000)
    tenure_until = forms.DateField(label=_("Expected to stay in the role until"))

    def __init__(self, *args: Any, bases: Iterable[tuple[str, int | None, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bases = {f"{name}|{easting}|{northing}": (name, easting, northing) for name, easting, northing in bases}
        self.fields["base"].choices = [(key, base[0]) for key, base in self._bases.items()]  # type: ignore[attr-defined]

    def clean_fte(self) -> Decimal:
        try:
            fte = Decimal(str(self.cleaned_data["fte"]).replace(",", ".")).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise forms.ValidationError(gettext("Give a number such as 1 or 0.8")) from None
        if not 0 < fte <= 1:
            raise forms.ValidationError(gettext("Give a number above 0, at most 1"))
        return fte

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        joined, ends = answers.get("joined_on"), answers.get("probation_ends")
        if joined and ends and ends < joined:
            self.add_error("probation_ends", gettext("Probation does not end before they joined"))
        if ends and not answers.get("probation_source"):
            self.add_error("probation_source", gettext("Say what says when probation ends"))
        if answers.get("vetting_level") and not answers.get("vetting_expires") and "vetting_expires" not in self.errors:
            self.add_error("vetting_expires", gettext("Give the day on which the vetting expires"))
        self._settle_base(answers)
        return answers

    def _settle_base(self, answers: dict[str, Any]) -> None:
        typed = [answers.get(name) for name in ("base_name", "base_easting", "base_northing")]
        if any(each not in (None, "") for each in typed):
            for name, value in zip(("base_name", "base_easting", "base_northing"), typed, strict=True):
                if value in (None, "") and name not in self.errors:
                    self.add_error(name, gettext("Give name, easting and northing of the place"))
        else:
            name, easting, northing = self._bases.get(answers.get("base") or "", ("", None, None))
            answers |= {"base_name": name, "base_easting": easting, "base_northing": northing}

    def show_version(self, version: int) -> None:
        """Sent once more, what is typed goes onto what somebody else kept meanwhile; nothing typed is lost."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]

    @property
    def known(self) -> dict[str, Any]:
        """What was filled in, by the columns of an officer's file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "base"}


class SignOffForm(forms.Form):
    """That the sergeant finds the officer suitable, why, and until which review."""

    version = forms.VersionField()
    words = forms.LongTextField(
        label=_("What does it rest on?"),
        hint=_(
            "Communication, fairness, wish to work with young people, experience, knowledge of the schools' policies."
        ),
        missing=_("Say what the sign-off rests on"),
        longest=2_000,
        rows=4,
    )
    review_on = forms.DateField(
        label=_("Review on"), hint=_("Within a year."), missing=_("Give the day of the review"), not_earlier=True
    )
    agreed = forms.TickField(
        label=_("I sign this officer off as suitable for work with children and young people"),
        missing=_("Tick to sign off"),
    )

    def clean_review_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["review_on"]
        today = forms.DateField.today(self.fields["review_on"])  # type: ignore[arg-type]
        if not today < day <= today + LONGEST_REVIEW:
            raise forms.ValidationError(gettext("The review is after today and within a year"))
        return day


class TrainingForm(forms.Form):
    """A course and its days."""

    course = forms.TextField(label=_("Course"), missing=_("Name the course"), longest=100)
    completed_on = forms.DateField(label=_("Completed on"), missing=_("Give the day"), not_later=True)
    expires_on = forms.DateField(label=_("Expires on (optional)"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        done, ends = answers.get("completed_on"), answers.get("expires_on")
        if done and ends and ends < done:
            self.add_error("expires_on", gettext("It does not expire before it was completed"))
        return answers


class RulesForm(forms.Form):
    """What the force asks for besides the end of probation."""

    version = forms.VersionField()
    vetting_needed = forms.SelectField(
        label=_("Vetting that a posting needs, in date"), prompt=_("None"), choices=VettingLevel.choices
    )
    courses = forms.LongTextField(
        label=_("Courses that a posting needs, in date"),
        hint=_("One a line, written as in the officers' training."),
        longest=2_000,
        rows=4,
    )
    sign_off_needed = forms.TickField(label=_("A posting needs the sergeant's sign-off, with its review not yet due"))
    short_months = forms.IntegerField(
        label=_("A posting of fewer months is a short rotation"), missing=_("Give a number of months"), least=1, most=60
    )
    near_km = forms.IntegerField(
        label=_("Schools of one officer are close together within so many kilometres"),
        missing=_("Give a number of kilometres"),
        least=1, most=100,
    )  # fmt: skip

    def clean_courses(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["courses"]).splitlines() if line.strip()]
        if any(len(line) > 100 for line in lines):
            raise forms.ValidationError(gettext("Use 100 characters or fewer for a course"))
        return list(dict.fromkeys(lines))


class HoursForm(forms.Form):
    """Usual hours on each weekday; both left empty: not on duty."""

    def __init__(self, *args: Any, hours: Iterable[Shift] = (), **kwargs: Any) -> None:
        of_day = {shift.weekday: shift for shift in hours}
        kwargs["initial"] = {
            f"{part}_{day}": getattr(shift, part) for day, shift in of_day.items() for part in ("starts", "ends")
        } | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for day in range(7):
            starts, ends = answers.get(f"starts_{day}"), answers.get(f"ends_{day}")
            if (starts is None) != (ends is None):
                if not {f"starts_{day}", f"ends_{day}"} & set(self.errors):
                    self.add_error(f"ends_{day}" if starts else f"starts_{day}", gettext("Give both times, or neither"))
            elif starts and ends and ends <= starts:
                self.add_error(f"ends_{day}", gettext("The end must be after the beginning"))
        return answers

    @property
    def hours(self) -> dict[int, tuple[dt.time, dt.time] | None]:
        """By weekday; None: not on duty."""
        pairs = {day: (self.cleaned_data[f"starts_{day}"], self.cleaned_data[f"ends_{day}"]) for day in range(7)}
        return {day: (pair if pair[0] else None) for day, pair in pairs.items()}


for _day, _name in WEEKDAYS.items():
    HoursForm.base_fields[f"starts_{_day}"] = forms.TimeField(label=_("%(day)s from") % {"day": _name})
    HoursForm.base_fields[f"ends_{_day}"] = forms.TimeField(label=_("%(day)s until") % {"day": _name})


class AbsenceForm(forms.Form):
    """First and last day away."""

    first_day = forms.DayField(label=_("First day away"), missing=_("Give the first day"))
    last_day = forms.DayField(label=_("Last day away"), missing=_("Give the last day"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("first_day"), answers.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day must not be before the first"))
        return answers
