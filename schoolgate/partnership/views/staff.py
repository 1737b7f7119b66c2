"""The page on which a school takes over its staff list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Request
from schoolgate.core.clock import now
from schoolgate.directory.selectors import school_card
from schoolgate.partnership import presenters
from schoolgate.partnership.forms.staff import StaffListForm, TakeStaffForm
from schoolgate.partnership.policies import is_head, may_keep_staff
from schoolgate.partnership.selectors.staff import staff_plan
from schoolgate.partnership.services import staff as services
from schoolgate.ui.forms import form_page
from schoolgate.ui.presenters import counted


@form_page
def staff_list(request: Request, school: int) -> HttpResponse:
    """Hand the list in; look at what it would do; take it over. Nothing is kept until then, and nothing before."""
    if not request.viewer.shares("staff", school):
        raise Http404
    require(may_keep_staff, request.viewer, school)
    if request.POST.get("step") == "take":
        return _take(request, school)
    form = StaffListForm(request.POST or None, request.FILES or None, now=now())
    return _preview(request, school, form) if form.is_valid() else _page(request, school, form=form)


def _take(request: Request, school: int) -> HttpResponse:
    form = TakeStaffForm(request.POST)
    if not form.is_valid():
        return _page(request, school, form=StaffListForm())
    shown = form.cleaned_data["shown"]
    try:
        services.take_staff_list(by=request.viewer, at=now(), school=school, given=form.given, shown=shown)
    except services.ChangedMeanwhile:
        return _preview(request, school, form, has_changed=True)
    if form.cleaned_data["invite"]:
        messages.success(request, _("Taken over. %s") % _invited(request, school))
    else:
        messages.success(request, _("Taken over. Who is new can sign in as soon as they are invited."))
    return redirect("partnership:staff", school)


@require_POST
def invite(request: Request, school: int) -> HttpResponse:
    """Invite everybody on the staff who cannot sign in yet."""
    if not request.viewer.shares("staff", school):
        raise Http404
    messages.success(request, _invited(request, school))
    return redirect("partnership:staff", school)


def _invited(request: Request, school: int) -> str:
    count = services.invite_staff(by=request.viewer, at=now(), school=school)
    return counted(ngettext("%(count)s person was invited.", "%(count)s people were invited.", count), count)


def _preview(request: Request, school: int, form: StaffListForm, *, has_changed: bool = False) -> HttpResponse:
    plan = staff_plan(request.viewer, school, form.given)
    carried = {"text": form.cleaned_data["text"], "shown": plan.digest}
    carried["invite"] = form.cleaned_data.get("invite", True)
    words = {
        "has_changed": has_changed,
        "take": TakeStaffForm(initial=carried) if presenters.does_something(plan) else None,
        "is_whole": form.given.is_whole,
        "counts": presenters.staff_counts(plan),
        "bad": presenters.bad_lines(form.given, plan),
        "notes": presenters.staff_notes(form.given, plan, by_head=is_head(request.viewer, school)),
        "leavers": presenters.leaver_rows(plan),
    }
    return _page(request, school, preview=words)


def _page(request: Request, school: int, **words: Any) -> HttpResponse:
    always = {"school": school_card(school), "is_head": is_head(request.viewer, school)}
    return render(request, "partnership/staff_list.html", always | words)
