"""Addresses of the exchange."""

from django.urls import path

from schoolgate.exchange import views

app_name = "exchange"
urlpatterns = [
    path("shares/", views.shares, name="shares"),
    path("shares/<uuid:share>/", views.share, name="share"),
    path("shares/<uuid:share>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("shares/<uuid:share>/plan/", views.plan, name="plan"),
    path("shares/<uuid:share>/done/", views.done, name="done"),
    path("shares/<uuid:share>/report/", views.report, name="report"),
]
