"""How every school of a force stands, a page at a time, by one statement of the database. It names no child."""

import datetime as dt
from dataclasses import dataclass
from operator import itemgetter

from django.db import connection
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.directory.models import Organisation, OrganisationKind
from schoolgate.partnership.models import AgreementKind, BriefingPage, PartnershipState
from schoolgate.partnership.policies import may_oversee
from schoolgate.partnership.selectors.awareness import Share, digest_of
from schoolgate.partnership.selectors.standing import forces_overseen

PAGE = 50


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
    staff: Share


@dataclass(frozen=True)
class OverviewPage:
    """Some schools of a force, by name."""

    schools: tuple[SchoolStanding, ...]
    has_more: bool


def forces_to_oversee(viewer: Viewer) -> list[tuple[int, str]]:
    """The forces (id, name) whose schools this person sees all of, by name.

    Raises PermissionDenied for anybody but sergeants and youth leads, Http404 for one whose team is in no force.
    """
    require(may_oversee, viewer)
    found = forces_overseen(viewer)
    if not found:
        raise Http404
    return sorted(found.items(), key=itemgetter(1))


def bcus_of(force: int) -> list[tuple[int, str]]:
    """The force's Basic Command Units by name."""
    found = Organisation.objects.filter(kind=OrganisationKind.BCU, force=force).order_by("name")
    return list(found.values_list("id", "name"))


def overview(force: int, wanted: Wanted, *, on: dt.date) -> OverviewPage:
    """A page of the schools that are wanted."""
    found = _found(force, wanted, on, at_most=PAGE + 1)
    return OverviewPage(tuple(found[:PAGE]), has_more=len(found) > PAGE)


def all_schools(force: int, wanted: Wanted, *, on: dt.date) -> list[SchoolStanding]:
    """Every school that is wanted, for the map and for a spreadsheet."""
    return _found(force, wanted, on, at_most=None)


def _found(force: int, wanted: Wanted, on: dt.date, *, at_most: int | None) -> list[SchoolStanding]:
    """By name; in one statement, which gives nothing to whoever does not speak for the force or keep its figures."""
    values = [
        force, on, digest_of(BriefingPage.SSP), wanted.state, wanted.phase, wanted.bcu,
        wanted.lapses, wanted.no_spoc, wanted.low, *(wanted.after or (None, None)), at_most,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"select * from partnership_overview({marks})", values)  # noqa: S608
        return [_standing(*row) for row in cursor.fetchall()]


def _standing(
    pk: int,
    name: str,
    phase: str,
    latitude: float | None,
    longitude: float | None,
    state: str,
    protocol_until: dt.date | None,
    dsa_until: dt.date | None,
    lapses_on: dt.date | None,
    has_officer: bool,
    has_spoc: bool,
    staff: int,
    aware: int,
) -> SchoolStanding:
    signed = {AgreementKind.PROTOCOL: protocol_until, AgreementKind.DSA: dsa_until}
    return SchoolStanding(
        pk, name, phase, latitude, longitude, PartnershipState(state),
        {kind: until for kind, until in signed.items() if until}, lapses_on, has_officer, has_spoc,
        Share("", staff, aware),
    )  # fmt: skip
