"""What the fields of a document and of the briefing say for one school: its people, its police, its dates."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from schoolgate.access.viewer import Viewer
from schoolgate.deployment.selectors.serving import officers_of, sergeants_of
from schoolgate.directory.models import Role
from schoolgate.directory.selectors import (
    PersonCard,
    SchoolCard,
    force_card,
    names,
    people_with,
    school_card,
    teams_of_force,
)
from schoolgate.partnership.policies import may_propose
from schoolgate.ui.presenters import joined, short_day_words

# Every field that a document may have.
FIELDS = (
    "school", "force", "role_title", "officers", "sergeant", "head_teacher", "spoc", "deputies", "dsl", "controller",
    "school_dpo", "force_dpo", "school_contact", "police_contact", "non_emergency", "since", "until", "review",
    "version",
)  # fmt: skip
PLACES = {
    Role.HEAD: "head_teacher",
    Role.SPOC: "spoc",
    Role.DEPUTY_SPOC: "deputies",
    Role.DSL: "dsl",
}


def people_fields(school: int, *, on: dt.date) -> dict[str, str]:
    """The school, its force and the people who have a part in the partnership on a day."""
    card = school_card(school)
    force = force_card(card.force) if card.force else None
    controller = card.controller or school
    holders = people_with(school, *PLACES, on=on)
    officers = [posting.officer for posting in officers_of(school, on=on)]
    sergeants = sergeants_of(school, on=on)
    return {
        "school": card.name,
        "force": force.name if force else "",
        "role_title": force.role_title if force else "",
        "non_emergency": force.non_emergency if force else "",
        "officers": _called(officers),
        "sergeant": _called(sergeants),
        "controller": names([controller]).get(controller, ""),
        "school_dpo": _reached(people_with(controller, Role.DPO, on=on)),
        "force_dpo": _reached(people_with(card.force, Role.DPO, on=on) if card.force else []),
        "school_contact": _reached([person for person in holders if person.role == Role.SPOC]),
        "police_contact": _reached(officers or sergeants),
    } | {field: _called(one for one in holders if one.role == role) for role, field in PLACES.items()}


def agreement_fields(school: int, *, on: dt.date, since: dt.date, until: dt.date, number: int) -> dict[str, str]:
    """The same with the dates of an agreement and the number of its text."""
    return people_fields(school, on=on) | date_fields(since=since, until=until) | {"version": str(number)}


def date_fields(*, since: dt.date, until: dt.date) -> dict[str, str]:
    """From when until when, and the review a month before."""
    days = {"since": since, "until": until, "review": until - dt.timedelta(days=30)}
    return {name: short_day_words(day) for name, day in days.items()}


def _called(people: Iterable[PersonCard]) -> str:
    return joined(list(dict.fromkeys(person.called for person in people)))


def _reached(people: Iterable[PersonCard]) -> str:
    """Name, telephone and e-mail of the first."""
    first = next(iter(people), None)
    return ", ".join(filter(None, (first.called, first.telephone, first.email))) if first else ""


def team_proposing_to(viewer: Viewer, school: SchoolCard, *, on: dt.date) -> int:
    """The team for which this sergeant proposes to a school: the one that serves it, else their first in its force.

    Raises Http404 for the school of another force, PermissionDenied for anybody but a sergeant.
    """
    teams = [team for team in viewer.organisations("team") if may_propose(viewer, team)]
    if not teams:
        raise PermissionDenied
    own = teams_of_force(school.force, among=teams) if school.force else []
    if not own:
        raise Http404
    serving = {posting.team for posting in officers_of(school.id, on=on)}
    return next((team for team in own if team in serving), own[0])
