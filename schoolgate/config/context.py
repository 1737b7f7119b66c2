"""What every page is given besides its own view's words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from schoolgate.access.viewer import Viewer


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer and whether this is the demonstration."""
    return {"viewer": getattr(request, "viewer", Viewer()), "demo": settings.DEMO}
