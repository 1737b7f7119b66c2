"""A plan in words, beside today and beside another plan."""

import datetime as dt
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schoolgate.access.selectors import Reader
from schoolgate.deployment.models import ProposalStatus
from schoolgate.deployment.presenters import RULES, months_words
from schoolgate.directory.presenters import reader_rows
from schoolgate.planning.changes import Change, holders_of
from schoolgate.planning.differences import GONE, NEW, Difference
from schoolgate.planning.forms import PATTERN_WORDS
from schoolgate.planning.measures import Load, Measures, measure, portfolios_of, saving
from schoolgate.planning.optimiser.problem import Portfolio
from schoolgate.planning.presenters import by_words, gap_words, named, plan_name, rules_state, supposed_words
from schoolgate.planning.selectors.plans import ChangeCard, Compared, PlanCard, PlanTitle
from schoolgate.planning.selectors.problem import number_of
from schoolgate.ui.presenters import counted, joined

Words = dict[str, Any]
Names = Mapping[str, str]

FIELDS: dict[str, Any] = {
    "easting": gettext_lazy("the place"), "northing": gettext_lazy("the place"),
    "fte": gettext_lazy("the working time"),
    "in_probation": gettext_lazy("the probation"), "phases": gettext_lazy("the kinds of school served"),
    "max_hours": gettext_lazy("the hours for school work"), "phase": gettext_lazy("the kind of school"),
    "priority": gettext_lazy("whether it is a priority"), "hours": gettext_lazy("the hours needed"),
    "visits": gettext_lazy("the visits needed"), "current_officers": gettext_lazy("who serves it"),
}  # fmt: skip
CENTS = 0.05  # what is shown as 0.0
PARTS = {
    "travel": gettext_lazy("Ways from base to school"), "proximity": gettext_lazy("Ways between an officer's schools"),
    "balance": gettext_lazy("Uneven load"), "change": gettext_lazy("Schools that get another officer"),
    "total": gettext_lazy("All together"),
}  # fmt: skip


def plan_words(
    one: PlanCard, compared: Compared, names: Names, reading: Iterable[Reader], *, now: dt.datetime
) -> Words:
    """The page of a plan."""
    problem = one.study.problem
    planned = measure(problem, one.plan.portfolios)
    today = measure(problem, portfolios_of(problem, compared.today))
    posted = {load.officer.id for load in planned.loads}
    return rules_state(one) | {
        "heading": plan_name(one),
        "caption": one.study.name,
        "state_text": by_words(one, now=now),
        "readers": reader_rows(list(reading)),
        "told": [],
        "proof": gap_words(one.plan.gap or 0),
        "supposed": supposed_words(one.study, names),
        "faults": [named(fault, names) for fault in one.faults],
        "can_be_accepted": compared.can_be_accepted and not one.faults,
        "differences": sorted({difference_words(each, names) for each in compared.differences})
        + ([_("Its first day has passed.")] if compared.too_late else []),
        "measures": [*measure_rows(today, planned), _kept_row(one, compared)],
        "uncovered_today": _uncovered_words(len(today.uncovered)),
        "officers": [load_row(load, names) for load in planned.loads],
        "free": [names.get(officer.id, officer.id) for officer in problem.postable if officer.id not in posted],
        "changes": list(change_rows(compared, names)),
        "open": any(card.proposal is None for card in compared.changes),
        "schools": list(school_rows(one, compared, names).values()),
        "places_href": reverse("planning:places", args=[one.id]),
    }


def _uncovered_words(count: int) -> str:
    if not count:
        return ""
    return counted(
        ngettext(
            "Today %(count)s of these schools has no officer and so costs nothing in today's column.",
            "Today %(count)s of these schools have no officer and so cost nothing in today's column.",
            count,
        ),
        count,
    )


def measure_rows(one: Measures, other: Measures) -> Iterator[list[str]]:
    """The parts of the cost, and what the deployments are like, side by side."""
    for part, label in PARTS.items():
        yield [_("Cost: %s") % label, *(f"{getattr(each.costs, part):,.1f}" for each in (one, other))]
    yield [_("Officers with a school"), *(str(len(each.loads)) for each in (one, other))]
    yield [_("Schools without an officer"), *(str(len(each.uncovered)) for each in (one, other))]
    yield [_("Kilometres a week, one way"), *(f"{each.kilometres:,.1f}" for each in (one, other))]
    yield [_("Hours a week of one officer"), *(_span(each) for each in (one, other))]
    yield [_("Schools that keep an officer of theirs"), *(f"{each.kept} / {each.had}" for each in (one, other))]


