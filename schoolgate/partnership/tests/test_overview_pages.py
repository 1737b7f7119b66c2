"""The overview as people open it, and with schools that lack something: pages, filters, the spreadsheet, the map."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from psycopg import Connection

from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.models import AgreementKind
from schoolgate.partnership.presenters_overview import COLUMNS
from schoolgate.partnership.selectors import overview as selectors
from schoolgate.partnership.selectors.overview import Wanted
from schoolgate.partnership.tests.doings import TODAY, YEAR, agree
from schoolgate.partnership.tests.test_overview import one, schools

pytestmark = pytest.mark.usefixtures("committed_database")
DAY = dt.timedelta(days=1)


def test_what_lapses_in_the_term_is_said_until_something_follows_on(cast: Cast, as_superuser: Connection) -> None:
    agree(cast, until=TODAY + DAY)
    assert one(cast, "Otterbridge Academy").lapses_on == TODAY + DAY
    assert "Otterbridge Academy" in schools(cast, Wanted(lapses=True))
    agree(cast, since=TODAY + 2 * DAY, until=TODAY + YEAR)
    assert one(cast, "Otterbridge Academy").lapses_on != TODAY + DAY


def test_without_terms_ninety_days_count(cast: Cast, as_superuser: Connection) -> None:
    agree(cast, until=TODAY + 90 * DAY)
    agree(cast, AgreementKind.PROTOCOL, since=TODAY, until=TODAY + YEAR)
    as_superuser.execute("delete from directory_term")
    assert one(cast, "Otterbridge Academy").lapses_on == TODAY + 90 * DAY
    assert "Otterbridge Academy" in schools(cast, Wanted(lapses=True))
    assert one(cast, "Otterbridge Academy", on=TODAY - DAY).lapses_on is None
    assert "Otterbridge Academy" not in schools(cast, Wanted(lapses=True), on=TODAY - DAY)


def test_the_term_of_the_school_is_what_counts(cast: Cast, as_superuser: Connection) -> None:
    agree(cast, until=TODAY + 20 * DAY)
    as_superuser.execute("delete from directory_term")
    statement = "insert into directory_term (school_id, first_day, last_day) values (%s, %s, %s)"
    as_superuser.execute(statement, [cast.place("otterbridge"), TODAY - DAY, TODAY + 10 * DAY])
    assert one(cast, "Otterbridge Academy").lapses_on is None
    assert "Otterbridge Academy" not in schools(cast, Wanted(lapses=True))


def test_a_school_without_spoc_is_found(cast: Cast, as_superuser: Connection) -> None:
    assert "Larkmoor School" not in schools(cast, Wanted(no_spoc=True))
    as_superuser.execute(
        "update directory_membership set until = %s where organisation_id = %s and role = 'spoc'",
        [TODAY - DAY, cast.place("larkmoor")],
    )
    assert "Larkmoor School" in schools(cast, Wanted(no_spoc=True))


def test_pages_hold_every_school_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = schools(cast)
    monkeypatch.setattr(selectors, "PAGE", 4)
    sergeant = signed_in(cast, "sergeant")
    names: list[str] = []
    address = reverse("partnership:overview")
    while address:
        page = sergeant.get(address).text
        names += [name for name in everything if f"<bdi>{name.replace(chr(39), '&#39;')}</bdi>" in page]
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        address = following.replace("&amp;", "&")
    assert names == everything


@pytest.mark.parametrize("question", ["state=broken", "phase=x", "bcu=1", "bcu=%27"])
def test_a_filter_that_is_none_is_complained_of(cast: Cast, question: str) -> None:
    sergeant = signed_in(cast, "sergeant")
    answer = sergeant.get(f"{reverse('partnership:overview')}?{question}")
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert "Larkmoor School" not in answer.text
    assert sergeant.get(f"{reverse('partnership:overview_csv')}?{question}").status_code == 404
    assert sergeant.get(f"{reverse('partnership:overview_places')}?{question}").status_code == 404


@pytest.mark.parametrize("after", ["x", "99999999999999999999_A", "_", "-1_A", "²_A"])
def test_a_page_that_is_none_begins_anew(cast: Cast, after: str) -> None:
    answer = signed_in(cast, "sergeant").get(reverse("partnership:overview"), {"after": after})
    assert "Larkmoor School" in answer.text


def test_a_force_without_schools_is_told_where_they_come_from(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute("update directory_organisation set closed_on = %s where kind = 'school'", [TODAY])
    sergeant = signed_in(cast, "sergeant")
    answer = sergeant.get(reverse("partnership:overview"))
    assert "school register" in answer.text
    assert "data-map" not in answer.text
    assert sergeant.get(reverse("partnership:overview_places")).json()["features"] == []
    assert len(sergeant.get(reverse("partnership:overview_csv")).text.splitlines()) == 1


def test_the_spreadsheet_holds_the_same_schools_and_no_person(cast: Cast) -> None:
    answer = signed_in(cast, "youth-lead").get(reverse("partnership:overview_csv"), {"state": "active"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["school"] for row in rows] == schools(cast, Wanted(state="active"))
    assert tuple(rows[0]) == COLUMNS
    assert "Fern" not in answer.text
    assert "Larch" not in answer.text


def test_the_map_holds_the_same_schools(cast: Cast) -> None:
    answer = signed_in(cast, "sergeant").get(reverse("partnership:overview_places"), {"phase": "secondary"})
    features = answer.json()["features"]
    assert [place["properties"]["name"] for place in features] == schools(cast, Wanted(phase="secondary"))
    larkmoor = next(place for place in features if place["properties"]["name"] == "Larkmoor School")
    assert larkmoor["geometry"]["coordinates"] == [2.11, 54.62]
    assert larkmoor["properties"]["letter"] == "A"
