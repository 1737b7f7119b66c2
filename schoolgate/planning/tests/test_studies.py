"""A study: built from today's data, put to the planner, and what came of it."""

import threading
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse
from psycopg import Connection, errors

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, NORTH, TODAY, note_probation, posted
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.planning.forms import TermsForm
from schoolgate.planning.models import Study, StudyState
from schoolgate.planning.optimiser.reading import BadProblem
from schoolgate.planning.selectors import plans as plan_selectors
from schoolgate.planning.selectors import studies as selectors
from schoolgate.planning.selectors.problem import NO_BASE, build, officer_id, school_id
from schoolgate.planning.services import running, studies
from schoolgate.planning.terms import Need, OwnNeed, Pair, StudyTerms, WhatIf
from schoolgate.planning.tests.doings import OFFICERS, asked, based, begun, plan_of, planned

pytestmark = pytest.mark.usefixtures("committed_database")
WIDER = ("priority", "secondary", "pru_ap", "primary")


def content(cast: Cast, **terms: object) -> dict:  # type: ignore[type-arg]
    with acting(cast.user("sergeant"), page="test"):
        return build(cast.place(NORTH), StudyTerms(IN_A_WEEK, **terms)).content  # type: ignore[arg-type]


def state(cast: Cast, study: object) -> StudyState:
    with acting(cast.user("sergeant"), page="test"):
        return selectors.study(study).state  # type: ignore[arg-type]


def test_the_problem_holds_the_officers_and_the_schools_they_serve(cast: Cast) -> None:
    based(cast)
    problem = content(cast, wider=())
    officers = {row["id"]: row for row in problem["officers"]}
    schools = {row["id"]: row for row in problem["schools"]}
    assert officers.keys() == {officer_id(cast.person(one)) for one in (*OFFICERS, "probationer")}
    assert [name for name, row in officers.items() if row["in_probation"]] == [officer_id(cast.person("probationer"))]
    larkmoor = schools[school_id(cast.place("larkmoor"))]
    assert officer_id(cast.person("officer")) in larkmoor["current_officers"]
    assert school_id(cast.place("fiddlers-green")) not in schools
    assert school_id(cast.place("fiddlers-green")) in {row["id"] for row in content(cast, wider=WIDER)["schools"]}


def test_who_has_no_base_is_left_out_and_it_is_said(cast: Cast) -> None:
    with acting(cast.user("sergeant"), page="test"):
        built = build(cast.place(NORTH), StudyTerms(IN_A_WEEK))
    assert {one.why_not for one in built.officers if not one.in_probation} == {(NO_BASE,)}
    page = signed_in(cast, "sergeant").get(reverse("planning:study", args=[begun(cast)]))
    assert "It is not noted where they work from" in page.content.decode()
    with pytest.raises(BadProblem):
        asked(cast)


def test_own_measures_pairs_and_schools_left_out_reach_the_problem(cast: Cast) -> None:
    based(cast)
    larkmoor, otterbridge, officer = cast.place("larkmoor"), cast.place("otterbridge"), cast.person("officer")
    problem = content(
        cast,
        own_needs={larkmoor: OwnNeed(9, 8, "Two entrances.")},
        left_out={otterbridge: "It closes in spring."},
        pairs=(Pair(officer, larkmoor, True, "They know the families."),),
    )
    schools = {row["id"]: row for row in problem["schools"]}
    assert (schools[school_id(larkmoor)]["hours"], schools[school_id(larkmoor)]["visits"]) == (9, 2)
    assert school_id(otterbridge) not in schools
    assert problem["fixed"] == [[officer_id(officer), school_id(larkmoor)]]


def test_a_pair_with_an_officer_who_is_not_planned_does_not_count_and_that_is_said(cast: Cast) -> None:
    based(cast)
    larkmoor = cast.place("larkmoor")
    pairs = tuple(Pair(cast.person(one), larkmoor, True, "Settled.") for one in ("probationer", "other-force-officer"))
    assert content(cast, pairs=pairs)["fixed"] == []
    page = signed_in(cast, "sergeant").get(reverse("planning:study", args=[begun(cast, pairs=pairs)])).text
    assert page.count("This does not count: the officer or the school is not planned.") == 2


