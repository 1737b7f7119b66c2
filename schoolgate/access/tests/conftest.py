"""People with passwords in a made-up town."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection

from tests.access.world import Somebody, Town, make_town


@pytest.fixture(autouse=True)
def settings_of_tests(settings: Any) -> None:
    settings.ROOT_URLCONF = "schoolgate.access.tests.urls"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def town(as_superuser: Connection) -> Town:
    return make_town(as_superuser)


@pytest.fixture
def named(as_superuser: Connection) -> Callable[[Somebody, str], str]:
    """Give somebody an address and the password of these tests."""
    from django.contrib.auth.hashers import make_password

    from schoolgate.access.tests.browsing import PASSWORD

    def name(who: Somebody, email: str) -> str:
        as_superuser.execute(
            "update access_user set email = %s, password = %s where id = %s", [email, make_password(PASSWORD), who.user]
        )
        return email

    return name


@pytest.fixture
def teacher(town: Town, named: Callable[[Somebody, str], str]) -> str:
    return named(town.teacher, "teacher@north.example")


@pytest.fixture
def spoc(town: Town, named: Callable[[Somebody, str], str]) -> str:
    return named(town.spoc, "spoc@north.example")
