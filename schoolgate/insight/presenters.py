"""Home pages in words: short task lists, what is late on top."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schoolgate.access.policies import may_make_code
from schoolgate.access.viewer import Viewer
from schoolgate.concerns.models import WordKind
from schoolgate.directory.models import Role
from schoolgate.exchange.models import Purpose, ShareStatus
from schoolgate.exchange.policies import may_edit_law
from schoolgate.insight.handover import Handover
from schoolgate.insight.policies import may_see_board
from schoolgate.insight.selectors import ANSWER, REFERENCE, AllThatWaits, Board, BoardRow, News, SchoolToday, Waiting
from schoolgate.partnership.selectors.school import SchoolPage
from schoolgate.ui.presenters import capitalised, counted, joined, moment_words, span_words, time_words

Row = dict[str, Any]

MISSING: dict[str, Any] = {
    ShareStatus.SENT: gettext_lazy("Not acknowledged yet"),
    ShareStatus.ACKNOWLEDGED: gettext_lazy("Not said yet what will be done"),
    ShareStatus.PLANNED: gettext_lazy("Planned, not done yet"),
    ShareStatus.DONE: gettext_lazy("Not reported back yet"),
    ANSWER: gettext_lazy("Not answered yet"),
    REFERENCE: gettext_lazy("No reference yet"),
}


@dataclass(frozen=True)
class Task:
    """One line of a task list."""

    text: str
    href: str
    waiting: Waiting
    is_urgent: bool = False

    def row(self) -> Row:
        """As a list shows it (see ui/macros.html)."""
        late = self.waiting.late
        return {
            "title": self.text,
            "href": self.href,
            "state": str(self.waiting.count),
            "tone": "late" if late or self.is_urgent else "active",
            "late": counted(ngettext("%(count)s is late", "%(count)s are late", late), late) if late else "",
        }


def task_rows(tasks: Iterable[Task]) -> list[Row]:
    """What waits, danger on top, then what is late; nothing that does not wait."""
    waiting = [task for task in tasks if task.waiting.count]
    return [task.row() for task in sorted(waiting, key=lambda task: (not task.is_urgent, not task.waiting.late))]


def tasks_of(viewer: Viewer, waits: AllThatWaits) -> list[Task]:
    """What this person's roles ask of them."""
    adults = Task(_("Concerns about an adult to acknowledge"), reverse("concerns:allegations"), waits.allegations)
    found = _of_the_school(waits) if viewer.organisations("school") else []
    found += _of_the_police(viewer, waits) if viewer.organisations("police") else []
    return [*found, adults, Task(_("Agreements to sign"), reverse("partnership:agreements"), waits.agreements)]


def _of_the_school(waits: AllThatWaits) -> list[Task]:
    triage = reverse("concerns:inbox")
    return [
        Task(_("Somebody may be in danger"), triage, Waiting(waits.concerns.danger, 0), is_urgent=True),
        Task(_("Concerns to open"), triage, waits.concerns.unopened),
        Task(_("Concerns to decide"), triage, Waiting(waits.concerns.undecided, 0)),
        Task(_("Concerns with you as DSL"), triage, Waiting(waits.concerns.with_dsl, 0)),
        Task(_("Shares to answer"), reverse("exchange:shares"), waits.shares.mine),
        Task(_("Shares still open"), reverse("exchange:shares"), waits.shares.all),
        Task(_("Enquiries to answer"), reverse("exchange:enquiries"), waits.enquiries.mine),
    ]


def _of_the_police(viewer: Viewer, waits: AllThatWaits) -> list[Task]:
    own = [
        Task(_("Shares to answer"), reverse("exchange:shares"), waits.shares.mine),
        Task(_("Enquiries to answer"), reverse("exchange:enquiries"), waits.enquiries.mine),
        Task(_("Crimes without a reference"), _crimes(viewer), waits.crimes),
    ]
    if not may_see_board(viewer):
        return own
    return [
        *own,
        Task(_("Shares of your schools still open"), reverse("insight:board"), waits.shares.all),
        Task(_("Enquiries without an answer"), reverse("insight:board"), waits.enquiries.all),
        Task(_("Proposed postings, not yet live"), reverse("deployment:board"), waits.proposals),
    ]


