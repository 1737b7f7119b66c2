"""Addresses of drafts."""

from django.urls import path

from schoolgate.drafts import views

app_name = "drafts"
urlpatterns = [
    path("<str:kind>/<int:holder>/", views.save, name="save"),
    path("<uuid:draft>/discard/", views.discard, name="discard"),
]
