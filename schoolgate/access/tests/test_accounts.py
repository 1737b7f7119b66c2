"""Administrators make accounts and take second factors back."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from psycopg import Connection

from schoolgate.access import services
from schoolgate.access.acting import acting, enter
from schoolgate.access.create_administrator import NotTheFirst, create_first_administrator
from schoolgate.access.models import User
from schoolgate.access.selectors import person_account, school_name
from schoolgate.access.tests.browsing import PASSWORD, enter_password, is_signed_out, run_the_jobs, set_up_app
from schoolgate.core.clock import now
from tests.access.world import Somebody, Town

pytestmark = pytest.mark.usefixtures("committed_database")

EMAIL = "new.head@north.example"


@pytest.fixture
def admin(town: Town) -> Somebody:
    somebody = town.person("Admin")
    town.role(somebody, town.force, "administrator")
    return somebody


@pytest.fixture
def newcomer(town: Town, as_superuser: Connection) -> Somebody:
    """A head teacher in the directory, without an account."""
    row = as_superuser.execute(
        "insert into directory_person (name, title, email, telephone) values ('Newcomer', '', %s, '') returning id",
        [EMAIL],
    ).fetchone()
    assert row
    somebody = Somebody(row[0], 0)
    town.role(somebody, town.north, "head")
    return somebody


@pytest.fixture
def admins(admin: Somebody, named: Callable[[Somebody, str], str]) -> Client:
    """The administrator's browser."""
    browser = Client()
    enter_password(browser, named(admin, "admin@police.example"))
    set_up_app(browser)
    return browser


def invite(admin: Somebody, person: int) -> int:
    with acting(admin.user, page="test") as by:
        return services.invite(by=by, at=now(), person=person)


