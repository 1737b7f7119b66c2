"""What is done about agreements."""

import datetime as dt

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.partnership.models import Agreement, AgreementKind
from schoolgate.partnership.policies import may_sign


def sign_agreement(
    *, by: Viewer, at: dt.datetime, school: int, kind: AgreementKind, since: dt.date, until: dt.date
) -> Agreement:
    """Sign a school's SSP protocol or Data Sharing Agreement, in force from `since` to `until`, both included.

    Source: "Agree and sign the SSP protocol and Data Sharing Agreement" (head teacher).
    Raises PermissionDenied for anybody but the school's head teacher.
    """
    require(may_sign, by, school)
    return Agreement.objects.create(school_id=school, kind=kind, signed_by=by.person or 0, since=since, until=until)
