"""Shares: from the SPOC to the officer and back, corrected, recalled, passed on."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from schoolgate.access.acting import acting
from schoolgate.access.viewer import Viewer
from schoolgate.exchange import selectors, services
from schoolgate.exchange.models import OPEN, TRANSITIONS, Share, ShareStatus, ShareStep, StepKind, SubjectCategory
from schoolgate.exchange.tests.doings import AT, act, details, send
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db

TODAY = AT.date()


def status_of(cast: Cast, share: uuid.UUID) -> str:
    with acting(cast.user("spoc"), page="test"):
        return Share.objects.get(pk=share).status


def awaiting(viewer: Viewer) -> list[uuid.UUID]:
    return [row.id for row in selectors.shares_page(viewer).rows if row.awaits_viewer]


def reported(cast: Cast) -> uuid.UUID:
    share = send(cast)
    act(cast, "officer", services.acknowledge_share, share)
    act(cast, "officer", services.plan_share, share, words="Speak with Robin.", due_on=TODAY)
    act(cast, "officer", services.record_done, share, words="Spoke with Robin.")
    act(cast, "officer", services.report_back, share, words="The officer has dealt with it.")
    return share


def test_a_share_goes_from_the_spoc_to_the_officer_and_back(cast: Cast) -> None:
    share = reported(cast)
    with acting(cast.user("spoc"), page="test"):
        record = selectors.share_record(share)
    assert record.status == ShareStatus.REPORTED
    assert {step.kind for step in record.steps} == {"sent", "acknowledged", "planned", "done", "reported"}
    assert record.due_at is None


def test_a_form_sent_twice_makes_one_share(cast: Cast) -> None:
    once = uuid.uuid4()
    share = send(cast, once=once)
    assert send(cast, once=once) == share
    with acting(cast.user("spoc"), page="test"):
        assert ShareStep.objects.filter(share=share, kind=StepKind.SENT).count() == 1


def test_staff_who_are_not_the_spoc_cannot_share(cast: Cast) -> None:
    with acting(cast.user("spoc"), page="test") as spoc:
        told = details(cast, spoc)
    for key in ("teacher", "dsl", "other-spoc", "unassigned-officer"):
        with acting(cast.user(key), page="test") as viewer, pytest.raises(PermissionDenied):
            services.send_share(by=viewer, at=AT, school=cast.place("larkmoor"), details=told, once=uuid.uuid4())


def test_the_head_teacher_can_share_where_the_spoc_cannot(cast: Cast) -> None:
    assert send(cast, by="head")


def test_a_share_goes_to_the_schools_own_officers_and_nobody_else(cast: Cast) -> None:
    with pytest.raises(services.NotARecipient):
        send(cast, recipients=(cast.person("unassigned-officer"),))


def test_an_officer_can_tell_only_the_spoc_of_the_school(cast: Cast) -> None:
    share = send(cast, by="officer")
    with acting(cast.user("spoc"), page="test") as spoc:
        assert awaiting(spoc) == [share]
    with pytest.raises(services.NotARecipient):
        send(cast, by="officer", recipients=(cast.person("teacher"),))


def test_the_spoc_answers_what_an_officer_shared(cast: Cast) -> None:
    share = send(cast, by="officer")
    with pytest.raises(PermissionDenied):
        act(cast, "officer", services.acknowledge_share, share)
    act(cast, "spoc", services.acknowledge_share, share)
    assert status_of(cast, share) == ShareStatus.ACKNOWLEDGED


def test_the_school_does_not_acknowledge_its_own_share(cast: Cast) -> None:
    share = send(cast)
    with pytest.raises(PermissionDenied):
        act(cast, "spoc", services.acknowledge_share, share)


def test_two_officers_each_acknowledge_and_it_moves_on_once(cast: Cast) -> None:
    share = send(cast)
    act(cast, "officer", services.acknowledge_share, share)
    act(cast, "buddy-officer", services.acknowledge_share, share)
    act(cast, "officer", services.acknowledge_share, share)
    with acting(cast.user("spoc"), page="test"):
        seen = ShareStep.objects.filter(share=share, kind=StepKind.ACKNOWLEDGED).values_list("made_by", flat=True)
        assert set(seen) == {cast.person("officer"), cast.person("buddy-officer")}
        assert len(seen) == 2
    assert status_of(cast, share) == ShareStatus.ACKNOWLEDGED


def test_a_step_out_of_turn_changes_nothing(cast: Cast) -> None:
    share = send(cast)
    with pytest.raises(services.OutOfTurn):
        act(cast, "officer", services.report_back, share, words="Done.")
    assert status_of(cast, share) == ShareStatus.SENT


@pytest.mark.parametrize("after", ShareStatus.values)
@pytest.mark.parametrize("before", ShareStatus.values)
def test_the_database_allows_the_same_transitions_as_the_code(cast: Cast, before: str, after: str) -> None:
    share = send(cast)
    way = {"acknowledged": ["acknowledged"], "planned": ["acknowledged", "planned"]}
    way |= {"done": ["acknowledged", "done"], "reported": ["acknowledged", "done", "reported"]}
    with acting(cast.user("spoc"), page="test"):
        for step in way.get(before, [] if before == "sent" else [before]):
            Share.objects.filter(pk=share).update(status=step)
        try:
            with transaction.atomic():
                moved = Share.objects.filter(pk=share).update(status=after)
        except DatabaseError:
            moved = 0
    assert bool(moved) == (after == before or after in TRANSITIONS[before])


def test_another_schools_share_is_not_found(cast: Cast) -> None:
    share = send(cast)
    for key in ("other-spoc", "other-head", "teacher", "unassigned-officer", "other-sergeant", "school-dpo", "admin"):
        with acting(cast.user(key), page="test"), pytest.raises(Http404):
            selectors.share_record(share)


def test_a_barred_officer_neither_gets_nor_reads_it(cast: Cast) -> None:
    barred = cast.person("buddy-officer")
    origin = services.Origin(barred=(barred,))
    with acting(cast.user("spoc"), page="test") as spoc:
        told = details(cast, spoc)
        share = services.send_share(
            by=spoc, at=AT, school=cast.place("larkmoor"), details=told, once=uuid.uuid4(), origin=origin
        )
    with acting(cast.user("buddy-officer"), page="test"), pytest.raises(Http404):
        selectors.share_record(share)


def test_a_recall_reaches_everybody_who_was_told_and_is_acknowledged(cast: Cast) -> None:
    share = send(cast)
    act(cast, "buddy-officer", services.acknowledge_share, share)
    act(cast, "spoc", services.recall_share, share, words="It was another child.")
    with acting(cast.user("spoc"), page="test"):
        record = selectors.share_record(share)
        recall = next(step for step in record.steps if step.kind == StepKind.RECALLED)
    assert {cast.person("officer"), cast.person("buddy-officer")} <= set(recall.people)
    act(cast, "officer", services.acknowledge_share, share)
    with acting(cast.user("spoc"), page="test"):
        assert ShareStep.objects.filter(share=share, kind=StepKind.RECALL_SEEN).count() == 1
    assert status_of(cast, share) == ShareStatus.RECALLED


def test_an_officer_cannot_recall_what_the_school_sent(cast: Cast) -> None:
    share = send(cast)
    with pytest.raises(PermissionDenied):
        act(cast, "officer", services.recall_share, share, words="No.")


def test_a_correction_goes_to_everybody_who_was_told(cast: Cast) -> None:
    share = send(cast)
    act(cast, "buddy-officer", services.acknowledge_share, share)
    with acting(cast.user("spoc"), page="test") as spoc:
        right = details(cast, spoc, facts="It was a plastic ruler.")
    corrected = act(cast, "spoc", services.correct_share, share, details=right, words="Not a knife.")
    with acting(cast.user("spoc"), page="test") as spoc:
        record = selectors.share_record(corrected)
        assert selectors.share_record(share).corrected_by == corrected
    assert {cast.person("officer"), cast.person("buddy-officer")} <= set(record.recipients)
    assert status_of(cast, share) == ShareStatus.CORRECTED


def test_what_was_sent_cannot_be_changed(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test"), pytest.raises(DatabaseError):
        Share.objects.filter(pk=share).update(facts="Something else.")


def test_two_schools_share_one_incident_and_neither_sees_the_others(cast: Cast) -> None:
    ours = send(cast, police_incident="WEX/1234")
    theirs = send(cast, by="thimble-hill-spoc", school="thimble-hill", police_incident="WEX/1234")
    for key, own in (("spoc", ours), ("thimble-hill-spoc", theirs)):
        with acting(cast.user(key), page="test") as viewer:
            assert [row.id for row in selectors.shares_page(viewer).rows if row.id in (ours, theirs)] == [own]
    with acting(cast.user("officer"), page="test") as officer:
        assert {ours, theirs} <= {row.id for row in selectors.shares_page(officer).rows}


def test_the_list_shows_the_open_first_and_pages_by_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, later = reported(cast), send(cast)
    urgent = send(cast, urgency="at_once")
    monkeypatch.setattr(selectors, "PAGE", 2)
    with acting(cast.user("spoc"), page="test") as spoc:
        first = selectors.shares_page(spoc)
        second = selectors.shares_page(spoc, after=first.after)
    assert [row.id for row in first.rows] == [urgent, later]
    assert [row.id for row in second.rows] == [closed]
    assert second.after == ""


def test_a_share_that_nobody_on_duty_can_take_in_time_is_passed_on(cast: Cast) -> None:
    night = AT.replace(hour=2)
    with acting(cast.user("spoc"), page="test") as spoc:
        told = details(cast, spoc, urgency="at_once")
        share = services.send_share(by=spoc, at=night, school=cast.place("larkmoor"), details=told, once=uuid.uuid4())
        record = selectors.share_record(share)
    assert record.passed_to == [cast.person("sergeant")]


def test_a_share_not_taken_up_in_time_goes_down_the_line(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test"):
        due_at = Share.objects.get(pk=share).due_at
    line = []
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        for hours in (0, 0.5, 1.5, 3, 6):
            cursor.execute("select person from exchange_pass_on(%s)", [due_at + dt.timedelta(hours=hours)])
            line += [row[0] for row in cursor.fetchall()]
    assert line == [cast.person("buddy-officer"), cast.person("sergeant")]


def test_the_work_left_to_do_is_what_is_addressed_or_passed_on(cast: Cast) -> None:
    share = send(cast)
    act(cast, "officer", services.pass_share, share, to=cast.person("buddy-officer"), words="On leave.")
    with acting(cast.user("buddy-officer"), page="test") as buddy:
        assert share in awaiting(buddy)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        assert share not in awaiting(sergeant)


def test_the_sergeant_sees_what_is_overdue(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        row = next(row for row in selectors.shares_page(sergeant).rows if row.id == share)
    assert not row.is_late(AT)
    assert row.is_late(AT + dt.timedelta(days=20))


def test_open_and_closed_are_all_the_states_there_are() -> None:
    closed = {ShareStatus.REPORTED, ShareStatus.CORRECTED, ShareStatus.RECALLED}
    assert set(OPEN) | closed == set(ShareStatus)


def test_who_declares_an_interest_reads_nothing_of_it_and_the_next_in_line_gets_it(cast: Cast) -> None:
    share = send(cast)
    act(cast, "officer", services.set_category, share, person="Robin", categories=["victim"], footing="fact")
    officer = cast.person("officer")
    with acting(cast.user("officer"), page="test") as viewer:
        services.keep_from(by=viewer, at=AT, share=share, person=officer, reason="My own child.")
    with acting(cast.user("officer"), page="test") as viewer:
        with pytest.raises(Http404):
            selectors.share_record(share)
        assert not ShareStep.objects.filter(share=share).exists()
        assert not SubjectCategory.objects.filter(share=share).exists()
    with acting(cast.user("buddy-officer"), page="test") as buddy:
        assert share in awaiting(buddy)


def test_what_is_added_later_is_kept_from_the_barred_too(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("spoc"), page="test") as spoc:
        services.keep_from(by=spoc, at=AT, share=share, person=cast.person("dsl"), reason="Her own child.")
    act(cast, "officer", services.acknowledge_share, share)
    with acting(cast.user("dsl"), page="test"):
        assert not ShareStep.objects.filter(share=share).exists()


@pytest.mark.parametrize("barred_from", ["the first", "the second", "the third"])
def test_who_is_kept_from_a_share_is_kept_from_all_its_corrections_and_what_they_correct(
    cast: Cast, barred_from: str
) -> None:
    versions = corrected_twice(cast)
    share = versions[["the first", "the second", "the third"].index(barred_from)]
    keep_from_officer(cast, share)
    with acting(cast.user("officer"), page="test"):
        assert not Share.objects.filter(pk__in=versions).exists()
        assert not ShareStep.objects.filter(share__in=versions).exists()
    with acting(cast.user("buddy-officer"), page="test") as buddy:
        assert awaiting(buddy) == [versions[-1]]


def corrected_twice(cast: Cast) -> list[uuid.UUID]:
    versions = [send(cast)]
    for facts in ("It was a plastic ruler.", "It was a wooden ruler."):
        with acting(cast.user("spoc"), page="test") as spoc:
            right = details(cast, spoc, facts=facts)
        versions.append(act(cast, "spoc", services.correct_share, versions[-1], details=right, words="Not a knife."))
    return versions


def keep_from_officer(cast: Cast, share: uuid.UUID) -> None:
    with acting(cast.user("spoc"), page="test") as spoc:
        services.keep_from(by=spoc, at=AT, share=share, person=cast.person("officer"), reason="Her own child.")


def test_the_history_of_a_share_and_its_parts_is_kept_from_the_barred(cast: Cast) -> None:
    share = send(cast, ground="welfare", ground_reason="A child may come to harm.")
    act(cast, "officer", services.set_category, share, person="Robin", categories=["victim"], footing="fact")
    act(cast, "officer", services.record_crime, share, what="A knife was shown.")
    assert history_read_by(cast, "officer") == {
        "exchange.share", "exchange.sharestep", "exchange.subjectcategory", "exchange.crimereport",
    }  # fmt: skip
    keep_from_officer(cast, share)
    act(cast, "buddy-officer", services.acknowledge_share, share)
    act(cast, "buddy-officer", services.record_crime, share, what="Another knife was shown.")
    assert history_read_by(cast, "officer") == set()


def history_read_by(cast: Cast, key: str) -> set[str]:
    with acting(cast.user(key), page="test"), connection.cursor() as cursor:
        cursor.execute("select distinct kind from audit_change where kind like 'exchange.%'")
        return {row[0] for row in cursor.fetchall()}


def test_a_share_is_never_kept_from_everybody_who_could_answer(cast: Cast) -> None:
    share = send(cast)
    keys = ["officer", "buddy-officer", "sergeant"]
    for key in keys[:-1]:
        with acting(cast.user("spoc"), page="test") as spoc:
            services.keep_from(by=spoc, at=AT, share=share, person=cast.person(key), reason="An interest.")
    with acting(cast.user("spoc"), page="test") as spoc, pytest.raises(services.NobodyLeft):
        services.keep_from(by=spoc, at=AT, share=share, person=cast.person(keys[-1]), reason="An interest.")


def test_only_those_who_handle_a_share_keep_it_from_another(cast: Cast) -> None:
    share = send(cast)
    with acting(cast.user("dsl"), page="test") as dsl, pytest.raises(PermissionDenied):
        services.keep_from(by=dsl, at=AT, share=share, person=cast.person("officer"), reason="An interest.")
