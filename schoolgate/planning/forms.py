"""The forms of a study: when and for which schools, what counts, what one school needs, pairs, what-ifs, handwork."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.deployment.presenters_practice import PATTERNS as PRACTICE_WORDS
from schoolgate.planning.terms import KINDS, PATTERNS, PRIORITY, Need, StudyTerms
from schoolgate.ui import forms

LONGEST_NAME = 120
KIND_WORDS = {
    PRIORITY: _("Priority schools"),
    "secondary": _("Secondary schools"),
    "pru_ap": _("PRUs and AP"),
    "special": _("Special schools"),
    "primary": _("Primary schools"),
    "college": _("Colleges"),
    "university": _("Universities"),
}
WORDS = {pattern.value: words for pattern, words in PRACTICE_WORDS.items()}
WORDS["primary_team"] = _("Primary schools only, for early intervention")
PATTERN_WORDS = {pattern: WORDS[pattern] for pattern in PATTERNS}
WEIGHTS = {
    "travel": _("Each 100 m from the officer's base to a school, a visit a week"),
    "proximity": _("Each 100 m between the schools of one officer"),
    "balance": _("Each hour a week more or less than a fair load"),
    "change": _("Each school that gets another officer"),
}
SECONDS = [("20", _("20 seconds")), ("60", _("A minute")), ("300", _("5 minutes"))]


def _first_day() -> forms.DayField:
    return forms.DayField(label=_("First day of the new postings"), missing=_("Give the first day"), not_earlier=True)


def _wider() -> forms.CheckboxesField:
    return forms.CheckboxesField(
        label=_("Schools without an officer that come in"),
        hint=_("The schools that your team serves always do."),
        choices=list(KIND_WORDS.items()),
    )


class StudyForm(forms.OnceForm):
    """What is planned: from when on, and for which schools."""

    team = forms.SelectField(label=_("Team"), prompt=_("Choose a team"), missing=_("Choose a team"))
    name = forms.TextField(
        label=_("Name of the study"),
        hint=_("For you and the team's other sergeants, such as “Spring term”."),
        missing=_("Give the study a name"),
        longest=LONGEST_NAME,
    )
    begins_on = _first_day()
    wider = _wider()

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(str(pk), name) for pk, name in teams.items()]  # type: ignore[attr-defined]
        if len(teams) == 1:
            self.initial["team"] = str(next(iter(teams)))

    def clean_team(self) -> int:
        return int(self.cleaned_data["team"])


def _number(label: Any, most: int, least: int = 0, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, least=least, most=most, hint=hint, missing=_("Enter a whole number from %s") % least
    )


class TermsForm(forms.Form):
    """What counts in a study, and how much."""

    version = forms.VersionField()
    begins_on = _first_day()
    wider = _wider()
    full_time_hours = _number(_("Hours a week for school work of a full-time officer"), 60, 1)
    patterns = forms.CheckboxesField(
        label=_("Shapes that an officer's schools may have"),
        choices=list(PATTERN_WORDS.items()),
        missing=_("Choose at least one shape"),
    )
    most_others = _number(_("Most schools of one officer that are no priority"), 40, 2)
    may_stay_free = forms.TickField(label=_("Officers may stay without a school"))
    seconds = forms.RadiosField(
        label=_("How long may the planner take?"), choices=SECONDS, missing=_("Choose how long")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            words = {"kind": KIND_WORDS[kind]}
            self.fields[f"{kind}_hours"] = _number(_("%(kind)s: hours a week each") % words, 60)
            self.fields[f"{kind}_visits"] = _number(_("%(kind)s: visits in four weeks each") % words, 60)
        for weight, label in WEIGHTS.items():
            self.fields[weight] = _number(label, 1000)

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The questions under their headings."""
        needs = [f"{kind}_{what}" for kind in KINDS for what in ("hours", "visits")]
        named = {
            _("When, and which schools"): ["begins_on", "wider"],
            _("Officers"): ["full_time_hours", "patterns", "most_others", "may_stay_free"],
            _("What each kind of school needs"): needs,
            _("What costs how much"): list(WEIGHTS),
            _("The planner"): ["seconds"],
        }
        return [(heading, [self[name] for name in names]) for heading, names in named.items()]

    @classmethod
    def initial_of(cls, terms: StudyTerms, version: int) -> dict[str, Any]:
        """What the form shows at first."""
        same = ("begins_on", "wider", "full_time_hours", "patterns", "most_others", "may_stay_free", *WEIGHTS)
        needs = {f"{kind}_hours": need.hours for kind, need in terms.needs.items()}
        needs |= {f"{kind}_visits": need.visits for kind, need in terms.needs.items()}
        return (
            {name: getattr(terms, name) for name in same} | needs | {"version": version, "seconds": str(terms.seconds)}
        )

    @property
    def settled(self) -> dict[str, Any]:
        """What was filled in, by the names of the terms."""
        answers = self.cleaned_data
        same = ("begins_on", "full_time_hours", "most_others", "may_stay_free", *WEIGHTS)
        return {name: answers[name] for name in same} | {
            "wider": tuple(answers["wider"]),
            "patterns": tuple(one for one in PATTERNS if one in answers["patterns"]),
            "seconds": int(answers["seconds"]),
            "needs": {kind: Need(answers[f"{kind}_hours"], answers[f"{kind}_visits"]) for kind in KINDS},
        }


