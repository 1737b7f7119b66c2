"""The forms of the exchange."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolgate.children.forms import NEW_CHILD, child_choices, chosen_child
from schoolgate.children.selectors import ChildCard
from schoolgate.core.enums import Marking
from schoolgate.drafts.forms import DraftedForm
from schoolgate.drafts.models import DraftKind
from schoolgate.exchange.models import Category, Footing, Ground, Place, Purpose, Side, Urgency
from schoolgate.exchange.selectors import RecipientChoice, ShareChoices, ShareRecord
from schoolgate.exchange.services import ShareDetails, Told
from schoolgate.ui import forms
from schoolgate.ui.presenters import capitalised, moment_words

TOLD, NOT_TOLD = "told", "not_told"
BY_PURPOSE = "suggested"
NOT_AGREED = _("The SSP protocol and the Data Sharing Agreement are not both in date. Choose another ground.")


def told_field(label: Any, missing: Any, who: str) -> forms.RadiosField:
    """Told, by whom and when; or why not."""
    reveals = (f"{who}_told_by", f"{who}_told_on", f"{who}_view")
    choices = [
        forms.Choice(TOLD, _("Yes"), reveals=reveals),
        forms.Choice(NOT_TOLD, _("No"), reveals=(f"{who}_not_told_why",)),
    ]
    return forms.RadiosField(label=label, missing=missing, choices=choices)


class PlanForm(DraftedForm):
    draft_kind = DraftKind.SHARE_STEP
    words = forms.LongTextField(
        label=_("What will be done?"),
        hint=_("For example: speak with the child and a parent in school."),
        missing=_("Say what will be done"),
        longest=1000,
        rows=3,
    )
    due_on = forms.DayField(
        label=_("By which day?"), missing=_("Give the day by which it will be done"), not_earlier=True
    )


class DoneForm(DraftedForm):
    draft_kind = DraftKind.SHARE_STEP
    words = forms.LongTextField(label=_("What was done?"), missing=_("Say what was done"), longest=2000, rows=4)

    def __init__(self, *args: Any, sent_by: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_school = sent_by == Side.SCHOOL
        hint = gettext("The school reads this.") if is_school else gettext("The officers of the school read this.")
        self.fields["words"].help_text = hint


class ReportForm(DraftedForm):
    draft_kind = DraftKind.SHARE_STEP
    words = forms.LongTextField(
        label=_("What may they know?"),
        hint=_(
            "In plain words. They may pass them on to whoever raised the concern, so no more than that person needs."
        ),
        missing=_("Say what came of it"),
        longest=1000,
        rows=4,
    )


class RecallForm(DraftedForm):
    draft_kind = DraftKind.SHARE_STEP
    words = forms.LongTextField(
        label=_("Why is it taken back?"),
        hint=_("Everybody who was told hears at once that they must not use it."),
        missing=_("Say why it is taken back"),
        longest=1000,
        rows=3,
    )


class PassForm(forms.OnceForm):
    to = forms.RadiosField(label=_("Who should have it?"), missing=_("Choose who should have it"))
    words = forms.TextField(label=_("Why (optional)?"))

    def __init__(self, *args: Any, choices: Iterable[RecipientChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [_recipient(choice, kwargs.get("now")) for choice in choices]  # type: ignore[attr-defined]

    def clean_to(self) -> int:
        return int(self.cleaned_data["to"])


class CategoryForm(forms.OnceForm):
    person = forms.TextField(label=_("Which person?"), missing=_("Name the person"))
    categories = forms.CheckboxesField(
        label=_("They are"),
        hint=_("Choose all that hold (DPA 2018 s.38). The school does not see this."),
        choices=Category.choices,
        missing=_("Choose at least one"),
    )
    footing = forms.RadiosField(
        label=_("What does that rest on?"), choices=Footing.choices, missing=_("Choose fact or assessment")
    )


class CrimeForm(forms.OnceForm):
    what = forms.TextField(
        label=_("Which crime was disclosed?"),
        hint=_("The force's reference is due within 24 hours. The school does not see this."),
        missing=_("Say which crime"),
        longest=300,
    )


class CrimeReferenceForm(forms.Form):
    reference = forms.TextField(
        label=_("The force's reference"), missing=_("Give the force's reference"), longest=60, width=20
    )


class ReferenceForm(forms.Form):
    reference = forms.TextField(
        label=_("Its number in your own system"), hint=_("Leave it empty to take a number away."), longest=60, width=20
    )


class LinkForm(forms.Form):
    child = forms.RadiosField(label=_("Which child of your team's is it?"), missing=_("Choose the child"))

    def __init__(self, *args: Any, choices: Iterable[ChildCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = forms.Choice(NEW_CHILD, _("None of these: make a new record"))
        self.fields["child"].choices = child_choices(choices, new)  # type: ignore[attr-defined]

    def clean_child(self) -> UUID | None:
        return chosen_child(self.cleaned_data["child"])


class AdviceForm(DraftedForm):
    """Asks for advice; there is no place for a name."""

    draft_kind = DraftKind.ADVICE
    question = forms.LongTextField(
        label=_("What do you want to know?"),
        hint=_("Without names, and nothing that tells who the child is: then no crime has to be recorded."),
        missing=_("Write your question"),
        longest=2000,
    )


class EnquiryForm(DraftedForm):
    draft_kind = DraftKind.ENQUIRY
    child_name = forms.TextField(
        label=_("Is it about one child (optional)?"), hint=_("The name as you know it, only if they need it.")
    )
    question = forms.LongTextField(label=_("What do you want to know?"), missing=_("Write your question"), longest=2000)


class AnswerForm(DraftedForm):
    draft_kind = DraftKind.ANSWER
    words = forms.LongTextField(
        label=_("Your answer"),
        hint=_("To tell them about a child, make a share: it says what it is for and who may read it."),
        missing=_("Write your answer"),
        longest=2000,
    )


class KeepForm(forms.Form):
    """Keep a record from somebody whose circle would read it; it cannot be taken back.

    KeepForm(request.POST, people=[(id, "Ms Ann Birch"), ...], me=viewer.person)
    """

    person = forms.RadiosField(label=_("Who must not read it?"), missing=_("Choose who must not read it"))
    reason = forms.LongTextField(
        label=_("Why?"),
        hint=_("For example: the child is their own. It is kept with the record, and cannot be taken back."),
        missing=_("Give the reason"),
        longest=1000,
        rows=2,
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], me: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (str(person), gettext("Me: I have an interest in this") if person == me else called)
            for person, called in people
        ]

    def clean_person(self) -> int:
        return int(self.cleaned_data["person"])


class LegalBasisForm(forms.Form):
    text = forms.LongTextField(label=_("Words"), missing=_("Write the words of the basis"), longest=300, rows=2)
    source = forms.TextField(label=_("Who confirmed it"), missing=_("Say who confirmed it"), longest=300)
    as_at = forms.DayField(label=_("As at"), missing=_("Give the day"), not_later=True)
    active = forms.TickField(label=_("Offered for new shares"))


class GroundField(forms.RadiosField):
    """Why a share may go. The agreements may run out while somebody types."""

    def offered(self, value: str) -> str:
        if value == Ground.AGREEMENT and value not in {choice.value for choice in self.choices}:
            raise forms.ValidationError(NOT_AGREED)
        return super().offered(value)


class ShareForm(DraftedForm):
    """What one side tells the other about a child: six questions, and what is suggested below them.

    ShareForm(request.POST, now=at, choices=share_choices(viewer, school, at))
    ShareForm(now=at, choices=..., initial={"child_name": ..., "facts": ..., "place": ..., "occurred": ...})

    When valid, `details` is what services.send_share takes, and cleaned_data["once"] its token.
    """

    draft_kind = DraftKind.SHARE
    child_name = forms.TextField(
        label=_("Which child?"), hint=_("The name as you know it."), missing=_("Give the child's name")
    )
    facts = forms.LongTextField(
        label=_("What was seen or said?"),
        hint=_("Only what they need to know. The original stays with you."),
        missing=_("Say what was seen or said"),
        longest=4000,
    )
    opinion = forms.LongTextField(
        label=_("Your opinion, if they need it (optional)"),
        hint=_("Kept apart from the facts: what you think it means."),
        longest=2000,
        rows=2,
    )
    occurred = forms.TextField(
        label=_("When did it happen?"),
        hint=_("For example, Tuesday 3 March at about 3:15 pm."),
        missing=_("Say when it happened"),
    )
    place = forms.RadiosField(
        label=_("Where did it happen?"), choices=Place.choices, missing=_("Choose where it happened")
    )
    purpose = forms.RadiosField(
        label=_("What is it for?"), choices=Purpose.choices, missing=_("Choose what the share is for")
    )
    child_told = told_field(
        _("Does the child know that you are sharing this?"), _("Say whether the child knows"), "child"
    )
    child_told_by = forms.TextField(label=_("Who told the child?"), missing=_("Say who told the child"))
    child_told_on = forms.DayField(label=_("When was the child told?"), missing=_("Give the day"), not_later=True)
    child_view = forms.LongTextField(
        label=_("What did the child say about it (optional)?"),
        hint=_("If they disagree, say so: it travels with the share."),
        longest=1000,
        rows=2,
    )
    child_not_told_why = forms.TextField(label=_("Why not?"), missing=_("Say why the child was not told"))
    parent_told = told_field(_("Does a parent or carer know?"), _("Say whether a parent or carer knows"), "parent")
    parent_told_by = forms.TextField(label=_("Who told them?"), missing=_("Say who told the parent or carer"))
    parent_told_on = forms.DayField(label=_("When were they told?"), missing=_("Give the day"), not_later=True)
    parent_view = forms.LongTextField(label=_("What did they say about it (optional)?"), longest=1000, rows=2)
    parent_not_told_why = forms.TextField(label=_("Why not?"), missing=_("Say why the parent or carer was not told"))
    needs = forms.LongTextField(
        label=_("What helps in speaking with the child (optional)?"),
        hint=_("Language, special educational needs, an adult they trust."),
        longest=1000,
        rows=2,
    )
    urgency = forms.RadiosField(
        label=_("How soon is it needed?"), choices=Urgency.choices, missing=_("Choose how soon it is needed")
    )
    recipients = forms.CheckboxesField(label=_("Who is it for?"), missing=_("Choose at least one person"))
    basis = forms.SelectField(
        label=_("Legal basis"), prompt=_("Choose the legal basis"), missing=_("Choose the legal basis")
    )
    ground = GroundField(label=_("Why may it go?"), missing=_("Choose why it may go"))
    ground_reason = forms.LongTextField(
        label=_("Unless it is routine: why is that so?"),
        hint=_("The head teacher, the sergeant and the data protection officer are told that it went."),
        longest=1000,
        rows=3,
    )
    marking = forms.RadiosField(
        label=_("Marking"), choices=Marking.choices, missing=_("Choose the marking"), inline=True
    )
    handling = forms.TextField(label=_("Handling"), longest=300, missing=_("Say how it must be handled"))
    own_reference = forms.TextField(label=_("Its number in your own system (optional)"), longest=60, width=20)
    police_incident = forms.TextField(
        label=_("Police incident number (optional)"),
        hint=_("If the police gave one. It ties together what several schools share about one incident."),
        longest=60,
        width=20,
    )

    SUGGESTED: ClassVar = (
        "urgency",
        "recipients",
        "basis",
        "ground",
        "ground_reason",
        "marking",
        "handling",
        "own_reference",
        "police_incident",
    )

    def __init__(self, *args: Any, choices: ShareChoices, **kwargs: Any) -> None:
        kwargs["initial"] = _suggested(choices) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["recipients"].choices = [_recipient(choice, kwargs.get("now")) for choice in choices.recipients]  # type: ignore[attr-defined]
        self.fields["basis"].choices = [  # type: ignore[attr-defined]
            (BY_PURPOSE, _("As suggested for the purpose")),
            *((str(basis.id), basis.text) for basis in choices.bases),
        ]
        self.fields["ground"].choices = _grounds(choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Every ground but the agreement has its reason; a routine share has none."""
        answers = super().clean() or self.cleaned_data
        if answers.get("ground") == Ground.AGREEMENT:
            answers["ground_reason"] = ""
        elif answers.get("ground") and not answers.get("ground_reason"):
            self.add_error("ground_reason", gettext("Give the reason"))
        return answers

    @property
    def main_questions(self) -> list[forms.BoundField]:
        """The six questions and what belongs to them."""
        return [question for question in self.questions if question.name not in self.SUGGESTED]

    @property
    def suggested_questions(self) -> list[forms.BoundField]:
        """What is suggested, to be looked over."""
        return [question for question in self.questions if question.name in self.SUGGESTED]

    @property
    def has_wrong_suggestion(self) -> bool:
        """Whether something must be put right among what is suggested."""
        return bool(set(self.errors) & {*self.SUGGESTED})

    @property
    def details(self) -> ShareDetails:
        """What was asked, for send_share. Only of a valid form."""
        answers = self.cleaned_data
        plain = ("child_name", "facts", "opinion", "purpose", "place", "occurred", "handling", "ground",
                 "ground_reason", "marking", "urgency", "needs", "own_reference", "police_incident")  # fmt: skip
        return ShareDetails(
            **{name: answers[name] for name in plain},
            basis=self._basis(),
            recipients=tuple(int(person) for person in answers["recipients"]),
            child_told=self._told("child"),
            parent_told=self._told("parent"),
        )

    def _basis(self) -> int:
        """The basis chosen, or the first that suits the purpose."""
        chosen, purpose = self.cleaned_data["basis"], self.cleaned_data["purpose"]
        return self.choices.suggested_basis(purpose) if chosen == BY_PURPOSE else int(chosen)

    def _told(self, who: str) -> Told:
        answers = self.cleaned_data
        return Told(
            by=answers[f"{who}_told_by"],
            on=answers[f"{who}_told_on"],
            why_not=answers[f"{who}_not_told_why"],
            view=answers[f"{who}_view"],
        )


