"""What a plan changes of today, what changed under it, work by hand, and what is proven: plain Python."""

import pytest

from schoolgate.planning.changes import Change, Today, changes
from schoolgate.planning.differences import GONE, NEW, Difference, differences
from schoolgate.planning.handwork import give
from schoolgate.planning.measures import measure, portfolios_of, saving
from schoolgate.planning.optimiser.problem import Assignment, Plan, Portfolio
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.presenters import gap_words

PROBLEM = build_problem(
    {
        "officers": [
            {"id": name, "easting": east, "northing": 0, "fte": 1, "in_probation": False, "phases": ["secondary"],
             "max_hours": 30} for name, east in (("a", 0), ("b", 10_000))
        ],
        "schools": [
            {"id": name, "easting": east, "northing": 0, "phase": "secondary", "priority": name == "p", "hours": 4,
             "visits": 1, "current_officers": now}
            for name, east, now in (("p", 1000, ["a"]), ("q", 2000, ["a"]), ("r", 9000, []))
        ],
        "patterns": [
            {"id": "dedicated", "priority": [1, 1]}, {"id": "plus", "priority": [1, 1], "other": [1, 2]},
            {"id": "cluster", "other": [1, 3]}, {"id": "buddy", "shared_priority": [1, 1], "other": [1, 2]},
        ],
        "weights": {"travel": 1, "proximity": 1, "balance": 10, "change": 30},
    }
)  # fmt: skip


def held(officer: str, *schools: str, pattern: str = "cluster", share: float = 1) -> Portfolio:
    return Portfolio(officer, pattern, tuple(Assignment(school, share) for school in schools))


def test_who_stays_is_no_change() -> None:
    assert changes([held("a", "p", "q")], {"p": [Today("a", 1, False)], "q": [Today("a", 2, False)]}) == []


def test_who_comes_takes_the_place_of_who_goes() -> None:
    assert changes([held("b", "q")], {"q": [Today("a", 2, False)]}) == [Change("q", "b", "cluster", False, 2, "a")]


def test_who_comes_where_nobody_goes_is_added() -> None:
    assert changes([held("b", "r")], {}) == [Change("r", "b", "cluster", False, None, None)]


def test_who_goes_where_nobody_comes_ends() -> None:
    today = {"p": [Today("a", 1, False), Today("b", 2, False)]}
    assert changes([held("a", "p")], today) == [Change("p", None, "", False, 2, "b")]


def test_who_gives_up_half_stays_on_other_terms() -> None:
    plan = [held("a", "p", pattern="buddy", share=0.5), held("b", "p", pattern="buddy", share=0.5)]
    assert changes(plan, {"p": [Today("a", 1, False)]}) == [
        Change("p", "a", "buddy", True, 1, "a"), Change("p", "b", "buddy", True, None, None),
    ]  # fmt: skip


def test_what_is_gone_new_or_other_is_a_difference() -> None:
    before = {"officers": [{"id": "a", "fte": 1}, {"id": "b", "fte": 1}], "schools": []}
    after = {"officers": [{"id": "a", "fte": 0.5}, {"id": "c", "fte": 1}], "schools": []}
    assert differences(before, after, {}) == [
        Difference("b", GONE), Difference("c", NEW), Difference("a", "fte", 1, 0.5),
    ]  # fmt: skip


def test_a_school_where_the_planned_officers_serve_by_now_is_no_difference() -> None:
    before = {"officers": [], "schools": [{"id": "q", "current_officers": ["a"]}]}
    after = {"officers": [], "schools": [{"id": "q", "current_officers": ["b"]}]}
    assert differences(before, after, {"q": frozenset({"b"})}) == []
    assert len(differences(before, after, {"q": frozenset({"c"})})) == 1


def test_a_school_given_away_leaves_its_officer_and_the_pattern_follows() -> None:
    found = give(PROBLEM, [held("a", "p", "q", pattern="plus"), held("b", "r")], "q", ["b"])
    assert found == [held("a", "p", pattern="dedicated"), held("b", "r", "q")]


def test_the_last_school_given_away_leaves_an_officer_free() -> None:
    assert [
        one.officer for one in give(PROBLEM, [held("a", "p", "q", pattern="plus"), held("b", "r")], "r", ["a"])
    ] == ["a"]


def test_two_officers_hold_half_each() -> None:
    found = give(PROBLEM, [held("a", "p", "q", pattern="plus"), held("b", "r")], "p", ["a", "b"])
    shares = {one.officer: {row.school: row.share for row in one.assignments} for one in found}
    assert shares == {"a": {"q": 1, "p": 0.5}, "b": {"r": 1, "p": 0.5}}
    assert {one.pattern for one in found} == {"buddy"}


def test_loads_kilometres_and_who_stays_are_measured() -> None:
    found = measure(PROBLEM, [held("a", "p", pattern="dedicated"), held("b", "q")])
    assert [(load.officer.id, load.hours, load.kilometres) for load in found.loads] == [("a", 4, 1), ("b", 4, 8)]
    assert (found.uncovered, found.kept, found.had) == (("r",), 1, 2)
    assert found.costs.change == 30


def test_today_is_measured_by_the_officers_and_schools_of_the_problem() -> None:
    today = {"p": [Today("a", 1, True), Today("x", 2, True)], "elsewhere": [Today("a", 3, False)]}
    assert portfolios_of(PROBLEM, today) == [held("a", "p", pattern="", share=0.5)]


def test_what_another_problem_saves_lies_between_what_is_proven() -> None:
    assert saving(Plan([], 100, 90), Plan([], 80, 70)) == (10, 30)


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (0, "no plan under these rules is better"), (0.001, "more than 0.1 % better"),
        (0.00104, "more than 0.11 % better"), (0.043, "more than 4.3 % better"), (0.591, "more than 60 % better"),
        (0.98, "more than 98 % better"), (0.997, "Nothing is proven yet"), (1, "Nothing is proven yet"),
    ],
)  # fmt: skip
def test_what_is_said_to_be_proven_is_never_more_than_is(gap: float, words: str) -> None:
    assert words in gap_words(gap)
