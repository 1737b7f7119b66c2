"""Where there is no plan, sentences name the rule, the numbers and the one change that would help."""

import json
from typing import Any

import pytest

from schoolgate.planning.optimiser.limits import Limits
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.solving import solve
from schoolgate.planning.optimiser.tests.problems import officer, problem, random_force, school


def several(make: Any, number: int, **fields: Any) -> list[dict[str, Any]]:
    return [make(f"{make.__name__[0].upper()}{n}", **fields) for n in range(1, number + 1)]


def priority(number: int) -> list[dict[str, Any]]:
    return [school(f"P{n}", priority=True, hours=8) for n in range(1, number + 1)]


IMPOSSIBLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "everybody in probation": (
        problem(several(officer, 3, in_probation=True), several(school, 4)),
        ["None of the 3 officers may be posted", "One officer who has ended probation"],
    ),
    "counts of patterns": (
        problem(several(officer, 3), [*priority(1), *several(school, 20)]),
        [
            "With 1 priority school",
            "at most 14 others",
            "there are 20",
            "1 officer more",
            "cluster with up to 9 others instead of 6",
        ],
    ),
    "too many priority schools": (
        problem(several(officer, 2), [*priority(4), *several(school, 1)]),
        ["There are 4 priority schools", "2 officers may cover one", "2 officers more"],
    ),
    "hours": (
        problem(several(officer, 2, max_hours=9), several(school, 5)),
        ["The schools need 20 hours a week", "18", "2 too few", "raise the officers' most hours"],
    ),
    "a phase nobody serves": (
        problem(several(officer, 2), [*several(school, 4), school("X", phase="college")]),
        ["No officer may cover X (college)", "does not serve its phase"],
    ),
    "fixed and forbidden": (
        problem(several(officer, 2), several(school, 6), fixed=[["O1", "S1"]], forbidden=[["O1", "S1"]]),
        ["O1 is fixed at S1, but the pair is forbidden"],
    ),
    "fixed in probation": (
        problem([*several(officer, 2), officer("X", in_probation=True)], several(school, 6), fixed=[["X", "S1"]]),
        ["X is fixed at S1 and is in probation", "take this pair out"],
    ),
    "two fixed at one school": (
        problem(several(officer, 2), several(school, 6), fixed=[["O1", "S1"], ["O2", "S1"]]),
        ["2 officers are fixed at S1, which at most 1 can cover"],
    ),
    "more officers than schools": (
        problem(several(officer, 4), several(school, 5)),
        [
            "4 officers with 0 priority schools need more others than the 5 there are",
            "allow officers without a portfolio",
        ],
    ),
    "what only a search finds": (
        problem(
            [officer("O1", phases=["special"]), officer("O2", phases=["special"]), officer("O3")],
            [*several(school, 9), *[school(f"X{n}", phase="special") for n in range(4)]],
        ),
        ["cannot be covered whole", "Each of these alone would help", "officers and patterns serve every phase"],
    ),
    "nobody has the hours for any pattern": (
        problem(
            several(officer, 2, max_hours=10),
            several(school, 4),
            patterns=[{"id": "cluster", "other": [3, 6]}],
            allow_unassigned_officers=True,
        ),
        ["cannot be covered whole", "everybody's most hours are a quarter more"],
    ),
    "a pattern that is too narrow": (
        problem(
            several(officer, 2, phases=["secondary", "primary"]),
            [*priority(1), *several(school, 6), *[school(f"L{n}", phase="primary") for n in range(5)]],
            patterns=[
                {"id": "priority_plus", "priority": [1, 1], "other": [1, 2]},
                {"id": "cluster", "other": [2, 6]},
                {"id": "primary_team", "other": [1, 18], "phases": ["primary"]},
            ],
            allow_unassigned_officers=True,
        ),
        ["1 officer more who may be posted", "each pattern takes 2 other schools more, or fewer"],
    ),
}


@pytest.mark.parametrize(("content", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_the_explanation_names_rule_numbers_and_change(content: dict[str, Any], words: list[str]) -> None:
    plan = solve(build_problem(content), Limits(steps=60))
    said = " ".join(plan.explanation)
    assert plan.portfolios == []
    assert [word for word in words if word not in said] == [], said
    assert "use an officer in probation" not in json.dumps(plan.explanation).lower()


def test_what_cannot_be_planned_is_found_out_long_before_time_is_up() -> None:
    content, _words = IMPOSSIBLE["a pattern that is too narrow"]
    plan = solve(build_problem(content), Limits(steps=100_000))
    assert plan.cost is None
    assert plan.steps < 2_000


def test_counting_rules_plans_out_for_a_whole_country_too() -> None:
    said = " ".join(solve(build_problem(random_force(7, 900, 5_000)), Limits(steps=1)).explanation)
    assert "With 555 priority schools, 900 officers can take at most 4215 others" in said
    assert "26 officers more who may be posted, or priority_plus with up to 3 others instead of 2" in said


def test_a_plan_that_was_not_found_in_time_is_not_said_to_be_impossible() -> None:
    content = random_force(1, 70, 210)
    for row in content["officers"]:
        row["max_hours"] = 22
    plan = solve(build_problem(content), Limits(steps=1))
    assert plan.cost is None
    assert "it is not proven that there is none" in plan.explanation[0]


def test_one_officer_more_is_offered_only_where_everybody_can_then_have_a_portfolio() -> None:
    patterns = [{"id": "cluster", "other": [1, 6]}]
    fixed = [["O1", "S1"], ["O1", "S2"]]
    content = problem(several(officer, 2), several(school, 2), patterns, fixed=fixed)
    plan = solve(build_problem(content), Limits(steps=60))
    said = " ".join(plan.explanation)
    assert "officers without a portfolio are allowed; no pair is fixed" in said
    assert "officer more" not in said


def test_who_is_told_to_stop_seeks_no_more_that_would_help() -> None:
    content, _words = IMPOSSIBLE["a pattern that is too narrow"]
    limits = Limits(steps=60)
    limits.stop()
    assert "Each of these alone" not in " ".join(solve(build_problem(content), limits).explanation)