class CorrectionForm(ShareForm):
    """A share again, with what was wrong."""

    wrong = forms.LongTextField(
        label=_("What was wrong?"),
        hint=_("Everybody who was told gets the corrected share and this."),
        missing=_("Say what was wrong"),
        longest=1000,
        rows=3,
    )

    field_order = ["wrong"]


def _suggested(choices: ShareChoices) -> dict[str, Any]:
    """What stands in the form before anybody has typed."""
    ground = {"ground": Ground.AGREEMENT} if choices.agreement.agreed else {}
    return ground | {
        "urgency": Urgency.NEXT_SCHOOL_DAY,
        "recipients": [str(person) for person in choices.suggested_recipients],
        "basis": BY_PURPOSE,
        "marking": Marking.OFFICIAL_SENSITIVE,
        "handling": _handling(choices.side),
    }


def _handling(side: Side) -> str:
    if side == Side.SCHOOL:
        return gettext("For the officers named and their team. Ask the school's SPOC before passing it on.")
    return gettext("For the SPOC and those in the school who must act on it. Ask the officer before passing it on.")


def _grounds(choices: ShareChoices) -> list[forms.Choice]:
    """The grounds; the agreement only while it is in force."""
    agreed = [forms.Choice(Ground.AGREEMENT, Ground.AGREEMENT.label)] if choices.agreement.agreed else []
    others = [ground for ground in Ground if ground != Ground.AGREEMENT]
    return agreed + [forms.Choice(ground, ground.label) for ground in others]


