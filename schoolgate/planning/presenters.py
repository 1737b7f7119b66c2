"""Studies in words: what would be planned, how far the planner is, why there is no plan."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Context
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from schoolgate.access.selectors import Reader
from schoolgate.deployment.presenters import RULES, hours_words
from schoolgate.directory.models import Phase
from schoolgate.directory.presenters import reader_rows
from schoolgate.planning.forms import KIND_WORDS, LONGEST_NAME, PATTERN_WORDS, WEIGHTS
from schoolgate.planning.models import OPEN, StudyState
from schoolgate.planning.optimiser.reading import BadProblem
from schoolgate.planning.selectors.plans import PlanCard, PlanTitle
from schoolgate.planning.selectors.problem import (
    LEAVES,
    NO_BASE,
    NO_PLACE,
    Built,
    OfficerIn,
    SchoolIn,
    officer_id,
    school_id,
)
from schoolgate.planning.selectors.studies import Step, StudyCard
from schoolgate.planning.selectors.supposing import WhatIfChoices
from schoolgate.planning.terms import KINDS, Need, StudyTerms, WhatIf
from schoolgate.ui.presenters import capitalised, counted, joined, moment_words, short_day_words

Words = dict[str, Any]

TONES = {
    StudyState.DRAFT: "plain", StudyState.WAITING: "active", StudyState.RUNNING: "active", StudyState.DONE: "done",
    StudyState.NO_PLAN: "late", StudyState.FAILED: "late",
}  # fmt: skip
PROVEN, UNKNOWN = 1e-9, 0.99  # gaps that are none, or tell nothing
WHY_NOT: dict[str, Any] = RULES | {
    NO_BASE: gettext_lazy("It is not noted where they work from"),
    NO_PLACE: gettext_lazy("Its place is not known: the school register has no grid reference"),
    LEAVES: gettext_lazy("Supposed to leave"),
}
NAMED = re.compile(r"\b(?:officer|school|joiner)-\d+\b")
SHAPE = re.compile(rf"\b({'|'.join(PATTERN_WORDS)})(?= (?:allows|does|with up to)\b)")


def named(text: str, names: Mapping[str, str]) -> str:
    """A sentence of the planner with people, schools and shapes by their names."""
    text = SHAPE.sub(lambda found: f"“{PATTERN_WORDS[found.group()]}”", text)
    return NAMED.sub(lambda found: names.get(found.group(), found.group()), text)


def gap_words(gap: float) -> str:
    """What the proof says: "No plan under these rules can be more than 0.12 % better"."""
    if gap <= PROVEN:
        return _("Proven: no plan under these rules is better.")
    if gap > UNKNOWN:
        return _("Nothing is proven yet of how much better another plan could be.")
    # Rounded up: what is said must be no more than is proven.
    percent = Context(prec=2, rounding=ROUND_CEILING).create_decimal(str(round(100 * gap, 9)))
    return _("Proven: no plan under these rules can be more than %s % better.").replace("%s", f"{percent:f}")


def list_words(studies: Iterable[StudyCard], *, now: dt.datetime) -> Words:
    """The studies of a sergeant's teams."""
    return {"studies": [study_row(one, now=now) for one in studies]}


def study_row(one: StudyCard, *, now: dt.datetime) -> Words:
    """A study in a list."""
    begins = _("From %s on") % short_day_words(one.terms.begins_on)
    return {
        "title": one.name,
        "href": reverse("planning:study", args=[one.id]),
        "state": one.state.label,
        "tone": TONES[one.state],
        "facts": [one.team_name, begins, *([_("What if")] if one.is_what_if else []), by_words(one, now=now)],
    }


def by_words(one: StudyCard | PlanCard | PlanTitle, *, now: dt.datetime) -> str:
    """When it was made, and by whom."""
    return _("%(when)s by %(by)s") % {"when": capitalised(moment_words(one.made_at, now=now)), "by": one.by}


def supposed_words(one: StudyCard, names: Mapping[str, str]) -> str:
    """What a study supposes beyond today's data: "What if: PC Ada Fern leaves."."""
    return _("What if: %s.") % joined(_what_if_words(one.terms.what_if, names)) if one.is_what_if else ""


