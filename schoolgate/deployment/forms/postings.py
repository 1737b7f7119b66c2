"""The forms by which a sergeant proposes a posting or its end, and records who was told."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.deployment.models import AssignmentKind, Extent, Manner, TellingWay
from schoolgate.deployment.selectors.postings import Choices, PostingCard
from schoolgate.directory.selectors import PersonCard
from schoolgate.ui import forms
from schoolgate.ui.presenters import short_day_words

HALVES = (AssignmentKind.LEAD, AssignmentKind.BUDDY, AssignmentKind.ACTING)
KINDS = [
    forms.Choice(AssignmentKind.LEAD, AssignmentKind.LEAD.label),
    forms.Choice(AssignmentKind.BUDDY, AssignmentKind.BUDDY.label, hint=_("Shares the school with its first officer.")),
    forms.Choice(AssignmentKind.COVER, AssignmentKind.COVER.label, hint=_("For leave."), reveals=("covers",)),
    forms.Choice(AssignmentKind.ACTING, AssignmentKind.ACTING.label, hint=_("Until somebody is posted for good.")),
    forms.Choice(AssignmentKind.NEIGHBOURHOOD, AssignmentKind.NEIGHBOURHOOD.label, reveals=("ward",)),
]  # fmt: skip


class ProposalForm(forms.OnceForm):
    """Who serves which school, as what, from when until when."""

    officer = forms.SelectField(label=_("Officer"), prompt=_("Choose an officer"), missing=_("Choose an officer"))
    school = forms.SelectField(label=_("School"), prompt=_("Choose a school"), missing=_("Choose a school"))
    kind = forms.RadiosField(label=_("As what?"), choices=KINDS, missing=_("Choose as what"))
    covers = forms.SelectField(
        label=_("Whose leave is covered?"), prompt=_("Choose an officer"), missing=_("Choose whose leave is covered")
    )
    ward = forms.TextField(
        label=_("Ward (optional)"), hint=_("Where the officer serves the schools of a ward."), longest=100
    )
    extent = forms.RadiosField(
        label=_("How much?"), choices=Extent.choices, missing=_("Choose full time or part time"), inline=True,
        initial=Extent.PART_TIME,
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours a week for this school (optional)"), least=1, most=60)
    manner = forms.RadiosField(
        label=_("In what manner?"),
        hint=_("Colleges and universities may have a dedicated officer or a point of contact."),
        choices=Manner.choices,
        missing=_("Choose in what manner"),
        initial=Manner.ASSIGNED,
    )
    half = forms.TickField(label=_("Half of the school: another officer has the other half (buddy system)"))
    since = forms.DayField(label=_("First day"), missing=_("Give the first day"), not_earlier=True)
    until = forms.DayField(label=_("Last day (optional)"), hint=_("That day is included. Cover needs one."))
    instead_of = forms.SelectField(
        label=_("Whose posting ends the day before (optional)?"), prompt=_("Nobody's: this one is in addition")
    )
    reason = forms.LongTextField(
        label=_("Why (optional)?"), hint=_("For the record of the team. No names of children."), longest=2_000, rows=3
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = choices
        officers = [(str(file.card.id), file.card.called) for file in choices.officers]
        self.fields["officer"].choices = officers  # type: ignore[attr-defined]
        self.fields["covers"].choices = officers  # type: ignore[attr-defined]
        self.fields["school"].choices = [(str(pk), name) for pk, name in choices.schools]  # type: ignore[attr-defined]
        self.fields["instead_of"].choices = [  # type: ignore[attr-defined]
            (str(one.id), f"{one.school_name}: {one.officer.called}, {one.kind.label}") for one in choices.postings
        ]

    def clean_officer(self) -> int:
        return int(self.cleaned_data["officer"])

    def clean_school(self) -> int:
        return int(self.cleaned_data["school"])

    def clean_covers(self) -> int | None:
        return int(self.cleaned_data["covers"]) if self.cleaned_data["covers"] else None

    def clean_instead_of(self) -> int | None:
        return int(self.cleaned_data["instead_of"]) if self.cleaned_data["instead_of"] else None

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self._check_days(answers)
        self._check_kind(answers)
        self._check_replaced(answers)
        answers["covers"] = answers.get("covers") or None
        answers["instead_of"] = answers.get("instead_of") or None
        return answers

    def _check_days(self, answers: dict[str, Any]) -> None:
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The last day must not be before the first"))
        if answers.get("kind") == AssignmentKind.COVER and not until and "until" not in self.errors:
            self.add_error("until", gettext("Give the last day of the cover"))

    def _check_kind(self, answers: dict[str, Any]) -> None:
        kind = answers.get("kind")
        if kind and answers.get("half") and kind not in HALVES:
            self.add_error("half", gettext("Only the school's first officer and a buddy share a school half and half"))
        if kind == AssignmentKind.COVER and answers.get("covers") == answers.get("officer") is not None:
            self.add_error("covers", gettext("An officer does not cover their own leave"))

    def _check_replaced(self, answers: dict[str, Any]) -> None:
        replaced = next((one for one in self._offered.postings if one.id == answers.get("instead_of")), None)
        if replaced is None:
            return
        if answers.get("school") and replaced.school != answers["school"]:
            self.add_error("instead_of", gettext("That posting is to another school"))
        elif answers.get("since") and answers["since"] <= replaced.since:
            self.add_error(
                "instead_of", gettext("That posting begins on or after this first day: withdraw or end it first")
            )

    def replaced(self) -> PostingCard | None:
        """The posting that ends the day before."""
        return next((one for one in self._offered.postings if one.id == self.cleaned_data["instead_of"]), None)


class EndForm(forms.OnceForm):
    """The last day of a posting, and why."""

    last_day = forms.DayField(
        label=_("Last day"), hint=_("That day is included."), missing=_("Give the last day"), not_earlier=True
    )
    reason = forms.LongTextField(label=_("Why?"), missing=_("Say why"), longest=2_000, rows=3)

    def __init__(self, *args: Any, posting: PostingCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posting = posting

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        if day < self._posting.since:
            raise forms.ValidationError(
                gettext("The posting begins on %s: its last day is not before") % short_day_words(self._posting.since)
            )
        return day


class TellForm(forms.OnceForm):
    """Whom of the school, how, and in which words."""

    way = forms.RadiosField(
        label=_("How?"),
        choices=[
            forms.Choice(TellingWay.HERE, TellingWay.HERE.label, reveals=("person",)),
            *(forms.Choice(way, way.label) for way in TellingWay if way != TellingWay.HERE),
        ],
        missing=_("Choose how"),
    )
    person = forms.SelectField(label=_("Whom?"), prompt=_("Choose who is told"), missing=_("Choose who is told"))
    name = forms.TextField(label=_("Whom did you tell?"), hint=_("Name and role, where it was not here in Schoolgate."))
    words = forms.LongTextField(
        label=_("What they are told"),
        hint=_("Drafted for you: change what you like."),
        missing=_("Write what they are told"),
        longest=4_000,
        rows=10,
    )

    def __init__(self, *args: Any, people: Iterable[PersonCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {person.id: person for person in people}
        self.fields["person"].choices = [(str(pk), person.called) for pk, person in self._people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("way") == TellingWay.HERE and answers.get("person"):
            answers["person"] = int(answers["person"])
            answers["name"] = self._people[answers["person"]].called
        else:
            answers["person"] = None
            if answers.get("way") and answers["way"] != TellingWay.HERE and not answers.get("name"):
                self.add_error("name", gettext("Say whom you told"))
        return answers


class ShadowForm(forms.OnceForm):
    """Who goes along with whom, to which school, on which days."""

    posting = forms.SelectField(
        label=_("With whom, to which school?"), prompt=_("Choose a posting"), missing=_("Choose a posting")
    )
    officer = forms.SelectField(
        label=_("Who goes along?"), prompt=_("Choose an officer"), missing=_("Choose who goes along")
    )
    first_day = forms.DayField(label=_("First day"), missing=_("Give the first day"), not_earlier=True)
    last_day = forms.DayField(label=_("Last day"), missing=_("Give the last day"))
    words = forms.TextField(label=_("What for (optional)?"), longest=300)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._postings = {one.id: one for one in choices.postings}
        self.fields["posting"].choices = [  # type: ignore[attr-defined]
            (str(one.id), f"{one.school_name}: {one.officer.called}") for one in choices.postings
        ]
        self.fields["officer"].choices = [(str(f.card.id), f.card.called) for f in choices.officers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("first_day"), answers.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day must not be before the first"))
        beside = self._postings.get(int(answers["posting"])) if answers.get("posting") else None
        if beside and answers.get("officer") == str(beside.officer.id):
            self.add_error("officer", gettext("Choose somebody else: it is their own posting"))
        return answers

    @property
    def shadowing(self) -> dict[str, Any]:
        """What was filled in, by the service's words."""
        answers = {name: self.cleaned_data[name] for name in ("first_day", "last_day", "words", "once")}
        beside = self._postings[int(self.cleaned_data["posting"])]
        about = {"team": beside.team, "school": beside.school, "beside": beside.officer.id}
        return answers | about | {"officer": int(self.cleaned_data["officer"])}