def ask_as(who: Somebody, query: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        enter(who.user)
        cursor.execute(query)


def test_somebody_invited_sets_a_password_once_and_then_a_second_factor(admin: Somebody, newcomer: Somebody) -> None:
    invite(admin, newcomer.person)
    run_the_jobs()
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    assert "Newcomer" not in mail.outbox[0].body
    link = re.search(r"http://127\.0\.0\.1:\d+(/\S+)", mail.outbox[0].body)
    assert link
    browser = Client()
    address = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert "no longer works" in Client().get(link[1]).text
    enter_password(browser, EMAIL)
    assert browser.get("/records/").headers["Location"] == "/account/second-factor/"
    set_up_app(browser)
    assert browser.get("/records/").content == b"records of Newcomer"


def test_inviting_again_sends_another_link_to_the_same_account(admin: Somebody, newcomer: Somebody) -> None:
    assert invite(admin, newcomer.person) == invite(admin, newcomer.person)
    run_the_jobs()
    assert len(mail.outbox) == 2


def test_an_account_that_has_a_password_is_sent_nothing(town: Town, admin: Somebody, teacher: str) -> None:
    invite(admin, town.teacher.person)
    run_the_jobs()
    assert mail.outbox == []


def test_somebody_without_an_address_cannot_be_invited(
    admin: Somebody, newcomer: Somebody, as_superuser: Connection
) -> None:
    as_superuser.execute("update directory_person set email = '' where id = %s", [newcomer.person])
    with pytest.raises(services.NoAddress):
        invite(admin, newcomer.person)


def test_an_address_that_opens_another_account_cannot_be_used(
    admin: Somebody, newcomer: Somebody, teacher: str, as_superuser: Connection
) -> None:
    as_superuser.execute("update directory_person set email = %s where id = %s", [teacher, newcomer.person])
    with pytest.raises(services.AddressTaken):
        invite(admin, newcomer.person)


def test_only_an_administrator_looks_after_accounts(town: Town, newcomer: Somebody) -> None:
    with pytest.raises(PermissionDenied):
        invite(town.head, newcomer.person)
    for call in (
        "select access_make_account(1)",
        "select access_reset_second_factor(1)",
        "select * from access_account_of(1)",
        "select access_add_provider(1, 'x', 'https://x.example', 'x', 'x')",
        "select access_remove_provider(1, 1)",
        "select * from access_providers(1)",
    ):
        with pytest.raises(DatabaseError, match="only a technical administrator"):
            ask_as(town.head, call)


def test_a_page_of_records_may_not_call_what_sign_in_calls(town: Town) -> None:
    for call in (
        "select access_supply_user('x', now())",
        "select access_listed_account(1, 'x')",
        "select access_is_listed(1, 1)",
        "select access_end_sessions(1)",
        "select access_supply_account(1)",
        "select access_staff_list(1)",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            ask_as(town.head, call)


def test_a_second_factor_taken_back_ends_the_sessions_and_is_set_up_again(
    town: Town, admins: Client, admin: Somebody, spoc: str, as_superuser: Connection
) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    page = f"/accounts/{town.spoc.person}/"
    assert "Set up" in admins.get(page).text
    assert "Say why" in admins.post(page, {"reason": ""}).text
    assert "is taken back" in admins.post(page, {"reason": "Lost the phone"}, follow=True).text
    assert "Not set up" in admins.get(page).text
    assert is_signed_out(browser)
    enter_password(browser, spoc)
    assert browser.get("/records/").headers["Location"] == "/account/second-factor/"
    row = as_superuser.execute(
        "select person, operation, reason from audit_access where kind = 'mfa.authenticator'"
    ).fetchone()
    assert row == (admin.person, "erasure", f"account {town.spoc.user}: Lost the phone")


def test_an_administrator_of_another_force_may_not(town: Town, spoc: str, as_superuser: Connection) -> None:
    stranger = town.person("Stranger")
    town.role(stranger, town.organisation("force", "Another Police"), "administrator")
    for call in (
        f"select access_make_account({town.spoc.person})",
        f"select access_reset_second_factor({town.spoc.user})",
        f"select * from access_account_of({town.spoc.person})",
        f"select access_add_provider({town.north}, 'x', 'https://x.example', 'x', 'x')",
        f"select access_remove_provider({town.north}, 1)",
        f"select * from access_providers({town.north})",
    ):
        with pytest.raises(DatabaseError, match="only a technical administrator of the force"):
            ask_as(stranger, call)
    with acting(stranger.user, page="test"):
        for look in (lambda: person_account(town.spoc.person), lambda: school_name(town.north)):
            with pytest.raises(Http404):
                look()


def test_a_person_without_an_account_is_said_to_have_none(admins: Client, newcomer: Somebody) -> None:
    assert "No account yet" in admins.get(f"/accounts/{newcomer.person}/").text
    assert admins.get("/accounts/999999/").status_code == 404


def test_an_administrator_sets_up_and_removes_a_schools_own_sign_in(
    town: Town, admins: Client, as_superuser: Connection
) -> None:
    page = f"/school-sign-in/{town.north}/"
    google = {"issuer": "https://accounts.google.com", "tenant": "north.example", "client": "schoolgate"}
    assert "begins with https://" in admins.post(page, google | {"issuer": "accounts.google.com"}).text
    assert admins.post(page, google).status_code == 302
    assert "has this tenant already" in admins.post(page, google).text
    assert "North Test School" in Client().get("/account/school/?school=north").text
    found = re.search(r"/account/school/(\d+)/back/", admins.get(page).text)
    assert found
    as_superuser.execute(
        "insert into socialaccount_socialaccount (provider, uid, last_login, date_joined, extra_data, user_id)"
        " values (%s, 'x', now(), now(), '{}', %s)",
        [found[1], town.teacher.user],
    )
    admins.post(page, {"remove": found[1]})
    assert "No school of that name" in Client().get("/account/school/?school=north").text
    assert as_superuser.execute("select count(*) from socialaccount_socialaccount").fetchone() == (0,)
    assert admins.get(f"/school-sign-in/{town.force}/").status_code == 404


def test_others_may_not_see_accounts_or_set_up_sign_ins(town: Town, spoc: str) -> None:
    browser = Client()
    enter_password(browser, spoc)
    set_up_app(browser)
    assert browser.get(f"/accounts/{town.spoc.person}/").status_code == 403
    assert browser.post(f"/school-sign-in/{town.north}/", {"remove": "1"}).status_code == 403


def test_the_first_administrator_of_a_force_is_made_by_the_owner_and_gets_in(as_owner: Connection) -> None:
    user = create_first_administrator(
        as_owner, email="First@Wex.example", name="First", force="New Police", nation="wales"
    )
    with acting(user, page="test") as viewer:
        (standing,) = [each for each in viewer.standings if each.kind == "administrators"]
        assert (viewer.name, standing.role) == ("First", "administrator")
    force = as_owner.execute("select name, nation from directory_organisation where id = %s", [standing.organisation])
    assert force.fetchone() == ("New Police", "wales")
    browser = Client()
    link = services.password_link(User.objects.get(pk=user)).removeprefix(settings.BASE_ADDRESS)
    address = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert enter_password(browser, "first@wex.example").status_code == 302


def test_a_second_administrator_is_not_made_from_outside(
    town: Town, admin: Somebody, teacher: str, as_owner: Connection
) -> None:
    with pytest.raises(NotTheFirst, match="Test Police has an administrator already"):
        create_first_administrator(as_owner, email="x@wex.example", name="X", force="Test Police")
    with pytest.raises(NotTheFirst, match="There is an account"):
        create_first_administrator(as_owner, email=teacher, name="X", force="Other Police")


@pytest.mark.parametrize("number", ["2147483648", "9" * 25, "9" * 5000])
def test_a_sign_in_that_no_school_can_have_is_not_removed(admins: Client, town: Town, number: str) -> None:
    assert admins.post(f"/school-sign-in/{town.north}/", {"remove": number}).status_code == 200
