"""Good practice in words: each line of the source's list, what is measured today, and what would mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolgate.deployment.practice import Pattern, Place, Spread
from schoolgate.deployment.selectors.practice import Deployed, Pin, Portfolio
from schoolgate.directory.models import Phase
from schoolgate.ui.presenters import joined

Words = dict[str, Any]

PATTERNS: dict[Pattern, Any] = {
    Pattern.DEDICATED: gettext_lazy("Dedicated to one priority school"),
    Pattern.PRIORITY_PLUS: gettext_lazy("A priority school and one or two others"),
    Pattern.CLUSTER: gettext_lazy("Several schools, none a priority"),
    Pattern.BUDDY: gettext_lazy("Half of a priority school (buddy system) and several others"),
    Pattern.CONTACT: gettext_lazy("One college or university"),
    Pattern.NONE: gettext_lazy("None of the patterns"),
}
SMALL_TEAM = 1 / 3


@dataclass
class Line:
    """One line of the source's list: what is measured, what was found, and what would mend it."""

    ref: str
    asks: str
    measured: str
    findings: list[Words] = field(default_factory=list)
    applies: bool = True

    def words(self) -> Words:
        state, tone = (_("Look at this"), "late") if self.findings else (_("As the list has it"), "done")
        if not self.applies:
            state, tone = _("Nothing to measure"), "plain"
        return {"ref": self.ref, "asks": self.asks, "measured": self.measured, "findings": self.findings,
                "state": state, "tone": tone}  # fmt: skip


def practice_words(found: Deployed) -> Words:
    """The page: the source's lines, each officer's pattern, and the schools without an officer."""
    return {
        "lines": [line.words() for line in lines(found)],
        "officers": [portfolio_row(one) for one in found.portfolios],
        "near": found.rules.near_km.normalize(),
        "places_href": reverse("deployment:places"),
        "legend": [
            {"state": "lapsed", "letter": "P", "text": _("Priority school with an officer")},
            {"state": "active", "letter": "C", "text": _("School with an officer")},
            {"state": "none", "letter": "N", "text": _("No officer")},
        ],
    }


def lines(found: Deployed) -> Iterator[Line]:
    """The source's GOOD PRACTICE list, in its order, then what follows from it."""
    officers = len(found.portfolios)
    yield _secondary(found, officers)
    yield _primary(found, officers)
    yield _higher(found)
    yield _of_pattern(
        found, Pattern.DEDICATED, "G4", _("An officer may be dedicated to one priority school, if required.")
    )
    yield _near(
        found, Pattern.PRIORITY_PLUS, "G5", _("One priority school and one or two others, ideally close together.")
    )
    yield _near(found, Pattern.CLUSTER, "G6", _("Several non-priority schools, close together."))
    yield _near(
        found,
        Pattern.BUDDY,
        "G7",
        _("A priority school shared with another officer (buddy system), and several others."),
    )
    yield _misfits(found)
    yield _uncovered(found)


def _secondary(found: Deployed, officers: int) -> Line:
    here = len(found.in_secondary)
    line = Line(
        "G1",
        _("The majority of officers work in secondary schools, PRUs and AP."),
        _share(here, officers),
        applies=bool(officers),
    )
    if officers and 2 * here <= officers:
        line.findings.append(
            _finding(
                _("No majority."),
                _("Propose a posting to a secondary school, PRU or AP"),
                reverse("deployment:propose"),
            )
        )
    return line


def _primary(found: Deployed, officers: int) -> Line:
    here = len(found.in_primary)
    line = Line(
        "G2",
        _("There may be a small team for early intervention in primary schools."),
        _share(here, officers),
        applies=here > 0,
    )
    if officers and here > officers * SMALL_TEAM:
        line.findings.append(
            _finding(
                _("That is more than a third: no small team."),
                _("Propose other postings"),
                reverse("deployment:propose"),
            )
        )
    return line


def _share(here: int, officers: int) -> str:
    if not officers:
        return _("No officer is posted.")
    return _("%(here)s of %(all)s officers (%(percent)s %%).") % {
        "here": here, "all": officers, "percent": round(100 * here / officers),
    }  # fmt: skip


def _higher(found: Deployed) -> Line:
    served = len({place.id for _one, place in found.of_higher})
    measured = _("%(served)s with an officer, %(without)s without.") % {
        "served": served,
        "without": len(found.higher_uncovered),
    }
    line = Line("G3", _("Colleges and universities: dedicated, or a point of contact, depending on need."), measured,
                applies=bool(served or found.higher_uncovered))  # fmt: skip
    for one, place in found.vague_higher:
        words = _("%(school)s: %(who)s is neither dedicated nor a point of contact.") % {
            "school": place.name,
            "who": one.officer.called,
        }
        line.findings.append(_finding(words, _("Say in what manner"), _instead(place, officer=one.officer.id)))
    for school, name in found.higher_uncovered:
        line.findings.append(
            _finding(_("%s has no officer.") % name, _("Propose a point of contact"), _propose(school=school))
        )
    return line