def supposed_name(one: StudyCard, more: WhatIf, choices: WhatIfChoices) -> str:
    """The name of a study that supposes more: "Spring term, if PC Ada Fern leaves"."""
    what = joined(_what_if_words(more, {**choices.officers, **choices.schools}))
    return (_("%(study)s, if %(what)s") % {"study": one.name, "what": what})[:LONGEST_NAME]


def _what_if_words(what_if: WhatIf, names: Mapping[str, str]) -> list[str]:
    words = [_("%s leaves") % names.get(officer_id(officer), _("an officer")) for officer in what_if.leaves]
    for school, is_one in what_if.priority.items():
        words.append(
            (_("%s is a priority school") if is_one else _("%s is no priority school"))
            % names.get(school_id(school), _("a school"))
        )
    words += [_("one more officer comes to %s") % joiner.near for joiner in what_if.joins]
    return words


def study_words(
    one: StudyCard, built: Built | None, plans: Iterable[PlanCard], step: Step | None, names: Mapping[str, str],
    reading: Iterable[Reader], *, now: dt.datetime,
) -> Words:  # fmt: skip
    """The page of a study."""
    words: Words = {
        "heading": one.name,
        "caption": one.team_name,
        "state": one.state.label,
        "tone": TONES[one.state],
        "state_text": by_words(one, now=now),
        "readers": reader_rows(list(reading)),
        "told": [],
        "supposed": supposed_words(one, names),
        "goes_on": goes_on(one.state),
        "says": step_words(step),
        "left_out": list(_left_out_words(one, names)),
        "explanation": [named(sentence, names) for sentence in one.explanation],
        "plans": [plan_row(plan, now=now) for plan in plans],
        "facts": list(terms_facts(one.terms)),
    }
    return words | (draft_words(one, built) if built else {})


def goes_on(state: StudyState) -> bool:
    """Whether the planner is still to answer."""
    return state in OPEN


def _left_out_words(one: StudyCard, names: Mapping[str, str]) -> Iterator[str]:
    """Who and what was not in the plan, and why."""
    for name, rules in (one.content or {}).get("left_out", {}).items():
        why = joined([str(WHY_NOT.get(rule, rule)) for rule in rules])
        yield _("%(name)s: %(why)s") % {"name": names.get(name, name), "why": why}


def step_words(step: Step | None) -> str:
    """How far the planner is, in a sentence."""
    if step is None or step.gap is None or step.cost is None:
        return _("The planner looks for a first plan.")
    words = _("After %(seconds)s seconds: a plan that costs %(cost)s.") % {
        "seconds": f"{step.seconds:.0f}", "cost": f"{step.cost:,.1f}",
    }  # fmt: skip
    return f"{words} {gap_words(step.gap)}" + (" " + _("It was asked to stop.") if step.stop else "")


def plan_name(plan: PlanCard | PlanTitle) -> str:
    """How a plan was changed by hand, or that it is the planner's own."""
    return plan.words or _("The planner's plan")


def rules_state(plan: PlanCard) -> Words:
    """Whether a plan keeps every rule."""
    if plan.faults:
        return {"state": _("Breaks a rule"), "tone": "late"}
    return {"state": _("Keeps every rule"), "tone": "done"}


def plan_row(plan: PlanCard, *, now: dt.datetime) -> Words:
    """A plan of a study in a list."""
    return rules_state(plan) | {
        "title": plan_name(plan),
        "href": reverse("planning:plan", args=[plan.id]),
        "facts": [_("Cost %s") % f"{plan.plan.cost:,.1f}", gap_words(plan.plan.gap or 0), by_words(plan, now=now)],
    }


