"""Addresses of agreements, documents, the SPOC, the briefing, the school's page and the force's overview."""

from django.urls import path

from schoolgate.partnership.views import agreements, documents, overview, people, pictures, school, staff

app_name = "partnership"
urlpatterns = [
    path("agreements/", agreements.listed, name="agreements"),
    path("agreements/check/", agreements.check, name="check"),
    path("agreements/propose/<int:school>/", agreements.propose, name="propose"),
    path("agreements/<uuid:agreement>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:agreement>/read/", agreements.read, name="read"),
    path("agreements/<uuid:agreement>/sign/", agreements.sign, name="sign"),
    path("agreements/<uuid:agreement>/delegate/", agreements.delegate, name="delegate"),
    path("agreements/<uuid:agreement>/decline/", agreements.decline, name="decline"),
    path("agreements/<uuid:agreement>/withdraw/", agreements.withdraw, name="withdraw"),
    path("agreements/<uuid:agreement>/confirm/", agreements.confirm, name="confirm"),
    path("agreements/<uuid:agreement>/end/", agreements.end, name="end"),
    path("agreements/<uuid:agreement>/copy.pdf", agreements.copy, name="copy"),
    path("schools/<int:school>/", school.school, name="school"),
    path("schools/<int:school>/agreements/", agreements.of_school, name="school_agreements"),
    path("schools/<int:school>/involvement/", school.involvement, name="involvement"),
    path("schools/<int:school>/poster.pdf", school.poster, name="poster"),
    path("schools/<int:school>/spoc/", people.spoc, name="spoc"),
    path("schools/<int:school>/spoc/<int:membership>/end/", people.end_spoc, name="end_spoc"),
    path("schools/<int:school>/briefing/", people.briefing, name="briefing"),
    path("schools/<int:school>/briefing/<slug:page>/", people.briefing_page, name="briefing_page"),
    path("schools/<int:school>/staff/", people.staff, name="staff"),
    path("schools/<int:school>/staff/list/", staff.staff_list, name="staff_list"),
    path("schools/<int:school>/staff/invite/", staff.invite, name="invite_staff"),
    path("schools/<int:school>/staff/remind/", people.remind, name="remind"),
    path("officers/<int:officer>/picture/", pictures.picture, name="picture"),
    path("officers/<int:officer>/picture/change/", pictures.change, name="change_picture"),
    path("officers/<int:officer>/picture/remove/", pictures.remove, name="remove_picture"),
    path("overview/", overview.overview, name="overview"),
    path("overview/schools.csv", overview.spreadsheet, name="overview_csv"),
    path("overview/places.json", overview.places, name="overview_places"),
    path("documents/", documents.listed, name="documents"),
    path("documents/begin/<int:force>/<slug:kind>/", documents.begin, name="begin_edition"),
    path("documents/<int:edition>/", documents.edition, name="edition"),
    path("documents/<int:edition>/edit/", documents.edit, name="edit_edition"),
    path("documents/<int:edition>/compare/", documents.compare, name="compare"),
    path("documents/<int:edition>/publish/", documents.publish, name="publish"),
]
