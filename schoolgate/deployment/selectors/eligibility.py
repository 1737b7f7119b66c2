"""What is known of officers, and what stands in the way of a posting. Officers and their sergeants read it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.core.clock import london_day
from schoolgate.deployment.models import DeploymentRules, Eligibility, Training, VettingLevel
from schoolgate.directory.models import Membership, Organisation, Role
from schoolgate.directory.selectors import PersonCard, forces_of_teams, held_on, people, people_with

STRENGTH = list(VettingLevel)


@dataclass(frozen=True)
class Course:
    """A course that an officer completed."""

    name: str
    completed_on: dt.date
    expires_on: dt.date | None

    def holds(self, on: dt.date) -> bool:
        """Whether it counts on a day."""
        return self.completed_on <= on and (self.expires_on is None or on <= self.expires_on)


@dataclass(frozen=True)
class Rules:
    """What a force asks for besides the end of probation, which no setting touches."""

    force: int
    vetting_needed: str = ""
    courses_needed: tuple[str, ...] = ()
    sign_off_needed: bool = False
    short_months: int = 12
    near_km: Decimal = Decimal(5)
    version: int = 0


@dataclass(frozen=True)
class OfficerFile:
    """What is known of an officer. version 0: nothing yet, and so no posting."""

    card: PersonCard
    team: int
    team_name: str
    rules: Rules
    rank: str = "PC"
    joined_on: dt.date | None = None
    probation_ends: dt.date | None = None
    probation_source: str = ""
    vetting_level: str = ""
    vetting_expires: dt.date | None = None
    fte: Decimal = Decimal(1)
    phases: tuple[str, ...] = ()
    specialisms: str = ""
    base_name: str = ""
    base_easting: int | None = None
    base_northing: int | None = None
    tenure_until: dt.date | None = None
    signed_off_by: int | None = None
    signed_off_on: dt.date | None = None
    sign_off_review_on: dt.date | None = None
    sign_off_words: str = ""
    version: int = 0
    courses: tuple[Course, ...] = ()
    signed_by: str = ""

    def in_probation(self, on: dt.date) -> bool:
        """Whether they are in probation on a day; an unknown end counts as probation."""
        return self.probation_ends is None or on <= self.probation_ends

    @property
    def possible_from(self) -> dt.date | None:
        """The day after probation, where its end is known."""
        return self.probation_ends + dt.timedelta(days=1) if self.probation_ends else None

    def obstacles(self, on: dt.date) -> list[str]:
        """The rules that refuse a posting which begins on a day, by the names of the database's constraints."""
        return list(self._obstacles(on))

    def _obstacles(self, on: dt.date) -> Iterator[str]:
        if self.in_probation(on):
            yield "nobody_in_probation"
        if self.rules.vetting_needed and not self._is_vetted(on):
            yield "vetting_in_date"
        if self.missing_courses(on):
            yield "trained_in_date"
        if self.rules.sign_off_needed and not self._is_signed_off(on):
            yield "signed_off_in_date"

    def _is_vetted(self, on: dt.date) -> bool:
        if not self.vetting_level or self.vetting_expires is None or self.vetting_expires < on:
            return False
        held, needed = VettingLevel(self.vetting_level), VettingLevel(self.rules.vetting_needed)
        return STRENGTH.index(held) >= STRENGTH.index(needed)

    def _is_signed_off(self, on: dt.date) -> bool:
        return bool(
            self.signed_off_on
            and self.signed_off_on <= on
            and self.sign_off_review_on
            and on <= self.sign_off_review_on
        )

    def missing_courses(self, on: dt.date) -> list[str]:
        """The courses that the force asks for and that do not count on a day."""
        held = {course.name for course in self.courses if course.holds(on)}
        return [course for course in self.rules.courses_needed if course not in held]


FILE_COLUMNS = (
    "rank", "joined_on", "probation_ends", "probation_source", "vetting_level", "vetting_expires", "fte", "phases",
    "specialisms", "base_name", "base_easting", "base_northing", "tenure_until", "signed_off_by", "signed_off_on",
    "sign_off_review_on", "sign_off_words", "version",
)  # fmt: skip