def _crimes(viewer: Viewer) -> str:
    return reverse("insight:board") if may_see_board(viewer) else reverse("exchange:crimes")


def news_rows(news: Iterable[News], *, now: dt.datetime) -> list[Row]:
    """The last word about each of one's own concerns; the child is not named."""
    return [
        {
            "title": _("Your concern of %(when)s") % {"when": moment_words(each.raised_at, now=now)},
            "href": reverse("concerns:concern", args=[each.concern]),
            "state": WordKind(each.kind).label,
            "tone": "late" if each.kind in (WordKind.SPEAK_NOW, WordKind.QUESTION) else "plain",
            "facts": [capitalised(moment_words(each.at, now=now))],
        }
        for each in news
    ]


def school_rows(schools: Iterable[SchoolToday]) -> list[Row]:
    """An officer's schools: hours, telephone, SPOC."""
    return [
        {
            "name": school.name,
            "href": reverse("partnership:school", args=[school.id]),
            "hours": _("%(opens)s to %(closes)s")
            % {"opens": time_words(school.opens_at), "closes": time_words(school.closes_at)},
            "telephone": school.telephone,
            "spocs": school.spocs,
        }
        for school in schools
    ]


def _missing_words(row: BoardRow) -> list[str]:
    """What is missing, from whom, and what it is for."""
    missing = str(MISSING[row.missing])
    whose = _("%(missing)s: %(who)s") % {"missing": missing, "who": joined(row.who)} if row.who else missing
    return [whose, str(Purpose(row.purpose).label)] if row.purpose else [whose]


def page_rows(schools: Mapping[int, str]) -> list[Row]:
    """Schools by name, each with its page."""
    by_name = sorted(schools.items(), key=lambda school: school[1])
    page = "partnership:school"
    return [{"title": name or _("Your school"), "href": reverse(page, args=[school])} for school, name in by_name]


def board_rows(rows: Iterable[BoardRow], view: str, *, now: dt.datetime) -> list[Row]:
    """Late things of one kind, by school."""
    return [
        {
            "title": row.school_name,
            "href": reverse(view, args=[row.id]),
            "late": _("Late by %(span)s") % {"span": span_words(now - row.due_at)} if row.due_at < now else "",
            "facts": [*_missing_words(row), _("Due %(when)s") % {"when": moment_words(row.due_at, now=now)}],
        }
        for row in rows
    ]


def board_sections(board: Board, *, now: dt.datetime) -> list[Row]:
    """The three lists of the board, each with what to say when it is empty."""
    return [
        {
            "heading": _("Shares overdue"),
            "rows": board_rows(board.shares, "exchange:share", now=now),
            "empty": _("No share is overdue."),
        },
        {
            "heading": _("Crimes without a reference"),
            "rows": board_rows(board.crimes, "exchange:crime", now=now),
            "empty": _("Every crime that a share disclosed has its reference."),
        },
        {
            "heading": _("Enquiries overdue"),
            "rows": board_rows(board.enquiries, "exchange:enquiry", now=now),
            "empty": _("No enquiry is overdue."),
        },
    ]


@dataclass(frozen=True)
class Door:
    """What somebody comes for who has no task list."""

    heading: str
    text: str
    action: str = ""
    href: str = ""


