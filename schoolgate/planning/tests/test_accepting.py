"""A plan accepted: proposals and no posting; refused where the data changed; nobody in probation by any plan."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from psycopg import Connection
from psycopg.types.json import Jsonb

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.models import Proposal, ProposalStatus
from schoolgate.deployment.services.officers import record_eligibility
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, NORTH, TODAY, go_live, posted, tell
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.planning.models import StudyState
from schoolgate.planning.selectors import plans as plan_selectors
from schoolgate.planning.selectors.problem import officer_id, school_id
from schoolgate.planning.services import plans, running
from schoolgate.planning.tests.doings import based, plan_of, planned

pytestmark = pytest.mark.usefixtures("committed_database")
WIDER = ("priority", "secondary", "pru_ap", "primary")


@pytest.fixture
def plan(cast: Cast) -> UUID:
    """The planner's plan of the team's schools and those without an officer."""
    based(cast)
    return plan_of(cast, planned(cast, wider=WIDER))


def accept(cast: Cast, plan: UUID, schools: set[str]) -> tuple[int, list[plans.NotProposed]]:
    with acting(cast.user("sergeant"), page="test") as sergeant:
        card = plan_selectors.plan(plan)
        return plans.accept(by=sergeant, at=now(), plan=card, schools=schools, reason="From the plan.")


def changes(cast: Cast, plan: UUID) -> list[plan_selectors.ChangeCard]:
    with acting(cast.user("sergeant"), page="test"):
        return list(plan_selectors.beside_today(plan_selectors.plan(plan), on=TODAY).changes)


def test_what_is_accepted_is_proposed_and_nothing_is_posted(cast: Cast, plan: UUID, as_superuser: Connection) -> None:
    before = as_superuser.execute("select count(*) from deployment_assignment").fetchone()
    wanted = {card.change.school for card in changes(cast, plan)}
    made, refused = accept(cast, plan, wanted)
    assert (made, refused) == (len(changes(cast, plan)), [])
    assert all(card.proposal for card in changes(cast, plan))
    assert as_superuser.execute("select count(*) from deployment_assignment").fetchone() == before


def test_accepted_twice_it_is_proposed_once(cast: Cast, plan: UUID, as_superuser: Connection) -> None:
    wanted = {card.change.school for card in changes(cast, plan)}
    client = signed_in(cast, "sergeant")
    for _ in range(2):
        assert client.post(reverse("planning:accept", args=[plan]), {"school": list(wanted)}).status_code == 302
    made = as_superuser.execute("select count(*) from deployment_proposal where status = 'draft'").fetchone()
    assert made == (len(changes(cast, plan)),)


def test_a_part_that_went_live_does_not_stand_in_the_way_of_the_rest(cast: Cast, plan: UUID) -> None:
    school = school_id(cast.place("fiddlers-green"))
    accept(cast, plan, {school})
    with acting(cast.user("sergeant"), page="test"):
        proposal = Proposal.objects.get(status=ProposalStatus.DRAFT).pk
    tell(cast, proposal)
    go_live(cast, proposal)
    assert school not in {card.change.school for card in changes(cast, plan)}
    rest = {card.change.school for card in changes(cast, plan)}
    assert accept(cast, plan, rest)[0] == len(rest)


def test_after_the_data_changed_nothing_is_accepted_and_the_page_says_what_changed(cast: Cast, plan: UUID) -> None:
    with acting(cast.user("sergeant"), page="test") as sergeant:
        record_eligibility(
            by=sergeant, at=now(), officer=cast.person("officer"), team=cast.place(NORTH), probation_ends=IN_A_WEEK,
        )  # fmt: skip
    wanted = {card.change.school for card in changes(cast, plan)}
    with pytest.raises(plans.DataChanged):
        accept(cast, plan, wanted)
    client = signed_in(cast, "sergeant")
    url = reverse("planning:accept", args=[plan])
    page = client.post(url, {"school": list(wanted)}, follow=True).content.decode()
    assert "Nothing was proposed: the data have changed since" in page
    assert "PC Ada Fern: the probation changed." in page
    assert "Plan again on today" in page
    assert "Propose these" not in page


def test_a_what_if_is_not_accepted(cast: Cast, plan: UUID) -> None:
    with acting(cast.user("sergeant"), page="test"):
        study = plan_selectors.plan(plan).study.id
    client = signed_in(cast, "sergeant")
    answer = client.post(
        reverse("planning:suppose", args=[study]),
        {"kind": "joins", "near": "665200 532400", "fte": "1", "once": str(uuid4())},
    )
    another = UUID(answer.url.strip("/").split("/")[-1])
    running.run_study(another, user=cast.user("sergeant"), at=now())
    its = plan_of(cast, another)
    with pytest.raises(plans.DataChanged):
        accept(cast, its, {card.change.school for card in changes(cast, its)})


def test_a_plan_forged_for_a_probationer_posts_nobody(cast: Cast, plan: UUID, as_superuser: Connection) -> None:
    school, probationer = school_id(cast.place("fiddlers-green")), officer_id(cast.person("probationer"))
    forged = [{"officer": probationer, "pattern": "cluster", "assignments": [{"school": school, "share": 1}]}]
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update planning_plan set portfolios = %s", [Jsonb(forged)])
    before = as_superuser.execute("select count(*) from deployment_assignment").fetchone()
    with pytest.raises(plans.BreaksRules):
        accept(cast, plan, {school})
    page = signed_in(cast, "sergeant").post(reverse("planning:accept", args=[plan]), {"school": school}, follow=True)
    assert "Nothing was proposed: the plan breaks a rule" in page.content.decode()
    assert as_superuser.execute("select count(*) from deployment_assignment").fetchone() == before
    assert as_superuser.execute(
        "select count(*) from deployment_proposal where officer = %s", [cast.person("probationer")]
    ).fetchone() == (0,)


def test_a_school_given_to_another_officer_is_costed_and_kept_beside_the_plan(cast: Cast, plan: UUID) -> None:
    client = signed_in(cast, "sergeant")
    url = reverse("planning:change", args=[plan])
    asked = {"school": school_id(cast.place("larkmoor")), "officer": officer_id(cast.person("unassigned-officer"))}
    page = client.get(url, asked).content.decode()
    assert "It costs " in page
    assert "Keep it as another plan" in page
    once = str(uuid4())
    answers = [client.post(url, asked | {"once": once}) for _ in range(2)]
    assert answers[0].status_code == 302
    assert answers[0].url == answers[1].url
    with acting(cast.user("sergeant"), page="test"):
        kept = plan_selectors.plan(UUID(answers[0].url.strip("/").split("/")[-1]))
        before = plan_selectors.plan(plan)
    assert kept.study.state == StudyState.DONE
    assert kept.plan.lower_bound == before.plan.lower_bound
    assert (kept.plan.cost or 0) >= (before.plan.lower_bound or 0)
    assert kept.words == "Larkmoor School to PC Morwenna Sedge"


def test_half_of_a_school_that_is_no_priority_breaks_a_rule_and_that_is_said(cast: Cast, plan: UUID) -> None:
    asked = {
        "school": school_id(cast.place("larkmoor")), "officer": officer_id(cast.person("officer")),
        "second": officer_id(cast.person("unassigned-officer")),
    }  # fmt: skip
    page = signed_in(cast, "sergeant").get(reverse("planning:change", args=[plan]), asked).content.decode()
    assert "holds a share of 0.5 in Larkmoor School" in page


def test_who_begins_on_the_first_day_of_the_plan_is_not_replaced_by_it_and_that_is_said(cast: Cast) -> None:
    based(cast)
    posted(cast)
    planner_s = plan_of(cast, planned(cast, wider=WIDER))
    school = school_id(cast.place("fiddlers-green"))
    client = signed_in(cast, "sergeant")
    url = reverse("planning:change", args=[planner_s])
    answer = client.post(url, {"school": school, "officer": officer_id(cast.person("officer")), "once": str(uuid4())})
    by_hand = UUID(answer.url.strip("/").split("/")[-1])
    page = client.post(reverse("planning:accept", args=[by_hand]), {"school": school}, follow=True).text
    assert "Not proposed: Fiddlers Green Primary School" in page
    assert "The posting that would end begins on or after that day" in page


def test_a_plan_that_breaks_a_rule_is_kept_and_not_accepted(cast: Cast, plan: UUID) -> None:
    client = signed_in(cast, "sergeant")
    given = {
        "school": school_id(cast.place("larkmoor")), "officer": officer_id(cast.person("officer")),
        "second": officer_id(cast.person("unassigned-officer")), "once": str(uuid4()),
    }  # fmt: skip
    kept = client.post(reverse("planning:change", args=[plan]), given).url
    page = client.get(kept).content.decode()
    assert "cannot be accepted while it breaks a rule" in page
    assert "Propose these" not in page
    assert "Nothing was proposed" in client.post(f"{kept}accept/", {"school": given["school"]}, follow=True).text
    with acting(cast.user("sergeant"), page="test"):
        assert not Proposal.objects.filter(status=ProposalStatus.DRAFT).exists()


def test_a_plan_is_compared_with_another_one(cast: Cast, plan: UUID) -> None:
    client = signed_in(cast, "sergeant")
    assert "There is a problem" not in client.get(reverse("planning:compare"), {"one": plan}).text
    assert "this is the same one" in client.get(reverse("planning:compare"), {"one": plan, "other": plan}).text


def test_a_plan_says_how_familiar_todays_officers_are(cast: Cast, plan: UUID, as_superuser: Connection) -> None:
    as_superuser.execute("update deployment_assignment set since = current_date - interval '400 days'")
    page = signed_in(cast, "sergeant").get(reverse("planning:plan", args=[plan])).text
    assert "PC Ada Fern (familiar for 13 months)" in page
    assert "Months of familiar faces at the schools" in page


def test_the_map_holds_the_plans_schools(cast: Cast, plan: UUID) -> None:
    found = signed_in(cast, "sergeant").get(reverse("planning:places", args=[plan])).json()["features"]
    with acting(cast.user("sergeant"), page="test"):
        assert len(found) == len(plan_selectors.plan(plan).study.problem.schools)
    assert {one["properties"]["letter"] for one in found} == {"C", "S"}


def test_nothing_chosen_is_said(cast: Cast, plan: UUID) -> None:
    page = signed_in(cast, "sergeant").post(reverse("planning:accept", args=[plan]), {}, follow=True)
    assert "Choose at least one school" in page.content.decode()


def test_once_its_first_day_has_passed_a_plan_is_not_accepted(cast: Cast, plan: UUID) -> None:
    with acting(cast.user("sergeant"), page="test") as sergeant:
        card = plan_selectors.plan(plan)
        wanted = {one.change.school for one in plan_selectors.beside_today(card, on=TODAY).changes}
        with pytest.raises(plans.DataChanged):
            plans.accept(by=sergeant, at=now() + 8 * DAY, plan=card, schools=wanted, reason="")
