"""Before anything else about access: the tests themselves run without privilege."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import Connection

from schoolgate.access.acting import acting, enter
from schoolgate.access.startup import UnsafeRole, refuse_unsafe_role
from schoolgate.children.models import Child
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import conninfo
from tests.access.world import Town, make_town

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def town(as_superuser: Connection) -> Town:
    return make_town(as_superuser)


def ask(query: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def test_tests_connect_as_the_sign_in_role_that_bypasses_nothing() -> None:
    assert ask("select session_user") == "schoolgate_login"
    assert ask("select rolsuper or rolbypassrls from pg_roles where rolname = session_user") is False
    assert ask("select count(*) from pg_class where relowner = (session_user::regrole)::oid") == 0


def test_a_row_that_exists_cannot_be_seen_without_its_circle(town: Town) -> None:
    town.add_child(town.north, "Kit Example")
    with transaction.atomic():
        enter(town.teacher.user)
        assert ask("select current_user") == "schoolgate_app"
        assert Child.objects.count() == 0
    with transaction.atomic():
        enter(town.spoc.user)
        assert Child.objects.count() == 1


def test_without_settings_the_application_role_sees_nothing(town: Town) -> None:
    town.add_child(town.north, "Kit Example")
    with transaction.atomic():
        ask("select set_config('role', 'schoolgate_app', true)")
        assert Child.objects.count() == 0


def test_the_sign_in_role_may_not_touch_records_at_all() -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        Child.objects.count()


def test_settings_end_with_the_transaction(town: Town) -> None:
    with transaction.atomic():
        enter(town.spoc.user)
    assert ask("select coalesce(current_setting('schoolgate.circles', true), '')") == ""
    assert ask("select coalesce(current_setting('schoolgate.person', true), '')") == ""
    assert ask("select current_user") == "schoolgate_login"


def test_settings_survive_a_released_savepoint_and_so_are_set_at_every_entry(town: Town) -> None:
    town.add_child(town.north, "Kit Example")
    with transaction.atomic():
        with transaction.atomic():
            enter(town.spoc.user)
        assert Child.objects.count() == 1
        enter(None)
        assert Child.objects.count() == 0


def test_an_anonymous_visitor_enters_with_no_circle_and_no_person() -> None:
    with transaction.atomic():
        viewer = enter(None)
        assert viewer.person is None
        assert not viewer.standings
        assert ask("select current_setting('schoolgate.circles')") == ""


def test_nobody_updates_circles_or_who_made_a_record(town: Town) -> None:
    child = town.add_child(town.north, "Kit Example")
    for column, value in (("circles", "'{1}'"), ("made_by", "1"), ("holder", str(town.south)), ("barred", "'{}'")):
        with pytest.raises(DatabaseError, match="permission denied"), acting(town.spoc.user, page="test"):
            ask(f"update children_child set {column} = {value} where id = %s returning 1", child)


def test_the_application_role_deletes_no_record(town: Town) -> None:
    town.add_child(town.north, "Kit Example")
    with pytest.raises(DatabaseError, match="permission denied"), acting(town.spoc.user, page="test"):
        Child.objects.all().delete()


def test_a_record_cannot_be_made_in_another_persons_name(town: Town, as_superuser: Connection) -> None:
    child = Child(holder=town.north, name="Kit", made_by=town.head.person, made_at="2026-01-01T00:00Z")
    with pytest.raises(DatabaseError, match="made by the person acting"), acting(town.spoc.user, page="test"):
        Child.objects.bulk_create([child])


def test_a_key_to_another_schools_record_does_not_tell_that_it_exists(town: Town, as_superuser: Connection) -> None:
    foreign = as_superuser.execute(
        "select conname from pg_constraint where contype = 'f' and confrelid in"
        " (select tgrelid from pg_trigger where tgname = 'protect') and conrelid in"
        " (select tgrelid from pg_trigger where tgname = 'protect') and cardinality(conkey) < 2"
    ).fetchall()
    assert foreign == []


def test_unique_keys_on_protected_tables_begin_with_an_owner(as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select c.conrelid::regclass::text, pg_get_constraintdef(c.oid) from pg_constraint c"
        " where c.contype = 'u' and c.conrelid in (select tgrelid from pg_trigger where tgname = 'protect')"
    ).fetchall()
    assert found
    owners = ("UNIQUE (holder,", "UNIQUE (school,", "UNIQUE (school_id,", "UNIQUE (team,", "UNIQUE (made_by,")
    assert [row for row in found if not row[1].startswith(owners)] == []


def test_no_index_on_a_protected_table_can_serve_a_lists_order_alone(as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select i.indrelid::regclass::text, a.attname from pg_index i"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indrelid in (select tgrelid from pg_trigger where tgname = 'protect')"
        " and a.atttypid in ('timestamptz'::regtype, 'date'::regtype)"
    ).fetchall()
    assert found == []


def test_serving_is_refused_for_a_role_that_owns_tables(town: Town) -> None:
    refuse_unsafe_role()
    settings = connection.settings_dict
    before = settings["USER"], settings["PASSWORD"]
    environment = read_environment()
    connection.close()
    connection.close_pool()
    try:
        settings["USER"], settings["PASSWORD"] = (
            "schoolgate_owner",
            environment.secrets.database_passwords["schoolgate_owner"],
        )
        with pytest.raises(UnsafeRole, match="schoolgate_owner"):
            refuse_unsafe_role()
    finally:
        connection.close()
        connection.close_pool()
        settings["USER"], settings["PASSWORD"] = before


def test_a_bulk_load_past_the_policies_is_refused(town: Town) -> None:
    with psycopg.connect(conninfo(read_environment(), "schoolgate_login")) as login, login.cursor() as cursor:
        cursor.execute("select * from access_enter(%s)", [town.spoc.user])
        with (
            pytest.raises(psycopg.Error, match="COPY FROM not supported with row-level security"),
            cursor.copy("copy children_child (id) from stdin") as copy,
        ):
            copy.write_row(["5d4f5a0e-0000-4000-8000-000000000000"])


def test_log_partitions_and_the_log_itself_cannot_be_written_or_read_directly(town: Town) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), acting(town.spoc.user, page="test"):
        ask("select count(*) from audit_access_default")
    with pytest.raises(DatabaseError, match="permission denied"), acting(town.spoc.user, page="test"):
        ask("delete from audit_access returning 1")
    with pytest.raises(DatabaseError, match="permission denied"), acting(town.spoc.user, page="test"):
        ask("insert into audit_change (operation) values ('collection') returning 1")
