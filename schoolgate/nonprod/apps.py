from django.apps import AppConfig


class NonprodConfig(AppConfig):
    name = "schoolgate.nonprod"
