"""What can be supposed of a study: who leaves, which priority changes, from where one more would work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from schoolgate.deployment.selectors.eligibility import team_files
from schoolgate.planning.selectors.problem import number_of
from schoolgate.planning.selectors.studies import StudyCard, called
from schoolgate.planning.terms import Joining, WhatIf


@dataclass(frozen=True)
class WhatIfChoices:
    """What can be supposed: which officer leaves, which school changes its priority, from where one more would work."""

    officers: dict[str, str]
    schools: dict[str, str]
    places: dict[str, str]
    priority: frozenset[str]

    def what_if(self, answers: Mapping[str, Any]) -> WhatIf:
        """What somebody supposed, by the answers of the form."""
        if answers["kind"] == "leaves":
            return WhatIf(leaves=(number_of(answers["officer"]),))
        if answers["kind"] == "priority":
            school = answers["school"]
            return WhatIf(priority={number_of(school): school not in self.priority})
        easting, northing = map(float, answers["near"].split())
        return WhatIf(joins=(Joining(easting, northing, float(answers["fte"]), self.places[answers["near"]]),))


def what_if_choices(one: StudyCard) -> WhatIfChoices:
    """The officers and schools of a study that was put to the planner, and the bases of its team. Raises Http404."""
    if one.content is None:
        raise Http404
    names = called(one)
    bases = {file.base_name: file for file in team_files(one.team, on=one.terms.begins_on) if file.base_easting}
    return WhatIfChoices(
        {row["id"]: names[row["id"]] for row in one.content["officers"] if row["id"].startswith("officer-")},
        {row["id"]: names[row["id"]] for row in one.content["schools"]},
        {f"{file.base_easting} {file.base_northing}": name for name, file in sorted(bases.items())},
        frozenset(row["id"] for row in one.content["schools"] if row["priority"]),
    )
