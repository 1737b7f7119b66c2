"""The school's page, the form of what was agreed, and the poster, as people open them."""

import io
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse

from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.tests.test_school import agree_visits

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.mark.parametrize("key", ["teacher", "head", "officer", "sergeant", "other-sergeant", "youth-lead"])
def test_the_partnership_and_its_forces_sergeants_and_youth_lead_open_the_page(cast: Cast, key: str) -> None:
    answer = signed_in(cast, key).get(reverse("partnership:school", args=[cast.place("larkmoor")]))
    assert answer.status_code == 200
    assert "PC Ada Fern" in answer.text
    assert "Mrs Josephine Larch" in answer.text


def test_what_was_agreed_is_not_on_the_youth_leads_page(cast: Cast) -> None:
    agree_visits(cast, "spoc", "larkmoor", room="The attic")
    answer = signed_in(cast, "youth-lead").get(reverse("partnership:school", args=[cast.place("larkmoor")]))
    assert "The attic" not in answer.text


def test_the_school_circle_alone_writes_it_down(cast: Cast) -> None:
    address = reverse("partnership:involvement", args=[cast.place("larkmoor")])
    assert signed_in(cast, "teacher").get(address).status_code == 403
    assert signed_in(cast, "other-head").get(address).status_code == 404


def test_a_form_without_how_often_keeps_what_was_typed(cast: Cast) -> None:
    spoc = signed_in(cast, "spoc")
    address = reverse("partnership:involvement", args=[cast.place("larkmoor")])
    answer = spoc.post(address, {"once": uuid4(), "visits": "", "room": "Room 12", "visit_days": ["1"]})
    assert "Say how often the officer comes" in answer.text
    assert "Room 12" in answer.text
    assert "Error:" in answer.text
    assert spoc.post(address, {"once": uuid4(), "visits": "Weekly", "visit_days": ["9"]}).status_code == 200
    assert spoc.post(address, {"once": uuid4(), "visits": "Weekly", "visit_days": ["1"]}).status_code == 302
    assert 'value="Weekly"' in spoc.get(address).text


def test_the_poster_is_a_tagged_pdf_that_names_officer_and_days(cast: Cast) -> None:
    answer = signed_in(cast, "teacher").get(reverse("partnership:poster", args=[cast.place("larkmoor")]))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Your Safer Schools Officer"
        assert len(pdf.pages) == 1
