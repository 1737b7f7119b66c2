"""The board, proposals, who was told, and the postings of a school."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.selectors import readers
from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.core.once import AlreadySent
from schoolgate.deployment import presenters
from schoolgate.deployment.forms import postings as forms
from schoolgate.deployment.policies import may_deploy, may_deploy_some
from schoolgate.deployment.selectors import postings as selectors
from schoolgate.deployment.selectors.eligibility import officer_file
from schoolgate.deployment.services import postings as services
from schoolgate.deployment.services.refusals import MovedOn, NotTheirs, Refused
from schoolgate.ui.forms import form_page


@require_GET
def board(request: Request) -> HttpResponse:
    """Who covers what, what is proposed, what was stopped, what runs out, who is uncovered."""
    at = now()
    found = selectors.board(request.viewer, at=at)
    words = presenters.board_words(found, on=london_day(at), now=at)
    return render(request, "deployment/board.html", words | {"heading": _("Deployment")})


@form_page
def propose(request: Request) -> HttpResponse:
    """The form of a posting; what the rules refuse is said beside the field, with the day on which it is possible."""
    at = now()
    choices = selectors.choices(request.viewer, on=london_day(at))
    asked = {
        name: request.GET[name]
        for name in ("officer", "school", "kind", "instead_of", "ward", "since")
        if name in request.GET
    }
    form = forms.ProposalForm(request.POST or None, now=at, choices=choices, initial=asked)
    made = _proposed(request, form, choices) if form.is_valid() else None
    if made:
        messages.success(request, _("Proposed. Nothing has changed yet: tell head teacher and SPOC next."))
        return redirect("deployment:proposal", made)
    words = {"form": form, "heading": _("Propose a posting"), "back_url": reverse("deployment:board")}
    return render(request, "deployment/propose.html", words | {"submit_text": _("Propose it")})


def _proposed(request: Request, form: forms.ProposalForm, choices: selectors.Choices) -> UUID | None:
    answers = dict(form.cleaned_data)
    file = next(file for file in choices.officers if file.card.id == answers["officer"])
    about = {name: answers.pop(name) for name in ("officer", "school", "instead_of", "reason", "once")}
    try:
        made = services.propose_posting(
            by=request.viewer, at=now(), team=file.team, terms=services.Terms(**answers), **about
        )
    except Refused as refused:
        field = "school" if refused.rule == "school_of_the_force" else "since"
        form.add_error(field, presenters.refusal_words(file, refused.rule))
        return None
    except AlreadySent:
        form.begin_anew()
        return None
    return made.pk


@require_GET
def proposal(request: Request, proposal: UUID) -> HttpResponse:
    """What would change, who has been told, and the one next step."""
    at = now()
    one = selectors.proposal(proposal)
    file = officer_file(request.viewer, one.officer.id, at=at)
    people = selectors.those_to_tell(one.school, on=london_day(at))
    words = presenters.proposal_words(one, file, people, now=at)
    words |= {"proposal": one, "caption": one.school_name, "once": uuid4(), "back_url": reverse("deployment:board")}
    return render(request, "deployment/proposal.html", words)


@form_page
def tell(request: Request, proposal: UUID, role: str) -> HttpResponse:
    """Tell head teacher or SPOC, in words that were drafted."""
    at = now()
    one = selectors.proposal(proposal)
    told = presenters.role_told(role)
    if told is None:
        raise Http404
    require(may_deploy, request.viewer, one.team)
    people = selectors.people_to_tell(one.school, told, on=london_day(at))
    initial: dict[str, Any] = {"words": one.words[told]}
    if people:
        initial |= {"way": "here", "person": str(people[0].id)}
    form = forms.TellForm(request.POST or None, now=at, people=people, initial=initial)
    back = reverse("deployment:proposal", args=[proposal])
    if form.is_valid():
        try:
            services.record_telling(by=request.viewer, at=at, proposal=proposal, role=told, **form.cleaned_data)
        except (MovedOn, NotTheirs) as refused:
            form.add_error(None, str(presenters.RULES[refused.rule]))
        except AlreadySent:
            form.begin_anew()
        else:
            messages.success(request, _("Recorded. Who has an account here gets a notice."))
            return redirect(back)
    words = {"form": form, "heading": _("Tell the %s") % told.label, "caption": one.school_name, "back_url": back}
    return render(request, "ui/form_page.html", words | {"submit_text": _("Tell them")})


@require_POST
def tell_here(request: Request, proposal: UUID) -> HttpResponse:
    """Tell head teacher and SPOC here, in the words as drafted."""
    one = selectors.proposal(proposal)
    require(may_deploy, request.viewer, one.team)
    try:
        services.tell_here(by=request.viewer, at=now(), proposal=proposal)
    except Refused as refused:
        messages.error(request, str(presenters.RULES[refused.rule]))
    else:
        messages.success(request, _("Told, with a notice. Their words stand below."))
    return redirect("deployment:proposal", proposal)


@require_POST
def go_live(request: Request, proposal: UUID) -> HttpResponse:
    """Let a proposal take effect."""
    one = selectors.proposal(proposal)
    require(may_deploy, request.viewer, one.team)
    try:
        services.go_live(by=request.viewer, at=now(), proposal=proposal)
    except Refused as refused:
        file = officer_file(request.viewer, one.officer.id, at=now())
        known = refused.rule in file.obstacles(one.since)
        words = presenters.refusal_words(file, refused.rule) if known else str(presenters.RULES[refused.rule])
        messages.error(request, _("It did not go live. %s") % words)
        return redirect("deployment:proposal", proposal)
    messages.success(request, _("It is live."))
    return redirect("deployment:board")


@require_POST
def withdraw(request: Request, proposal: UUID) -> HttpResponse:
    """Undo a proposal."""
    one = selectors.proposal(proposal)
    require(may_deploy, request.viewer, one.team)
    try:
        services.withdraw(by=request.viewer, at=now(), proposal=proposal)
    except MovedOn as refused:
        messages.error(request, str(presenters.RULES[refused.rule]))
    else:
        messages.success(request, _("Withdrawn. Whoever was told of it was told that it is off."))
    return redirect("deployment:board")


@form_page
def end(request: Request, posting: int) -> HttpResponse:
    """Propose the last day of a posting."""
    at = now()
    one = selectors.posting(posting)
    if not request.viewer.shares("team", one.team):
        raise Http404
    require(may_deploy, request.viewer, one.team)
    form = forms.EndForm(request.POST or None, now=at, posting=one)
    if form.is_valid():
        try:
            made = services.propose_end(by=request.viewer, at=at, posting=posting, **form.cleaned_data)
        except AlreadySent:
            form.begin_anew()
        else:
            messages.success(request, _("Proposed. Nothing has changed yet: tell head teacher and SPOC next."))
            return redirect("deployment:proposal", made.pk)
    words = {"form": form, "heading": _("End a posting"), "caption": f"{one.officer.called}, {one.school_name}"}
    back = reverse("deployment:officer", args=[one.officer.id])
    return render(request, "ui/form_page.html", words | {"back_url": back, "submit_text": _("Propose it")})


@require_GET
def told(request: Request, telling: UUID) -> HttpResponse:
    """What a school was told of a change."""
    at = now()
    one = selectors.school_told(telling)
    words = presenters.told_words(one, readers(one.circles, one.barred), now=at)
    return render(request, "deployment/told.html", words)


@require_GET
def school(request: Request, school: int) -> HttpResponse:
    """Who serves a school, served it and will; for how long each has been a familiar face."""
    at = now()
    one = selectors.school_history(request.viewer, school, at=at)
    words = presenters.history_words(one, on=london_day(at), now=at)
    words |= {"heading": _("Officers of the school"), "caption": one.name, "school": one}
    words |= {"may_propose": may_deploy_some(request.viewer), "may_hand_over": request.viewer.shares("police", school)}
    return render(request, "deployment/school.html", words)


@form_page
def shadow(request: Request) -> HttpResponse:
    """Name somebody who goes along with an officer. A probationer may: it opens nothing to them."""
    at = now()
    choices = selectors.choices(request.viewer, on=london_day(at))
    form = forms.ShadowForm(request.POST or None, now=at, choices=choices)
    if form.is_valid():
        try:
            services.name_shadow(by=request.viewer, at=at, **form.shadowing)
        except AlreadySent:
            form.begin_anew()
        else:
            messages.success(request, _("Noted. It lets them read nothing of the school."))
            return redirect("deployment:board")
    words = {"form": form, "heading": _("Shadowing days"), "back_url": reverse("deployment:board")}
    return render(request, "deployment/shadow.html", words | {"submit_text": _("Note it")})
