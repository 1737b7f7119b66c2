from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top layer: joins the circle fragments of every app in its migrations."""

    name = "schoolgate.config"
