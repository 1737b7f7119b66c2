"""What a person may do, judged by small predicates on a Viewer. The circles judge what they may read."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from schoolgate.access.viewer import Viewer

Predicate = Callable[..., bool]


def require(predicate: Predicate, viewer: Viewer, *about: Any) -> None:
    """Raise PermissionDenied (answered with 403) unless the predicate holds for an insider."""
    if not predicate(viewer, *about):
        raise PermissionDenied