def terms_facts(terms: StudyTerms) -> Iterator[Words]:
    """What counts in a study."""
    yield {"name": _("First day"), "text": short_day_words(terms.begins_on)}
    wider = [str(KIND_WORDS[kind]) for kind in terms.wider]
    yield {
        "name": _("Schools"),
        "text": _("Those that the team serves") + ("; " + _("without an officer: %s") % joined(wider) if wider else ""),
    }
    yield {"name": _("A full-time officer has"), "text": hours_words(terms.full_time_hours)}
    yield {
        "name": _("Each needs"),
        "text": "\n".join(f"{KIND_WORDS[kind]}: {', '.join(need_words(terms.needs[kind]))}" for kind in KINDS),
    }
    yield {"name": _("Shapes"), "text": "\n".join(str(PATTERN_WORDS[one]) for one in terms.patterns)}
    yield {
        "name": _("Costs"),
        "text": "\n".join(f"{label}: {getattr(terms, weight)}" for weight, label in WEIGHTS.items()),
    }


def need_words(need: Need) -> tuple[str, str]:
    """How many hours a week, and how many visits."""
    visits = ngettext("%(count)s visit in four weeks", "%(count)s visits in four weeks", need.visits)
    return hours_words(need.hours), counted(visits, need.visits)


def draft_words(one: StudyCard, built: Built) -> Words:
    """What the planner would be given, and what would stay out."""
    planned, out = built.planned_schools, [school for school in built.schools if school.why_not]
    can = [officer for officer in built.officers if not officer.why_not and not officer.in_probation]
    needed = sum(school.need.hours for school in planned)
    given = sum(float(officer.file.fte) for officer in can) * one.terms.full_time_hours
    return {
        "draft": True,
        "sum": _("%(schools)s schools need %(needed)s hours a week; %(officers)s officers have %(given)s.")
        % {"schools": len(planned), "needed": f"{needed:g}", "officers": len(can), "given": f"{given:g}"},
        "lacking": needed > given,
        "officers": [_officer_row(officer) for officer in built.officers],
        "schools": [_school_row(one, school) for school in planned],
        "out": [_out_row(one, school) for school in out],
        "pairs": list(_pair_rows(one, built)),
    }


def _officer_row(one: OfficerIn) -> Words:
    file = one.file
    rules = ("nobody_in_probation",) if one.in_probation else one.why_not
    why = joined([str(WHY_NOT[rule]) for rule in rules])
    return {
        "title": file.card.called,
        "href": reverse("deployment:officer", args=[file.card.id]),
        "state": _("Not planned") if why else _("Planned"),
        "tone": "late" if why else "done",
        "late": why,
        "facts": [_("Working time %s") % f"{file.fte:g}", file.base_name or _("Base not noted")],
    }


def _school_row(one: StudyCard, school: SchoolIn) -> Words:
    return {
        "title": school.name,
        "href": reverse("planning:need", args=[one.id, school.id]),
        "state": _("Priority") if school.is_priority else "",
        "tone": "active",
        "facts": [
            str(Phase(school.phase).label),
            *need_words(school.need),
            _("Has an officer") if school.holders else _("No officer today"),
        ],
    }


def _out_row(one: StudyCard, school: SchoolIn) -> Words:
    return {
        "title": school.name,
        "href": reverse("planning:need", args=[one.id, school.id]),
        "facts": [str(WHY_NOT.get(school.why_not, school.why_not))],
    }


def _pair_rows(one: StudyCard, built: Built) -> Iterator[Words]:
    officers = {officer.file.card.id: officer.file.card.called for officer in built.officers}
    schools = {school.id: school.name for school in built.schools}
    for pair in one.terms.pairs:
        who, where = officers.get(pair.officer, _("an officer")), schools.get(pair.school, _("a school"))
        settled = _("%(officer)s has %(school)s") if pair.must else _("%(officer)s does not have %(school)s")
        href = reverse("planning:forget_pair", args=[one.id, pair.officer, pair.school])
        idle = "" if built.counts(pair) else _("This does not count: the officer or the school is not planned.")
        words = settled % {"officer": who, "school": where}
        yield {"words": words, "reason": pair.reason, "idle": idle, "href": href}


def bad_words(bad: BadProblem) -> str:
    """Why a problem cannot be put to the planner."""
    lacking = {
        "the problem has no officers": _("no officer can be planned"),
        "the problem has no schools": _("there is no school"),
    }
    return lacking.get(str(bad), str(bad))
