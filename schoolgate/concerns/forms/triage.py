"""The forms by which the school circle decides what becomes of a concern."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from schoolgate.children.forms import NEW_CHILD, child_choices, chosen_child
from schoolgate.children.selectors import ChildCard
from schoolgate.concerns.models import NotSharingGround, Status
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.exchange.forms import ShareForm
from schoolgate.ui import forms

# What the author hears unless the SPOC writes it differently.
USUAL_WORDS = {
    Status.SCHOOL_MATTER: _("Thank you. The school is dealing with it; the police have no part in it."),
    Status.WITH_DSL: _("Thank you. The DSL is dealing with it."),
    Status.EARLY_INTERVENTION: _("Thank you. Help for the young person is being arranged."),
    Status.NOT_SHARED: _("Thank you. It was looked at with care and stays within the school."),
    Status.CLOSED: "",
    Status.OPENED: _("Thank you. It is being looked at again."),
}

WHY = {
    Status.SCHOOL_MATTER: _("Why is it a school matter?"),
    Status.WITH_DSL: _("Why is it for the DSL?"),
    Status.EARLY_INTERVENTION: _("Which help, and who arranges it?"),
    Status.NOT_SHARED: _("What was weighed up?"),
    Status.CLOSED: _("What came of it?"),
    Status.OPENED: _("Why is it opened again?"),
}

OFFERED = (
    Status.SCHOOL_MATTER, Status.WITH_DSL, Status.ASKED, Status.EARLY_INTERVENTION, Status.SHARING,
    Status.NOT_SHARED, Status.CLOSED, Status.OPENED,
)  # fmt: skip

HINTS = {
    Status.SCHOOL_MATTER: _("Behaviour is the school's. A good outcome in itself."),
    Status.SHARING: _("You choose what is told, to whom and why. This concern stays in the school."),
    Status.NOT_SHARED: _("A decision not to share is kept with its reasons, like one to share."),
}

DOING = {
    Status.SCHOOL_MATTER: _("School matter, no police role"),
    Status.WITH_DSL: _("With the DSL"),
    Status.ASKED: _("Ask the member of staff"),
    Status.EARLY_INTERVENTION: _("Early intervention"),
    Status.SHARING: _("Share with the officer"),
    Status.NOT_SHARED: _("Do not share"),
    Status.CLOSED: _("Close"),
    Status.OPENED: _("Open it again"),
}


class DecideForm(DraftedForm):
    """What becomes of a concern. Each decision asks for the reason that it needs, and for the author's plain words.

    DecideForm(request.POST, now=at, allowed=decisions, version=page.version, report=page.report)

    report: what the officer reported back in plain words; the author may read the same.
    """

    draft_kind = DraftKind.DECISION
    version = forms.VersionField()
    becomes = forms.RadiosField(label=_("What becomes of it?"), missing=_("Choose what becomes of it"))
    question = forms.LongTextField(
        label=_("What do you ask the member of staff?"),
        hint=_("They read these words, and nothing else."),
        missing=_("Write the question"),
        longest=2_000,
        rows=3,
    )
    ground = forms.RadiosField(
        label=_("Why is it not shared?"), choices=NotSharingGround.choices, missing=_("Choose why it is not shared")
    )

    def __init__(self, *args: Any, allowed: Iterable[str], version: int, report: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "version": str(version), f"{Status.CLOSED}_told": report}
        offered = [decision for decision in OFFERED if decision in allowed]
        for decision in offered:
            self._ask_about(decision)
        for decision, field in ((Status.ASKED, "question"), (Status.NOT_SHARED, "ground")):
            if decision not in offered:
                del self.fields[field]
        self.fields["becomes"].choices = [  # type: ignore[attr-defined]
            forms.Choice(decision, DOING[decision], hint=HINTS.get(decision, ""), reveals=self._revealed_by(decision))
            for decision in offered
        ]

    def _ask_about(self, decision: Status) -> None:
        if decision not in WHY:
            return
        self.fields[f"{decision}_reason"] = forms.LongTextField(
            label=WHY[decision], missing=_("Give the reason"), longest=5_000, rows=3
        )
        self.fields[f"{decision}_told"] = forms.LongTextField(
            label=_("What the member of staff reads"),
            missing=_("Write what the member of staff reads"),
            initial=USUAL_WORDS[decision],
            longest=2_000,
            rows=2,
        )

    def _revealed_by(self, decision: str | None) -> tuple[str, ...]:
        if decision == Status.ASKED:
            return ("question",)
        ground = ("ground",) if decision == Status.NOT_SHARED else ()
        return (*ground, f"{decision}_reason", f"{decision}_told") if decision in WHY else ()

    @property
    def seen(self) -> str:
        """The version of the concern's triage that was seen by whoever posts this."""
        return str(self["version"].value())

    def unsaid(self, offered: "DecideForm") -> list[forms.BoundField]:
        """What was typed for the decision that was chosen and has no place on the form as it is offered now."""
        asked = self._revealed_by(self["becomes"].value())
        return [bound for bound in self.bound_fields if bound.name in asked and bound.name not in offered.fields]

    @property
    def leads_to_share(self) -> bool:
        """Whether the share is to be written next."""
        return bool(self.cleaned_data["becomes"] == Status.SHARING)

    @property
    def decision(self) -> dict[str, Any]:
        """What services.decide takes."""
        cleaned = self.cleaned_data
        decision = Status(cleaned["becomes"])
        asked = cleaned.get("question", "")
        return {
            "once": cleaned["once"],
            "decision": decision,
            "version": cleaned["version"],
            "reason": cleaned.get(f"{decision}_reason", asked),
            "told": cleaned.get(f"{decision}_told", asked),
            "ground": cleaned["ground"] if decision == Status.NOT_SHARED else "",
        }


