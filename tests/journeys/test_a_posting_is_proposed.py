"""A sergeant proposes a posting, tells head teacher and SPOC, and lets it go live; a probationer is refused."""

import datetime as dt

from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast
from tests.journeys.conftest import Visitor, Visitors

SCHOOL = "Fiddlers Green Primary School"
MONDAY = now().date() + dt.timedelta(days=7)


def propose(sergeant: Visitor, officer: str, **answers: str) -> None:
    sergeant.go("/deployment/")
    sergeant.press("Propose a posting")
    sergeant.page.select_option("[name=officer]", label=officer)
    sergeant.page.select_option("[name=school]", label=SCHOOL)
    sergeant.choose(kind="lead", extent="part_time", manner="assigned")
    sergeant.fill(since=MONDAY.isoformat(), **answers)
    sergeant.press("Propose it")


def test_an_officer_is_proposed_told_of_and_posted(visitors: Visitors, cast: Cast) -> None:
    sergeant = visitors.sign_in("sergeant")
    propose(sergeant, "PC Morwenna Sedge", reason="The school asked for an officer.")
    sergeant.reads("Nothing has changed yet.")
    for role in ("Head teacher", "SPOC"):
        sergeant.follow(f"Tell the {role} in other words")
        sergeant.press("Tell them")
    sergeant.reads("It can go live.")
    sergeant.press("Let it go live")
    sergeant.reads("It is live.")
    officer = visitors.sign_in("unassigned-officer")
    officer.follow("My postings and hours")
    officer.reads(SCHOOL)
    head = visitors.sign_in("head")  # of another school
    head.page.goto(f"{visitors.server}/deployment/schools/{cast.place('fiddlers-green')}/")
    head.does_not_read(SCHOOL)


def test_a_probationer_is_refused_with_the_day_and_nothing_typed_is_lost(visitors: Visitors) -> None:
    sergeant = visitors.sign_in("sergeant")
    propose(sergeant, "PC Kit Dunnock", reason="Local risk assessment: low.")
    sergeant.reads("PC Kit Dunnock is in probation until")
    sergeant.reads("A posting is possible from")
    assert sergeant.page.input_value("[name=reason]") == "Local risk assessment: low."
    sergeant.go("/deployment/")
    sergeant.reads("Refused lately")
    sergeant.reads("Possible from")
