"""Addresses under /notices/."""

from django.urls import path

from schoolgate.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("seen/", views.mark_all_seen, name="mark_all_seen"),
    path("<uuid:notice>/", views.open_notice, name="open"),
]
