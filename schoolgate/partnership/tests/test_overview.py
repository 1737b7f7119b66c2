"""The force's overview: each state, what lapses, who is missing, filters, pages, the spreadsheet and the map."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import ARIAN, WEXMOOR
from schoolgate.partnership.models import AgreementKind, BriefingPage, PartnershipState
from schoolgate.partnership.selectors import agreements
from schoolgate.partnership.selectors import overview as selectors
from schoolgate.partnership.selectors.agreements import standings
from schoolgate.partnership.selectors.awareness import digest_of
from schoolgate.partnership.selectors.overview import SchoolStanding, Wanted
from schoolgate.partnership.selectors.standing import leading, state_of
from schoolgate.partnership.services import signing
from schoolgate.partnership.services.awareness import acknowledge_briefing
from schoolgate.partnership.services.clock import refresh_states
from schoolgate.partnership.tests.doings import TODAY, agree, propose

pytestmark = pytest.mark.usefixtures("committed_database")
DAY = dt.timedelta(days=1)


def schools(cast: Cast, wanted: Wanted | None = None, *, key: str = "sergeant", on: dt.date = TODAY) -> list[str]:
    return [school.name for school in found(cast, wanted, key=key, on=on)]


def found(
    cast: Cast, wanted: Wanted | None = None, *, key: str = "sergeant", on: dt.date = TODAY
) -> tuple[SchoolStanding, ...]:
    with acting(cast.user(key), page="test") as viewer:
        ((force, _name),) = selectors.forces_to_oversee(viewer)
        return selectors.overview(force, wanted or Wanted(), on=on).schools


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
        bcus = {name: bcu for bcu, name in selectors.bcus_of(cast.place(WEXMOOR))}
    north = schools(cast, Wanted(bcu=bcus["Wexmoor North"]))
    assert "Larkmoor School" in north
    assert set(north).isdisjoint(schools(cast, Wanted(bcu=bcus["Wexmoor South"])))


def test_few_aware_staff_are_found(cast: Cast) -> None:
    larkmoor = one(cast, "Larkmoor School")
    assert larkmoor.staff.staff > 0
    assert "Larkmoor School" in schools(cast, Wanted(low=True))
    for number, key in enumerate(("teacher", "other-teacher", "spoc", "deputy-spoc", "dsl"), start=1):
        with acting(cast.user(key), page="test") as by:
            digest = digest_of(BriefingPage.SSP)
            acknowledge_briefing(by=by, at=now(), school=cast.place("larkmoor"), page=BriefingPage.SSP, digest=digest)
        share = one(cast, "Larkmoor School").staff
        assert share.aware == number
        assert ("Larkmoor School" in schools(cast, Wanted(low=True))) == (share.percent < 50)
    assert share.percent >= 50


def test_a_filter_that_keeps_few_still_fills_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lapsed = schools(cast, Wanted(state="lapsed"))
    monkeypatch.setattr(selectors, "PAGE", len(lapsed))
    assert schools(cast, Wanted(state="lapsed")) == lapsed


@pytest.mark.parametrize("key", ["head", "officer", "admin", "dpo"])
def test_nobody_else_sees_all_schools(cast: Cast, key: str) -> None:
    with acting(cast.user(key), page="test") as viewer:
        with pytest.raises(PermissionDenied):
            selectors.forces_to_oversee(viewer)
        assert selectors.all_schools(cast.place(WEXMOOR), Wanted(), on=TODAY) == []


def test_a_sergeant_of_another_force_is_told_nothing_by_the_database(cast: Cast) -> None:
    with acting(cast.user("neighbourhood-sergeant"), page="test") as viewer:
        assert selectors.forces_to_oversee(viewer) == [(cast.place(ARIAN), "Tir Arian Police")]
        assert selectors.all_schools(cast.place(WEXMOOR), Wanted(), on=TODAY) == []
        assert selectors.all_schools(cast.place(ARIAN), Wanted(), on=TODAY) != []


def test_a_page_is_one_query_however_many_schools_and_whatever_is_wanted(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with acting(cast.user("sergeant"), page="test"):
        for wanted in (Wanted(), Wanted(state="none"), Wanted(lapses=True, no_spoc=True, low=True)):
            with django_assert_max_num_queries(1):  # type: ignore[attr-defined]
                selectors.overview(cast.place(WEXMOOR), wanted, on=TODAY)


DAYS = [TODAY + DAY * days for days in (-500, -400, -100, -1, 0, 1, 2, 30, 31, 364, 365, 366, 800)]


def test_the_overview_says_of_every_day_what_the_schools_page_says(cast: Cast) -> None:
    """What the database keeps is true on its days alone; any other day is worked out."""
    agree(cast, until=TODAY + DAY)
    agree(cast, since=TODAY + 2 * DAY, until=TODAY + 365 * DAY)
    agree(cast, AgreementKind.PROTOCOL, since=TODAY + 31 * DAY, until=TODAY + 800 * DAY)
    propose(cast, school="candlewick", since=TODAY, until=TODAY + 30 * DAY)
    end(cast, agree(cast, since=TODAY - 400 * DAY, until=TODAY + 800 * DAY), last_day=TODAY + 365 * DAY)
    for day in DAYS:
        for school in found(cast, on=day):
            with acting(cast.user("sergeant"), page="test"):
                its = standings(school.id, on=day)
            signed = [one for one in its if one.state in ("active", "agreed")]
            until = {one.kind: max(two.until for two in signed if two.kind == one.kind) for one in signed}
            expected = state_of(leading(its), has_officer=school.has_officer)
            assert (day, school.name, school.state, school.until) == (day, school.name, expected, until)


def test_what_is_kept_is_refreshed_when_its_days_have_passed(cast: Cast) -> None:
    agree(cast, until=TODAY + DAY)
    with acting(None, page="test"), connection.cursor() as cursor:
        cursor.execute("reset role")
        assert refresh_states() == 0
    with time_machine.travel(now() + 3 * DAY):
        assert one(cast, "Otterbridge Academy", on=TODAY + 3 * DAY).state == PartnershipState.LAPSED


def end(cast: Cast, pk: UUID, *, last_day: dt.date) -> None:
    with acting(cast.user("other-head"), page="test") as head:
        record = agreements.agreement(head, pk, at=now())
        signing.end_agreement(
            by=head, at=now(), agreement=record, words="The school closes.", last_day=last_day, once=uuid4()
        )


def test_whoever_oversees_two_forces_chooses_one(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since)"
        " values (%s, %s, 'sergeant', false, %s)",
        [cast.person("sergeant"), cast.place("arian-neighbourhood"), TODAY - DAY],
    )
    sergeant = signed_in(cast, "sergeant")
    first = sergeant.get("/overview/").text
    assert "Schools of Tir Arian Police" in first
    assert 'name="force"' in first
    second = sergeant.get(f"/overview/?force={cast.place(WEXMOOR)}").text
    assert "Schools of Wexmoor Police" in second
    assert "Larkmoor School" in second
    assert f"schools.csv?force={cast.place(WEXMOOR)}" in second
    assert "Larkmoor School" in sergeant.get(f"/overview/schools.csv?force={cast.place(WEXMOOR)}").text
    assert "Larkmoor School" not in sergeant.get("/overview/schools.csv").text
    assert sergeant.get(f"/overview/schools.csv?force={cast.place('larkmoor')}").status_code == 404
    assert 'name="force"' not in signed_in(cast, "youth-lead").get("/overview/").text
