"""What no page expects is refused with a page of ours, and never fails."""

import pytest
from django.test import Client
from psycopg import Connection

from schoolgate.access.tests.browsing import enter_password, set_up_app
from tests.access.world import Town

pytestmark = pytest.mark.usefixtures("committed_database")

LONG = "9" * 5000


def test_an_address_with_nul_is_not_found_and_logged(teacher: str, as_superuser: Connection) -> None:
    browser = Client()
    enter_password(browser, teacher)
    assert browser.get("/%00/").status_code == 404
    assert as_superuser.execute("select page from audit_access where refused = 404").fetchone() == ("//",)


@pytest.mark.parametrize("address", ["/account/login/", "/account/supply/", "/account/password/reset/", "/"])
def test_nul_in_a_form_or_a_cookie_does_no_harm(address: str) -> None:
    browser = Client()
    browser.cookies["sessionid"] = "a\0" * 20
    typed = dict.fromkeys(["login", "email", "password", "code", "name", "na\0me"], "a\0@north.example")
    assert browser.post(address, typed).status_code < 500


@pytest.mark.parametrize("address", ["/account/login/", "/records/"])
def test_another_encoding_is_refused_with_a_page(address: str) -> None:
    answer = Client().post(address, b"a=b", content_type="application/x-www-form-urlencoded; charset=utf-16")
    assert answer.status_code == 400
    assert "That could not be read" in answer.text


@pytest.mark.parametrize("number", ["2147483648", "9" * 25, LONG])
def test_a_number_that_no_row_has_is_unknown(spoc: str, town: Town, number: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    assert browser.post("/day-code/", {"school": number}).status_code == 403
    assert Client().get(f"/account/school/{number}/").status_code == 404
