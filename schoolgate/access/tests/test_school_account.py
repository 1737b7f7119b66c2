"""Sign-in with the school's own account: issuer, tenant, subject and the staff list, never the domain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from psycopg import Connection

from schoolgate.access.tests.browsing import is_signed_out, set_up_app
from schoolgate.access.tests.provider import CLIENT_ID, SECRET, TENANT, Provider, leave_for, running_provider
from tests.access.world import Somebody, Town

pytestmark = pytest.mark.usefixtures("committed_database")

EMAIL = "t.teacher@north.example"
TEACHER = {"sub": "subject-1", "email": EMAIL, "email_verified": True}


@pytest.fixture
def provider(town: Town, as_superuser: Connection, settings: Any) -> Iterator[Provider]:
    """North Test School's own sign-in."""
    settings.OIDC_SECRETS = {CLIENT_ID: SECRET}
    with running_provider() as running:
        as_superuser.execute(
            "insert into access_identityprovider (id, school, name, issuer, tenant, client_id)"
            " values (1, %s, 'North Test School', %s, %s, %s)",
            [town.north, running.address, TENANT, CLIENT_ID],
        )
        yield running


@pytest.fixture
def listed(town: Town, as_superuser: Connection) -> Callable[[Somebody, str], None]:
    """Give somebody an address in the directory; their roles are their place on the staff list."""

    def put(who: Somebody, email: str) -> None:
        as_superuser.execute("update directory_person set email = %s where id = %s", [email, who.person])

    return put


def come_as(provider: Provider, browser: Client | None = None, **claims: object) -> tuple[Client, Any]:
    browser = browser or Client()
    state = leave_for(provider, browser, "/account/school/1/?next=/records/")
    provider.claims = claims
    return browser, browser.get("/account/school/1/back/", {"code": "abc", "state": state})


def assert_refused(browser: Client, answer: Any) -> None:
    assert answer.status_code == 403
    assert "You are not on the staff list" in answer.text
    assert "North Test School" in answer.text
    assert is_signed_out(browser)


