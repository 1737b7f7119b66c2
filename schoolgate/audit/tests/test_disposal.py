"""Content goes for good, by the retention role alone; the log stays whole and says so."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.audit.disposal import ROLE, NoSuchRecord, RecordName, dispose
from schoolgate.audit.tests.log import Log
from schoolgate.children.models import Child
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import conninfo
from schoolgate.core.clock import now

NAME = "Kit Example"


@pytest.fixture
def as_retention(committed_database: str) -> Iterator[Connection]:
    with psycopg.connect(conninfo(read_environment(), ROLE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def child(log: Log) -> UUID:
    """A child's record, renamed once, and sealed."""
    with acting(log.cast.user("spoc"), page="test") as spoc:
        made = Child(holder=log.cast.place("larkmoor"), name=NAME, made_by=spoc.person, made_at=now())
        Child.objects.bulk_create([made])
        assert Child.objects.filter(pk=made.pk).update(year_group="9") == 1
    log.seal()
    return made.pk


def disposed(connection: Connection, log: Log, child: UUID) -> None:
    dispose(
        connection,
        records=[RecordName("children.child", child)],
        rule="contact only, 1 year",
        by=log.cast.person("dpo"),
    )


def test_record_history_and_key_are_gone(
    log: Log, child: UUID, as_retention: Connection, as_superuser: Connection
) -> None:
    disposed(as_retention, log, child)
    assert as_superuser.execute("select count(*) from children_child where id = %s", [child]).fetchone() == (0,)
    history = as_superuser.execute("select content from audit_change where record = %s", [str(child)]).fetchall()
    assert history == [(None,), (None,)]
    assert as_superuser.execute("select count(*) from audit_key where record = %s", [str(child)]).fetchone() == (0,)
    left = as_superuser.execute("select count(*) from audit_change where content::text like %s", [f"%{NAME}%"])
    assert left.fetchone() == (0,)


def test_the_log_is_whole_and_says_when_by_whom_and_under_which_rule(
    log: Log, child: UUID, as_retention: Connection
) -> None:
    disposed(as_retention, log, child)
    log.seal()
    report = log.verify()
    assert report.wrong == []
    person = log.cast.person("dpo")
    said = f"disposed on {now().date()}, by person {person}, under the rule “contact only, 1 year”."
    assert [line for line in report.noted if said in line] != []


def test_an_erasure_is_logged_for_the_controllers_dpo_without_what_was_erased(
    log: Log, child: UUID, as_retention: Connection, as_superuser: Connection
) -> None:
    disposed(as_retention, log, child)
    entry = as_superuser.execute(
        "select a.*::text, controller from audit_access a where operation = 'erasure' and %s = any (records)", [child]
    ).fetchone()
    assert NAME not in entry[0]
    assert entry[1] == log.cast.place("lantern-trust")


def test_nothing_is_disposed_of_when_one_record_is_not_there(log: Log, child: UUID, as_retention: Connection) -> None:
    records = [RecordName("children.child", child), RecordName("children.child", uuid4())]
    with pytest.raises(NoSuchRecord):
        dispose(as_retention, records=records, rule="contact only, 1 year", by=log.cast.person("dpo"))
    assert as_retention.execute("select count(*) from children_child where id = %s", [child]).fetchone() == (1,)
    assert log.verify().wrong == []


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_change set content = null",
        "update audit_change set person = 1",
        "delete from audit_change",
        "delete from audit_access",
        "update audit_access set person = 1",
        "delete from audit_key",
        "delete from audit_seal",
        "insert into audit_access (operation) values ('erasure')",
    ],
)
def test_the_application_role_can_change_nothing_of_the_log(log: Log, statement: str) -> None:
    with psycopg.connect(conninfo(read_environment(), "schoolgate_login"), autocommit=True) as connection:
        connection.execute("set role schoolgate_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_change set content = '{}'",
        "update audit_change set person = 1",
        "delete from audit_change",
        "delete from audit_access",
        "truncate audit_access",
    ],
)
def test_the_retention_role_can_only_take_content_away(
    log: Log, child: UUID, as_retention: Connection, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_retention.execute(statement)


def test_the_owner_of_the_tables_is_refused_too(log: Log, as_owner: Connection) -> None:
    for table in ("audit_access", "audit_change", "audit_seal", "audit_epoch", "audit_access_default"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
            as_owner.execute(f"truncate {table} cascade")
