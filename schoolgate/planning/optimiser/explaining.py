"""Says why a problem has no plan: which rules cannot be kept together, the numbers, and the one change that would help.

First come counts, which need no search. Where they find nothing, a linear program with artificial officers and
uncovered schools asks what cannot be met, and rules are set aside group by group to see which of them it is.
No sentence ever offers an officer in probation.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from schoolgate.planning.optimiser.bounding import Bounder
from schoolgate.planning.optimiser.columns import Columns
from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.model import Ints, Model, build_model
from schoolgate.planning.optimiser.problem import Officer, Pattern, Problem, Range, School, Weights
from schoolgate.planning.optimiser.searching import Searcher

MOST_NAMED = 5
ROUNDS = 60
LACKING = 1e-4  # of a school or an officer, above what a linear program's tolerances leave
FAR = 10**9  # more schools than there are
FEW = (1, 2, 3, 4, 6, 8)  # how much more of something is tried
MOST_SECONDS = 20  # for looking for what would help; no more than the plan itself was given


def explain_counts(problem: Problem) -> list[str]:
    """The sentences that counting alone yields; none where it finds nothing amiss."""
    for check in (_nobody, _fixed, _no_taker, _idle, _priority, _hours, _numbers):
        sentences = list(check(problem))
        if sentences:
            return sentences
    return []


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _schools(number: float, kind: str = "school") -> str:
    return f"{number:g} {kind}" if number == 1 else f"{number:g} {kind}s"


def _officers(number: float) -> str:
    return f"{number:g} officer" if number == 1 else f"{number:g} officers"


def _nobody(problem: Problem) -> Iterator[str]:
    if not problem.postable:
        yield (
            f"None of the {_officers(len(problem.officers))} may be posted: an officer in probation never is. "
            "One officer who has ended probation would be needed at least."
        )


def _fixed(problem: Problem) -> Iterator[str]:
    for name, school_id in sorted(problem.fixed):
        officer, school = problem.officers_by_id[name], problem.schools_by_id[school_id]
        if officer.in_probation:
            yield (
                f"{name} is fixed at {school_id} and is in probation, so may not be posted. "
                "It would help to take this pair out of the fixed ones."
            )
        elif reason := _reason_against(problem, officer, school):
            yield f"{name} is fixed at {school_id}, but {reason}. It would help to take one of the two away."
    for school_id, number in sorted(Counter(school for _, school in problem.fixed).items()):
        most = 2 if problem.schools_by_id[school_id].priority else 1
        if number > most:
            yield (
                f"{_officers(number)} are fixed at {school_id}, which at most {most} can cover. "
                f"It would help to take {number - most} of these pairs out of the fixed ones."
            )


def _reason_against(problem: Problem, officer: Officer, school: School) -> str | None:
    """Why an officer may not hold a school at all; None where the officer may."""
    share = 0.5 if school.priority else 1
    if (officer.id, school.id) in problem.forbidden:
        return "the pair is forbidden"
    if school.phase not in officer.phases:
        return f"the officer does not serve its phase, {school.phase}"
    if problem.within_team and officer.team != school.team:
        return f"the school is of the team {school.team}, the officer of {officer.team}"
    if school.hours * share > officer.max_hours + 1e-9:
        return f"it needs {school.hours * share:g} hours and the officer has {officer.max_hours:g} at most"
    return None if any(_takes(pattern, school) for pattern in problem.patterns) else "no pattern takes such a school"


def _takes(pattern: Pattern, school: School) -> bool:
    if pattern.phases is not None and school.phase not in pattern.phases:
        return False
    return bool(pattern.priority.high or pattern.shared_priority.high) if school.priority else bool(pattern.other.high)


def _no_taker(problem: Problem) -> Iterator[str]:
    for school in problem.schools:
        if all(_reason_against(problem, officer, school) for officer in problem.postable):
            reasons = [_reason_against(problem, officer, school) for officer in problem.postable]
            common, number = Counter(reasons).most_common(1)[0]
            yield (
                f"No officer may cover {school.id} ({school.phase}): of {len(reasons)} who may be posted, "
                f"{number} may not because {common}. One officer for whom this does not hold would help."
            )


def _idle(problem: Problem) -> Iterator[str]:
    if problem.allow_unassigned_officers:
        return
    idle = [o.id for o in problem.postable if all(_reason_against(problem, o, s) for s in problem.schools)]
    if idle:
        yield (
            f"Every officer who may be posted must have a portfolio, but {_officers(len(idle))} may cover no school: "
            f"{_named(idle)}. It would help to allow officers without a portfolio."
        )
    least = min(max(1, sum(r.low for r in pattern.ranges)) for pattern in problem.patterns)
    portions = len(problem.schools) + sum(school.priority for school in problem.schools)
    if not idle and least * len(problem.postable) > portions:
        yield (
            f"Every one of {_officers(len(problem.postable))} must have a portfolio of {_schools(least)} or halves at "
            f"least, but there are {portions}. It would help to allow officers without a portfolio."
        )


def _priority(problem: Problem) -> Iterator[str]:
    number = sum(school.priority for school in problem.schools)
    most = max(p.priority.high + p.shared_priority.high / 2 for p in problem.patterns)
    could = sum(
        any(s.priority and not _reason_against(problem, o, s) for s in problem.schools) for o in problem.postable
    )
    if number > most * could:
        lacking = int(np.ceil((number - most * could) / most)) if most else number
        yield (
            f"There are {number} priority schools; {_officers(could)} may cover one, each {most:g} at most by the "
            f"patterns: {most * could:g} in all. It would help to have {_officers(lacking)} more."
        )


def _hours(problem: Problem) -> Iterator[str]:
    needed = sum(school.hours for school in problem.schools)
    given = sum(officer.max_hours for officer in problem.postable)
    if needed > given + 1e-6:
        yield (
            f"The schools need {needed:g} hours a week; the {_officers(len(problem.postable))} who may be posted have "
            f"{given:g} at most, {needed - given:g} too few. It would help to raise the officers' most hours by that, "
            "or to have another officer."
        )


def _numbers(problem: Problem) -> Iterator[str]:
    """Do the counts of any mix of patterns add up? Hours, phases and pairs are left out of account."""
    priority = sum(school.priority for school in problem.schools)
    other = len(problem.schools) - priority
    span = _span(problem, len(problem.postable), priority)
    if _within(span, other):
        return
    people, schools = _officers(len(problem.postable)), _schools(priority, "priority school")
    if span is None:
        yield f"By the counts of the patterns, {people} cannot cover {schools} exactly." + _helping(
            problem, priority, other
        )
    elif span[1] < other:
        yield (
            f"With {schools}, {people} can take at most {span[1]} others by the counts of the patterns, "
            f"but there are {other}." + _helping(problem, priority, other)
        )
    else:
        yield (
            f"By the counts of the patterns, {people} with {schools} need more others than the {other} there are. "
            "It would help to allow officers without a portfolio."
        )


def _helping(problem: Problem, priority: int, other: int) -> str:
    changes = [*_more_officers(problem, priority, other), *_wider_pattern(problem, priority, other)]
    if not changes:
        return " It would help to have fewer schools in the plan, or another pattern."
    return f" By these counts one change would do: {', or '.join(changes)}."


def _more_officers(problem: Problem, priority: int, other: int) -> Iterator[str]:
    now, portions = len(problem.postable), len(problem.schools) + priority
    for more, span in enumerate(islice(_reachable(problem, priority), now + 1, now + portions + 1), start=1):
        if _within(span, other):
            yield f"{_officers(more)} more who may be posted"
            return


def _wider_pattern(problem: Problem, priority: int, other: int) -> Iterator[str]:
    """The pattern that would do if it took more other schools, and how many; the one that needs least."""
    needs = []
    for number, pattern in enumerate(problem.patterns):
        does = partial(_does_wider, problem, number, priority, other)
        more = 1 + bisect_left(range(1, other + 1), True, key=does)
        if more <= other:
            needs.append((more, f"{pattern.id} with up to {pattern.other.high + more} others", pattern.other.high))
    if needs:
        _more, words, before = min(needs, key=lambda need: need[0])
        yield f"{words} instead of {before}"


def _does_wider(problem: Problem, number: int, priority: int, other: int, more: int) -> bool:
    pattern = problem.patterns[number]
    wider = replace(pattern, other=Range(pattern.other.low, pattern.other.high + more))
    patterns = [*problem.patterns[:number], wider, *problem.patterns[number + 1 :]]
    return _within(_span(replace(problem, patterns=patterns), len(problem.postable), priority), other)


def _within(span: tuple[int, int] | None, other: int) -> bool:
    return span is not None and span[0] <= other <= span[1]


def _span(problem: Problem, officers: int, priority: int) -> tuple[int, int] | None:
    """Lowest and highest number of other schools that so many officers can take, as `_reachable` counts them."""
    return next(islice(_reachable(problem, priority), officers, None))


def _reachable(problem: Problem, priority: int) -> Iterator[tuple[int, int] | None]:
    """Lowest and highest number of other schools that no, one, two … officers can take beside all priority schools.

    None where so many officers cannot share the priority schools out. Numbers in between are taken to be reachable:
    a count must not rule out what may exist.
    """
    shapes = _shapes(problem, priority)
    low, high = np.full(2 * priority + 1, FAR), np.full(2 * priority + 1, -FAR)
    low[0] = high[0] = 0
    while True:
        yield (int(low[-1]), int(high[-1])) if low[-1] < FAR else None
        before = low, high
        low, high = np.full_like(low, FAR), np.full_like(high, -FAR)
        for taken, (least, most) in shapes.items():
            end = len(low) - taken
            np.minimum(low[taken:], before[0][:end] + least, out=low[taken:])
            np.maximum(high[taken:], before[1][:end] + most, out=high[taken:])


def _shapes(problem: Problem, priority: int) -> dict[int, tuple[int, int]]:
    """By halves of priority schools that an officer may take: the fewest and the most other schools beside them."""
    shapes = {0: (0, 0)} if problem.allow_unassigned_officers else {}
    for pattern in problem.patterns:
        whole = range(pattern.priority.low, min(pattern.priority.high, priority) + 1)
        halves = range(pattern.shared_priority.low, min(pattern.shared_priority.high, priority) + 1)
        least, most = pattern.other.low, min(pattern.other.high, len(problem.schools))
        for taken in {2 * one + half for one in whole for half in halves}:
            if taken <= 2 * priority and taken + most > 0:
                known = shapes.get(taken, (least, most))
                shapes[taken] = min(known[0], least), max(known[1], most)
    return shapes


def explain_time(limits: Limits) -> list[str]:
    """That no plan was found in time."""
    return [
        f"No plan was found in {limits.elapsed:.0f} seconds, and it is not proven that there is none. "
        "It would help to allow more time."
    ]


def explain_lack(problem: Problem, model: Model, limits: Limits) -> list[str]:
    """Why the search found no plan: what the rules rule out, or that time was too short."""
    until = np.inf if limits.seconds is None else limits.elapsed + min(MOST_SECONDS, limits.seconds)
    lacking = _lacking(model, limits, until)
    if lacking is None:
        return explain_time(limits)
    schools, officers = lacking
    sentences = [_lack_sentence(problem, schools, officers)]
    ask = partial(_would_help, problem, limits, until)
    helping = [words for words, change in RELIEFS if ask(change)]
    for words, change in AMOUNTS:
        number = next((n for n in FEW if ask(partial(change, number=n))), None)
        if number:
            helping.append(words.format(number=number, s="" if number == 1 else "s"))
    if helping:
        sentences.append(f"Each of these alone would help: {'; '.join(helping)}.")
    else:
        sentences.append("No single rule is to blame: it would help to have another officer, or fewer fixed pairs.")
    return sentences


def _lack_sentence(problem: Problem, schools: Ints, officers: Ints) -> str:
    names = [problem.schools[school].id for school in schools]
    people = [problem.postable[officer].id for officer in officers]
    if names:
        return (
            f"The rules for patterns, phases, hours and pairs cannot all be kept: whoever is posted where, "
            f"{_schools(len(names))} cannot be covered whole: {_named(names)}."
        )
    return (
        "The rules for patterns, phases, hours and pairs cannot all be kept: "
        f"{_officers(len(people))} must stay without a portfolio: {_named(people)}."
    )


def _lacking(model: Model, limits: Limits, until: float) -> tuple[Ints, Ints] | None:
    """Schools and officers for whom nothing is left even if portfolios could be split.

    None where all can be served, and where time was up before it was found out.

    Portfolios cost nothing here, an uncovered school and an idle officer cost 1.
    """
    free = replace(model.problem, weights=Weights(0, 0, 0, 0))
    bare = replace(model, problem=free, cost=np.zeros_like(model.cost))
    columns = Columns(bare)
    bounder = Bounder(bare, Searcher(bare), columns, np.full(bare.schools, 0.5), 1.0, penalty=1.0)
    bounder.price(bounder.prices)
    for _ in range(ROUNDS):
        bounder.generate(until - limits.elapsed)
        if bounder.done or limits.stopped or limits.elapsed > until:
            break
    if bounder.bound <= LACKING:
        return None
    uncovered = np.nonzero(bounder.slack[: bare.schools] > LACKING)[0]
    idle = np.nonzero(bounder.idle > LACKING)[0]
    return uncovered, np.array([bare.members[post][0] for post in idle], dtype=np.int64)


def _would_help(problem: Problem, limits: Limits, until: float, change: Callable[[Problem], Problem]) -> bool:
    changed = change(problem)
    if limits.stopped or limits.elapsed > until or changed == problem:
        return False
    served = _lacking(build_model(changed), limits, until) is None
    return served and not limits.stopped and limits.elapsed < until


def _wider(problem: Problem, number: int) -> Problem:
    patterns = [replace(p, other=Range(0, p.other.high + number)) for p in problem.patterns]
    return replace(problem, patterns=patterns)


def _joined(problem: Problem, number: int) -> Problem:
    """With so many more officers like the one who can do most."""
    like = max(problem.postable, key=lambda officer: (len(officer.phases), officer.max_hours))
    more = [replace(like, id=f"{like.id} {place}") for place in range(number)]
    return replace(problem, officers=[*problem.officers, *more])


def _longer(problem: Problem) -> Problem:
    officers = [replace(officer, max_hours=officer.max_hours * 1.25) for officer in problem.officers]
    return replace(problem, officers=officers)


def _any_phase(problem: Problem) -> Problem:
    phases = frozenset(school.phase for school in problem.schools)
    return replace(
        problem,
        officers=[replace(officer, phases=phases) for officer in problem.officers],
        patterns=[replace(pattern, phases=None) for pattern in problem.patterns],
    )


RELIEFS: tuple[tuple[str, Callable[[Problem], Problem]], ...] = (
    ("officers without a portfolio are allowed", lambda problem: replace(problem, allow_unassigned_officers=True)),
    ("schools of another team are allowed", lambda problem: replace(problem, within_team=False)),
    ("no pair is fixed", lambda problem: replace(problem, fixed=frozenset())),
    ("no pair is forbidden", lambda problem: replace(problem, forbidden=frozenset())),
    ("everybody's most hours are a quarter more", _longer),
    ("officers and patterns serve every phase", _any_phase),
)
AMOUNTS: tuple[tuple[str, Callable[..., Problem]], ...] = (
    ("{number} officer{s} more who may be posted", _joined),
    ("each pattern takes {number} other school{s} more, or fewer", _wider),
)
