"""The product's addresses and one page that is not open without a second factor."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def records(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"records of {request.viewer.name}")  # type: ignore[attr-defined]


urlpatterns = [path("records/", records, name="records"), path("", include("schoolgate.config.urls"))]
