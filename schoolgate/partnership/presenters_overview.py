"""The force's overview in words: the list, the map's places, the spreadsheet."""

from collections.abc import Iterable, Iterator

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.directory.models import Phase
from schoolgate.partnership.models import AgreementKind, PartnershipState
from schoolgate.partnership.presenters import Words
from schoolgate.partnership.presenters_school import STATE_TONES
from schoolgate.partnership.selectors.overview import OverviewPage, SchoolStanding
from schoolgate.ui.presenters import short_day_words

# On the map each state is a letter in a shape of its own (see schoolgate.css).
LETTERS = {
    PartnershipState.NONE: gettext_lazy("N"),
    PartnershipState.OFFICER_NAMED: gettext_lazy("O"),
    PartnershipState.PROPOSED: gettext_lazy("P"),
    PartnershipState.ACTIVE: gettext_lazy("A"),
    PartnershipState.LAPSED: gettext_lazy("L"),
    PartnershipState.ENDED: gettext_lazy("E"),
}
COLUMNS = (
    "school", "phase", "state", "protocol_until", "dsa_until", "lapses_this_term", "officer", "spoc", "staff",
    "have_read_the_briefing",
)  # fmt: skip


def overview_words(page: OverviewPage, asked: QueryDict) -> Words:
    """A page of schools, and the addresses of the next, the map's places and the spreadsheet."""
    question = asked.copy()
    question.pop("after", None)
    query = f"?{question.urlencode()}" if question else ""
    return {
        "rows": [school_row(school) for school in page.schools],
        "next_href": _next(page, question),
        "first_href": reverse("partnership:overview") + query if "after" in asked else "",
        "csv_href": reverse("partnership:overview_csv") + query,
        "places_href": reverse("partnership:overview_places") + query,
        "legend": [{"state": state, "letter": letter, "text": state.label} for state, letter in LETTERS.items()],
    }


def _next(page: OverviewPage, question: QueryDict) -> str:
    if not page.has_more:
        return ""
    last = page.schools[-1]
    following = question.copy()
    following["after"] = f"{last.id}_{last.name}"
    return f"{reverse('partnership:overview')}?{following.urlencode()}"


def school_row(school: SchoolStanding) -> Words:
    """One school of the list: its state, what lapses, who is missing, who knows of it."""
    return {
        "title": school.name,
        "href": reverse("partnership:school", args=[school.id]),
        "state": school.state.label,
        "tone": STATE_TONES.get(school.state, "plain"),
        "late": _("Lapses on %s") % short_day_words(school.lapses_on) if school.lapses_on else "",
        "facts": list(_facts(school)),
    }


def _facts(school: SchoolStanding) -> Iterator[str]:
    yield str(Phase(school.phase).label)
    for kind in AgreementKind:
        if kind in school.until:
            yield _("%(document)s until %(day)s") % {"document": kind.label, "day": short_day_words(school.until[kind])}
    if not school.has_officer:
        yield _("No officer")
    if not school.has_spoc:
        yield _("No SPOC")
    yield (
        _("%(percent)s %% of staff aware") % {"percent": school.staff.percent} if school.staff.staff else _("No staff")
    )


def places(schools: Iterable[SchoolStanding]) -> Words:
    """The schools whose place is known, as GeoJSON."""
    return {"type": "FeatureCollection", "features": [_place(school) for school in schools if school.latitude]}


def _place(school: SchoolStanding) -> Words:
    about = {
        "name": school.name,
        "state": school.state.value,
        "letter": str(LETTERS[school.state]),
        "words": str(school.state.label),
        "href": reverse("partnership:school", args=[school.id]),
    }
    point = {"type": "Point", "coordinates": [school.longitude, school.latitude]}
    return {"type": "Feature", "geometry": point, "properties": about}


def csv_rows(schools: Iterable[SchoolStanding]) -> Iterator[tuple[object, ...]]:
    """The rows of the spreadsheet: no person is named."""
    for school in schools:
        until = [school.until.get(kind, "") for kind in AgreementKind]
        yield (
            school.name,
            Phase(school.phase).label,
            school.state.label,
            *until,
            school.lapses_on or "",
            _yes(school.has_officer),
            _yes(school.has_spoc),
            school.staff.staff,
            school.staff.aware,
        )


def _yes(fact: bool) -> str:
    return _("yes") if fact else _("no")
