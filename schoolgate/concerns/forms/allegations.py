"""The forms about adults who work or volunteer at a school, and about officers."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.concerns.forms.telling import Note, ToldForm
from schoolgate.concerns.models import AllegationStepKind, Subject
from schoolgate.directory.selectors import PersonCard
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.ui import forms

# fmt: off
TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "cllr",
    "pc", "dc", "sgt", "ds", "insp", "di", "ch", "dci", "supt", "officer",
})
# fmt: on
SOMEBODY_ELSE = "somebody_else"


def name_words(typed: str) -> frozenset[str]:
    """The words of a name, however it was typed: without title, blanks and case."""
    return frozenset(re.findall(r"[\w'’-]+", typed.casefold())) - TITLES


class AllegationForm(ToldForm):
    """About an adult. Who it is about decides who gets it, and each choice says whom to ring.

    AllegationForm(..., staff=[PersonCard], officers=[PersonCard], heads=[PersonCard], receivers=[PersonCard],
    named=words, ring={Subject: Markup})

    receivers: everybody who may get one. named: the name that was typed: where one of them has that surname, the form
    asks whether it is them, so that it goes to nobody who is complained of.
    """

    draft_kind = DraftKind.ALLEGATION
    about = forms.RadiosField(label=_("Who is it about?"), missing=_("Say who it is about"))
    staff_person = forms.SelectField(
        label=_("Choose them if they are in this list"),
        hint=_("It is then kept from them, whatever role they have."),
        prompt=_("Not in this list"),
    )
    officer_person = forms.SelectField(
        label=_("Choose the officer if they are in this list"),
        hint=_("It is then kept from them, whatever role they have."),
        prompt=_("Not in this list"),
    )
    complained_of_name = forms.TextField(
        label=_("Their name, or what you know of them"),
        hint=_("Leave it empty where you chose from the list, or where it is the head teacher."),
    )
    same_person = forms.RadiosField(
        label=_("Is it one of these people?"),
        hint=_("They would get it, or may. It is kept from whoever it is about."),
        missing=_("Say whether it is one of these people"),
    )
    child_name = forms.TextField(label=_("Which child or children, if any (optional)"))

    ORDER = (
        "once", "in_danger", "about", "complained_of_name", "same_person",
        "author_name", "child_name", "seen",
        "opinion", "day", "occurred_time", "place", "place_detail",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        staff: list[PersonCard],
        officers: list[PersonCard],
        heads: list[PersonCard],
        receivers: list[PersonCard],
        named: str,
        ring: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.heads = heads
        self.known = {person.id: person for person in (*staff, *officers, *heads, *receivers)}
        self._ask_whether_it_is(namesakes(named, receivers) if self._named(named) is None else [])
        self.fields["staff_person"].choices = [(str(person.id), person.called) for person in staff]  # type: ignore[attr-defined]
        self.fields["officer_person"].choices = [(str(person.id), person.called) for person in officers]  # type: ignore[attr-defined]
        for subject, markup in ring.items():
            self.fields[f"ring_{subject}"] = Note()
            self.fields[f"ring_{subject}"].markup = markup  # type: ignore[attr-defined]
        lists = {Subject.STAFF: ("staff_person",), Subject.OFFICER: ("officer_person",)}
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            forms.Choice(subject, subject.label, reveals=(*lists.get(subject, ()), f"ring_{subject}"))
            for subject in Subject
        ]
        self.order_fields(self.ORDER)

    def _ask_whether_it_is(self, people: list[PersonCard]) -> None:
        if not people:
            del self.fields["same_person"]
            return
        asked = [(str(person.id), person.called) for person in people]
        self.fields["same_person"].choices = [*asked, (SOMEBODY_ELSE, _("No, it is somebody else"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        known = self.complained_of is not None or cleaned.get("about") == Subject.HEAD
        if not known and not cleaned.get("complained_of_name"):
            self.add_error("complained_of_name", gettext("Give their name, or what you know of them"))
        return cleaned

    @property
    def complained_of(self) -> int | None:
        """The person, where they were chosen, are the head teacher, or are named as in the directory."""
        about = self.cleaned_data.get("about")
        if about == Subject.HEAD:
            return self.heads[0].id if len(self.heads) == 1 else None
        answers = [self.cleaned_data.get(name) for name in ("staff_person", "officer_person", "same_person")]
        chosen = next((answer for answer in answers if answer and answer != SOMEBODY_ELSE), None)
        return int(chosen) if chosen else self._named(self.cleaned_data.get("complained_of_name", ""))

    def _named(self, typed: str) -> int | None:
        found = [person.id for person in self.known.values() if name_words(person.name) == name_words(typed)]
        return found[0] if len(found) == 1 else None

    @property
    def subject(self) -> str:
        """Whom it is about: the head teacher, however they were named."""
        heads = {person.id for person in self.heads}
        return str(Subject.HEAD) if self.complained_of in heads else str(self.cleaned_data["about"])

    @property
    def told(self) -> dict[str, Any]:
        name = self.cleaned_data["complained_of_name"]
        person = self.known.get(self.complained_of) if self.complained_of else None
        named = name or (person.called if person else gettext("The head teacher"))
        return super().told | {"complained_of_name": named}


def namesakes(typed: str, people: Iterable[PersonCard]) -> list[PersonCard]:
    """Those whose surname is among the words that were typed."""
    words = name_words(typed)
    return [person for person in people if name_words(person.name.split()[-1]) & words]


OFFERED_STEPS = [
    (kind, kind.label)
    for kind in (AllegationStepKind.ACKNOWLEDGED, AllegationStepKind.ADVICE, AllegationStepKind.CLOSED)
]


class AllegationStepForm(DraftedForm):
    """What a recipient does about an allegation."""

    draft_kind = DraftKind.ALLEGATION_STEP
    kind = forms.RadiosField(label=_("What do you do?"), choices=OFFERED_STEPS, missing=_("Choose what you do"))
    words = forms.LongTextField(label=_("What was done, advised or decided"), longest=10_000, rows=4)
    author_hears = forms.TickField(label=_("The person who raised it may read this"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") not in (None, AllegationStepKind.ACKNOWLEDGED) and not cleaned.get("words"):
            self.add_error("words", gettext("Write what was done, advised or decided"))
        return cleaned
