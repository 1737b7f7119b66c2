"""Addresses of concerns, their triage, and allegations about adults."""

from django.urls import path

from schoolgate.concerns.views import allegations, telling, triage

app_name = "concerns"
urlpatterns = [
    path("concerns/", telling.own, name="own"),
    path("concerns/new/", telling.new_concern, name="new_concern"),
    path("concerns/adult/", telling.new_allegation, name="new_allegation"),
    path("concerns/sent/<int:school>/<uuid:once>/", telling.sent, name="sent"),
    path("concerns/adult/sent/<int:school>/<uuid:once>/", telling.sent_allegation, name="sent_allegation"),
    path("concerns/<uuid:concern>/", telling.concern, name="concern"),
    path("concerns/<uuid:concern>/copy.<str:form>", telling.copy, name="copy_own"),
    path("allegations/", allegations.received, name="allegations"),
    path("allegations/<uuid:allegation>/", allegations.allegation, name="allegation"),
    path("allegations/<uuid:allegation>/copy.<str:form>", allegations.copy, name="copy_allegation"),
    path("allegations/<uuid:allegation>/keep/", allegations.keep, name="keep_allegation"),
    path("triage/", triage.inbox, name="inbox"),
    path("triage/decided/", triage.decided, name="decided"),
    path("triage/<uuid:concern>/", triage.concern, name="triage"),
    path("triage/<uuid:concern>/share/", triage.share, name="share"),
    path("triage/<uuid:concern>/child/", triage.child, name="child"),
    path("triage/<uuid:concern>/note/", triage.note, name="note"),
    path("triage/<uuid:concern>/reference/", triage.reference, name="reference"),
    path("triage/<uuid:concern>/keep/", triage.keep, name="keep"),
    path("triage/<uuid:concern>/copy.<str:form>", triage.copy, name="copy"),
]
