"""What is known of an officer, their own postings and hours, and what the force asks for."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.deployment import presenters
from schoolgate.deployment.forms import officers as forms
from schoolgate.deployment.policies import may_deploy, may_keep_file, may_set_rules
from schoolgate.deployment.selectors import eligibility as selectors
from schoolgate.deployment.selectors.eligibility import OfficerFile
from schoolgate.deployment.selectors.postings import postings_and_hours
from schoolgate.deployment.services import hours as hours_services
from schoolgate.deployment.services import officers as services
from schoolgate.ui.forms import form_page

CHANGED = gettext_lazy("Somebody else changed this meanwhile. Compare with the officer's page, then send it again.")


@require_GET
def officer(request: Request, officer: int) -> HttpResponse:
    """An officer's page, for themselves and their sergeants."""
    at = now()
    on = london_day(at)
    file = selectors.officer_file(request.viewer, officer, at=at)
    own = postings_and_hours(officer, team=file.team, at=at)
    may = may_deploy(request.viewer, file.team)
    state, tone = presenters.file_state(file, on=on)
    words = {
        "heading": file.card.called,
        "page_title": _("An officer"),
        "caption": file.team_name,
        "state": state,
        "tone": tone,
        "refusals": [presenters.refusal_words(file, rule) for rule in file.obstacles(on)],
        "asked": presenters.rules_words(file.rules),
        "facts": presenters.file_facts(file, on=on),
        "courses": presenters.course_rows(file, on=on),
        "postings": [presenters.posting_row(one, on=on, may_end=may) for one in own.postings],
        "own": presenters.own_words(own, on=on),
        "file": file,
        "may": may,
        "may_keep": may_keep_file(request.viewer, officer, file.team),
        "back_url": reverse("deployment:board" if may else "deployment:own"),
    }
    return render(request, "deployment/officer.html", words)


@form_page
def edit_officer(request: Request, officer: int) -> HttpResponse:
    """What is known of an officer; a later end of probation suspends what it reaches."""
    at = now()
    file = _kept(request, officer)
    form = forms.OfficerForm(
        request.POST or None, now=at, bases=selectors.bases_of(file.rules.force), initial=_initial(file)
    )
    if form.is_valid():
        try:
            suspended = services.record_eligibility(
                by=request.viewer, at=at, officer=officer, team=file.team, **form.known
            )
        except services.ChangedMeanwhile:
            form.add_error(None, str(CHANGED))
            form.show_version(file.version)
        else:
            words = _("Kept.")
            if suspended:
                words = _("Kept. Postings were suspended, and their head teachers and SPOCs were told.")
            messages.success(request, words)
            return redirect("deployment:officer", officer)
    return _form(request, officer, form, _("What is known of an officer"), file, _("Keep it"))


def _initial(file: OfficerFile) -> dict[str, object]:
    base = f"{file.base_name}|{file.base_easting}|{file.base_northing}" if file.base_name else ""
    known = {name: getattr(file, name) for name in selectors.FILE_COLUMNS if not name.startswith("base_")}
    return known | {"base": base, "phases": list(file.phases), "fte": str(file.fte.normalize())}


@form_page
def sign_off(request: Request, officer: int) -> HttpResponse:
    """The sergeant's sign-off of an officer as suitable, until a review."""
    at = now()
    file = _kept(request, officer)
    form = forms.SignOffForm(request.POST or None, now=at, initial={"version": file.version})
    if form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("version", "words", "review_on")}
        try:
            services.sign_off(by=request.viewer, at=at, officer=officer, team=file.team, **answers)
        except (services.ChangedMeanwhile, Http404):
            form.add_error(None, _("Note what is known of the officer first, or look at what was changed meanwhile."))
        else:
            messages.success(request, _("Signed off."))
            return redirect("deployment:officer", officer)
    return _form(request, officer, form, _("Sign off as suitable"), file, _("Sign off"))


