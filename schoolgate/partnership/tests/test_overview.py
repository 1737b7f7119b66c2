"""The force's overview: each state, what lapses, who is missing, filters, pages, the spreadsheet and the map."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from schoolgate.access.acting import acting
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.partnership.models import PartnershipState
from schoolgate.partnership.selectors import overview as selectors
from schoolgate.partnership.selectors.overview import SchoolStanding, Wanted
from schoolgate.partnership.tests.doings import TODAY, agree

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def schools(cast: Cast, wanted: Wanted | None = None, *, key: str = "sergeant", on: dt.date = TODAY) -> list[str]:
    return [school.name for school in found(cast, wanted, key=key, on=on)]


def found(
    cast: Cast, wanted: Wanted | None = None, *, key: str = "sergeant", on: dt.date = TODAY
) -> tuple[SchoolStanding, ...]:
    with acting(cast.user(key), page="test") as viewer:
        return selectors.overview(selectors.force_overseen(viewer), wanted or Wanted(), on=on).schools


def one(cast: Cast, name: str, *, on: dt.date = TODAY) -> SchoolStanding:
    return next(school for school in found(cast, on=on) if school.name == name)


def test_every_open_school_of_the_force_stands_there_by_name(cast: Cast) -> None:
    names = schools(cast)
    assert names == sorted(names)
    assert "Larkmoor School" in names
    assert "Ysgol Tir Arian" not in names
    assert names == schools(cast, key="other-sergeant") == schools(cast, key="youth-lead")


def test_the_demonstration_has_schools_in_several_states(cast: Cast) -> None:
    assert one(cast, "Larkmoor School").state == PartnershipState.ACTIVE
    assert one(cast, "Otterbridge Academy").state == PartnershipState.LAPSED
    assert one(cast, "Fairweather Independent School").state == PartnershipState.PROPOSED


def test_a_signature_of_both_sides_changes_the_state(cast: Cast) -> None:
    agree(cast)
    assert one(cast, "Otterbridge Academy").state == PartnershipState.ACTIVE


def test_schools_are_filtered_by_state_phase_and_bcu(cast: Cast) -> None:
    everything = found(cast)
    assert schools(cast, Wanted(phase="pru")) == [school.name for school in everything if school.phase == "pru"]
    lapsed = schools(cast, Wanted(state="lapsed"))
    assert lapsed == [school.name for school in everything if school.state == PartnershipState.LAPSED]
    with acting(cast.user("sergeant"), page="test"):
        bcus = {name: bcu for bcu, name in selectors.force_and_bcus(cast.place(WEXMOOR))[1]}
    north = schools(cast, Wanted(bcu=bcus["Wexmoor North"]))
    assert "Larkmoor School" in north
    assert set(north).isdisjoint(schools(cast, Wanted(bcu=bcus["Wexmoor South"])))


def test_few_aware_staff_are_found(cast: Cast) -> None:
    larkmoor = one(cast, "Larkmoor School")
    assert larkmoor.staff.staff > 0
    assert "Larkmoor School" in schools(cast, Wanted(low=True))
    assert not replace(larkmoor, staff=selectors.Share("", 2, 1)).is_low


def test_a_filter_that_keeps_few_still_fills_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lapsed = schools(cast, Wanted(state="lapsed"))
    monkeypatch.setattr(selectors, "PAGE", len(lapsed))
    assert schools(cast, Wanted(state="lapsed")) == lapsed


@pytest.mark.parametrize("key", ["head", "officer", "admin", "dpo"])
def test_nobody_else_sees_all_schools(cast: Cast, key: str) -> None:
    with acting(cast.user(key), page="test") as viewer, pytest.raises(PermissionDenied):
        selectors.force_overseen(viewer)


def test_a_sergeant_of_another_force_is_told_nothing_by_the_database(cast: Cast) -> None:
    larkmoor = cast.place("larkmoor")
    with acting(cast.user("neighbourhood-sergeant"), page="test") as viewer:
        assert selectors.force_overseen(viewer) != cast.place(WEXMOOR)
        assert selectors.standings_in_force(cast.place(WEXMOOR), [larkmoor], on=TODAY) == []
        assert selectors.awareness_in_force(cast.place(WEXMOOR), [larkmoor], on=TODAY) == {}
        assert selectors.standings_in_force(selectors.force_overseen(viewer), [larkmoor], on=TODAY) == []


def test_a_page_takes_as_many_queries_however_many_schools(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with acting(cast.user("sergeant"), page="test") as viewer:
        force = selectors.force_overseen(viewer)
        with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
            selectors.overview(force, Wanted(), on=TODAY)
        with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
            selectors.overview(force, Wanted(state="none"), on=TODAY)
