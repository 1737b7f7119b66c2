"""Home pages and the sergeant's board."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolgate.access.viewer import Request, Viewer
from schoolgate.core.clock import london_day, now
from schoolgate.deployment.presenters import history_words
from schoolgate.drafts.presenters import draft_rows
from schoolgate.drafts.selectors import unsent
from schoolgate.insight import presenters, selectors
from schoolgate.insight.handover import handover as handover_pack
from schoolgate.partnership.presenters_school import school_words


@require_GET
def home(request: Request) -> HttpResponse:
    """What this person came for; a way in for somebody who is not signed in."""
    viewer = request.viewer
    if viewer.user is None:
        return render(request, "insight/welcome.html", {"heading": _("Schoolgate")})
    return render(request, "insight/home.html", _home(viewer))


def _home(viewer: Viewer) -> dict[str, Any]:
    at = now()
    raises = viewer.organisations("staff") or viewer.organisations("supply")
    return {
        "heading": _("Home"),
        "raises_concerns": bool(raises),
        "reads_back": bool(viewer.organisations("staff")),
        "tasks": presenters.task_rows(presenters.tasks_of(viewer, selectors.waiting(viewer, at))),
        "drafts": draft_rows(unsent(viewer), now=at) if viewer.unsent else [],
        "news": presenters.news_rows(selectors.news_of_own_concerns(), now=at) if raises else [],
        "schools": presenters.school_rows(selectors.schools_today(viewer, at)) if viewer.organisations("team") else [],
        "pages": presenters.page_rows(selectors.own_schools(viewer)),
        "doors": presenters.doors(viewer),
        "also": presenters.also(viewer),
    }


@require_GET
def board(request: Request) -> HttpResponse:
    """The sergeant's board."""
    at = now()
    found = selectors.board(request.viewer, at)
    context = {
        "heading": _("The board"),
        "sections": presenters.board_sections(found, now=at),
        "pages": presenters.page_rows(selectors.supervised_schools(request.viewer)),
    }
    return render(request, "insight/board.html", context)


@require_GET
def handover(request: Request, school: int) -> HttpResponse:
    """What whoever takes over a school must know, on one page for paper; counts, never what a record says."""
    at = now()
    found = handover_pack(request.viewer, school, at=at)
    words = school_words(found.page, request.viewer, now=at)
    words |= {"history": history_words(found.history, on=london_day(at), now=at), "page": found.page}
    words |= {"heading": _("Handover pack"), "caption": found.page.school.name}
    words |= {"open": presenters.handover_facts(found), "people": presenters.people_facts(found.page)}
    return render(request, "insight/handover.html", words)