def test_a_listed_teacher_signs_in_and_sees_their_pages(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    browser, answer = come_as(provider, **TEACHER)
    assert answer.headers["Location"] == "/records/"
    assert browser.get("/records/").content == b"records of Teacher"
    assert provider.asked[0]["client_secret"] == [SECRET]


def test_the_school_is_found_by_its_name(provider: Provider) -> None:
    assert "Sign in with my school" in Client().get("/account/login/").text
    assert "/account/school/1/" in Client().get("/account/school/?school=north").text
    assert "No school of that name" in Client().get("/account/school/?school=south").text
    assert "/account/school/1/" not in Client().get("/account/school/?school=n").text


def test_somebody_without_an_account_gets_one_at_the_first_sign_in(
    town: Town, provider: Provider, as_superuser: Connection
) -> None:
    person = as_superuser.execute(
        "insert into directory_person (name, title, email, telephone) values ('New', '', %s, '') returning id", [EMAIL]
    ).fetchone()
    assert person
    town.role(Somebody(person[0], 0), town.north, "staff")
    browser, _answer = come_as(provider, **TEACHER)
    assert browser.get("/records/").content == b"records of New"


def test_after_the_first_time_only_the_subject_counts(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    come_as(provider, **TEACHER)
    browser, _answer = come_as(provider, sub="subject-1", email="married.name@north.example", email_verified=True)
    assert browser.get("/records/").content == b"records of Teacher"


def test_another_subject_with_the_same_address_is_refused(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    come_as(provider, **TEACHER)
    assert_refused(*come_as(provider, **(TEACHER | {"sub": "subject-2"})))


def test_a_pupil_of_the_same_domain_is_refused(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    assert_refused(*come_as(provider, sub="pupil", email="a.pupil@north.example", email_verified=True))


@pytest.mark.parametrize("email", ["t.teacher@north.example.evil.example", "T.Teacher+x@north.example", "", None])
def test_an_address_that_is_nearly_the_same_is_refused(
    town: Town, provider: Provider, listed: Any, email: str | None
) -> None:
    listed(town.teacher, EMAIL)
    assert_refused(*come_as(provider, **(TEACHER | {"email": email})))


@pytest.mark.parametrize("verified", [{"email_verified": False}, {"email_verified": "true"}, {}])
def test_an_address_that_nobody_verified_is_refused(
    town: Town, provider: Provider, listed: Any, verified: dict[str, object]
) -> None:
    listed(town.teacher, EMAIL)
    assert_refused(*come_as(provider, sub="subject-1", email=EMAIL, **verified))


def test_microsofts_word_for_a_verified_address_counts(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    browser, _answer = come_as(provider, sub="subject-1", email=EMAIL, xms_edov=True, hd=None, tid=TENANT)
    assert browser.get("/records/").content == b"records of Teacher"


@pytest.mark.parametrize("tenant", [{"hd": "elsewhere.example"}, {"hd": None}, {"hd": None, "tid": "another"}])
def test_another_tenant_of_the_same_issuer_is_refused(
    town: Town, provider: Provider, listed: Any, tenant: dict[str, object]
) -> None:
    listed(town.teacher, EMAIL)
    assert_refused(*come_as(provider, **(TEACHER | tenant)))


def test_a_bound_subject_from_another_tenant_is_refused(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    come_as(provider, **TEACHER)
    assert_refused(*come_as(provider, **(TEACHER | {"hd": "elsewhere.example"})))


@pytest.mark.parametrize(
    "wrong", [{"iss": "https://elsewhere.example"}, {"aud": "another product"}, {"exp": 1_000_000_000}]
)
def test_a_token_of_another_issuer_for_another_product_or_too_old_is_refused(
    town: Town, provider: Provider, listed: Any, wrong: dict[str, object]
) -> None:
    listed(town.teacher, EMAIL)
    browser, answer = come_as(provider, **(TEACHER | wrong))
    assert answer.status_code == 401
    assert "did not work" in answer.text
    assert is_signed_out(browser)


def test_a_token_signed_with_a_key_that_the_provider_does_not_publish_is_refused(
    town: Town, provider: Provider, listed: Any
) -> None:
    listed(town.teacher, EMAIL)
    provider.published = rsa.generate_private_key(65537, 2048)
    _browser, answer = come_as(provider, **TEACHER)
    assert answer.status_code == 401


def test_a_state_works_once_and_only_in_the_browser_that_left(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    browser, provider.claims = Client(), TEACHER
    state = leave_for(provider, browser, "/account/school/1/")
    query = {"code": "abc", "state": state}
    stranger = Client()
    assert stranger.get("/account/school/1/back/", query).status_code == 401
    assert browser.get("/account/school/1/back/", query).status_code == 302
    browser.post("/account/logout/")
    assert browser.get("/account/school/1/back/", query).status_code == 401
    assert browser.get("/account/school/1/back/", {"code": "abc", "state": "made-up"}).status_code == 401


def test_whoever_left_the_school_is_refused(
    town: Town, provider: Provider, listed: Any, as_superuser: Connection
) -> None:
    listed(town.teacher, EMAIL)
    come_as(provider, **TEACHER)
    as_superuser.execute(
        "update directory_membership set until = '2020-02-01' where person_id = %s", [town.teacher.person]
    )
    assert_refused(*come_as(provider, **TEACHER))


def test_two_people_listed_with_one_address_are_both_refused(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    listed(town.spoc, EMAIL)
    assert_refused(*come_as(provider, **TEACHER))


def test_staff_of_another_school_are_refused(town: Town, provider: Provider, listed: Any) -> None:
    somebody = town.person("Southerner")
    town.role(somebody, town.south, "staff")
    listed(somebody, EMAIL)
    assert_refused(*come_as(provider, **TEACHER))


def test_a_spoc_still_needs_our_second_factor(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.spoc, EMAIL)
    browser, _answer = come_as(provider, **TEACHER)
    assert browser.get("/records/").headers["Location"] == "/account/second-factor/"
    set_up_app(browser)
    assert browser.get("/records/").content == b"records of Spoc"
    again, answer = come_as(provider, **TEACHER)
    assert answer.headers["Location"] == "/account/second-factor/ask/"
    assert is_signed_out(again)


def test_nobody_ties_a_schools_account_to_an_account_that_is_signed_in(
    town: Town, provider: Provider, listed: Any
) -> None:
    listed(town.teacher, EMAIL)
    browser = Client()
    state = leave_for(provider, browser, "/account/school/1/?process=connect")
    provider.claims = TEACHER
    assert_refused(browser, browser.get("/account/school/1/back/", {"code": "abc", "state": state}))


def test_a_locked_session_opens_by_signing_in_again(town: Town, provider: Provider, listed: Any) -> None:
    listed(town.teacher, EMAIL)
    browser, _answer = come_as(provider, **TEACHER)
    assert "/account/school/1/?next=/records/" in browser.get("/account/lock/?next=/records/").text
    assert browser.get("/records/").status_code == 302
    come_as(provider, browser, **TEACHER)
    assert browser.get("/records/").content == b"records of Teacher"


def test_stopping_at_the_school_leads_back_to_signing_in(provider: Provider) -> None:
    browser = Client()
    state = leave_for(provider, browser, "/account/school/1/")
    answer = browser.get("/account/school/1/back/", {"error": "access_denied", "state": state}, follow=True)
    assert "You stopped signing in" in answer.text


def test_a_school_whose_sign_in_does_not_answer_is_said_to_be_so(town: Town, as_superuser: Connection) -> None:
    as_superuser.execute(
        "insert into access_identityprovider (id, school, name, issuer, tenant, client_id)"
        " values (1, %s, 'North', 'http://127.0.0.1:1', 'x', 'x')",
        [town.north],
    )
    assert Client().get("/account/school/1/").status_code == 502
    assert Client().get("/account/school/2/").status_code == 404


def test_nothing_of_what_the_school_says_of_somebody_is_kept(
    town: Town, provider: Provider, listed: Any, as_superuser: Connection
) -> None:
    listed(town.teacher, EMAIL)
    for _time in range(2):
        come_as(provider, **TEACHER)
    assert as_superuser.execute("select uid, extra_data from socialaccount_socialaccount").fetchall() == [
        ("subject-1", {})
    ]
