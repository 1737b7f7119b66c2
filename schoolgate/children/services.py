"""Making the record of the little that is known of a child."""

import datetime as dt
from uuid import UUID

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.children.models import Child
from schoolgate.children.policies import may_keep_children


def add_child(
    *, by: Viewer, at: dt.datetime, holder: int, name: str, born_on: dt.date | None = None, year_group: str = ""
) -> UUID:
    """Make the holder's own record of a child and give its id. A record is made only when it is needed.

    Raises PermissionDenied unless the viewer keeps children's records for that holder.
    """
    require(may_keep_children, by, holder)
    child = Child(holder=holder, made_by=by.person or 0, made_at=at, name=name, born_on=born_on, year_group=year_group)
    child.save(force_insert=True)
    return child.pk
