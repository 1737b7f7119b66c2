"""Addresses of oversight."""

from django.urls import path

from schoolgate.governance import views

CSV = {"as_csv": True}

app_name = "governance"
urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/csv/", views.log, CSV, name="log_csv"),
    path("log/told/", views.told, name="told"),
    path("log/told/csv/", views.told, CSV, name="told_csv"),
    path("log/person/<int:person>/", views.person, name="person"),
    path("log/person/<int:person>/csv/", views.person, CSV, name="person_csv"),
    path("log/record/<uuid:record>/", views.record, name="record"),
    path("log/record/<uuid:record>/csv/", views.record, CSV, name="record_csv"),
    path("log/children/", views.children, name="children"),
    path("log/seal/", views.seal, name="seal"),
    path("who-can-read/<uuid:record>/", views.who_can_read, name="who_can_read"),
    path("emergency/", views.emergencies, name="emergencies"),
    path("emergency/new/", views.take_emergency, name="take_emergency"),
    path("emergency/<uuid:taken>/", views.emergency, name="emergency"),
    path("emergency/<uuid:taken>/end/", views.end_emergency, name="end_emergency"),
]