class NeedForm(forms.Form):
    """What one school needs, or that it stays out."""

    version = forms.VersionField()
    measure = forms.RadiosField(
        label=_("What does it need?"),
        choices=[
            forms.Choice("kind", _("What a school of its kind needs")),
            forms.Choice("own", _("Its own measure"), reveals=("hours", "visits")),
            forms.Choice("out", _("It stays out of the plan")),
        ],
        missing=_("Choose what it needs"),
    )
    hours = _number(_("Hours a week"), 60)
    visits = _number(_("Visits in four weeks"), 60)
    reason = forms.TextField(label=_("Why?"), hint=_("Not needed for what its kind needs."), longest=300)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("measure") in ("own", "out") and not answers.get("reason"):
            self.add_error("reason", gettext("Say why"))
        return answers


class PairForm(forms.Form):
    """That an officer must, or must not, have a school."""

    version = forms.VersionField()
    officer = forms.SelectField(label=_("Officer"), prompt=_("Choose an officer"), missing=_("Choose an officer"))
    school = forms.SelectField(label=_("School"), prompt=_("Choose a school"), missing=_("Choose a school"))
    must = forms.RadiosField(
        label=_("What is settled?"),
        choices=[("yes", _("The officer has this school")), ("no", _("The officer does not have this school"))],
        missing=_("Choose what is settled"),
    )
    reason = forms.TextField(label=_("Why?"), missing=_("Say why"), longest=300)

    def __init__(self, *args: Any, officers: Mapping[int, str], schools: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = [(str(pk), name) for pk, name in officers.items()]  # type: ignore[attr-defined]
        self.fields["school"].choices = [(str(pk), name) for pk, name in schools.items()]  # type: ignore[attr-defined]


class WhatIfForm(forms.OnceForm):
    """What is supposed beyond today's data."""

    kind = forms.RadiosField(
        label=_("What if…"),
        choices=[
            forms.Choice("leaves", _("an officer leaves"), reveals=("officer",)),
            forms.Choice("priority", _("a school becomes a priority, or ceases to be one"), reveals=("school",)),
            forms.Choice("joins", _("one more officer comes"), reveals=("near", "fte")),
        ],
        missing=_("Choose what is supposed"),
    )
    officer = forms.SelectField(label=_("Who?"), prompt=_("Choose an officer"), missing=_("Choose an officer"))
    school = forms.SelectField(label=_("Which school?"), prompt=_("Choose a school"), missing=_("Choose a school"))
    near = forms.SelectField(
        label=_("Where would they work from?"), prompt=_("Choose a place"), missing=_("Choose a place")
    )
    fte = forms.RadiosField(
        label=_("How much?"),
        choices=[("1", _("Full time")), ("0.5", _("Half time"))],
        initial="1",
        missing=_("Choose how much"),
    )

    def __init__(
        self,
        *args: Any,
        officers: Mapping[str, str],
        schools: Mapping[str, str],
        places: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = list(officers.items())  # type: ignore[attr-defined]
        self.fields["school"].choices = list(schools.items())  # type: ignore[attr-defined]
        self.fields["near"].choices = list(places.items())  # type: ignore[attr-defined]


class HandForm(forms.Form):
    """A school given to one officer, or to two half each."""

    school = forms.SelectField(label=_("School"), prompt=_("Choose a school"), missing=_("Choose a school"))
    officer = forms.SelectField(label=_("To whom?"), prompt=_("Choose an officer"), missing=_("Choose an officer"))
    second = forms.SelectField(
        label=_("Half of it to somebody else (optional)"),
        hint=_("Only priority schools are shared (buddy system)."),
        prompt=_("Nobody: the school is not shared"),
    )

    def __init__(self, *args: Any, officers: Mapping[str, str], schools: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("officer", "second"):
            self.fields[name].choices = list(officers.items())  # type: ignore[attr-defined]
        self.fields["school"].choices = list(schools.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("second") and answers["second"] == answers.get("officer"):
            self.add_error("second", gettext("Choose somebody else for the other half"))
        return answers

    @property
    def officers(self) -> list[str]:
        """One, or two half each."""
        return [name for name in (self.cleaned_data["officer"], self.cleaned_data["second"]) if name]


class KeepForm(forms.OnceForm, HandForm):
    """The same, to be kept as another plan."""


class CompareForm(forms.Form):
    """Two plans."""

    one = forms.SelectField(label=_("This plan"), prompt=_("Choose a plan"), missing=_("Choose a plan"))
    other = forms.SelectField(label=_("With this one"), prompt=_("Choose a plan"), missing=_("Choose another plan"))

    def __init__(self, *args: Any, plans: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].choices = list(plans.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("other") and answers["other"] == answers.get("one"):
            self.add_error("other", gettext("Choose another plan: this is the same one"))
        return answers
