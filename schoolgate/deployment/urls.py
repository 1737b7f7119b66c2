"""Addresses of the deployment: officers, postings, priority, good practice."""

from django.urls import path

from schoolgate.deployment.views import officers, postings, practice, priority

app_name = "deployment"
urlpatterns = [
    path("", postings.board, name="board"),
    path("propose/", postings.propose, name="propose"),
    path("shadow/", postings.shadow, name="shadow"),
    path("proposals/<uuid:proposal>/", postings.proposal, name="proposal"),
    path("proposals/<uuid:proposal>/tell/<slug:role>/", postings.tell, name="tell"),
    path("proposals/<uuid:proposal>/tell/", postings.tell_here, name="tell_here"),
    path("proposals/<uuid:proposal>/live/", postings.go_live, name="go_live"),
    path("proposals/<uuid:proposal>/withdraw/", postings.withdraw, name="withdraw"),
    path("postings/<int:posting>/end/", postings.end, name="end"),
    path("told/<uuid:telling>/", postings.told, name="told"),
    path("schools/<int:school>/", postings.school, name="school"),
    path("mine/", officers.own, name="own"),
    path("officers/<int:officer>/", officers.officer, name="officer"),
    path("officers/<int:officer>/edit/", officers.edit_officer, name="edit_officer"),
    path("officers/<int:officer>/sign-off/", officers.sign_off, name="sign_off"),
    path("officers/<int:officer>/training/", officers.training, name="training"),
    path("officers/<int:officer>/hours/", officers.hours, name="hours"),
    path("rules/", officers.rules, name="rules"),
    path("officers/<int:officer>/absence/", officers.absence, name="absence"),
    path("good-practice/", practice.good_practice, name="good_practice"),
    path("good-practice/places/", practice.places, name="places"),
    path("priority/", priority.priority, name="priority"),
    path("priority/weights/", priority.weights, name="weights"),
    path("priority/values/", priority.values, name="values"),
    path("priority/equality/", priority.equality, name="equality"),
    path("priority/schools/<int:school>/", priority.decide, name="decide"),
]
