"""The briefing as a school reads it, and who has read it."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import Http404
from django.utils.translation import gettext as _

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import note_reads
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import PersonCard, people_with
from schoolgate.partnership.models import Acknowledgement, AgreementKind, BriefingPage, BriefingReminder
from schoolgate.partnership.selectors.agreements import standings
from schoolgate.partnership.selectors.filling import FIELDS, date_fields, people_fields
from schoolgate.ui.prose import filled

TEXTS = Path(__file__).parents[1] / "texts" / "briefing"
STAFF_ROLES = (Role.STAFF, Role.SPOC, Role.DEPUTY_SPOC, Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
PAGE_OF = {
    Role.STAFF: BriefingPage.STAFF,
    Role.SPOC: BriefingPage.SPOC,
    Role.DEPUTY_SPOC: BriefingPage.SPOC,
    Role.HEAD: BriefingPage.HEAD_TEACHER,
    Role.DSL: BriefingPage.DSL,
    Role.DEPUTY_DSL: BriefingPage.DSL,
    Role.OFFICER: BriefingPage.OFFICER,
    Role.SERGEANT: BriefingPage.SERGEANT,
}


@dataclass(frozen=True)
class Briefing:
    """One page of the briefing with this school's own people in it. The digest is that of its words, not of its people:
    a new SPOC does not make everybody read it again."""

    page: BriefingPage
    text: str
    digest: str


@dataclass(frozen=True)
class Reader:
    """A member of staff, and when they read the briefing as it is now."""

    person: int
    name: str
    group: str
    read_at: dt.datetime | None


@dataclass(frozen=True)
class Share:
    """How many of a group have read the briefing."""

    group: str
    staff: int
    aware: int

    @property
    def percent(self) -> int:
        """Of a hundred, rounded down: only all are all."""
        return 100 * self.aware // self.staff if self.staff else 100


def briefing(school: int, page: BriefingPage, *, on: dt.date) -> Briefing:
    """A page of the briefing as this school reads it on a day."""
    known = people_fields(school, on=on) | _dates(school, on)
    fields = {name: known.get(name) or _("(nobody yet)") for name in FIELDS}
    return Briefing(page, filled(_template(page), fields), digest_of(page))


def _dates(school: int, on: dt.date) -> dict[str, str]:
    """From when until when the SSP protocol that is in force runs, if there is one."""
    running = [row for row in standings(school, on=on) if row.state == "active" and row.kind == AgreementKind.PROTOCOL]
    if not running:
        return dict.fromkeys(("since", "until", "review"), _("(not signed yet)"))
    return date_fields(since=running[0].since, until=running[0].until)


def pages_for(viewer: Viewer) -> list[BriefingPage]:
    """The page on the partnership, which everybody reads, and those of the viewer's own roles."""
    own = {page for role, page in PAGE_OF.items() if viewer.holds(role)}
    return [page for page in BriefingPage if page == BriefingPage.SSP or page in own]


def other_pages(mine: list[BriefingPage]) -> list[BriefingPage]:
    """The pages of the briefing besides these."""
    return [page for page in BriefingPage if page not in mine]


def page_called(word: str) -> BriefingPage:
    """The page of the briefing that an address names. Raises Http404."""
    if word not in BriefingPage.values:
        raise Http404
    return BriefingPage(word)


def read_by(viewer: Viewer, school: int) -> dict[BriefingPage, dt.datetime]:
    """Which pages, as they are now, this person has read, and when."""
    rows = Acknowledgement.objects.filter(holder=school, made_by=viewer.person or 0)
    return {BriefingPage(row.page): row.made_at for row in rows if row.digest == digest_of(BriefingPage(row.page))}


def readers_of_briefing(viewer: Viewer, school: int, *, on: dt.date) -> list[Reader]:
    """All staff of the school with when they read what the partnership is; those who have not, first."""
    rows = Acknowledgement.objects.filter(holder=school, page=BriefingPage.SSP, digest=digest_of(BriefingPage.SSP))
    found = list(rows)
    note_reads("partnership.acknowledgement", found)
    read = {row.made_by: row.made_at for row in found}
    staff: dict[int, list[PersonCard]] = {}
    for one in people_with(school, *STAFF_ROLES, on=on):
        staff.setdefault(one.id, []).append(one)
    readers = [Reader(pk, its[0].called, _group_of(its), read.get(pk)) for pk, its in staff.items()]
    return sorted(readers, key=lambda reader: (reader.read_at is not None, reader.group, reader.name))


def last_reminded(school: int) -> dt.datetime | None:
    """When those who had not read it were reminded last."""
    row = BriefingReminder.objects.filter(holder=school).order_by("-made_at").first()
    note_reads("partnership.briefingreminder", [row] if row else [])
    return row.made_at if row else None


def _group_of(roles: list[PersonCard]) -> str:
    """The group that the staff list gives somebody; else leaders are a group of their own."""
    given = next((one.group for one in roles if one.group), "")
    return given or (_("School leaders") if any(one.role != Role.STAFF for one in roles) else "")


def shares_of(readers: Iterable[Reader]) -> list[Share]:
    """The share of staff who have read it, group by group."""
    groups: dict[str, list[Reader]] = {}
    for reader in readers:
        groups.setdefault(reader.group, []).append(reader)
    return [
        Share(group, len(members), sum(member.read_at is not None for member in members))
        for group, members in sorted(groups.items())
    ]


@cache
def _template(page: BriefingPage) -> str:
    return (TEXTS / f"{page}.md").read_text()


def digest_of(page: BriefingPage) -> str:
    """The SHA-256 digest of a page's own words."""
    return hashlib.sha256(_template(page).encode()).hexdigest()
