from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "schoolgate.access"

    def ready(self) -> None:
        """Hear from the sign-in library when second factors are used, set up and removed."""
        from allauth.mfa import signals

        from schoolgate.access.sign_in import forget_second_factor, remember_second_factor

        signals.authenticator_used.connect(remember_second_factor)
        signals.authenticator_added.connect(remember_second_factor)
        signals.authenticator_removed.connect(forget_second_factor)