def test_what_is_kept_of_the_terms_is_read_back_the_same() -> None:
    terms = StudyTerms(
        TODAY, own_needs={3: OwnNeed(1, 2, "x")}, left_out={4: "y"}, pairs=(Pair(1, 2, False, "z"),),
        needs={"secondary": Need(2, 2)}, what_if=WhatIf((7,), {8: True}),
    )  # fmt: skip
    assert StudyTerms.from_json(terms.as_json()) == terms


def test_a_study_is_planned_and_its_plan_keeps_every_rule(cast: Cast) -> None:
    based(cast)
    study = planned(cast, wider=WIDER)
    with acting(cast.user("sergeant"), page="test"):
        one = selectors.study(study)
        plans = plan_selectors.plans_of(one)
        step = selectors.last_step(study)
    assert one.state == StudyState.DONE
    assert [plan.faults for plan in plans] == [[]]
    assert plans[0].plan.gap is not None
    assert plans[0].plan.gap < 0.01
    assert step
    page = signed_in(cast, "sergeant").get(reverse("planning:plan", args=[plans[0].id])).content.decode()
    assert "Proven: no plan under these rules" in page
    assert "Fiddlers Green Primary School" in page
    assert "officer-" not in page.replace('value="officer-', "")


def test_a_study_asked_for_twice_is_planned_once(cast: Cast, as_superuser: Connection) -> None:
    based(cast)
    study = asked(cast)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        studies.ask_for_plan(by=sergeant, at=now(), study=study)
    rows = as_superuser.execute("select 1 from procrastinate_jobs where task_name = 'planning.run_study'").fetchall()
    assert len(rows) == 1
    for _ in range(2):
        running.run_study(study, user=cast.user("sergeant"), at=now())
    assert as_superuser.execute("select count(*) from planning_plan").fetchone() == (1,)


def test_a_study_of_a_worker_killed_half_way_is_planned_again_but_not_for_ever(
    cast: Cast, as_superuser: Connection
) -> None:
    based(cast)
    study = asked(cast)
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update planning_study set state = 'running', attempts = 2")
    running.run_study(study, user=cast.user("sergeant"), at=now())
    assert state(cast, study) == StudyState.DONE
    another = asked(cast)
    as_superuser.execute("update planning_study set state = 'running', attempts = 3 where id = %s", [another])
    running.run_study(another, user=cast.user("sergeant"), at=now())
    assert state(cast, another) == StudyState.FAILED


