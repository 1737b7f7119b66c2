"""Addresses of concerns and their triage."""

from django.urls import path

from schoolgate.concerns.views import telling, triage

app_name = "concerns"
urlpatterns = [
    path("concerns/", telling.own, name="own"),
    path("concerns/new/", telling.new_concern, name="new_concern"),
    path("concerns/draft/<str:kind>/", telling.draft, name="draft"),
    path("concerns/draft/<int:school>/<uuid:once>/discard/", telling.discard_draft, name="discard_draft"),
    path("concerns/sent/<int:school>/", telling.sent, name="sent"),
    path("concerns/<uuid:concern>/", telling.concern, name="concern"),
    path("triage/", triage.inbox, name="inbox"),
    path("triage/<uuid:concern>/", triage.concern, name="triage"),
]
