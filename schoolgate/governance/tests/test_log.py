"""The data protection officer's pages: who looked, what somebody looked at, who was told, and no case file."""

import csv
import io
import uuid
from urllib.parse import quote

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.audit.notes import Operation, note, note_reads
from schoolgate.children.models import Child
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import send, signed_in
from schoolgate.governance.presenters import page_words
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

NAME = "Robin Thistle"


@pytest.fixture
def child(cast: Cast) -> uuid.UUID:
    """A child's record of the school, made by the SPOC and read by the DSL."""
    with acting(cast.user("spoc"), page="test:make") as spoc:
        made = Child(holder=cast.place("larkmoor"), name=NAME, made_by=spoc.person, made_at=now())
        Child.objects.bulk_create([made])
    with acting(cast.user("dsl"), page="test:read"):
        note_reads("children.child", Child.objects.filter(pk=made.pk))
    return made.pk


def page(cast: Cast, who: str, path: str) -> str:
    response = signed_in(cast, who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_who_looked_at_a_record_and_who_changed_it(cast: Cast, child: uuid.UUID) -> None:
    shown = page(cast, "school-dpo", f"/log/record/{child}/")
    assert "Ms Nadia Bracken</a> looked at a child" in shown
    assert "Mrs Josephine Larch</a> added a child" in shown


def test_the_log_names_no_child(cast: Cast, child: uuid.UUID) -> None:
    send(cast)
    for path in ("/log/", f"/log/record/{child}/", "/log/told/", "/log/csv/"):
        assert NAME not in page(cast, "school-dpo", path)


def test_a_childs_id_is_found_from_a_record_that_the_dpo_was_asked_about(cast: Cast, child: uuid.UUID) -> None:
    concern = uuid.uuid4()
    with acting(cast.user("dsl"), page="test:read"):
        note(
            Operation.CONSULTATION,
            "concerns.concern",
            [concern],
            controller=cast.place("lantern-trust"),
            subjects=[child],
        )
    assert f"/log/record/{child}/" in page(cast, "school-dpo", f"/log/record/{concern}/")


def test_what_one_person_looked_at(cast: Cast, child: uuid.UUID) -> None:
    shown = page(cast, "school-dpo", f"/log/person/{cast.person('dsl')}/")
    assert "What Ms Nadia Bracken looked at and did" in shown
    assert str(child) in shown
    assert "Josephine Larch" not in shown


def test_who_was_told(cast: Cast, child: uuid.UUID) -> None:
    send(cast)
    shown = page(cast, "school-dpo", "/log/told/")
    assert "Told: PC Ada Fern" in shown
    assert "looked at" not in shown


def test_another_controllers_dpo_sees_nothing_of_it(cast: Cast, child: uuid.UUID) -> None:
    assert "Nothing in the log answers this" in page(cast, "other-school-dpo", f"/log/record/{child}/")


def test_the_dpo_of_the_reader_sees_it_as_well_as_the_records_own(cast: Cast) -> None:
    share = send(cast)
    assert signed_in(cast, "officer").get(f"/shares/{share}/").status_code == 200
    for who in ("dpo", "school-dpo"):
        assert "PC Ada Fern</a> looked at" in page(cast, who, f"/log/record/{share}/")


@pytest.mark.parametrize("who", ["teacher", "spoc", "head", "officer", "sergeant", "admin", "youth-lead"])
@pytest.mark.parametrize("path", ["/log/", "/log/told/", "/log/csv/", "/log/seal/"])
def test_nobody_else_reads_the_log(cast: Cast, who: str, path: str) -> None:
    assert signed_in(cast, who).get(path).status_code == 403


def test_the_filter_narrows_by_name_kind_operation_and_day(cast: Cast, child: uuid.UUID) -> None:
    here = f"/log/record/{child}/"
    today = now().date().isoformat()
    found = page(cast, "school-dpo", f"{here}?who=bracken&kind=children.child&operation=consultation&since={today}")
    assert "Nadia Bracken" in found
    for narrowed in ("who=nobody", "kind=concerns.concern", "operation=erasure", f"until={quote('2020-01-01')}"):
        assert "Nothing in the log answers this" in page(cast, "school-dpo", f"{here}?{narrowed}")


def test_what_cannot_be_read_in_the_filter_is_said_beside_it_and_kept(cast: Cast) -> None:
    shown = page(cast, "school-dpo", "/log/?record=not-an-id&since=31+2+2026&who=Bracken")
    assert "Enter an id as the log shows it" in shown
    assert "Enter a real date" in shown
    assert 'value="not-an-id"' in shown
    assert 'value="Bracken"' in shown


def test_fifty_entries_a_page_and_the_rest_behind_older(cast: Cast) -> None:
    records = [uuid.uuid4() for _each in range(60)]
    for record in records:
        with acting(cast.user("dsl"), page="test:read"):
            note(Operation.CONSULTATION, "children.child", [record], controller=cast.place("lantern-trust"))
    client = signed_in(cast, "school-dpo")
    first = client.get(f"/log/person/{cast.person('dsl')}/").content.decode()
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(older).content.decode()
    seen = [record for record in records if str(record) in first], [r for r in records if str(r) in second]
    assert [len(each) for each in seen] == [50, 10]


def test_the_download_holds_the_entries_without_content_and_is_itself_in_the_log(cast: Cast, child: uuid.UUID) -> None:
    client = signed_in(cast, "school-dpo")
    response = client.get(f"/log/record/{child}/csv/")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert {row["operation"] for row in rows} == {"collection", "consultation"}
    assert all(row["records"] == str(child) for row in rows)
    told = page(cast, "school-dpo", "/log/told/")
    assert "Mrs Delphine Rush</a> told or copied out the log" in told
    assert f"Reason: Download of entries: {len(rows)}" in told


def test_a_reason_is_no_formula_in_a_spreadsheet(cast: Cast) -> None:
    record = uuid.uuid4()
    with acting(cast.user("dsl"), page="test:read"):
        lantern = cast.place("lantern-trust")
        note(Operation.DISCLOSURE, "children.child", [record], controller=lantern, reason="=HYPERLINK(1)")
    shown = page(cast, "school-dpo", f"/log/record/{record}/csv/")
    assert ",'=HYPERLINK(1)," in shown


def test_a_barred_dpo_does_not_see_who_looked(cast: Cast) -> None:
    record, lantern = uuid.uuid4(), cast.place("lantern-trust")
    barred = [cast.person("school-dpo")]
    with acting(cast.user("dsl"), page="test:read"):
        note(Operation.CONSULTATION, "children.child", [record], controller=lantern, barred=barred)
    assert "Nothing in the log answers this" in page(cast, "school-dpo", f"/log/record/{record}/")


def test_a_refusal_is_in_the_log(cast: Cast) -> None:
    assert signed_in(cast, "teacher").get("/log/").status_code == 403
    shown = page(cast, "school-dpo", f"/log/person/{cast.person('teacher')}/")
    assert "Ms Amara Wren</a> was refused a page" in shown
    assert "Page: /log/" in shown


def test_the_state_of_the_seals_is_shown(cast: Cast, as_superuser: Connection) -> None:
    shown = page(cast, "dpo", "/log/seal/")
    assert "Oldest entry without a seal" in shown
    assert "The database was never restored from a backup." in shown


@pytest.mark.parametrize("page_of_police", ["exchange:record_crime", "exchange:category"])
def test_on_which_page_somebody_looked_is_told_to_their_own_dpo_alone(cast: Cast, page_of_police: str) -> None:
    share = send(cast)
    address = page_of_police.replace("exchange:", "").replace("record_crime", "crime")
    assert signed_in(cast, "officer").get(f"/shares/{share}/{address}/").status_code == 200
    for path in (f"/log/record/{share}/", f"/log/record/{share}/csv/"):
        named = page_of_police if path.endswith("csv/") else page_words(page_of_police)
        assert named in page(cast, "dpo", path)
        shown = page(cast, "school-dpo", path)
        assert "PC Ada Fern" in shown
        assert named not in shown


@pytest.mark.parametrize("number", ["2147483648", "9" * 25])
def test_a_person_whose_number_nobody_can_have_is_not_found(cast: Cast, number: str) -> None:
    for path in (f"/log/person/{number}/", f"/log/person/{number}/csv/"):
        assert signed_in(cast, "dpo").get(path).status_code == 404