class ChildForm(forms.OnceForm):
    """Which child a concern is about: one that the school knows already, or a new record.

    ChildForm(request.POST, now=at, known=[ChildCard, ...], initial={"name": ..., "linked": id or nothing})

    linked: the child that it was linked to when the page was opened.
    """

    linked = forms.HiddenField()

    child = forms.RadiosField(label=_("The child's record"), missing=_("Choose a child, or a new record"))
    name = forms.TextField(label=_("Full name"), missing=_("Give the full name"))
    born_on = forms.DateField(label=_("Date of birth (optional)"), not_later=True)
    year_group = forms.TextField(label=_("Year group (optional)"), longest=40, width=10)

    def __init__(self, *args: Any, known: Iterable[ChildCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = forms.Choice(NEW_CHILD, _("A new record"), reveals=("name", "born_on", "year_group"))
        self.fields["child"].choices = child_choices(known, new)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> UUID | None:
        """The child chosen among those known; nothing for a new record."""
        return chosen_child(self.cleaned_data["child"])

    @property
    def new_child(self) -> dict[str, Any]:
        """What services.link_new_child takes."""
        return {name: self.cleaned_data[name] for name in ("name", "born_on", "year_group", "linked", "once")}


class NoteForm(DraftedForm):
    """What was done or said, for the school circle."""

    draft_kind = DraftKind.NOTE
    words = forms.LongTextField(
        label=_("What was done or said"),
        hint=_("The member of staff who raised it does not see it."),
        missing=_("Write the note"),
        longest=5_000,
        rows=3,
    )


class ShareFromConcernForm(ShareForm):
    """A share drawn from a concern, with what the member of staff who raised it reads."""

    version = forms.VersionField()
    author_told = forms.LongTextField(
        label=_("What the member of staff who raised it reads"),
        initial=_("Thank you. It was passed on to the right people. You will hear what comes of it."),
        missing=_("Write what the member of staff reads"),
        longest=2_000,
        rows=2,
    )
