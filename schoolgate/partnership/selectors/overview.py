"""How every school of a force stands, a page at a time, by queries over many schools at once. It names no child."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import Assignment
from schoolgate.directory.models import Membership, Organisation, OrganisationKind, Role, School, Term
from schoolgate.directory.selectors import held_on
from schoolgate.partnership.models import AgreementKind, PartnershipState
from schoolgate.partnership.policies import may_oversee
from schoolgate.partnership.selectors.agreements import Standing, standings_in_force
from schoolgate.partnership.selectors.awareness import Share, awareness_in_force
from schoolgate.partnership.selectors.standing import forces_overseen, leading, signed_until, state_of

PAGE = 50
SOON = dt.timedelta(days=90)  # where a school's terms are not known
LOW = 50  # of a hundred of the staff
NOBODY = Share("", 0, 0)


@dataclass(frozen=True)
class Wanted:
    """Which schools to show; `after` is the name and id of the last one on the page before."""

    state: str = ""
    phase: str = ""
    bcu: int | None = None
    lapses: bool = False
    no_spoc: bool = False
    low: bool = False
    after: tuple[str, int] | None = None


@dataclass(frozen=True)
class SchoolStanding:
    """How one school stands. lapses_on: the first last day this term of a document that nothing follows on."""

    id: int
    name: str
    phase: str
    latitude: float | None
    longitude: float | None
    state: PartnershipState
    until: dict[AgreementKind, dt.date]
    lapses_on: dt.date | None
    has_officer: bool
    has_spoc: bool
    staff: Share = NOBODY

    @property
    def is_low(self) -> bool:
        """Whether few of the staff know of the partnership."""
        return not self.staff.staff or self.staff.percent < LOW


@dataclass(frozen=True)
class OverviewPage:
    """Some schools of a force, by name."""

    schools: tuple[SchoolStanding, ...]
    has_more: bool


def force_overseen(viewer: Viewer) -> int:
    """The force whose schools this person sees all of.

    Raises PermissionDenied for anybody but sergeants and youth leads, Http404 for one whose team is in no force.
    """
    require(may_oversee, viewer)
    force = min(forces_overseen(viewer), default=None)
    if force is None:
        raise Http404
    return force


def force_and_bcus(force: int) -> tuple[str, list[tuple[int, str]]]:
    """The force's name, and its Basic Command Units by name."""
    found = Organisation.objects.filter(Q(pk=force) | Q(kind=OrganisationKind.BCU, force=force)).order_by("name")
    names = dict(found.values_list("id", "name"))
    return names.pop(force), list(names.items())


def overview(force: int, wanted: Wanted, *, on: dt.date) -> OverviewPage:
    """A page of the schools that are wanted."""
    found = list(islice(_matching(force, wanted, on), PAGE + 1))
    return OverviewPage(tuple(found[:PAGE]), has_more=len(found) > PAGE)


def all_schools(force: int, wanted: Wanted, *, on: dt.date) -> list[SchoolStanding]:
    """Every school that is wanted, for the map and for a spreadsheet."""
    return list(_standing(force, list(_schools(force, wanted, on)), wanted, on))


def _matching(force: int, wanted: Wanted, on: dt.date) -> Iterator[SchoolStanding]:
    """Those that are wanted, by name: out of as many as fill a page, and only where these are too few, of the rest."""
    schools = _schools(force, wanted, on)
    first = list(schools[: PAGE + 1])
    yield from _standing(force, first, wanted, on)
    if len(first) > PAGE:
        yield from _standing(force, list(schools[PAGE + 1 :]), wanted, on)


def _schools(force: int, wanted: Wanted, on: dt.date) -> QuerySet[School, Any]:
    """What the directory knows of open schools, by name; filtered by what it knows."""
    posted = Assignment.objects.filter(held_on(on), school=OuterRef("pk"))
    spoc = Membership.objects.filter(held_on(on), organisation=OuterRef("pk"), role=Role.SPOC)
    terms = Term.objects.filter(school=OuterRef("pk"), last_day__gte=on).order_by("last_day")
    found = School.objects.filter(organisation__force=force, organisation__closed_on__isnull=True)
    found = found.annotate(
        name=F("organisation__name"),
        has_officer=Exists(posted),
        has_spoc=Exists(spoc),
        term_ends=Subquery(terms.values("last_day")[:1]),
    )
    columns = ("pk", "name", "phase", "latitude", "longitude", "has_officer", "has_spoc", "term_ends")
    return found.filter(_known(wanted, on)).order_by("name", "pk").values_list(*columns)


def _known(wanted: Wanted, on: dt.date) -> Q:
    asked = Q(phase=wanted.phase) if wanted.phase else Q()
    if wanted.no_spoc:
        asked &= Q(has_spoc=False)
    if wanted.bcu:
        asked &= Q(pk__in=Assignment.objects.filter(held_on(on), team__parent=wanted.bcu).values("school"))
    if wanted.after:
        name, pk = wanted.after
        asked &= Q(name__gt=name) | Q(name=name, pk__gt=pk)
    return asked


def _standing(force: int, rows: list[tuple[Any, ...]], wanted: Wanted, on: dt.date) -> Iterator[SchoolStanding]:
    """Those of the schools that are wanted. The staff of those alone are counted whose documents are as wanted."""
    standings: dict[int, list[Standing]] = {row[0]: [] for row in rows}
    for one in standings_in_force(force, list(standings), on=on):
        standings[one.school].append(one)
    found = [school for row in rows if _stands_as(wanted, school := _with_documents(row, standings[row[0]], on))]
    shares = awareness_in_force(force, [school.id for school in found], on=on) if found else {}
    for school in found:
        counted = replace(school, staff=shares.get(school.id, NOBODY))
        if counted.is_low or not wanted.low:
            yield counted


def _with_documents(row: tuple[Any, ...], its: list[Standing], on: dt.date) -> SchoolStanding:
    pk, name, phase, latitude, longitude, has_officer, has_spoc, term_ends = row
    state, until = state_of(leading(its), has_officer=has_officer), signed_until(its)
    soon = min(until.values(), default=None)
    lapses_on = soon if soon and soon <= (term_ends or on + SOON) else None
    return SchoolStanding(pk, name, phase, latitude, longitude, state, until, lapses_on, has_officer, has_spoc)


def _stands_as(wanted: Wanted, school: SchoolStanding) -> bool:
    return wanted.state in ("", school.state) and (school.lapses_on is not None or not wanted.lapses)