def rules_of(force: int) -> Rules:
    """What a force asks for; nothing besides the end of probation where it has not said."""
    row = DeploymentRules.objects.filter(force=force).first()
    if row is None:
        return Rules(force)
    return Rules(
        force, row.vetting_needed, tuple(row.courses_needed), row.sign_off_needed, row.short_months, row.near_km,
        row.version,
    )  # fmt: skip


def forces_of_viewer(viewer: Viewer) -> set[int]:
    """The forces for which this person oversees schools."""
    return {*forces_of_teams(viewer.organisations("sergeants")), *viewer.organisations("figures")}


def officer_file(viewer: Viewer, officer: int, *, at: dt.datetime) -> OfficerFile:
    """What is known of an officer, for themselves and the sergeants of their team. Raises Http404 for others."""
    on = london_day(at)
    teams = [team for team in teams_of(officer, on=on) if viewer.shares("sergeants", team)]
    if viewer.person == officer:
        teams = teams_of(officer, on=on)
    if not teams:
        raise Http404
    return files_of([officer], team=teams[0])[officer]


def teams_of(officer: int, *, on: dt.date) -> list[int]:
    """The teams whose officer somebody is on a day."""
    held = Membership.objects.filter(held_on(on), person=officer, role=Role.OFFICER)
    return list(held.order_by("organisation").values_list("organisation", flat=True))


def team_files(team: int, *, on: dt.date) -> list[OfficerFile]:
    """The officers of a team on a day, by name, with what is known of them."""
    files = files_of([person.id for person in people_with(team, Role.OFFICER, on=on)], team=team)
    return sorted(files.values(), key=lambda file: file.card.name)


def files_of(officers: Iterable[int], *, team: int) -> dict[int, OfficerFile]:
    """What is known of officers of a team, by their id; those whom the viewer may not read about have an empty file."""
    wanted = list(officers)
    its = Organisation.objects.values("name", "force").get(pk=team)
    rules = rules_of(its["force"] or 0)
    rows = {
        row["officer"]: row for row in Eligibility.objects.filter(officer__in=wanted).values("officer", *FILE_COLUMNS)
    }
    signers = {row["signed_off_by"] for row in rows.values() if row["signed_off_by"]}
    cards, courses = people({*wanted, *signers}), _courses(wanted)
    found = {}
    for officer in wanted:
        known = {name: value for name, value in rows.get(officer, {}).items() if name != "officer"}
        if known:
            known["phases"] = tuple(known["phases"])
            known["signed_by"] = cards[known["signed_off_by"]].called if known["signed_off_by"] in cards else ""
        found[officer] = OfficerFile(cards[officer], team, its["name"], rules, courses=courses[officer], **known)
    return found


def _courses(officers: list[int]) -> dict[int, tuple[Course, ...]]:
    found: dict[int, list[Course]] = {officer: [] for officer in officers}
    for row in Training.objects.filter(officer__in=officers).order_by("-completed_on", "course"):
        found[row.officer_id].append(Course(row.course, row.completed_on, row.expires_on))
    return {officer: tuple(courses) for officer, courses in found.items()}


def obstacles(officer: int, *, team: int, school: int, on: dt.date) -> list[str]:
    """The rules that refuse a posting of an officer to a school, as the database will."""
    found = files_of([officer], team=team)[officer].obstacles(on)
    force = dict(Organisation.objects.filter(pk__in=[team, school]).values_list("pk", "force"))
    if force.get(team) is None or force.get(team) != force.get(school):
        found.append("school_of_the_force")
    return found


def first_day_possible(officer: int, *, team: int, rule: str) -> dt.date | None:
    """The first day on which a rule no longer refuses, where that is a matter of waiting."""
    return files_of([officer], team=team)[officer].possible_from if rule == "nobody_in_probation" else None


def bases_of(force: int) -> list[tuple[str, int | None, int | None]]:
    """The places from which officers of the viewer's teams work: name, easting, northing."""
    rows = Eligibility.objects.filter(team__force=force, base_easting__isnull=False).exclude(base_name="")
    return list(rows.order_by("base_name").values_list("base_name", "base_easting", "base_northing").distinct())
