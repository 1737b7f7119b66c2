"""The server's own log: what failed and where, and nothing that anybody wrote."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from schoolgate.config.logs import PlaceFormatter

NAME = "Robin Thistle"


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"{NAME} {request.GET['child']}")


def fails_in_the_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select %s::int", [NAME])
    return HttpResponse()


urlpatterns = [
    path("account/fails/", fails, name="fails"),
    path("account/fails-below/", fails_in_the_database, name="fails_below"),
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handlers of the settings write."""
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, PlaceFormatter)]
    assert isinstance(handler, logging.StreamHandler)
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


@pytest.mark.django_db
@pytest.mark.urls("tests.structure.test_logs")
@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("/account/fails/?child=Robin", "builtins.ValueError at tests/structure/test_logs.py:"),
        ("/account/fails-below/", "django.db.utils.DataError at "),
    ],
)
def test_a_failure_leaves_its_type_and_place_and_no_value(address: str, what: str, written: io.StringIO) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    (line,) = written.getvalue().splitlines()
    assert f"ERROR django.request {what}" in line
    assert line.endswith(f"request={answer.headers['X-Request-Id']}")
    assert re.search("page=fails", line)
    assert "Robin" not in line
    assert "select" not in line


@pytest.mark.django_db
def test_a_refusal_leaves_nothing(written: io.StringIO) -> None:
    assert Client().get("/account/robin-thistle/").status_code == 404
    assert written.getvalue() == ""
