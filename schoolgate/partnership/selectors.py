"""The only door to what was agreed. Agreements hold no data about children, so reads are not logged."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from schoolgate.partnership.models import Agreement, AgreementKind


@dataclass(frozen=True)
class AgreementState:
    """Until when the SSP protocol and the Data Sharing Agreement of a school are in force, if they are."""

    protocol_until: dt.date | None
    dsa_until: dt.date | None

    @property
    def agreed(self) -> bool:
        """Whether routine sharing may go: both are in force."""
        return bool(self.protocol_until and self.dsa_until)


def agreement_state(school: int, *, on: dt.date) -> AgreementState:
    """What is in force between a school and its police on a day."""
    rows = Agreement.objects.filter(school=school, since__lte=on, until__gte=on)
    until = dict(rows.values_list("kind").annotate(Max("until")))
    return AgreementState(until.get(AgreementKind.PROTOCOL), until.get(AgreementKind.DSA))
