"""A school's page as its SPOC and its teacher open it, and the overview as the sergeant does, at every width."""

from tests.journeys.conftest import Visitors


def test_the_spoc_writes_down_what_is_agreed_and_a_teacher_reads_it(visitors: Visitors) -> None:
    spoc = visitors.sign_in("spoc")
    spoc.follow("Your school")
    spoc.reads("PC Ada Fern")
    spoc.reads("Next visit:")
    spoc.follow("Change what is agreed")
    spoc.fill(visits="")
    spoc.press("Write it down")
    spoc.reads("Say how often the officer comes")
    spoc.fill(visits="Every morning before the bell")
    spoc.press("Write it down")
    teacher = visitors.sign_in("teacher")
    teacher.follow("Your school")
    teacher.reads("Every morning before the bell")
    teacher.does_not_read("Change what is agreed")


def test_the_sergeant_finds_what_lapses_and_opens_its_page(visitors: Visitors) -> None:
    sergeant = visitors.sign_in("sergeant")
    sergeant.go("/overview/?lapses=yes")
    sergeant.reads("Marigold Park School")
    sergeant.does_not_read("Larkmoor School")
    if visitors.scripts:
        sergeant.page.wait_for_selector(".leaflet-marker-icon")
        assert sergeant.page.locator(".leaflet-marker-icon").count() == sergeant.page.locator(".sg-row").count()
    sergeant.follow("Marigold Park School")
    sergeant.reads("Who does what")
