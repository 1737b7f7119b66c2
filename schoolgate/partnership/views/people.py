"""Pages on which the head teacher appoints the SPOC, and staff read the briefing."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import london_day, now
from schoolgate.directory.selectors import school_card, slt_of
from schoolgate.directory.services import RoleRefused
from schoolgate.drafts.keeping import drafted
from schoolgate.partnership import presenters
from schoolgate.partnership.forms.people import AppointForm, EndSpocForm
from schoolgate.partnership.policies import is_head, is_of_school, may_acknowledge, may_keep_staff
from schoolgate.partnership.selectors import awareness, people
from schoolgate.partnership.selectors.staff import count_uninvited
from schoolgate.partnership.services import awareness as briefing_services
from schoolgate.partnership.services import people as services
from schoolgate.ui.forms import form_page
from schoolgate.ui.parsing import once_of
from schoolgate.ui.presenters import counted
from schoolgate.ui.prose import as_html


@form_page
def spoc(request: Request, school: int) -> HttpResponse:
    """Who is the SPOC, who was, who will be; the head teacher appoints."""
    at = now()
    _insider(request, school)
    may = is_head(request.viewer, school)
    slt = slt_of(school, on=london_day(at)) if may else []
    form = drafted(request, AppointForm, school=school, now=at, people=slt)
    if request.method == "POST":
        require(is_head, request.viewer, school)
    if form.is_valid() and _appointed(request, school, form):
        messages.success(request, _("Appointed. Both sides were told."))
        return redirect("partnership:spoc", school)
    words = {
        "form": form if may else None,
        "slt": slt,
        "school": school_card(school),
        "rows": presenters.appointed_rows(people.appointed(school), school, may=may, on=london_day(at)),
        "in_place": people.in_place_of_spoc(school, on=london_day(at)),
    }
    return render(request, "partnership/spoc.html", words)


def _insider(request: Request, school: int) -> None:
    """Raises Http404 for outsiders."""
    if not is_of_school(request.viewer, school):
        raise Http404


def _appointed(request: Request, school: int, form: AppointForm) -> bool:
    try:
        services.appoint_spoc(by=request.viewer, at=now(), school=school, **form.cleaned_data)
    except services.NotOnSLT:
        form.add_error("person", _("A SPOC is a member of the SLT. Bring in a staff list that says so first."))
    except services.HoldsItAlready:
        form.add_error("since", _("They hold this role on some of those days already."))
    return not form.errors


@form_page
def end_spoc(request: Request, school: int, membership: int) -> HttpResponse:
    """A SPOC or deputy ends; their post goes to the next in line."""
    at = now()
    require(is_head, request.viewer, school)
    one = next((one for one in people.appointed(school) if one.membership == membership), None)
    if one is None:
        raise Http404
    form = EndSpocForm(request.POST or None, now=at)
    if form.is_valid():
        try:
            services.end_spoc(by=request.viewer, at=at, school=school, membership=membership, **form.cleaned_data)
        except RoleRefused:
            form.add_error("last_day", _("The last day must not be before the first"))
        except services.RoleIsOver:
            form.add_error("last_day", _("This role is over. If it begins again, appoint them anew"))
        except services.NotOnSLT:
            form.add_error("last_day", _("They are not on the SLT any more, so it does not go on for longer"))
        else:
            messages.success(request, _("Ended. What comes in then goes to the deputy, else to you."))
            return redirect("partnership:spoc", school)
    back = reverse("partnership:spoc", args=[school])
    words = {"form": form, "heading": _("End this role"), "caption": one.name, "back_url": back, "cancel_url": back}
    return render(request, "ui/form_page.html", words | {"submit_text": _("End it")})


@require_GET
def briefing(request: Request, school: int) -> HttpResponse:
    """The pages of the briefing: those that are this person's to read on top."""
    _insider(request, school)
    read = awareness.read_by(request.viewer, school)
    mine = awareness.pages_for(request.viewer)
    to_read = may_acknowledge(request.viewer, school)
    words = {
        "school": school_card(school),
        "rows": presenters.briefing_rows(school, mine, read, now=now(), to_read=to_read),
        "others": presenters.briefing_rows(school, awareness.other_pages(mine), {}, now=now()),
        "keeps_staff": may_keep_staff(request.viewer, school),
    }
    return render(request, "partnership/briefing.html", words)


@form_page
def briefing_page(request: Request, school: int, page: str) -> HttpResponse:
    """One page of the briefing, with this school's own people in it; read and acknowledged."""
    _insider(request, school)
    shown = awareness.briefing(school, awareness.page_called(page), on=london_day(now()))
    if request.method == "POST":
        return _acknowledge(request, school, shown)
    words = {
        "school": school_card(school),
        "briefing": shown,
        "body": as_html(shown.text),
        "read_at": awareness.read_by(request.viewer, school).get(shown.page),
        "may_acknowledge": may_acknowledge(request.viewer, school),
    }
    return render(request, "partnership/briefing_page.html", words)


def _acknowledge(request: Request, school: int, shown: awareness.Briefing) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        briefing_services.acknowledge_briefing(
            by=request.viewer, at=now(), school=school, page=shown.page, digest=digest
        )
    except briefing_services.OtherWords:
        messages.success(request, _("These words are new since you opened the page. Read them first."))
        return redirect("partnership:briefing_page", school, shown.page)
    messages.success(request, _("Thank you. It is noted that you have read it."))
    return redirect("partnership:briefing", school)


@require_GET
def staff(request: Request, school: int) -> HttpResponse:
    """How many of the staff have read the briefing, group by group, and who has not."""
    at = now()
    _insider(request, school)
    require(may_keep_staff, request.viewer, school)
    readers = awareness.readers_of_briefing(request.viewer, school, on=london_day(at))
    words = {
        "school": school_card(school),
        "shares": presenters.share_rows(awareness.shares_of(readers)),
        "waiting": [reader for reader in readers if reader.read_at is None],
        "read": presenters.reader_table([reader for reader in readers if reader.read_at], now=at),
        "link": request.build_absolute_uri(reverse("partnership:briefing", args=[school])),
        "reminded": presenters.reminded_words(awareness.last_reminded(school), now=at),
        "uninvited": count_uninvited(school),
        "once": uuid4(),
    }
    return render(request, "partnership/staff.html", words)


@require_POST
def remind(request: Request, school: int) -> HttpResponse:
    """Remind whoever has not read it."""
    _insider(request, school)
    once = once_of(request.POST)
    count = briefing_services.remind_staff(by=request.viewer, at=now(), school=school, once=once)
    words = ngettext("%(count)s person was reminded.", "%(count)s people were reminded.", count)
    messages.success(request, counted(words, count))
    return redirect("partnership:staff", school)
