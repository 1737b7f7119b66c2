"""Addresses of planning: studies, what they ask for, their plans."""

from django.urls import path

from schoolgate.planning.views import plans, studies

app_name = "planning"
urlpatterns = [
    path("", studies.studies, name="studies"),
    path("new/", studies.new, name="new"),
    path("compare/", plans.compare, name="compare"),
    path("<uuid:study>/", studies.study, name="study"),
    path("<uuid:study>/progress/", studies.progress, name="progress"),
    path("<uuid:study>/settle/", studies.settle, name="settle"),
    path("<uuid:study>/schools/<int:school>/", studies.need, name="need"),
    path("<uuid:study>/pairs/", studies.pair, name="pair"),
    path("<uuid:study>/pairs/<int:officer>/<int:school>/forget/", studies.forget_pair, name="forget_pair"),
    path("<uuid:study>/run/", studies.run, name="run"),
    path("<uuid:study>/stop/", studies.stop, name="stop"),
    path("<uuid:study>/again/", studies.again, name="again"),
    path("<uuid:study>/what-if/", studies.suppose, name="suppose"),
    path("plans/<uuid:plan>/", plans.plan, name="plan"),
    path("plans/<uuid:plan>/places/", plans.places, name="places"),
    path("plans/<uuid:plan>/change/", plans.change, name="change"),
    path("plans/<uuid:plan>/accept/", plans.accept, name="accept"),
]
