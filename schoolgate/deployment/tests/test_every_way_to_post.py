"""Source: "no officer should be posted as a SSO within their probationary period"; "Local risk assessments cannot be
used to circumvent this direction". Every way to post a probationer is tried here, and none succeeds.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from psycopg import Connection
from psycopg.errors import CheckViolation

import schoolgate
from schoolgate.access.acting import acting
from schoolgate.config.environment import LOGIN, read_environment
from schoolgate.config.roles import conninfo
from schoolgate.core.clock import now
from schoolgate.deployment.models import Assignment, AssignmentKind, DeploymentRules, Eligibility
from schoolgate.deployment.services import postings
from schoolgate.deployment.services.refusals import InProbation
from schoolgate.deployment.tests.doings import (
    DAY,
    IN_A_WEEK,
    NORTH,
    PROBATION_ENDS,
    TODAY,
    go_live,
    note_probation,
    posted,
    proposed,
    tell,
)
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

OF_PROBATIONER = "select count(*) from deployment_assignment where officer_id = %s"
INSERT = """
insert into deployment_assignment (officer_id, team_id, school_id, kind, since, until, proposal, extent, manner, half)
values (%(officer)s, %(team)s, %(school)s, %(kind)s, %(since)s, %(until)s, %(proposal)s, 'part_time', 'assigned', false)
"""


@pytest.fixture(autouse=True)
def nobody_slipped_through(committed_database: str, cast: Cast, as_superuser: Connection) -> Iterator[None]:
    """Whatever was tried: the probationer has no posting afterwards, and reads nothing of a school."""
    yield
    assert as_superuser.execute(OF_PROBATIONER, [cast.person("probationer")]).fetchone() == (0,)
    with acting(cast.user("probationer"), page="test") as probationer:
        assert not probationer.organisations("partnership")
        assert not probationer.organisations("police")


def posting_of(cast: Cast, officer: str, school: str) -> Assignment:
    with acting(cast.user("sergeant"), page="test"):
        return Assignment.objects.get(officer=cast.person(officer), school=cast.place(school))


def answers(cast: Cast, **changed: Any) -> dict[str, str]:
    """A proposal as the page sends it."""
    typed = {"once": str(uuid4()), "officer": cast.person("probationer"), "school": cast.place("fiddlers-green")}
    typed |= {"kind": "lead", "extent": "part_time", "manner": "assigned", "since": IN_A_WEEK.isoformat()}
    return {name: str(value) for name, value in (typed | changed).items()}


def test_no_kind_of_posting_is_proposed_on_the_page(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    for kind in AssignmentKind:
        more = {"covers": cast.person("officer"), "until": (IN_A_WEEK + DAY).isoformat()} if kind == "cover" else {}
        answer = sergeant.post(reverse("deployment:propose"), answers(cast, kind=kind.value, **more))
        assert answer.status_code == 200
        assert "is in probation until" in answer.text
        assert "A posting is possible from" in answer.text


def test_no_field_of_the_page_gets_round_it(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    tricks = {name: "yes" for name in ("override", "exception", "risk_assessment", "force", "approved", "confirm")}
    answer = sergeant.post(reverse("deployment:propose"), answers(cast, **tricks, reason="Local risk assessment: low."))
    assert "is in probation until" in answer.text


def test_the_service_refuses_every_kind_and_the_sergeant_sees_the_day(cast: Cast, as_superuser: Connection) -> None:
    for kind in AssignmentKind:
        with acting(cast.user("sergeant"), page="test") as sergeant, keeping_what_is_logged(InProbation):
            postings.propose_posting(
                by=sergeant, at=now(), officer=cast.person("probationer"), team=cast.place(NORTH),
                school=cast.place("fiddlers-green"),
                terms=postings.Terms(kind=kind, since=PROBATION_ENDS, until=PROBATION_ENDS), once=uuid4(),
            )  # fmt: skip
    kept = "select distinct rule, possible_from, made_by from deployment_refusal"
    its = ("nobody_in_probation", PROBATION_ENDS + DAY, cast.person("sergeant"))
    assert as_superuser.execute(kept).fetchall() == [its]
    logged = "select count(*) from audit_change where kind = 'deployment.refusal' and person = %s"
    assert as_superuser.execute(logged, [cast.person("sergeant")]).fetchone() == (len(AssignmentKind),)
    board = signed_in(cast, "sergeant").get(reverse("deployment:board")).text
    assert "PC Kit Dunnock at Fiddlers Green Primary School" in board
    assert "Possible from" in board


@contextmanager
def keeping_what_is_logged(refusal: type[Exception]) -> Iterator[None]:
    """As a page does: the refusal is answered, and the transaction with its log is kept."""
    try:
        yield
    except refusal:
        return
    raise AssertionError("It was not refused.")


def test_no_insert_of_the_applications_role_by_whoever(cast: Cast) -> None:
    told = proposed(cast)
    tell(cast, told)
    row = {"officer": cast.person("probationer"), "team": cast.place(NORTH), "school": cast.place("fiddlers-green")}
    row |= {"since": IN_A_WEEK, "until": None, "proposal": told}
    for key in ("sergeant", "officer", "admin", "youth-lead", "head", "spoc", "dpo", "probationer"):
        with acting(cast.user(key), page="test"), connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone() == ("schoolgate_app",)
            for kind in AssignmentKind:
                with pytest.raises(IntegrityError, match="in probation"), transaction.atomic():
                    cursor.execute(INSERT, row | {"kind": kind.value})


def test_not_even_the_owner_of_the_tables_inserts_one(cast: Cast, as_owner: Connection) -> None:
    row = {"officer": cast.person("probationer"), "team": cast.place(NORTH), "school": cast.place("fiddlers-green")}
    row |= {"kind": "lead", "since": IN_A_WEEK, "until": None, "proposal": None}
    with pytest.raises(CheckViolation, match="in probation"):
        as_owner.execute(INSERT, row)


UPDATES = [
    "update deployment_assignment set officer_id = %(probationer)s where id = %(id)s",
    "update deployment_assignment set officer_id = %(probationer)s, since = %(late)s, until = null where id = %(id)s",
    "update deployment_assignment set officer_id = %(probationer)s, kind = 'cover' where id = %(id)s",
    "update deployment_eligibility set officer_id = %(probationer)s where officer_id = %(officer)s",
]


def test_no_posting_is_rewritten_into_one(cast: Cast) -> None:
    its = posting_of(cast, "officer", "larkmoor")
    values = {"probationer": cast.person("probationer"), "officer": cast.person("officer"), "id": its.pk}
    values |= {"late": PROBATION_ENDS + DAY}
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        for change in UPDATES:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(change, values)


def test_a_posting_after_probation_is_not_moved_into_it(cast: Cast, as_superuser: Connection) -> None:
    first = PROBATION_ENDS + DAY
    posted(cast, officer="probationer", since=first)
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        for change in ("since = %s", "since = %s, proposal = null", "since = %s, until = null, ended_by = proposal"):
            with pytest.raises(IntegrityError, match="in probation"), transaction.atomic():
                cursor.execute(
                    f"update deployment_assignment set {change} where officer_id = %s",
                    [PROBATION_ENDS, cast.person("probationer")],
                )
    assert note_probation(cast, "probationer", None)  # the probation is nulled: the posting is taken out


@pytest.mark.parametrize("officer", ["probationer", "officer"])
def test_a_date_that_is_not_known_refuses(cast: Cast, officer: str) -> None:
    note_probation(cast, officer, None)
    with pytest.raises(InProbation):
        proposed(cast, officer=officer, since=PROBATION_ENDS + 900 * DAY)


def test_an_officer_of_whom_nothing_is_known_is_refused(cast: Cast, as_superuser: Connection) -> None:
    as_superuser.execute(
        "delete from deployment_eligibility where officer_id = %s", [cast.person("unassigned-officer")]
    )
    with pytest.raises(InProbation):
        proposed(cast, officer="unassigned-officer")
    row = {"officer": cast.person("unassigned-officer"), "team": cast.place(NORTH), "proposal": None, "until": None}
    row |= {"school": cast.place("fiddlers-green"), "kind": "cover", "since": IN_A_WEEK}
    with pytest.raises(CheckViolation, match="not known"):
        as_superuser.execute(INSERT, row)


def test_a_proposal_made_before_the_date_moved_does_not_go_live(cast: Cast, as_superuser: Connection) -> None:
    proposal = proposed(cast, officer="probationer", since=PROBATION_ENDS + DAY)
    tell(cast, proposal)
    note_probation(cast, "probationer", PROBATION_ENDS + 30 * DAY)
    answer = signed_in(cast, "sergeant").post(reverse("deployment:go_live", args=[proposal]), follow=True)
    assert "It did not go live. PC Kit Dunnock is in probation until" in answer.text
    assert as_superuser.execute("select count(*) from deployment_refusal").fetchone() == (1,)


def test_a_proposal_is_not_turned_into_theirs(cast: Cast) -> None:
    proposal = proposed(cast)
    tell(cast, proposal)
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        for change in ("officer = %s", "since = '2020-01-01', officer = %s"):
            with pytest.raises(Exception, match="fixed|permission"), transaction.atomic():
                cursor.execute(
                    f"update deployment_proposal set {change} where id = %s", [cast.person("probationer"), proposal]
                )


def test_taking_the_place_of_somebody_is_a_posting_too(cast: Cast) -> None:
    with pytest.raises(InProbation):
        proposed(cast, officer="probationer", school="larkmoor", instead_of=posting_of(cast, "officer", "larkmoor").pk)


def test_no_setting_of_the_force_touches_it(cast: Cast) -> None:
    words = ("override", "exception", "exempt", "waive", "risk", "allow", "bypass", "probation")
    columns = {field.name for field in DeploymentRules._meta.get_fields()}
    assert [name for name in columns if any(word in name for word in words)] == []
    fields = {field.name for model in (Assignment, Eligibility) for field in model._meta.get_fields()}
    assert {name for name in fields if any(word in name for word in words)} == {"probation_ends", "probation_source"}


def test_no_command_posts_anybody(cast: Cast) -> None:
    posts = [path for path in Path(schoolgate.__file__).parent.rglob("*.py") if "deployment" not in path.parts]
    callers = {path.name for path in posts if "tests" not in path.parts and "assign_officer" in path.read_text()}
    assert callers == {"partnership.py"}  # the demonstration, by the same path


def test_an_import_of_the_register_posts_nobody(cast: Cast) -> None:
    folder = Path(schoolgate.__file__).parent / "directory"
    assert [
        p.name
        for p in folder.rglob("*.py")
        if "deployment_assignment" in p.read_text() or "Assignment" in p.read_text()
    ] == []


def test_switching_the_trigger_off_is_nothing_that_the_application_may(cast: Cast) -> None:
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        for statement in (
            "alter table deployment_assignment disable trigger check_assignment",
            "drop trigger check_assignment on deployment_assignment",
            "set session_replication_role = replica",
            "create or replace function deployment_check_assignment() returns trigger language plpgsql"
            " as 'begin return new; end'",
            "delete from deployment_eligibility",
        ):
            with pytest.raises(Exception, match="permission denied|must be owner"), transaction.atomic():
                cursor.execute(statement)


def test_a_posting_and_a_later_probation_do_not_pass_each_other_by(cast: Cast, as_superuser: Connection) -> None:
    """Two transactions at once: whoever comes second sees what the first did."""
    officer, ends = cast.person("unassigned-officer"), TODAY + 90 * DAY
    as_superuser.execute("set application_name = 'test'")
    first = as_superuser
    row = {"officer": officer, "team": cast.place(NORTH), "school": cast.place("fiddlers-green"), "kind": "lead"}
    row |= {"since": TODAY + DAY, "until": None, "proposal": None}
    with first.transaction():
        first.execute(INSERT, row)
        later = threading.Thread(target=note_probation_as_superuser, args=[officer, ends])
        later.start()
        later.join(timeout=1.5)
        assert later.is_alive()  # it waits for the posting to be committed, then suspends it
    later.join(timeout=20)
    assert not later.is_alive()
    count = "select count(*) from deployment_assignment where officer_id = %s"
    assert as_superuser.execute(count, [officer]).fetchone() == (0,)
    assert as_superuser.execute("select count(*) from deployment_suspension").fetchone() == (1,)


def note_probation_as_superuser(officer: int, ends: dt.date) -> None:
    from schoolgate.config.roles import administrator_conninfo

    with psycopg.connect(administrator_conninfo(read_environment()), autocommit=True) as other:
        other.execute("update deployment_eligibility set probation_ends = %s where officer_id = %s", [ends, officer])


def test_no_later_probation_passes_by_a_posting_that_it_does_not_see(cast: Cast, as_superuser: Connection) -> None:
    """A transaction that keeps to what was there when it began would not suspend what was posted since."""
    officer, proposal = cast.person("unassigned-officer"), proposed(cast)
    tell(cast, proposal)
    later = "update deployment_eligibility set probation_ends = %s where officer_id = %s"
    for isolation in ("repeatable read", "serializable"):
        with psycopg.connect(conninfo(read_environment(), LOGIN)) as other:
            other.execute(f"set transaction isolation level {isolation}")  # type: ignore[call-overload]
            other.execute("select access_enter(%s)", [cast.user("sergeant")])
            other.execute("select from deployment_assignment")
            if isolation == "repeatable read":
                go_live(cast, proposal)
            with pytest.raises(CheckViolation, match="where every posting is seen"):
                other.execute(later, [TODAY + 90 * DAY, officer])
    kept = as_superuser.execute(
        "select probation_ends < current_date from deployment_eligibility where officer_id = %s", [officer]
    )
    assert kept.fetchone() == (True,)


def test_an_officer_who_is_a_sergeant_too_does_not_keep_their_own_file(cast: Cast, as_superuser: Connection) -> None:
    officer, own = cast.person("unassigned-officer"), "unassigned-officer"
    note_probation(cast, own, PROBATION_ENDS)
    made = (
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since) values (%s, %s, %s, %s, %s)"
    )
    as_superuser.execute(made, [officer, cast.place(NORTH), "sergeant", False, TODAY - DAY])
    with pytest.raises(PermissionDenied):
        note_probation(cast, own, TODAY - DAY, by=own)
    with acting(cast.user(own), page="test"), connection.cursor() as cursor:
        cursor.execute("update deployment_eligibility set probation_ends = %s where officer_id = %s", [TODAY, officer])
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "insert into deployment_training (officer_id, course, completed_on) values (%s, 'Any', %s)",
                [officer, TODAY],
            )
    client = signed_in(cast, own)
    for page in ("edit_officer", "sign_off", "training"):
        assert client.post(reverse(f"deployment:{page}", args=[officer]), {}).status_code == 403
    shown = client.get(reverse("deployment:officer", args=[officer])).text
    assert "Another sergeant of the team keeps your own file" in shown
    assert reverse("deployment:edit_officer", args=[officer]) not in shown
    with pytest.raises(InProbation):
        proposed(cast, officer=own, by=own)


def test_shadowing_days_open_nothing(cast: Cast, as_superuser: Connection) -> None:
    its = posting_of(cast, "officer", "larkmoor")
    typed = {"once": str(uuid4()), "posting": its.pk, "officer": cast.person("probationer")}
    typed |= {"first_day": TODAY.isoformat(), "last_day": IN_A_WEEK.isoformat(), "words": "Learning the role"}
    answer = signed_in(cast, "sergeant").post(reverse("deployment:shadow"), typed, follow=True)
    assert "It lets them read nothing of the school." in answer.text
    assert (
        "PC Kit Dunnock goes along with PC Ada Fern"
        in signed_in(cast, "head").get(reverse("deployment:school", args=[cast.place("larkmoor")])).text
    )
    probationer = signed_in(cast, "probationer")
    assert probationer.get(reverse("deployment:school", args=[cast.place("larkmoor")])).status_code == 404
    with acting(cast.user("probationer"), page="test"), connection.cursor() as cursor:
        cursor.execute("select count(*) from deployment_shadowing")
        assert cursor.fetchone() == (0,)
