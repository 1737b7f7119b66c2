"""Every address of the product."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from schoolgate.access.urls import pages_of_records


def health(request: HttpRequest) -> HttpResponse:
    """Alive; touches neither records nor database."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health/", health, name="health"),
    path("", include("schoolgate.insight.urls")),
    path("", include("schoolgate.concerns.urls")),
    path("", include("schoolgate.governance.urls")),
    path("", include("schoolgate.exchange.urls")),
    path("", include("schoolgate.partnership.urls")),
    path("deployment/", include("schoolgate.deployment.urls")),
    path("planning/", include("schoolgate.planning.urls")),
    path("account/", include("schoolgate.access.urls")),
    path("directory/", include("schoolgate.directory.urls")),
    *pages_of_records,
    path("notices/", include("schoolgate.notices.urls")),
    path("drafts/", include("schoolgate.drafts.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("schoolgate.nonprod.urls"))]
