"""Priority: visible weights in versions, values whole or not at all, a decision apart from the score, no ethnicity."""

import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.models import Indicator, IndicatorKind, IndicatorValue, Matrix, PriorityDecision
from schoolgate.deployment.selectors import priority as selectors
from schoolgate.deployment.services import priority as services
from schoolgate.deployment.tests.doings import TODAY
from schoolgate.deployment.values import read_values
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.ui.spreadsheet import UnreadableTable

SCHOOLS = {990001: (1, "One"), 990002: (2, "Two")}
ROBBERY, DEPRIVATION = IndicatorKind.ROBBERY, IndicatorKind.DEPRIVATION


def weigh(cast: Cast, weights: dict[IndicatorKind, int], *, number: int = 0, key: str = "sergeant") -> None:
    with acting(cast.user(key), page="test") as by:
        services.set_weights(
            by=by, at=now(), force=cast.place(WEXMOOR), number=number, weights=weights, reason="Agreed in the team."
        )


def measure(cast: Cast, text: str) -> None:
    with acting(cast.user("sergeant"), page="test") as by:
        force = cast.place(WEXMOOR)
        given = read_values(text, selectors.schools_by_urn(force))
        services.take_values(by=by, at=now(), force=force, given=given, as_at=TODAY)


@pytest.mark.parametrize(
    "column",
    [
        "Ethnicity", "ethnic_minority_percent", "Pupils whose first language is not English", "EAL", "% BAME", "Race",
        "Religion", "nationality", "asylum seekers", "Black pupils", "Gypsy, Roma and Traveller", "country of birth",
    ],
)  # fmt: skip
def test_no_column_says_who_the_pupils_are(column: str) -> None:
    with pytest.raises(UnreadableTable, match="cannot be indicators"):
        read_values(f'URN,robbery,"{column}"\n990001,3,40\n', SCHOOLS)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["ethnicity", "eal", "religion", "other", ""])
def test_the_database_takes_only_indicators_of_the_closed_list(cast: Cast, kind: str) -> None:
    weigh(cast, {ROBBERY: 1})
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        matrix = Matrix.objects.get().pk
        into_matrix = pytest.raises(IntegrityError, match="closed_list")
        with into_matrix, transaction.atomic():
            cursor.execute(
                "insert into deployment_indicator (matrix_id, kind, weight) values (%s, %s, 5)", [matrix, kind]
            )
        into_values = pytest.raises(IntegrityError, match="closed_list")
        with into_values, transaction.atomic():
            cursor.execute(
                "insert into deployment_indicatorvalue (force_id, school_id, kind, value, as_at, made_by, made_at)"
                " values (%s, %s, %s, 5, now(), 1, now())",
                [cast.place(WEXMOOR), cast.place("larkmoor"), kind],
            )


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_is_read_as_other_systems_write_it(between: str) -> None:
    given = read_values(f"\ufeffURN{between}asb\r\n\r\n990001{between} 3 \r\n", SCHOOLS)
    assert (list(given.values.values()), given.bad) == ([3], ())


def test_bad_lines_are_named_with_what_is_wrong() -> None:
    given = read_values(
        "URN,Robbery of pupils,asb\n990001,3,1\n990009,1,1\n990002,many,1\n990001,2,2\n,1,1\n\n", SCHOOLS
    )
    assert [(line.line, line.why) for line in given.bad] == [
        (3, "No open school of the force has this URN"),
        (4, "Robbery of pupils: “many” is no number from 0 to 1,000,000"),
        (5, "This school stands in the table twice"),
        (6, "No open school of the force has this URN"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), ("robbery\n3", "URN"), ("URN\n990001", "indicator"), ("URN,mood\n990001,3", "mood"),
     ("URN,robbery,Robbery of pupils\n990001,1,2", "two columns"), ("URN,robbery\n", "no line"),
     ("URN,robbery\n990001,NaN\n", ""), ("URN,robbery\n990001," + "1" * 200_000, "cannot be read as a table")],
)  # fmt: skip
def test_a_table_that_is_none_says_why(text: str, why: str) -> None:
    if why:
        with pytest.raises(UnreadableTable, match=why):
            read_values(text, SCHOOLS)
    else:
        assert read_values(text, SCHOOLS).bad