def _kept_row(one: PlanCard, compared: Compared) -> list[str]:
    """The months for which today's officers are familiar at their schools, and how many of them a plan keeps."""
    planned = holders_of(one.plan.portfolios)
    kept = sum(months for (school, officer), months in compared.months.items() if officer in planned.get(school, ()))
    return [_("Months of familiar faces at the schools"), str(sum(compared.months.values())), str(kept)]


def _span(one: Measures) -> str:
    hours = [load.hours for load in one.loads]
    return f"{min(hours):g} – {max(hours):g}" if hours else "–"


def load_row(load: Load, names: Names) -> Words:
    """One officer of a plan."""
    return {
        "title": names.get(load.officer.id, load.officer.id),
        "href": _officer_href(load.officer.id),
        "state": str(PATTERN_WORDS.get(load.pattern, load.pattern)),
        "tone": "plain",
        "facts": [
            joined([_school_words(school, share, names) for school, share in load.schools]),
            _("%(hours)s of %(most)s hours a week")
            % {"hours": f"{load.hours:g}", "most": f"{load.officer.max_hours:g}"},
            _("%s km a week, one way") % f"{load.kilometres:.1f}",
        ],
    }


def _officer_href(name: str) -> str:
    """An officer's page; a joiner has none."""
    return reverse("deployment:officer", args=[number_of(name)]) if number_of(name) > 0 else ""


def _school_words(school: str, share: float, names: Names) -> str:
    name = names.get(school, school)
    return name if share == 1 else _("%s (half)") % name


STATUSES: dict[ProposalStatus | None, Any] = {
    None: "", ProposalStatus.DRAFT: gettext_lazy("Proposed"), ProposalStatus.LIVE: gettext_lazy("Live"),
    ProposalStatus.WITHDRAWN: gettext_lazy("Proposed and withdrawn"),
}  # fmt: skip


def change_rows(compared: Compared, names: Names) -> Iterator[Words]:
    """What a plan changes at each school, and what became of it."""
    familiar = familiar_names(compared, names)
    of_schools: dict[str, list[ChangeCard]] = {}
    for card in compared.changes:
        of_schools.setdefault(card.change.school, []).append(card)
    for school, its in of_schools.items():
        yield {
            "school": school,
            "title": names.get(school, school),
            "open": any(card.proposal is None for card in its),
            "changes": [
                {
                    "words": change_words(card.change, familiar.get(school, names)),
                    "state": STATUSES[card.status],
                    "href": reverse("deployment:proposal", args=[card.proposal]) if card.proposal else "",
                }
                for card in its
            ],
        }


def familiar_names(compared: Compared, names: Names) -> dict[str, Names]:
    """The names at each school, with for how long whoever serves it today has been familiar there."""
    all_names, found = dict(names), dict[str, dict[str, str]]()
    for (school, officer), months in compared.months.items():
        words = {"who": names.get(officer, officer), "months": months_words(months)}
        found.setdefault(school, {})[officer] = _("%(who)s (familiar for %(months)s)") % words
    return {school: ChainMap(its, all_names) for school, its in found.items()}


def change_words(change: Change, names: Names) -> str:
    """Who comes, in whose place."""
    leaving = names.get(change.leaving or "", _("an officer"))
    if change.officer is None:
        return _("%s no longer serves the school") % leaving
    comes = _school_words(change.officer, 0.5 if change.half else 1, names)
    if change.leaving is None:
        return _("%s, who is added") % comes
    if change.leaving == change.officer:
        return _("%s, on other terms") % comes
    return _("%(comes)s instead of %(leaving)s") % {"comes": comes, "leaving": leaving}


def school_rows(one: PlanCard, compared: Compared, names: Names) -> dict[str, Words]:
    """Every school of a plan: who serves it today, for how long, and in the plan."""
    planned, familiar = holders_of(one.plan.portfolios), familiar_names(compared, names)
    return {
        school: _school_row(
            school,
            [holder.officer for holder in compared.today.get(school, ())],
            list(planned.get(school, ())),
            names,
            familiar.get(school, names),
        )
        for school in one.study.problem.schools_by_id
    }


def _school_row(school: str, today: list[str], planned: list[str], names: Names, familiar: Names) -> Words:
    return {
        "title": names.get(school, school),
        "href": reverse("deployment:school", args=[number_of(school)]),
        "state": _("Changes") if set(today) != set(planned) else "",
        "tone": "active",
        "facts": [
            _("Today: %s") % _officers_words(today, familiar),
            _("Planned: %s") % _officers_words(planned, names),
        ],
    }


def _officers_words(officers: Iterable[str], names: Names) -> str:
    return joined([names.get(officer, officer) for officer in officers]) or _("No officer")


