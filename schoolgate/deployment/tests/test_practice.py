"""GOOD PRACTICE, measured: the source's patterns, distances, shares, and what would mend a finding."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.models import AssignmentKind
from schoolgate.deployment.practice import Pattern, Place, kilometres, pattern_of, spread_of
from schoolgate.deployment.presenters import hours_words
from schoolgate.deployment.presenters_practice import practice_words
from schoolgate.deployment.selectors.eligibility import Rules
from schoolgate.deployment.selectors.postings import PostingCard, Uncovered, faces, months_between, months_served
from schoolgate.deployment.selectors.practice import Deployed, Portfolio, deployed
from schoolgate.deployment.services.priority import decide_priority
from schoolgate.deployment.tests.doings import DAY, TODAY
from schoolgate.directory.models import Phase
from schoolgate.directory.selectors import PersonCard
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR


def place(mark: str, number: int = 0) -> Place:
    """P: a priority school; S: a shared one; C: a college with a point of contact; o: another."""
    phase = Phase.COLLEGE if mark == "C" else Phase.SECONDARY
    manner = "point_of_contact" if mark == "C" else "assigned"
    return Place(number, mark, phase, mark in "PS", 54.0, 2.0 + number / 100, mark == "S", manner)


@pytest.mark.parametrize(
    ("schools", "pattern"),
    [
        ("P", Pattern.DEDICATED), ("Po", Pattern.PRIORITY_PLUS), ("Poo", Pattern.PRIORITY_PLUS), ("Pooo", Pattern.NONE),
        ("oo", Pattern.CLUSTER), ("ooooo", Pattern.CLUSTER), ("o", Pattern.NONE), ("Soo", Pattern.BUDDY),
        ("So", Pattern.NONE), ("S", Pattern.NONE), ("PP", Pattern.NONE), ("PS", Pattern.NONE), ("SSoo", Pattern.NONE),
        ("C", Pattern.CONTACT), ("", Pattern.NONE),
    ],
)  # fmt: skip
def test_the_sources_patterns(schools: str, pattern: Pattern) -> None:
    assert pattern_of([place(mark, number) for number, mark in enumerate(schools)]) == pattern


def test_the_half_of_an_hour_is_not_lost() -> None:
    words = [hours_words(hours) for hours in (Decimal("1.0"), Decimal("4.5"), Decimal("0.5"), 12)]
    assert words == ["1 hour a week", "4.5 hours a week", "0.5 hours a week", "12 hours a week"]


def test_distances_are_straight_lines_in_kilometres() -> None:
    westminster = Place(1, "a", Phase.SECONDARY, False, 51.4995, -0.1248)
    greenwich = Place(2, "b", Phase.SECONDARY, False, 51.4769, -0.0005)
    unknown = Place(3, "c", Phase.SECONDARY, False, None, None)
    assert kilometres(westminster, greenwich) == pytest.approx(8.97, abs=0.05)
    assert kilometres(westminster, unknown) is None
    spread = spread_of([westminster, greenwich, unknown])
    assert spread
    assert {spread.one.id, spread.other.id} == {1, 2}
    assert spread_of([westminster, unknown]) is None


def span(officer: int, since: int, until: int | None) -> PostingCard:
    card = PersonCard(officer, f"Officer {officer}", "PC", "", "")
    days = TODAY + since * DAY, None if until is None else TODAY + until * DAY
    return PostingCard(
        1, card, 1, "School", 1, AssignmentKind.LEAD, *days, "part_time", "assigned", False, None, "", ""
    )


def test_a_face_stays_familiar_over_a_short_break_and_not_over_a_long_one() -> None:
    rows = [span(1, -400, -200), span(1, -180, None), span(2, -400, -300), span(2, -100, None), span(3, -50, -1)]
    found = {face.officer.id: face.since for face in faces(rows, on=TODAY)}
    assert found == {1: TODAY - 400 * DAY, 2: TODAY - 100 * DAY}
    assert months_served(dt.date(2026, 9, 1), dt.date(2027, 8, 31)) == 12
    assert months_served(dt.date(2026, 9, 30), dt.date(2027, 9, 1)) == 11
    assert months_between(TODAY.replace(day=15, month=1, year=2026), TODAY.replace(day=14, month=3, year=2026)) == 1


def decide(cast: Cast, *schools: str) -> None:
    with acting(cast.user("sergeant"), page="test") as by:
        for school in schools:
            decide_priority(
                by=by, at=now(), force=cast.place(WEXMOOR), school=cast.place(school), is_priority=True,
                reasons="A reason.", once=uuid4(),
            )  # fmt: skip


@pytest.mark.django_db
def test_each_line_is_measured_on_the_postings_of_today(cast: Cast) -> None:
    decide(cast, "larkmoor", "marigold", "candlewick")
    with acting(cast.user("sergeant"), page="test"):
        found = deployed(cast.place(WEXMOOR), on=TODAY)
    patterns = {one.officer.name: one.pattern for one in found.portfolios}
    # Larkmoor and Marigold Park are shared with a buddy; PC Rook has Candlewick, a priority too.
    assert patterns == {
        "Ada Fern": Pattern.BUDDY, "Rafi Alder": Pattern.BUDDY, "Sunniva Rook": Pattern.NONE,
        "Tarek Plover": Pattern.BUDDY,
    }  # fmt: skip
    assert [one.officer.name for one in found.portfolios if len(one.priorities) > 1] == ["Sunniva Rook"]
    assert {place.name for _one, place in found.vague_higher} == {"Wexmoor College", "University of Wexmoor"}
    assert found.half_covered == ()
    assert found.uncovered.count == 5
    assert all(one.spread for one in found.portfolios)


@pytest.mark.usefixtures("committed_database")
def test_every_finding_says_what_would_mend_it_and_leads_there(cast: Cast) -> None:
    decide(cast, "larkmoor", "marigold", "candlewick")
    sergeant = signed_in(cast, "sergeant")
    page = sergeant.get(reverse("deployment:good_practice")).text
    assert "PC Sunniva Rook has 2 priority schools" in page
    assert "Wexmoor College: PC Tarek Plover is neither dedicated nor a point of contact." in page
    assert f"{reverse('deployment:propose')}?school={cast.place('fiddlers-green')}" in page
    lead = signed_in(cast, "youth-lead").get(reverse("deployment:good_practice")).text
    assert "PC Sunniva Rook has 2 priority schools" in lead
    assert "Propose an officer" not in lead  # the youth lead proposes nothing
    places = sergeant.get(reverse("deployment:places")).json()["features"]
    words = {each["properties"]["name"]: each["properties"] for each in places}
    assert words["Larkmoor School"]["letter"] == "P"
    assert words["Larkmoor School"]["words"] == "PC Ada Fern and PC Rafi Alder"
    assert words["Fiddlers Green Primary School"]["letter"] == "N"


@pytest.mark.usefixtures("committed_database")
def test_nothing_is_posted_nothing_is_decided_and_the_pages_say_what_to_do(cast: Cast) -> None:
    sergeant = signed_in(cast, "neighbourhood-sergeant")
    board = sergeant.get(reverse("deployment:board")).text
    assert "Nothing is proposed." in board
    assert "No school is a priority yet." in sergeant.get(reverse("deployment:priority")).text
    assert sergeant.get(reverse("deployment:good_practice")).status_code == 200


def portfolio(number: int, *phases: Phase) -> Portfolio:
    card = PersonCard(number, f"Officer {number}", "PC", "", "")
    return Portfolio(card, 1, tuple(Place(at, str(at), phase, False, None, None) for at, phase in enumerate(phases)))


def force(*portfolios: Portfolio, half: tuple[Place, ...] = ()) -> Deployed:
    return Deployed(1, "Force", Rules(1), portfolios, Uncovered(0, ()), half, ())


def states(found: Deployed) -> dict[str, str]:
    return {line["ref"]: line["state"] for line in practice_words(found)["lines"] if line["ref"]}


def test_a_primary_team_is_small_and_the_majority_is_in_secondary() -> None:
    secondary = [portfolio(number, Phase.SECONDARY, Phase.PRU) for number in range(4)]
    primary = [portfolio(number, Phase.PRIMARY, Phase.PRIMARY) for number in range(10, 16)]
    small = states(force(*secondary, *primary[:2]))
    assert (small["G1"], small["G2"]) == ("As the list has it", "As the list has it")
    large = states(force(*secondary, *primary[:4]))
    assert (large["G1"], large["G2"]) == ("Look at this", "Look at this")
    nobody = states(force())
    assert set(nobody.values()) == {"Nothing to measure"}


def test_a_half_that_nobody_has_is_found() -> None:
    its = Place(7, "Half School", Phase.SECONDARY, True, None, None)
    page = practice_words(force(half=(its,)))
    (line,) = [line for line in page["lines"] if line["ref"] == "G7"]
    assert [one["words"] for one in line["findings"]] == [
        "Half School is to be shared, and only one officer has a part of it."
    ]
    assert "kind=buddy" in line["findings"][0]["href"]