@pytest.mark.django_db
def test_the_score_is_the_weighted_mean_of_shares_of_the_highest(cast: Cast) -> None:
    weigh(cast, {ROBBERY: 3, DEPRIVATION: 1})
    measure(cast, "URN,robbery\n990001,10\n990002,5\n")
    with acting(cast.user("sergeant"), page="test"):
        found = selectors.ranking(cast.place(WEXMOOR))
    by_name = {one.name: one for one in found.schools}
    larkmoor, otterbridge = by_name["Larkmoor School"], by_name["Otterbridge Academy"]
    # FSM comes from the register: 31.5, 24.0; the highest of the force is 71.1.
    assert larkmoor.score == Decimal("75.0") + (Decimal("31.5") * 100 / Decimal("71.1") / 4).quantize(Decimal("0.1"))
    assert otterbridge.score == Decimal("37.5") + (Decimal("24") * 100 / Decimal("71.1") / 4).quantize(Decimal("0.1"))
    assert (larkmoor.rank, otterbridge.rank) == (1, 2)
    assert by_name["Marigold Park School"].missing == [ROBBERY]


@pytest.mark.django_db
def test_weights_come_in_versions_and_nothing_is_rewritten(cast: Cast) -> None:
    weigh(cast, {ROBBERY: 1})
    weigh(cast, {ROBBERY: 2}, number=1)
    with pytest.raises(services.ChangedMeanwhile):
        weigh(cast, {ROBBERY: 3}, number=1)
    measure(cast, "URN,robbery\n990001,10\n")
    with acting(cast.user("sergeant"), page="test") as by, connection.cursor() as cursor:
        services.decide_priority(
            by=by, at=now(), force=cast.place(WEXMOOR), school=cast.place("larkmoor"), is_priority=True,
            reasons="Knives.", once=uuid4(),
        )  # fmt: skip
        for change in ("matrix set reason = 'x'", "indicatorvalue set value = 1", "prioritydecision set reasons = 'x'"):
            refused = pytest.raises(IntegrityError, match="stays as it was")
            with refused, transaction.atomic():
                cursor.execute(f"update deployment_{change}")


@pytest.mark.django_db
def test_a_decision_stands_apart_from_the_score_and_only_a_sergeant_makes_it(cast: Cast) -> None:
    weigh(cast, {ROBBERY: 1})
    measure(cast, "URN,robbery\n990001,10\n990002,5\n")
    once, force, school = uuid4(), cast.place(WEXMOOR), cast.place("otterbridge")
    about = {
        "at": now(),
        "force": force,
        "school": school,
        "is_priority": True,
        "reasons": "Exploitation.",
        "once": once,
    }
    with acting(cast.user("sergeant"), page="test") as by:
        for _twice in range(2):
            services.decide_priority(by=by, **about)
        assert PriorityDecision.objects.values_list("score", "rank").get() == (Decimal("50.0"), 2)
        assert selectors.priority_schools([force]) == {school}
        assert selectors.ranked_school(force, school).rank == 2  # the decision moves nobody
    with acting(cast.user("youth-lead"), page="test") as by, pytest.raises(PermissionDenied):
        services.decide_priority(by=by, **about)