def difference_words(one: Difference, names: Names) -> str:
    """What is no longer as it was when the plan was made."""
    name = names.get(one.of, _("Somebody or a school that was not in the plan"))
    if one.field == GONE:
        return _("%s is no longer part of it.") % name
    if one.field == NEW:
        return _("%s has come in.") % name
    return _("%(name)s: %(what)s changed.") % {"name": name, "what": FIELDS.get(one.field, one.field)}


def places(one: PlanCard, compared: Compared, names: Names, where: Mapping[str, tuple[float, float]]) -> Words:
    """The schools of the map, as GeoJSON; where: latitude and longitude of each."""
    rows = school_rows(one, compared, names)
    features = [_feature(rows[school], at) for school, at in where.items() if school in rows]
    return {"type": "FeatureCollection", "features": features}


def _feature(row: Words, at: tuple[float, float]) -> Words:
    state, letter = ("proposed", "C") if row["state"] else ("active", "S")
    about = {
        "name": row["title"],
        "state": state,
        "letter": letter,
        "words": "; ".join(row["facts"]),
        "href": row["href"],
    }
    point = {"type": "Point", "coordinates": [at[1], at[0]]}
    return {"type": "Feature", "geometry": point, "properties": about}


def hand_words(one: PlanCard, portfolios: list[Portfolio], faults: Iterable[str], names: Names) -> Words:
    """What a change by hand would cost, part by part."""
    before, after = measure(one.study.problem, one.plan.portfolios), measure(one.study.problem, portfolios)
    more = after.costs.total - before.costs.total
    verdict = _("It costs %s more.") if more > 0 else _("It costs %s less.")
    verdict = verdict % f"{abs(more):,.1f}" if abs(more) >= CENTS else _("It costs the same.")
    return {
        "costs": list(measure_rows(before, after)),
        "verdict": verdict,
        "is_other": portfolios != one.plan.portfolios,
        "faults": [named(fault, names) for fault in faults],
    }


def compare_words(one: PlanCard, other: PlanCard, names: Names) -> Words:
    """Two plans side by side: costs, what they are like, and where they differ."""
    first, second = (measure(card.study.problem, card.plan.portfolios) for card in (one, other))
    held, its = holders_of(one.plan.portfolios), holders_of(other.plan.portfolios)
    schools = sorted({*held, *its}, key=lambda school: names.get(school, school))
    return {
        "measures": list(measure_rows(first, second)),
        "schools": [
            [
                names.get(school, school),
                *(
                    joined([names.get(o, o) for o in sorted(each.get(school, ()))]) or _("Not in the plan")
                    for each in (held, its)
                ),
            ]
            for school in schools
            if held.get(school, {}).keys() != its.get(school, {}).keys()
        ],
        "saves": saving_words(one, other) if one.study.id != other.study.id else "",
    }


def saving_words(one: PlanCard, other: PlanCard) -> str:
    """What is proven of the difference between two studies."""
    least, most = saving(one.plan, other.plan)
    words = {
        "one": one.study.name,
        "other": other.study.name,
        "least": f"{abs(least):,.1f}",
        "most": f"{abs(most):,.1f}",
    }
    if least >= 0:
        return (
            _("Proven: the best plan of “%(other)s” costs %(least)s to %(most)s less than the best of “%(one)s”.")
            % words
        )
    if most <= 0:
        return (
            _("Proven: the best plan of “%(other)s” costs %(most)s to %(least)s more than the best of “%(one)s”.")
            % words
        )
    return (
        _("The best plans of both may cost the same: “%(other)s” costs at most %(most)s less, or %(least)s more.")
        % words
    )


def plan_title(one: PlanTitle, *, now: dt.datetime) -> str:
    """A plan in a list of choices."""
    return f"{one.study}: {plan_name(one)}. {_('Cost %s') % f'{one.cost:,.1f}'}. {by_words(one, now=now)}"


def given_words(one: PlanCard, school: str, officers: Iterable[str], names: Names) -> str:
    """How somebody changed a plan: "Larkmoor School to PC Ada Fern"."""
    to = joined([names.get(officer, officer) for officer in officers])
    words = _("%(school)s to %(officers)s") % {"school": names.get(school, school), "officers": to}
    return (f"{one.words}; {words}" if one.words else words)[:300]


def refused_words(change: Change, rule: str, names: Names) -> str:
    """That the rules refused a change of a plan."""
    return _("Not proposed: %(school)s, %(change)s. %(why)s.") % {
        "school": names.get(change.school, change.school), "change": change_words(change, names),
        "why": RULES.get(rule, rule),
    }  # fmt: skip
