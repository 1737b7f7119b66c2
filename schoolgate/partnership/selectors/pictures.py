"""The only door to officers' pictures. Whoever opens the page of a school that they serve sees them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from schoolgate.directory.selectors import PersonCard, people
from schoolgate.partnership.models import OfficerPicture


@dataclass(frozen=True)
class PictureOf:
    """An officer, and whether there is a picture."""

    officer: PersonCard
    is_there: bool


def picture(officer: int) -> bytes:
    """An officer's picture, a JPEG. Raises Http404 where there is none for the viewer."""
    found = pictures([officer])
    if officer not in found:
        raise Http404
    return found[officer]


def pictures(officers: Iterable[int]) -> dict[int, bytes]:
    """Those pictures of these officers that are there for the viewer."""
    rows = OfficerPicture.objects.filter(officer__in=list(officers)).values_list("officer", "content")
    return {officer: bytes(content) for officer, content in rows}


def picture_to_keep(officer: int) -> PictureOf:
    """The picture that the viewer may put up or take down.

    Raises PermissionDenied for whoever only sees it, Http404 for everybody else.
    """
    with connection.cursor() as cursor:
        cursor.execute("select partnership_keeps_picture(%s), partnership_sees_picture(%s)", [officer, officer])
        keeps, sees = cursor.fetchone()
    if keeps:
        is_there = OfficerPicture.objects.filter(officer=officer).exists()
        return PictureOf(people([officer])[officer], is_there)
    raise PermissionDenied if sees else Http404
