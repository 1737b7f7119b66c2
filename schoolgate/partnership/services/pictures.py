"""An officer puts up a picture, or takes it down; so does the administrator for them. What is taken down is gone."""

import datetime as dt

from django.db import connection, transaction

from schoolgate.access.viewer import Viewer
from schoolgate.audit.notes import Operation, note
from schoolgate.directory.selectors import forces_of
from schoolgate.partnership.models import OfficerPicture
from schoolgate.partnership.selectors.pictures import picture_to_keep

KIND = "partnership.officerpicture"


def put_up_picture(*, by: Viewer, at: dt.datetime, officer: int, portrait: bytes) -> None:
    """Put up a picture in the place of the one before. portrait: as pictures.as_portrait makes it.

    Raises PermissionDenied and Http404 for anybody but the officer and the force's administrator.
    """
    picture_to_keep(officer)
    row = OfficerPicture(officer_id=officer, content=portrait, made_by=by.person or 0, made_at=at)
    with transaction.atomic():
        _take_down(officer)
        row.save(force_insert=True)
    note(Operation.COLLECTION, KIND, [row.pk], controller=_controller(officer))


def take_down_picture(*, by: Viewer, at: dt.datetime, officer: int) -> None:
    """Take the picture down; no copy stays in the record. Raises PermissionDenied, Http404."""
    picture_to_keep(officer)
    _take_down(officer)


def _take_down(officer: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select partnership_take_down_picture(%s)", [officer])
        gone = [row[0] for row in cursor.fetchall()]
    if gone:
        note(Operation.ERASURE, KIND, gone, controller=_controller(officer))


def _controller(officer: int) -> int:
    """The officer's force answers for the picture."""
    return next(iter(forces_of(officer)), 0)
