"""Addresses of the exchange."""

from django.urls import path

from schoolgate.exchange import views

app_name = "exchange"
urlpatterns = [
    path("shares/", views.shares, name="shares"),
    path("shares/new/", views.new_share, name="new_share"),
    path("shares/<uuid:share>/", views.share, name="share"),
    path("shares/<uuid:share>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("shares/<uuid:share>/plan/", views.plan, name="plan"),
    path("shares/<uuid:share>/done/", views.done, name="done"),
    path("shares/<uuid:share>/report/", views.report, name="report"),
    path("shares/<uuid:share>/correct/", views.correct, name="correct"),
    path("shares/<uuid:share>/recall/", views.recall, name="recall"),
    path("shares/<uuid:share>/pass-on/", views.pass_on, name="pass_on"),
    path("shares/<uuid:share>/category/", views.category, name="category"),
    path("shares/<uuid:share>/crime/", views.record_crime, name="record_crime"),
    path("shares/<uuid:share>/child/", views.link, name="link"),
    path("shares/<uuid:share>/keep/", views.keep, name="keep"),
    path("shares/<uuid:share>/reference/", views.reference, name="reference"),
    path("shares/<uuid:share>/copy.<str:form>", views.copy_share, name="copy_share"),
    path("crimes/", views.crimes, name="crimes"),
    path("crimes/<uuid:crime>/", views.crime, name="crime"),
    path("legal-bases/", views.legal_bases, name="legal_bases"),
    path("legal-bases/<int:basis>/", views.legal_basis, name="legal_basis"),
    path("enquiries/", views.enquiries, name="enquiries"),
    path("enquiries/new/", views.new_enquiry, name="new_enquiry"),
    path("enquiries/advice/", views.new_advice, name="new_advice"),
    path("enquiries/<uuid:enquiry>/", views.enquiry, name="enquiry"),
    path("enquiries/<uuid:enquiry>/copy.<str:form>", views.copy_enquiry, name="copy_enquiry"),
]