def _recipient(choice: RecipientChoice, now: dt.datetime | None) -> forms.Choice:
    """A person to address, with why they are one and when they are next on duty."""
    words = choice.why
    if choice.duty and now:
        duty = (
            gettext("on duty now")
            if choice.duty <= now
            else gettext("next on duty %s") % moment_words(choice.duty, now=now)
        )
        words = f"{choice.why}, {duty}"
    return forms.Choice(str(choice.person.id), choice.person.called, hint=capitalised(words))


def initial_of(record: ShareRecord, choices: ShareChoices) -> dict[str, Any]:
    """A share as the start of its correction: nothing is asked twice.

    Where the agreements have run out since, the law still wants the correction sent.
    """
    same = ("child_name", "facts", "opinion", "purpose", "place", "occurred", "urgency", "marking", "handling",
            "ground", "ground_reason", "police_incident", "needs")  # fmt: skip
    initial = {name: getattr(record, name) for name in same} | {"basis": str(record.basis_id)}
    offered = {str(choice.person.id) for choice in choices.recipients}
    initial["recipients"] = [person for person in map(str, record.recipients) if person in offered]
    for who in ("child", "parent"):
        parts = (f"{who}_told_by", f"{who}_told_on", f"{who}_not_told_why", f"{who}_view")
        initial |= {part: getattr(record, part) for part in parts}
        initial[f"{who}_told"] = TOLD if initial[f"{who}_told_on"] else NOT_TOLD
    if record.ground == Ground.AGREEMENT and not choices.agreement.agreed:
        reason = gettext("To correct what was told earlier (DPA 2018 s.38(5)(c)).")
        initial |= {"ground": Ground.LAW, "ground_reason": reason}
    return initial