@pytest.mark.django_db
def test_the_equality_check_shows_who_moves_without_deprivation_and_attainment(cast: Cast) -> None:
    weigh(cast, {ROBBERY: 1, DEPRIVATION: 3, IndicatorKind.ATTAINMENT: 3})
    measure(cast, "URN,robbery,attainment\n990001,10,0\n990002,9,40\n")
    force = cast.place(WEXMOOR)
    with acting(cast.user("sergeant"), page="test") as by:
        services.decide_priority(
            by=by, at=now(), force=force, school=cast.place("marigold"), is_priority=True, reasons="A reason.",
            once=uuid4(),
        )  # fmt: skip
        found = selectors.equality(force)
    assert set(found.left_out) == {DEPRIVATION, IndicatorKind.ATTAINMENT}
    moved = {one.school.name: (one.school.rank, one.rank_without) for one in found.moved}
    assert moved["Larkmoor School"][1] == 1
    assert moved["Larkmoor School"][0] > 1
    # One school is a priority, so one place counts: attainment alone put Otterbridge there.
    assert [one.school.name for one in found.drop_out] == ["Otterbridge Academy"]
    assert [one.school.name for one in found.come_in] == ["Larkmoor School"]


@pytest.mark.django_db
def test_figures_are_the_forces_own(cast: Cast) -> None:
    weigh(cast, {ROBBERY: 1})
    measure(cast, "URN,robbery\n990001,10\n")
    for key, reads in {
        "officer": True,
        "youth-lead": True,
        "head": False,
        "spoc": False,
        "neighbourhood-sergeant": False,
    }.items():
        with acting(cast.user(key), page="test"):
            for table in (Matrix, Indicator, IndicatorValue):
                assert table.objects.exists() == reads, (key, table)
    with acting(cast.user("neighbourhood-sergeant"), page="test") as by, pytest.raises(Exception, match="security"):
        services.set_weights(
            by=by, at=now(), force=cast.place(WEXMOOR), number=0, weights={ROBBERY: 1}, reason="Not theirs"
        )


@pytest.mark.usefixtures("committed_database")
def test_the_pages_from_weights_to_decision(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    assert "No weights are set yet" in sergeant.get(reverse("deployment:priority")).text
    page = sergeant.post(reverse("deployment:weights"), {"number": "0", "robbery": "60", "asb": "140", "reason": "x"})
    assert "Enter a whole number from 0 to 100" in page.text
    sergeant.post(
        reverse("deployment:weights"), {"number": "0", "robbery": "60", "deprivation": "40", "reason": "Agreed"}
    )
    day = {"as_at_day": "1", "as_at_month": "3", "as_at_year": "2026"}
    bad = sergeant.post(reverse("deployment:values"), {"text": "URN,robbery\n990001,10\n5,1"} | day)
    assert "A table is taken whole or not at all" in bad.text
    assert "Take it" not in bad.text
    refused = sergeant.post(reverse("deployment:values"), {"text": "URN,ethnicity\n990001,10"} | day)
    assert "cannot be indicators" in refused.text
    file = io.BytesIO(b"\xef\xbb\xbfURN,Robbery of pupils\r\n990001,10\r\n990002,5\r\n")
    file.name = "values.csv"
    preview = sergeant.post(reverse("deployment:values"), {"file": file} | day)
    assert "Take it" in preview.text
    text = "URN,Robbery of pupils\n990001,10\n990002,5\n"
    taken = sergeant.post(reverse("deployment:values"), {"text": text, "step": "take"} | day, follow=True)
    assert "Place 1, score" in taken.text
    address = reverse("deployment:decide", args=[cast.place("larkmoor")])
    assert "Give the reasons" in sergeant.post(address, {"once": str(uuid4()), "is_priority": "yes"}).text
    sergeant.post(address, {"once": str(uuid4()), "is_priority": "yes", "reasons": "Knives in the park."})
    assert "Knives in the park." in signed_in(cast, "youth-lead").get(address).text
    assert "Left out" in sergeant.get(reverse("deployment:equality")).text
    lead = signed_in(cast, "youth-lead")
    assert lead.post(address, {"once": str(uuid4()), "is_priority": "no", "reasons": "No."}).status_code == 403
