"""What a force asks for besides the end of probation: with the same care, in the database."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.models import DeploymentRules, Eligibility, Training
from schoolgate.deployment.services import officers
from schoolgate.deployment.services.refusals import NotSignedOff, NotTrained, NotVetted
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, NORTH, TODAY, proposed, tell
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR

COURSE = "Child-centred policing"
INSERT = """
insert into deployment_assignment (officer_id, team_id, school_id, kind, since, proposal)
select officer, holder, school, kind, since, id from deployment_proposal where id = %s
"""


def ask_for(cast: Cast, *, version: int = 0, **asked: Any) -> None:
    """The youth lead says what a posting needs."""
    rules = {"vetting_needed": "", "courses": [], "sign_off_needed": False, "short_months": 12, "near_km": 5} | asked
    with acting(cast.user("youth-lead"), page="test") as by:
        officers.set_rules(by=by, at=now(), force=cast.place(WEXMOOR), version=version, **rules)


def note(cast: Cast, **known: Any) -> None:
    with acting(cast.user("sergeant"), page="test") as by:
        officers.record_eligibility(
            by=by, at=now(), officer=cast.person("unassigned-officer"), team=cast.place(NORTH),
            probation_ends=TODAY - 900 * DAY, **known,
        )  # fmt: skip


def train(cast: Cast, completed: dt.date, expires: dt.date | None) -> None:
    with acting(cast.user("sergeant"), page="test") as by:
        officers.record_training(
            by=by, at=now(), officer=cast.person("unassigned-officer"), team=cast.place(NORTH), course=COURSE,
            completed_on=completed, expires_on=expires,
        )  # fmt: skip


def refuses(cast: Cast, proposal: object, words: str) -> None:
    """The database refuses the posting of a told proposal, whatever the service would say."""
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        refused = pytest.raises(IntegrityError, match=words)
        with refused, transaction.atomic():
            cursor.execute(INSERT, [proposal])


def takes(cast: Cast, proposal: object) -> None:
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        cursor.execute(INSERT, [proposal])


@pytest.mark.django_db
def test_vetting_of_the_level_and_in_date_on_the_first_day(cast: Cast) -> None:
    told = proposed(cast)
    tell(cast, told)
    ask_for(cast, vetting_needed="management")
    refuses(cast, told, "vetting")  # unknown
    note(cast, vetting_level="recruitment", vetting_expires=TODAY + 900 * DAY)
    refuses(cast, told, "vetting")  # a lower level
    note(cast, vetting_level="management", vetting_expires=IN_A_WEEK - DAY)
    refuses(cast, told, "vetting")  # runs out before
    note(cast, vetting_level="management", vetting_expires=None)
    refuses(cast, told, "vetting")
    with pytest.raises(NotVetted):
        proposed(cast, school="pocket-lane")
    note(cast, vetting_level="management", vetting_expires=IN_A_WEEK)
    takes(cast, told)


@pytest.mark.django_db
def test_training_completed_and_in_date_on_the_first_day(cast: Cast) -> None:
    told = proposed(cast)
    tell(cast, told)
    ask_for(cast, courses=[COURSE])
    refuses(cast, told, "training")
    train(cast, TODAY - 800 * DAY, IN_A_WEEK - DAY)
    refuses(cast, told, "training")
    train(cast, IN_A_WEEK + DAY, None)
    refuses(cast, told, "training")  # completed after the first day
    with pytest.raises(NotTrained):
        proposed(cast, school="pocket-lane")
    train(cast, TODAY - 10 * DAY, None)
    takes(cast, told)


@pytest.mark.django_db
def test_the_sergeants_sign_off_with_its_review_ahead(cast: Cast) -> None:
    told = proposed(cast)
    tell(cast, told)
    ask_for(cast, sign_off_needed=True)
    refuses(cast, told, "signed")
    with pytest.raises(NotSignedOff):
        proposed(cast, school="pocket-lane")
    with acting(cast.user("sergeant"), page="test") as by:
        officer = cast.person("unassigned-officer")
        version = Eligibility.objects.get(officer=officer).version
        officers.sign_off(
            by=by,
            at=now(),
            officer=officer,
            team=cast.place(NORTH),
            version=version,
            review_on=IN_A_WEEK,
            words="Fair.",
        )
    takes(cast, told)


@pytest.mark.django_db
def test_only_the_forces_youth_lead_says_what_it_asks(cast: Cast) -> None:
    for key in ("sergeant", "other-sergeant", "admin", "officer", "neighbourhood-sergeant"):
        with acting(cast.user(key), page="test") as by, connection.cursor() as cursor:
            with pytest.raises(PermissionDenied):
                officers.set_rules(
                    by=by, at=now(), force=cast.place(WEXMOOR), version=0, vetting_needed="", courses=[],
                    sign_off_needed=False, short_months=1, near_km=5,
                )  # fmt: skip
            refused = pytest.raises(Exception, match="row-level security")
            with refused, transaction.atomic():
                cursor.execute("insert into deployment_deploymentrules (force_id) values (%s)", [cast.place(WEXMOOR)])


@pytest.mark.django_db
def test_an_officers_file_is_theirs_and_their_sergeants(cast: Cast) -> None:
    train(cast, TODAY - 10 * DAY, None)
    officer = cast.person("unassigned-officer")
    for key, reads in {
        "unassigned-officer": True, "sergeant": True, "officer": False, "other-sergeant": False, "head": False,
        "youth-lead": False, "admin": False, "dpo": False,
    }.items():  # fmt: skip
        with acting(cast.user(key), page="test"):
            found = (
                Eligibility.objects.filter(officer=officer).exists(),
                Training.objects.filter(officer=officer).exists(),
            )
        assert found == (reads, reads), key
    with acting(cast.user("unassigned-officer"), page="test"):
        assert Eligibility.objects.filter(officer=officer).update(probation_ends=TODAY) == 0


@pytest.mark.usefixtures("committed_database")
def test_the_youth_lead_sets_it_on_the_page_and_the_sergeant_reads_it(cast: Cast) -> None:
    typed = {"version": "0", "vetting_needed": "recruitment", "courses": f"{COURSE}\n\n{COURSE}", "short_months": "12"}
    page = reverse("deployment:rules")
    lead = signed_in(cast, "youth-lead")
    assert "Kept." in lead.post(page, typed | {"near_km": "5"}, follow=True).text
    assert "Somebody else changed this" in lead.post(page, typed | {"near_km": "5"}).text
    sergeant = signed_in(cast, "sergeant")
    assert COURSE in sergeant.get(page).text
    assert sergeant.post(page, typed | {"near_km": "9", "version": "1"}).status_code == 403
    with acting(cast.user("sergeant"), page="test"):
        assert DeploymentRules.objects.get().courses_needed == [COURSE]
    asked = {
        "once": str(uuid4()),
        "officer": cast.person("officer"),
        "school": cast.place("pocket-lane"),
        "kind": "lead",
    }
    asked |= {"extent": "part_time", "manner": "assigned", "since": IN_A_WEEK.isoformat()}
    answer = sergeant.post(reverse("deployment:propose"), asked)
    assert "PC Ada Fern cannot be posted. Vetting is not the one that the force asks for" in answer.text


@pytest.mark.usefixtures("committed_database")
def test_an_officers_page_and_its_forms(cast: Cast) -> None:
    officer, sergeant = cast.person("unassigned-officer"), signed_in(cast, "sergeant")
    soon = TODAY + 200 * DAY
    typed = {"version": "1", "rank": "PC", "fte": "0,8", "base_name": "North Quay", "base_easting": "665000"}
    typed |= {"phases": ["secondary", "pru_ap"]}
    page = reverse("deployment:edit_officer", args=[officer])
    answer = sergeant.post(page, typed)
    assert "Give name, easting and northing of the place" in answer.text
    assert 'value="North Quay"' in answer.text  # nothing typed is lost
    ends = {f"probation_ends_{part}": str(getattr(TODAY - 900 * DAY, part)) for part in ("day", "month", "year")}
    assert "Say what says when probation ends" in sergeant.post(page, typed | ends | {"base_northing": "532000"}).text
    done = typed | ends | {"base_northing": "532000", "probation_source": "Letter"}
    answer = sergeant.post(page, done, follow=True)
    assert "0.8" in answer.text
    assert "North Quay (665000, 532000)" in answer.text
    assert "North Quay" in sergeant.get(reverse("deployment:edit_officer", args=[cast.person("officer")])).text
    review = {f"review_on_{part}": str(getattr(soon, part)) for part in ("day", "month", "year")}
    signing = {"version": "2", "words": "Fair and calm.", "agreed": "yes"} | review
    signed = sergeant.post(reverse("deployment:sign_off", args=[officer]), signing, follow=True)
    assert "By Sgt Grace Hawthorn" in signed.text
    course = {"course": COURSE, "completed_on_day": "1", "completed_on_month": "3", "completed_on_year": "2026"}
    assert COURSE in sergeant.post(reverse("deployment:training", args=[officer]), course, follow=True).text


@pytest.mark.usefixtures("committed_database")
def test_an_officer_keeps_hours_and_days_away(cast: Cast) -> None:
    officer = signed_in(cast, "officer")
    hours = reverse("deployment:hours", args=[cast.person("officer")])
    assert "Give both times, or neither" in officer.post(hours, {"starts_0": "8 am"}).text
    shown = officer.post(
        hours, {"starts_0": "8 am", "ends_0": "4 pm", "starts_6": "10:00", "ends_6": "11:00"}, follow=True
    )
    assert "Monday: 8 am to 4 pm" in shown.text
    assert "Tuesday: " not in shown.text  # what was emptied is gone
    away = reverse("deployment:absence", args=[cast.person("officer")])
    days = {"first_day": TODAY.isoformat(), "last_day": IN_A_WEEK.isoformat()}
    assert "Away:" in officer.post(away, days, follow=True).text
    assert signed_in(cast, "buddy-officer").get(hours).status_code == 404
