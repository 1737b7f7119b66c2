"""The home page and the boards."""

from django.urls import path

from schoolgate.insight import views

app_name = "insight"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("handover/<int:school>/", views.handover, name="handover"),
]
