"""Addresses of the directory, for technical administrators."""

from django.urls import path

from schoolgate.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.start, name="start"),
    path("add/<slug:kind>/", views.add, name="add"),
    path("organisations/<int:organisation>/", views.organisation, name="organisation"),
    path("organisations/<int:organisation>/edit/", views.edit, name="edit"),
    path("organisations/<int:organisation>/term/", views.term, name="term"),
    path("organisations/<int:organisation>/closed-day/", views.closed_day, name="closed_day"),
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new_import, name="new_import"),
    path("imports/<uuid:asked>/", views.one_import, name="import"),
    path("imports/<uuid:asked>/report.txt", views.import_text, name="import_text"),
    path("people/new/", views.new_person, name="new_person"),
    path("people/<int:person>/", views.person, name="person"),
    path("people/<int:person>/edit/", views.edit_person, name="edit_person"),
    path("people/<int:person>/role/", views.where, name="where"),
    path("people/<int:person>/role/<int:organisation>/", views.add_role, name="add_role"),
    path("people/<int:person>/invite/", views.invite, name="invite"),
    path("roles/<int:membership>/end/", views.end_role, name="end_role"),
]
