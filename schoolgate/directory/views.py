"""The administrators' pages of the directory. Each calls one selector or one service for each thing it shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from schoolgate.access.services import AddressTaken, NoAddress
from schoolgate.access.services import invite as invite_person
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.directory import administration, forms, importing, presenters, report, services
from schoolgate.directory import imports as register_imports
from schoolgate.directory.administration import OrganisationRecord
from schoolgate.ui.forms import Form, form_page

Words = dict[str, Any]

CHANGED = gettext_lazy(
    "Somebody else changed this since you opened it. Look at it in another window; Save again keeps what stands here."
)
ADD_FORMS: dict[str, type[forms.NewOrganisationForm]] = {
    "bcu": forms.NewBcuForm,
    "team": forms.NewTeamForm,
    "agency": forms.NewAgencyForm,
    "controller": forms.NewControllerForm,
}
EDIT_FORMS: dict[str, type[Form]] = {
    "force": forms.ForceForm,
    "team": forms.TeamForm,
    "agency": forms.AgencyForm,
    "school": forms.SchoolForm,
}


@require_GET
def start(request: Request) -> HttpResponse:
    """Search by name and kind, and what can be added."""
    forces = administration.forces_of(request.viewer)
    form, typed = _search(request, forms.FindForm)
    page = administration.find(request.viewer, after=request.GET.get("after", ""), **typed)
    words = presenters.start(page, typed, forces)
    return render(request, "directory/start.html", words | {"filter": form})


def _search(request: Request, form_class: type[Form]) -> tuple[Form, dict[str, str]]:
    asked = any(name in request.GET for name in form_class.base_fields)
    form = form_class(request.GET if asked else None)
    return form, form.cleaned_data if form.is_valid() else {}


@require_GET
def organisation(request: Request, organisation: int) -> HttpResponse:
    """One organisation."""
    record = administration.organisation_record(request.viewer, organisation)
    roles = administration.roles_in(request.viewer, organisation)
    days = administration.days_of(request.viewer, organisation) if record.kind == "school" else None
    words = presenters.organisation(record, roles, days, now=now())
    return render(request, "directory/organisation.html", words)


@form_page
def add(request: Request, kind: str) -> HttpResponse:
    """A team, BCU, agency or controller."""
    forces = administration.forces_of(request.viewer)
    if kind not in ADD_FORMS:
        raise Http404
    commands = [each for pk, _name in forces for each in administration.commands_of(request.viewer, pk)]
    form = ADD_FORMS[kind](request.POST or None, now=now(), forces=forces, commands=commands)
    if request.method == "POST" and form.is_valid():
        added = services.add_organisation(by=request.viewer, at=now(), kind=kind, **form.answers)
        messages.success(request, _("Added."))
        return redirect("directory:organisation", added)
    return render(request, "directory/form.html", _form(form, presenters.ADD_HEADINGS[kind], "directory:start"))


@form_page
def edit(request: Request, organisation: int) -> HttpResponse:
    """Change an organisation."""
    record = administration.organisation_record(request.viewer, organisation)
    make = _edit_form(request, record)

    def save(version: str, answers: Words) -> None:
        services.edit_organisation(
            by=request.viewer, at=now(), organisation=organisation, version=version, changes=answers
        )

    words = {"heading": _("Change %s") % record.name}
    return _edit(request, make, record.version, save, words, ("directory:organisation", organisation))


def _edit_form(request: Request, record: OrganisationRecord) -> Callable[[Any], Form]:
    more: Words = {}
    if record.kind == "school":
        more = {
            "contacts": administration.people_at(record.id, now()),
            "controllers": administration.controllers_of(request.viewer, record.force),
        }
    form_class = EDIT_FORMS.get(record.kind, forms.OrganisationForm)
    initial = record.values | {"version": record.version}
    return lambda data: form_class(data, now=now(), initial=initial, **more)


def _edit(
    request: Request,
    make: Callable[[Any], Form],
    version: str,
    save: Callable[[str, Words], None],
    words: Words,
    back: tuple[str, int],
) -> HttpResponse:
    """A form over a record: where somebody else was faster it says so, keeps what was typed, and can be sent again."""
    form = make(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            save(answers.pop("version"), answers)
        except services.ChangedMeanwhile:
            typed = request.POST.copy()
            typed["version"] = version
            form = make(typed)
            form.add_error(None, str(CHANGED))
        else:
            messages.success(request, _("Saved."))
            return redirect(*back)
    return render(request, "directory/form.html", _form(form, words["heading"], *back))


@form_page
def term(request: Request, organisation: int) -> HttpResponse:
    """A term of a school."""
    record = _school(request, organisation)
    form = forms.TermForm(request.POST or None, now=now())
    if request.method == "POST" and form.is_valid():
        services.add_term(by=request.viewer, at=now(), school=organisation, **form.cleaned_data)
        return _saved(request, "directory:organisation", organisation)
    heading = _("Add a term")
    return render(request, "directory/form.html", _form(form, heading, "directory:organisation", record.id))


@form_page
def closed_day(request: Request, organisation: int) -> HttpResponse:
    """A day on which a school is closed."""
    record = _school(request, organisation)
    form = forms.ClosedDayForm(request.POST or None, now=now())
    if request.method == "POST" and form.is_valid():
        try:
            services.add_closed_day(by=request.viewer, at=now(), school=organisation, **form.cleaned_data)
            return _saved(request, "directory:organisation", organisation)
        except services.ClosedAlready:
            form.add_error("day", _("The school is closed on that day already"))
    heading = _("Add a closed day")
    return render(request, "directory/form.html", _form(form, heading, "directory:organisation", record.id))


def _school(request: Request, organisation: int) -> OrganisationRecord:
    record = administration.organisation_record(request.viewer, organisation)
    if record.kind != "school":
        raise Http404
    return record


@require_GET
def person(request: Request, person: int) -> HttpResponse:
    """One person."""
    record = administration.person_record(request.viewer, person)
    words = presenters.person(record, administration.roles_of(request.viewer, person), now=now())
    return render(request, "directory/person.html", words)


@form_page
def new_person(request: Request) -> HttpResponse:
    """A person, who then gets a role."""
    administration.forces_of(request.viewer)
    twins = administration.people_with_address(request.POST.get("email", ""))
    form = forms.NewPersonForm(request.POST or None, now=now(), twins=twins)
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        added = services.add_person(by=request.viewer, at=now(), **answers)
        messages.success(request, _("Added. Now say what this person is, and where."))
        return redirect("directory:where", added)
    return render(request, "directory/form.html", _form(form, _("Add a person"), "directory:start"))


@form_page
def edit_person(request: Request, person: int) -> HttpResponse:
    """Change a person."""
    record = administration.person_record(request.viewer, person)
    twins = administration.people_with_address(request.POST.get("email", ""), but=[person])
    initial = {name: getattr(record, name) for name in ("name", "title", "email", "telephone", "version")}

    def make(data: Any) -> Form:
        return forms.PersonForm(data, now=now(), initial=initial, twins=twins)

    def save(version: str, answers: Words) -> None:
        services.edit_person(by=request.viewer, at=now(), person=person, version=version, changes=answers)

    words = {"heading": _("Change name and contact")}
    return _edit(request, make, record.version, save, words, ("directory:person", person))


@require_GET
def where(request: Request, person: int) -> HttpResponse:
    """Choose the organisation for a new role."""
    record = administration.person_record(request.viewer, person)
    form, typed = _search(request, forms.WhereForm)
    page = administration.find_organisations(request.viewer, after=request.GET.get("after", ""), **typed)
    return render(request, "directory/where.html", presenters.where(record, page, typed) | {"filter": form})


@form_page
def add_role(request: Request, person: int, organisation: int) -> HttpResponse:
    """A role of a person in an organisation."""
    who = administration.person_record(request.viewer, person)
    place = administration.organisation_record(request.viewer, organisation)
    form = forms.RoleForm(request.POST or None, now=now(), kind=place.kind, initial={"since": now().date()})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_role(
                by=request.viewer, at=now(), person=person, organisation=organisation, **form.cleaned_data
            )
            return _saved(request, "directory:person", person)
        except services.RoleRefused as refused:
            form.refuse(refused.rule)
    heading = _("Role of %(person)s at %(place)s") % {"person": who.called, "place": place.name}
    return render(request, "directory/form.html", _form(form, heading, "directory:person", person))


@form_page
def end_role(request: Request, membership: int) -> HttpResponse:
    """The last day of a role."""
    row = administration.role_row(request.viewer, membership)
    initial = {"until": row.until or now().date() - timedelta(days=1)}
    form = forms.EndForm(request.POST or None, now=now(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_role(by=request.viewer, at=now(), membership=membership, **form.cleaned_data)
            return _saved(request, "directory:person", row.person)
        except services.RoleRefused as refused:
            form.refuse(refused.rule)
    heading = _("End a role of %s") % row.name
    words = {"intro": f"{row.organisation_name}: {presenters.role_words(row)}"}
    return render(request, "directory/form.html", _form(form, heading, "directory:person", row.person) | words)


@form_page
def invite(request: Request, person: int) -> HttpResponse:
    """Send somebody a link that sets their password."""
    record = administration.person_record(request.viewer, person)
    form = forms.InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_person(by=request.viewer, at=now(), person=person)
            messages.success(request, _("Invited. The link works once, within three days."))
            return redirect("directory:person", person)
        except NoAddress:
            form.add_error(None, _("There is no e-mail address to send it to. Change the person's contact first."))
        except AddressTaken:
            form.add_error(None, _("Another account has this e-mail address. Give this person their own first."))
    words = _form(form, _("Invite %s to sign in") % record.called, "directory:person", person)
    intro = _("A link goes to %s. It sets the password, once, within three days.") % (record.email or _("nobody yet"))
    return render(request, "directory/form.html", words | {"intro": intro, "submit_text": _("Send the invitation")})


@require_GET
def imports(request: Request) -> HttpResponse:
    """The imports of the school register, the newest first."""
    before = request.GET.get("before", "")
    page = register_imports.imports_of(request.viewer, before=_import_id(before) if before else None)
    return render(request, "directory/imports.html", presenters.imports(page, now=now()))


def _import_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@form_page
def new_import(request: Request) -> HttpResponse:
    """Choose the file and the forces; the worker does the rest."""
    areas = register_imports.areas_to_import(request.viewer)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.ImportForm(*sent, now=now(), areas=areas)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        asked = importing.ask_for_import(
            by=request.viewer,
            at=now(),
            upload=answers["file"],
            forces=answers["forces"],
            once=answers["once"],
        )
        return redirect("directory:import", asked)
    words = _form(form, _("Import the school register"), "directory:imports")
    return render(request, "directory/form.html", words | {"submit_text": _("Import"), "multipart": True})


@require_GET
def one_import(request: Request, asked: UUID) -> HttpResponse:
    """How far an import is, and what it did, line by line."""
    card = register_imports.import_card(request.viewer, asked)
    form, typed = _search(request, forms.ImportLinesForm)
    after = request.GET.get("after", "")
    if not (after or "0").isdecimal():
        raise Http404
    query = register_imports.LineQuery(**typed, after=int(after or 0))
    lines = register_imports.import_lines(request.viewer, asked, query)
    words = presenters.one_import(card, lines, typed, now=now())
    return render(request, "directory/import.html", words | {"filter": form})


@require_GET
def import_text(request: Request, asked: UUID) -> HttpResponse:
    """The whole report as text, as the console command gives it."""
    found = register_imports.import_report(request.viewer, asked)
    return HttpResponse("\n".join(report.report_lines(found)), content_type="text/plain; charset=utf-8")


def _form(form: Form, heading: Any, back: str, *about: int) -> Words:
    return {"form": form, "heading": str(heading), "back": back, "about": about}


def _saved(request: Request, page: str, about: int) -> HttpResponseRedirect:
    messages.success(request, _("Saved."))
    return redirect(page, about)