def doors(viewer: Viewer) -> list[Door]:
    """What each of this person's roles is for, where it is not a list of tasks."""
    offered = {
        (Role.DPO,): Door(
            _("The access log"),
            _("Who looked at what, who was told, and whether the log is whole. You read no case files."),
            _("Open the access log"),
            reverse("governance:log"),
        ),
        (Role.ADMINISTRATOR,): Door(
            _("Directory"),
            _("Forces, teams, schools, people and their roles; the school register. You read no case files."),
            _("Open the directory"),
            reverse("directory:start"),
        ),
        (Role.YOUTH_LEAD,): Door(
            _("Schools of the force"),
            _("How each partnership stands, what lapses this term, where few of the staff know of it."),
            _("Open the overview"),
            reverse("partnership:overview"),
        ),
        (Role.YOUTH_LEAD, Role.ANALYST): Door(
            _("Figures"),
            _("Figures of the whole force will stand here: never a case file, never a name."),
        ),
        (Role.PRACTITIONER,): Door(
            _("Referrals and conferences"),
            _("What is referred to your team, and the conferences that you are invited to, will stand here."),
        ),
        (Role.INTELLIGENCE,): Door(
            _("Intelligence reports"),
            _("Reports for the intelligence unit will stand here. A school never learns that one exists."),
        ),
    }
    return [door for roles, door in offered.items() if viewer.holds(*roles)]


def also(viewer: Viewer) -> list[tuple[str, str]]:
    """What is rarely wanted: words and address."""
    is_inside = viewer.organisations("staff") or viewer.organisations("team")
    offered = [
        (viewer.holds(Role.SERGEANT), _("Deployment: who covers which school"), reverse("deployment:board")),
        (viewer.holds(Role.SERGEANT), _("Plan who covers which school"), reverse("planning:studies")),
        (
            viewer.holds(Role.SERGEANT, Role.YOUTH_LEAD),
            _("Good practice, measured today"),
            reverse("deployment:good_practice"),
        ),
        (viewer.holds(Role.YOUTH_LEAD, Role.ANALYST), _("Which schools come first"), reverse("deployment:priority")),
        (
            viewer.holds(Role.OFFICER),
            _("My postings and hours"),
            reverse("deployment:own"),
        ),
        (
            viewer.holds(Role.OFFICER),
            _("My picture for the schools"),
            reverse("partnership:change_picture", args=[viewer.person or 0]),
        ),
        (may_make_code(viewer), _("Make the code for supply staff"), reverse("day_code")),
        (viewer.organisations("police"), _("Crimes that shares disclosed"), reverse("exchange:crimes")),
        (may_edit_law(viewer), _("Legal bases of shares"), reverse("exchange:legal_bases")),
        (is_inside, _("Emergency access"), reverse("governance:emergencies")),
    ]
    return [(text, href) for opens, text, href in offered if opens]


def handover_facts(found: Handover) -> list[Row]:
    """How much is open with a school, each with its list."""
    open_ones = (
        (_("Shares still open"), found.shares, "exchange:shares"),
        (_("Enquiries without an answer"), found.enquiries, "exchange:enquiries"),
        (_("Crimes without a reference"), found.crimes, "exchange:crimes"),
    )
    return [{"name": name, "text": _waiting_words(waiting), "href": reverse(view)} for name, waiting, view in open_ones]


def _waiting_words(waiting: Waiting) -> str:
    if not waiting.late:
        return str(waiting.count)
    late = counted(ngettext("%(count)s is late", "%(count)s are late", waiting.late), waiting.late)
    return _("%(count)s, of which %(late)s") % {"count": waiting.count, "late": late}


def people_facts(page: SchoolPage) -> list[Row]:
    """Whom to ring at the school, and the officers of today."""
    people = [(str(Role(one.role).label), one.called, one.telephone, one.email) for one in page.leaders]
    people += [
        (str(one.role.label), one.name, "", "")
        for role in (Role.SPOC, Role.DEPUTY_SPOC)
        for one in page.spoc_line(role)
    ]
    people += [(str(o.posting.kind.label), o.card.called, o.card.telephone, o.card.email) for o in page.officers]
    return [{"name": role, "text": "\n".join(filter(None, (name, *reach)))} for role, name, *reach in people]
