"""What the police note about a share, and enquiries."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.http import Http404

from schoolgate.access.acting import acting
from schoolgate.children.models import Child
from schoolgate.exchange import selectors, services
from schoolgate.exchange.models import ChildLink, CrimeReport, Enquiry, Ground, LegalBasis, SubjectCategory
from schoolgate.exchange.tests.doings import AT, act, ask, ask_for_advice, send
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db

SCHOOL_SIDE = ("spoc", "deputy-spoc", "head", "dsl", "teacher")


def test_the_school_never_sees_a_persons_category(cast: Cast) -> None:
    share = send(cast)
    about = {"person": "Robin Thistle", "categories": ["suspect", "victim"], "footing": "assessment"}
    act(cast, "officer", services.set_category, share, **about)
    for key in SCHOOL_SIDE:
        with acting(cast.user(key), page="test"):
            assert not SubjectCategory.objects.exists()
    with acting(cast.user("officer"), page="test") as officer:
        record = selectors.share_record(share)
        (category,) = selectors.police_side(officer, record).categories
    assert category.categories == ("suspect", "victim")


def test_the_latest_category_of_a_person_holds(cast: Cast) -> None:
    share = send(cast)
    for hours, category in enumerate(("suspect", "witness_or_other")):
        about = {"person": "Robin", "categories": [category], "footing": "fact"}
        act(cast, "officer", services.set_category, share, AT + dt.timedelta(hours=hours), **about)
    with acting(cast.user("officer"), page="test") as officer:
        record = selectors.share_record(share)
        (latest,) = selectors.police_side(officer, record).categories
    assert latest.categories == ("witness_or_other",)


def test_the_school_cannot_set_a_category(cast: Cast) -> None:
    share = send(cast)
    with pytest.raises(PermissionDenied):
        act(cast, "spoc", services.set_category, share, person="Robin", categories=["suspect"], footing="fact")


def test_a_reported_crime_waits_for_the_forces_reference_from_the_moment_it_is_sent(cast: Cast) -> None:
    share = send(cast, ground=Ground.REPORT_CRIME, ground_reason="A knife in school.")
    with acting(cast.user("sergeant"), page="test"):
        (crime,) = selectors.crimes_without_reference()
    assert crime.share_id == share
    assert crime.due_at == AT + dt.timedelta(hours=24)
    assert crime.is_late(AT + dt.timedelta(hours=25))
    for key in SCHOOL_SIDE:
        with acting(cast.user(key), page="test"):
            assert not CrimeReport.objects.exists()


def test_the_forces_reference_takes_a_crime_off_the_board(cast: Cast) -> None:
    share = send(cast)
    act(cast, "officer", services.record_crime, share, what="Possession of a bladed article.")
    with acting(cast.user("officer"), page="test") as officer:
        (crime,) = selectors.crimes_without_reference()
        services.give_reference(by=officer, at=AT, crime=crime.id, reference="WEX/77/26")
        assert selectors.crimes_without_reference() == ()
        assert selectors.crime_record(crime.id).force_reference == "WEX/77/26"


def link_child(cast: Cast, share: uuid.UUID, child: uuid.UUID | None) -> None:
    with acting(cast.user("officer"), page="test") as officer:
        services.link_child(by=officer, at=AT, share=share, child=child)


def test_the_officer_links_the_name_told_to_a_child_of_the_team_once(cast: Cast) -> None:
    share = send(cast)
    for _time in ("sent", "sent again"):
        link_child(cast, share, None)
    with acting(cast.user("officer"), page="test") as officer:
        child = selectors.police_side(officer, selectors.share_record(share)).child
        assert child
        assert child.holder == cast.place("safer-schools-north")
        assert Child.objects.count() == 1
    with acting(cast.user("spoc"), page="test"):
        assert not ChildLink.objects.exists()
        assert not Child.objects.filter(pk=child.id).exists()


def test_a_child_of_the_school_cannot_be_linked(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test") as spoc:
        theirs = Child(holder=cast.place("larkmoor"), made_by=spoc.person or 0, made_at=AT, name="Robin Thistle")
        theirs.save(force_insert=True)
    with pytest.raises(Http404):
        link_child(cast, share, theirs.pk)


def test_schools_are_never_offered_a_basis_of_the_police(cast: Cast) -> None:
    with acting(cast.user("spoc"), page="test") as spoc:
        offered = {basis.id for basis in selectors.share_choices(spoc, cast.place("larkmoor"), AT).bases}
        police = set(LegalBasis.objects.filter(side="police").values_list("pk", flat=True))
    assert offered
    assert not offered & police


def test_advice_names_no_child(cast: Cast) -> None:
    enquiry = ask_for_advice(cast, by="spoc")
    with acting(cast.user("spoc"), page="test"):
        row = Enquiry.objects.get(pk=enquiry)
        row.pk, row.once, row.child_name = uuid.uuid4(), uuid.uuid4(), "Robin Thistle"
        with pytest.raises(IntegrityError):
            row.save(force_insert=True)


def test_an_officers_enquiry_goes_to_the_spoc_alone(cast: Cast) -> None:
    enquiry = ask(cast, by="officer", child_name="Robin Thistle")
    with acting(cast.user("spoc"), page="test"):
        record = selectors.enquiry_record(enquiry)
    assert record.asked == [cast.person("spoc")]


def test_staff_cannot_ask_the_officer(cast: Cast) -> None:
    for key in ("teacher", "dsl"):
        with pytest.raises(PermissionDenied):
            ask(cast, by=key)


def test_an_answer_of_the_side_that_was_asked_answers_the_enquiry(cast: Cast) -> None:
    enquiry = ask_for_advice(cast, by="spoc")
    for key, answered in (("spoc", False), ("officer", True)):
        with acting(cast.user(key), page="test") as viewer:
            services.answer_enquiry(by=viewer, at=AT, enquiry=enquiry, words="Some words.", once=uuid.uuid4())
            assert bool(selectors.enquiry_record(enquiry).answered_at) == answered
    with acting(cast.user("officer"), page="test") as officer:
        assert enquiry not in [row.id for row in selectors.enquiries_page(officer).rows if row.awaits_viewer]


def test_another_schools_enquiry_is_not_found(cast: Cast) -> None:
    enquiry = ask(cast, by="spoc")
    for key in ("other-spoc", "teacher", "other-sergeant", "other-force-officer"):
        with acting(cast.user(key), page="test"), pytest.raises(Http404):
            selectors.enquiry_record(enquiry)


def test_an_answer_cannot_be_changed(cast: Cast) -> None:
    enquiry = ask(cast, by="spoc")
    with acting(cast.user("spoc"), page="test"), pytest.raises(DatabaseError):
        Enquiry.objects.filter(pk=enquiry).update(question="Another")
