"""Addresses under /demo/: only in the demonstration."""

from django.urls import path

from schoolgate.nonprod import views

app_name = "nonprod"
urlpatterns = [
    path("", views.cast, name="cast"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("day-code", views.day_code, name="day_code"),
    path("mail/", views.mail, name="mail"),
]