@pytest.mark.parametrize("when", ["before it is begun", "before it is kept"])
def test_a_study_of_a_sergeant_whose_role_ended_does_not_stay_under_way(
    cast: Cast, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    based(cast)
    study, keep = asked(cast), running._keep

    def role_ends() -> None:
        ended = "update directory_membership set until = %s where person_id = %s"
        as_superuser.execute(ended, [TODAY - DAY, cast.person("sergeant")])

    def role_ends_first(*about: Any) -> None:
        role_ends()
        keep(*about)

    monkeypatch.setattr(running, "_keep", role_ends_first)
    if when == "before it is begun":
        role_ends()
    running.run_study(study, user=cast.user("sergeant"), at=now())
    assert as_superuser.execute("select state from planning_study").fetchall() == [("failed",)]
    assert as_superuser.execute("select count(*) from planning_plan").fetchone() == (0,)


def test_nobody_else_has_a_study_fail(cast: Cast) -> None:
    based(cast)
    study = asked(cast)
    for persona in ("other-sergeant", "officer", "admin"):
        with acting(cast.user(persona), page="test"), connection.cursor() as cursor:
            cursor.execute("select planning_give_up(%s)", [study])
    assert state(cast, study) == StudyState.WAITING


def test_a_study_planned_by_two_workers_at_once_has_one_plan(cast: Cast, as_superuser: Connection) -> None:
    based(cast)
    study = asked(cast)
    jobs = [
        threading.Thread(target=running.run_study, args=[study], kwargs={"user": cast.user("sergeant"), "at": now()})
        for _ in range(2)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=60)
    assert as_superuser.execute("select count(*) from planning_plan").fetchone() == (1,)
    assert state(cast, study) == StudyState.DONE


COPIES = {
    "planning_study": {"state": "'done'", "name": "'Forged'"},
    "planning_plan": {"based_on": "id", "lower_bound": "cost + 1"},
}


@pytest.mark.parametrize("table", COPIES)
def test_neither_a_planned_study_nor_another_bound_is_written_beside_the_planner(cast: Cast, table: str) -> None:
    based(cast)
    planned(cast)
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        columns = [field.column for field in apps.get_model(table.replace("_", "."))._meta.concrete_fields]
        values = {"id": "gen_random_uuid()", "once": "gen_random_uuid()"} | COPIES[table]
        copied = ", ".join(values.get(column, column) for column in columns)
        copy = f"insert into {table} ({', '.join(columns)}) select {copied} from {table}"
        with pytest.raises(IntegrityError, match="begins as a draft|keeps the bound"), transaction.atomic():
            cursor.execute(copy)


def test_why_there_is_no_plan_is_not_rewritten(cast: Cast) -> None:
    based(cast)
    study = planned(cast)
    with acting(cast.user("sergeant"), page="test"), pytest.raises(IntegrityError, match="said once"):
        Study.objects.filter(pk=study).update(explanation=["Use an officer in probation."])


def test_the_planner_stops_when_the_sergeant_asks_and_keeps_the_best_plan(cast: Cast) -> None:
    based(cast)
    study = asked(cast, wider=WIDER, seconds=300, patterns=("cluster",), balance=1)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        studies.stop(by=sergeant, study=study)
    job = threading.Thread(target=running.run_study, args=[study], kwargs={"user": cast.user("sergeant"), "at": now()})
    job.start()
    job.join(timeout=60)
    assert not job.is_alive()
    assert state(cast, study) == StudyState.DONE


def test_where_no_plan_is_possible_the_page_says_why_by_name(cast: Cast) -> None:
    based(cast)
    study = planned(cast, wider=WIDER, full_time_hours=1)
    assert state(cast, study) == StudyState.NO_PLAN
    page = signed_in(cast, "sergeant").get(reverse("planning:study", args=[study])).content.decode()
    assert "No officer may cover Larkmoor School" in page
    assert "officer-" not in page


def test_nobody_in_probation_is_in_a_plan(cast: Cast) -> None:
    based(cast)
    note_probation(cast, "officer", IN_A_WEEK)
    problem = content(cast)
    row = next(row for row in problem["officers"] if row["id"] == officer_id(cast.person("officer")))
    assert row["in_probation"] is True
    with acting(cast.user("sergeant"), page="test"):
        plan = plan_selectors.plan(plan_of(cast, planned(cast)))
    assert row["id"] not in {portfolio.officer for portfolio in plan.plan.portfolios}


def test_only_the_teams_sergeant_plans_and_others_find_nothing(cast: Cast) -> None:
    based(cast)
    study = planned(cast)
    with acting(cast.user("other-sergeant"), page="test") as other, pytest.raises(Http404):
        studies.stop(by=other, study=study)
    with acting(cast.user("other-sergeant"), page="test") as other, pytest.raises(PermissionDenied):
        studies.begin_study(by=other, at=now(), team=cast.place(NORTH), name="x", terms=StudyTerms(TODAY), once=uuid4())
    for persona, status in (("other-sergeant", 404), ("officer", 404), ("head", 404)):
        assert signed_in(cast, persona).get(reverse("planning:study", args=[study])).status_code == status
    assert signed_in(cast, "officer").get(reverse("planning:studies")).status_code == 403


def test_what_was_put_to_the_planner_stays(cast: Cast, as_superuser: Connection) -> None:
    based(cast)
    study = asked(cast)
    with acting(cast.user("sergeant"), page="test") as sergeant, pytest.raises(studies.MovedOn):
        studies.settle(by=sergeant, study=study, version=1, terms=StudyTerms(TODAY))
    for change in ("terms = '{}'", "problem = '{}'", "state = 'done'", "state = 'draft', problem = null"):
        with pytest.raises(errors.CheckViolation):
            as_superuser.execute(f"update planning_study set {change} where id = %s", [study])  # type: ignore[call-overload]


def test_two_sergeants_settle_one_study_and_nothing_is_lost(cast: Cast) -> None:
    study = begun(cast)
    client = signed_in(cast, "sergeant")
    url = reverse("planning:settle", args=[study])
    with acting(cast.user("sergeant"), page="test"):
        typed = TermsForm.initial_of(selectors.study(study).terms, 1)
    typed |= {"begins_on": IN_A_WEEK.isoformat(), "wider": ["primary"], "may_stay_free": "yes", "seconds": "20"}
    assert client.post(url, typed | {"travel": "2"}).status_code == 302
    second = client.post(url, typed | {"travel": "3"})
    assert second.status_code == 200
    assert "Somebody changed the study meanwhile" in second.content.decode()
    assert 'value="3"' in second.content.decode()
    with acting(cast.user("sergeant"), page="test"):
        terms = selectors.study(study).terms
    assert (terms.travel, terms.wider) == (2, ("primary",))


def test_a_study_is_begun_again_on_todays_data(cast: Cast) -> None:
    based(cast)
    study = planned(cast, travel=3)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        made = studies.again(by=sergeant, at=now() + 30 * DAY, study=study, once=uuid4())
        again = selectors.study(made.pk)
    assert again.state == StudyState.DRAFT
    assert again.terms == replace(StudyTerms(IN_A_WEEK, seconds=5, travel=3), begins_on=TODAY + 30 * DAY)


def test_a_what_if_is_planned_beside_the_study_and_compared(cast: Cast) -> None:
    based(cast)
    study = planned(cast, wider=WIDER)
    client = signed_in(cast, "sergeant")
    officer = officer_id(cast.person("officer"))
    answer = client.post(
        reverse("planning:suppose", args=[study]), {"kind": "leaves", "officer": officer, "once": str(uuid4())}
    )
    assert answer.status_code == 302
    another = answer.url.strip("/").split("/")[-1]
    running.run_study(another, user=cast.user("sergeant"), at=now())
    page = client.get(answer.url).content.decode()
    assert "What if: PC Ada Fern leaves." in page
    pair = {"one": plan_of(cast, study), "other": plan_of(cast, another)}
    compared = client.get(reverse("planning:compare"), pair).content.decode()
    assert "PC Ada Fern" in compared
    assert "best plan" in compared


def test_a_school_that_becomes_a_priority_and_an_officer_who_joins_are_supposed(cast: Cast) -> None:
    based(cast)
    study = planned(cast)
    client = signed_in(cast, "sergeant")
    url = reverse("planning:suppose", args=[study])
    school = school_id(cast.place("larkmoor"))
    answer = client.post(url, {"kind": "priority", "school": school, "once": str(uuid4())})
    with acting(cast.user("sergeant"), page="test"):
        supposed = selectors.study(answer.url.strip("/").split("/")[-1]).content
    assert supposed
    assert {row["id"]: row["priority"] for row in supposed["schools"]}[school]
    answer = client.post(url, {"kind": "joins", "near": "665200 532400", "fte": "0.5", "once": str(uuid4())})
    with acting(cast.user("sergeant"), page="test"):
        supposed = selectors.study(answer.url.strip("/").split("/")[-1]).content
    assert supposed
    assert [row["max_hours"] for row in supposed["officers"] if row["id"] == "joiner-1"] == [15]


def test_a_what_if_that_cannot_be_planned_is_said_and_not_kept(cast: Cast, as_superuser: Connection) -> None:
    based(cast)
    study = asked(cast)
    officer = cast.person("officer")
    as_superuser.execute("update deployment_eligibility set base_easting = null where officer_id <> %s", [officer])
    answer = signed_in(cast, "sergeant").post(
        reverse("planning:suppose", args=[study]),
        {"kind": "leaves", "officer": officer_id(officer), "once": str(uuid4())},
    )
    assert "no officer can be planned" in answer.content.decode()
    assert as_superuser.execute("select count(*) from planning_study").fetchone() == (1,)


def test_progress_is_told_while_it_goes_on_and_fills_no_log(cast: Cast, as_superuser: Connection) -> None:
    based(cast)
    study = asked(cast)
    client = signed_in(cast, "sergeant")
    url = reverse("planning:progress", args=[study])
    before = as_superuser.execute("select count(*) from audit_access").fetchone()
    assert client.get(url).json()["goes_on"] is True
    assert as_superuser.execute("select count(*) from audit_access").fetchone() == before
    running.run_study(study, user=cast.user("sergeant"), at=now())
    assert client.get(url).json()["goes_on"] is False


def test_a_posting_ahead_counts_as_todays_on_the_first_day(cast: Cast) -> None:
    based(cast)
    posted(cast)
    schools = {row["id"]: row for row in content(cast, wider=())["schools"]}
    assert schools[school_id(cast.place("fiddlers-green"))]["current_officers"] == [
        officer_id(cast.person("unassigned-officer"))
    ]


def test_the_form_of_what_counts_asks_everything_under_a_heading() -> None:
    form = TermsForm(now=now())
    asked = [field.name for _heading, questions in form.groups for field in questions]
    assert sorted([*asked, "version"]) == sorted(form.fields)