@form_page
def training(request: Request, officer: int) -> HttpResponse:
    """A course that an officer completed."""
    at = now()
    file = _kept(request, officer)
    form = forms.TrainingForm(request.POST or None, now=at)
    if form.is_valid():
        services.record_training(by=request.viewer, at=at, officer=officer, team=file.team, **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect("deployment:officer", officer)
    return _form(request, officer, form, _("A course that was completed"), file, _("Note it"))


def _kept(request: Request, officer: int) -> OfficerFile:
    """The file of an officer for a sergeant who keeps it. Raises Http404 for outsiders, PermissionDenied for others."""
    file = selectors.officer_file(request.viewer, officer, at=now())
    require(may_keep_file, request.viewer, officer, file.team)
    return file


def _form(request: Request, officer: int, form: object, heading: str, file: OfficerFile, button: str) -> HttpResponse:
    back = reverse("deployment:officer", args=[officer])
    words = {"form": form, "heading": heading, "caption": file.card.called, "back_url": back, "submit_text": button}
    return render(request, "ui/form_page.html", words)


@require_GET
def own(request: Request) -> HttpResponse:
    """An officer's own postings, hours and days away."""
    at = now()
    person, team = _own_team(request)
    found = postings_and_hours(person, team=team, at=at)
    words = presenters.own_words(found, on=london_day(at))
    words |= {"heading": _("My postings and hours"), "caption": found.team_name, "officer": person}
    return render(request, "deployment/own.html", words)


def _own_team(request: Request) -> tuple[int, int]:
    """The officer who asks, and their team. Raises Http404 for whoever is none."""
    person = request.viewer.person
    teams = selectors.teams_of(person, on=london_day(now())) if person else []
    if not person or not teams:
        raise Http404
    return person, teams[0]


@form_page
def hours(request: Request, officer: int) -> HttpResponse:
    """Usual hours, for the officer and their sergeants."""
    at = now()
    file = selectors.officer_file(request.viewer, officer, at=at)
    found = postings_and_hours(officer, team=file.team, at=at)
    form = forms.HoursForm(request.POST or None, now=at, hours=found.hours)
    if form.is_valid():
        hours_services.set_duty_hours(by=request.viewer, at=at, officer=officer, team=file.team, hours=form.hours)
        messages.success(request, _("Kept. Schools see these days and hours."))
        return redirect(_back(request, officer))
    words = {
        "form": form,
        "heading": _("Usual hours"),
        "caption": file.card.called,
        "back_url": _back(request, officer),
    }
    return render(request, "deployment/hours.html", words | {"submit_text": _("Keep them")})


@form_page
def absence(request: Request, officer: int) -> HttpResponse:
    """Days on which an officer is away, without the reason."""
    at = now()
    file = selectors.officer_file(request.viewer, officer, at=at)
    form = forms.AbsenceForm(request.POST or None, now=at)
    if form.is_valid():
        hours_services.record_absence(by=request.viewer, at=at, officer=officer, team=file.team, **form.cleaned_data)
        messages.success(request, _("Noted. Propose cover for the schools, where it is long."))
        return redirect(_back(request, officer))
    words = {"form": form, "heading": _("Days away"), "caption": file.card.called, "back_url": _back(request, officer)}
    return render(request, "ui/form_page.html", words | {"submit_text": _("Note them")})


def _back(request: Request, officer: int) -> str:
    if request.viewer.person == officer:
        return reverse("deployment:own")
    return reverse("deployment:officer", args=[officer])


@form_page
def rules(request: Request) -> HttpResponse:
    """What the force asks for besides the end of probation; its youth lead changes it, its sergeants read it."""
    at = now()
    force = min(selectors.forces_of_viewer(request.viewer), default=None)
    if force is None:
        raise Http404
    found = selectors.rules_of(force)
    may = may_set_rules(request.viewer, force)
    if request.method == "POST":
        require(may_set_rules, request.viewer, force)
    initial = {name: getattr(found, name) for name in ("version", "vetting_needed", "sign_off_needed", "short_months")}
    initial |= {"courses": "\n".join(found.courses_needed), "near_km": int(found.near_km)}
    form = forms.RulesForm(request.POST or None, now=at, initial=initial)
    if form.is_valid():
        try:
            services.set_rules(by=request.viewer, at=at, force=force, **form.cleaned_data)
        except services.ChangedMeanwhile:
            form.add_error(None, _("Somebody else changed this meanwhile. Open the page again and compare."))
        else:
            messages.success(request, _("Kept. It is asked of every posting from now on."))
            return redirect("deployment:rules")
    words: dict[str, object] = {"form": form if may else None, "asked": presenters.rules_words(found), "rules": found}
    words |= {"heading": _("What a posting needs"), "back_url": reverse("deployment:good_practice")}
    return render(request, "deployment/rules.html", words | {"submit_text": _("Keep it")})
