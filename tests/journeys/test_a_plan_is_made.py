"""A sergeant has it planned who covers which school, changes a pair, and accepts a part as proposals."""

from django.urls import resolve

from schoolgate.core.clock import now
from schoolgate.deployment.tests.doings import IN_A_WEEK
from schoolgate.nonprod.cast import Cast
from schoolgate.planning.services import running
from schoolgate.planning.tests.doings import based
from tests.journeys.conftest import Visitor, Visitors


def plan(sergeant: Visitor, cast: Cast) -> None:
    """The sergeant puts a study to the planner; the worker does its part."""
    sergeant.go("/deployment/")
    sergeant.follow("Plan who covers which school, with proof")
    sergeant.press("Plan who covers which school")
    sergeant.fill(name="Spring term", begins_on=IN_A_WEEK.isoformat())
    sergeant.page.get_by_label("Primary schools").check()
    sergeant.press("Go on")
    sergeant.reads("In probation on that day")
    sergeant.press("Make the plan")
    sergeant.reads("The planner looks for a first plan.")
    study = resolve(sergeant.page.url.removeprefix(sergeant.server)).kwargs["study"]
    running.run_study(study, user=cast.user("sergeant"), at=now())
    sergeant.page.reload()
    sergeant.follow("The planner's plan")


def test_a_plan_is_made_changed_by_hand_and_accepted_in_part(visitors: Visitors, cast: Cast) -> None:
    based(cast)
    sergeant = visitors.sign_in("sergeant")
    plan(sergeant, cast)
    sergeant.reads("Proven: no plan under these rules")
    sergeant.follow("Change the plan by hand, and see what it costs")
    sergeant.page.select_option("[name=school]", label="Fiddlers Green Primary School")
    sergeant.page.select_option("[name=officer]", label="PC Rafi Alder")
    sergeant.press("See what it costs")
    sergeant.reads("It costs ")
    sergeant.press("Keep it as another plan")
    sergeant.reads("Fiddlers Green Primary School to PC Rafi Alder")
    for box in sergeant.page.locator("[name=school]").all():
        box.uncheck()
    sergeant.press("Propose these")
    sergeant.reads("Choose at least one school")
    for box in sergeant.page.locator("[name=school]").all():
        box.uncheck()
    sergeant.page.get_by_label("Fiddlers Green Primary School").check()
    sergeant.press("Propose these")
    sergeant.reads("1 change was proposed.")
    sergeant.reads("Fiddlers Green Primary School")
    officer = visitors.sign_in("officer")
    officer.page.goto(f"{visitors.server}/planning/")
    officer.does_not_read("Spring term")