def _of_pattern(found: Deployed, pattern: Pattern, ref: str, asks: str) -> Line:
    here = found.of_pattern(pattern)
    return Line(ref, asks, _who(here), applies=bool(here))


def _near(found: Deployed, pattern: Pattern, ref: str, asks: str) -> Line:
    line = _of_pattern(found, pattern, ref, asks)
    line.findings += _far(found, pattern)
    if pattern == Pattern.BUDDY:
        line.applies = line.applies or bool(found.half_covered)
        line.findings += [
            _finding(
                _("%s is to be shared, and only one officer has a part of it.") % place.name,
                _("Propose the buddy"),
                _propose(school=place.id, kind="buddy"),
            )
            for place in found.half_covered
        ]
    return line


def _far(found: Deployed, pattern: Pattern) -> list[Words]:
    """Portfolios of a pattern whose schools do not lie close together."""
    return [_far_words(one, one.spread) for one in found.far_apart if one.pattern == pattern and one.spread]


def _far_words(one: Portfolio, spread: Spread) -> Words:
    words = _("%(who)s: %(one)s and %(other)s are %(km)s km apart.") % {
        "who": one.officer.called, "one": spread.one.name, "other": spread.other.name, "km": f"{spread.km:.1f}",
    }  # fmt: skip
    return _finding(words, _("Propose another officer for one of them"), _instead(spread.other))


def _misfits(found: Deployed) -> Line:
    here = found.of_pattern(Pattern.NONE)
    measured = _who(here) if here else _("Every officer's do.")
    asks = _("Every officer's schools fit one of these patterns.")
    line = Line("", asks, measured, applies=bool(found.portfolios))
    line.findings += [_misfit_words(one) for one in here] + _far(found, Pattern.NONE)
    return line


def _misfit_words(one: Portfolio) -> Words:
    priorities, who = one.priorities, one.officer.called
    others = [place.name for place in one.places if not place.is_priority]
    if len(priorities) > 1:
        names = joined([place.name for place in priorities])
        words = _("%(who)s has %(count)s priority schools: %(names)s.")
        words %= {"who": who, "count": len(priorities), "names": names}
        return _finding(words, _("Propose another officer for one of them"), _instead(priorities[-1]))
    if len(one.places) == 1:
        words = _("%(who)s has one school alone, which no pattern has: %(names)s.")
        words %= {"who": who, "names": one.places[0].name}
        return _finding(words, _("Propose another school for them"), _propose(officer=one.officer.id))
    words = _("%(who)s has a priority school and %(count)s others: %(names)s.")
    words %= {"who": who, "count": len(others), "names": joined(others)}
    return _finding(words, _("Propose another officer for some of them"), _instead(one.places[-1]))


def _uncovered(found: Deployed) -> Line:
    count = found.uncovered.count
    measured = _("%s without an officer.") % count if count else _("Every open school has an officer.")
    line = Line("", _("Every school has its officer."), measured)
    for school, name, phase, is_priority in found.uncovered.first:
        words = _("%(school)s (%(phase)s)") % {"school": name, "phase": Phase(phase).label}
        if is_priority:
            words = _("%s: a priority school") % words
        line.findings.append(_finding(words, _("Propose an officer"), _propose(school=school)))
    return line


def _finding(words: str, mend: str, href: str) -> Words:
    return {"words": words, "mend": mend, "href": href}


def _instead(place: Place, **asked: object) -> str:
    """A posting in place of the one that there is, which ends on the day before."""
    return _propose(school=place.id, instead_of=place.posting, **asked)


def _propose(**asked: object) -> str:
    return f"{reverse('deployment:propose')}?{urlencode(asked)}"


def _who(portfolios: Iterable[Portfolio]) -> str:
    names = [one.officer.called for one in portfolios]
    return f"{joined(names)}." if names else _("No officer.")


def portfolio_row(one: Portfolio) -> Words:
    """An officer, the pattern of their schools, and the farthest two."""
    apart = [_("Farthest apart: %s km") % f"{one.spread.km:.1f}"] if one.spread else []
    return {
        "title": one.officer.called,
        "state": str(PATTERNS[one.pattern]),
        "facts": [joined([_place_words(place) for place in one.places]), *apart],
    }


def _place_words(place: Place) -> str:
    marks = [str(mark) for mark, holds in ((_("priority"), place.is_priority), (_("shared"), place.is_shared)) if holds]
    return f"{place.name} ({', '.join(marks)})" if marks else place.name


def places(found: Iterable[Pin]) -> Words:
    """The schools of the map, as GeoJSON."""
    return {"type": "FeatureCollection", "features": [_feature(pin) for pin in found]}


def _feature(pin: Pin) -> Words:
    state, letter = ("none", "N") if not pin.officers else ("lapsed", "P") if pin.is_priority else ("active", "C")
    words = joined(list(pin.officers)) or str(_("No officer"))
    href = reverse("deployment:school", args=[pin.id])
    about = {"name": pin.name, "state": state, "letter": letter, "words": words, "href": href}
    point = {"type": "Point", "coordinates": [pin.longitude, pin.latitude]}
    return {"type": "Feature", "geometry": point, "properties": about}
