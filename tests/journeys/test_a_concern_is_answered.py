"""The main job: a concern raised on a phone, triaged, shared, answered; the teacher hears what became of it."""

import datetime as dt

from schoolgate.core.clock import now
from tests.journeys.conftest import Visitor, Visitors


def raise_concern(teacher: Visitor) -> None:
    teacher.go("/concerns/new/")
    teacher.reads("999")
    teacher.choose(about="child", in_danger="no")
    teacher.fill(
        child_name="Kit Example, 9B", seen="Kit told me that two pupils from another school wait with a knife."
    )
    teacher.page.locator("input[name=day]").first.check()
    teacher.choose(place="way", others="no")
    teacher.press("Continue")
    teacher.reads("Check your answers")
    teacher.press("Send")
    teacher.reads("999")


def share(spoc: Visitor) -> None:
    spoc.go("/triage/")
    spoc.page.locator("a.sg-row__link").first.click()
    spoc.reads("two pupils from another school wait with a knife")
    spoc.choose(becomes="sharing")
    spoc.press("Decide")
    spoc.reads("The officer may have to record a crime")
    spoc.fill(child_name="Kit Example")
    spoc.choose(purpose="safety", child_told="not_told", parent_told="not_told")
    spoc.fill(child_not_told_why="Gone home.", parent_not_told_why="Not reached yet.")
    spoc.fill(author_told="It was passed on to the officer.")
    spoc.press("Check what you wrote")
    spoc.press("Send")


def answer(officer: Visitor) -> None:
    officer.go("/shares/")
    officer.page.locator("a.sg-row__link").first.click()
    officer.reads("Kit Example")
    officer.press("Acknowledge")
    officer.press("Say what will be done")
    officer.fill(
        words="I will be at the bus stop at 3:15 pm.", due_on=(now() + dt.timedelta(days=1)).date().isoformat()
    )
    officer.press("Save")
    officer.press("Record what was done")
    officer.fill(words="I stood at the bus stop with PC Somebody; the two went home.")
    officer.press("Save")
    officer.press("Report back")
    officer.fill(words="Officers were there when school ended, and nobody was hurt.")
    officer.press("Report back")
    officer.reads("Reported back")


def close(spoc: Visitor) -> None:
    spoc.go("/notices/")
    spoc.go("/triage/")
    spoc.follow("Kit Example")
    spoc.reads("Officers were there when school ended")
    spoc.choose(becomes="closed")
    spoc.fill(closed_reason="The officer met them.")
    spoc.press("Decide")


def test_a_concern_is_raised_triaged_shared_and_answered(visitors: Visitors) -> None:
    # Given a teacher who was told about a knife
    teacher, spoc, officer = (visitors.sign_in(key) for key in ("teacher", "spoc", "officer"))

    # When the teacher tells the SPOC, the SPOC the officer, and the officer answers
    raise_concern(teacher)
    share(spoc)
    answer(officer)
    close(spoc)

    # Then the teacher hears so much and no more
    teacher.go("/concerns/")
    teacher.page.locator("a.sg-row__link").first.click()
    teacher.reads("It was passed on to the officer.")
    teacher.reads("Officers were there when school ended, and nobody was hurt.")
    teacher.does_not_read("PC Somebody")
    teacher.does_not_read("bus stop at 3:15 pm")
