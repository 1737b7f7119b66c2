"""The demonstration lets anybody in as anybody of the cast, and nothing else does."""

import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.personas import PERSONAS
from schoolgate.nonprod.services import SUPPLY_NAME

pytestmark = pytest.mark.usefixtures("committed_database")

WITHOUT_DEMO = """
import django
django.setup()
from django.apps import apps
from django.urls import Resolver404, resolve
assert not apps.is_installed("schoolgate.nonprod")
for address in ("/demo/", "/demo/sign-in", "/demo/day-code", "/demo/mail/"):
    try:
        resolve(address)
    except Resolver404:
        continue
    raise SystemExit(f"{address} is there")
"""


def test_the_page_lists_everybody(cast: Cast) -> None:
    page = Client().get("/demo/").text
    assert [person.key for person in PERSONAS if f'value="{person.key}"' not in page] == []


@pytest.mark.parametrize("key", [person.key for person in PERSONAS])
def test_everybody_signs_in_and_sees_a_home_page(cast: Cast, key: str) -> None:
    client = Client()
    answer = client.post("/demo/sign-in", {"persona": key})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    home = client.get("/")
    assert home.status_code == 200
    name = next(person.name for person in PERSONAS if person.key == key)
    assert (SUPPLY_NAME if key == "supply" else name) in home.text


def test_supply_staff_come_with_the_code_for_the_day(cast: Cast) -> None:
    page = Client().post("/demo/day-code").text
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page)
    assert code
    client = Client()
    answer = client.post("/account/supply/", {"code": code[0], "name": "Somebody Invented"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Raise a concern" in client.get("/").text


def test_somebody_who_is_not_of_the_cast_is_told_so(cast: Cast) -> None:
    answer = Client().post("/demo/sign-in", {"persona": "nobody"})
    assert answer.status_code == 404
    assert "There is nobody of that name in the demonstration" in answer.text


def test_signing_in_takes_a_post(cast: Cast) -> None:
    assert Client().get("/demo/sign-in")["Location"] == "/demo/"


def test_the_page_of_e_mails_opens(cast: Cast) -> None:
    assert "No e-mail would have gone yet" in Client().get("/demo/mail/").text


def test_without_the_demonstration_neither_app_nor_address_is_there() -> None:
    environment = os.environ | {"SCHOOLGATE_DEMO": "0"}
    done = subprocess.run([sys.executable, "-c", WITHOUT_DEMO], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_lock_page_names_the_person_and_promises_no_draft_to_supply_staff() -> None:
    for key, name, keeps in (("teacher", "Amara Wren", True), ("supply", SUPPLY_NAME, False)):
        client = Client()
        client.post("/demo/sign-in", {"persona": key})
        shown = client.get("/account/lock/").text
        assert name in shown
        assert ("“Draft saved” is kept" in shown) is keeps
