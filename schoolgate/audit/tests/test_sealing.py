"""What is sealed and when; the key and the heads stay outside the database; the commands say so in a line."""

import argparse
import datetime as dt
import stat
from functools import partial
from types import SimpleNamespace

import psycopg
import pytest
from django.core import mail
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from schoolgate.access.acting import acting
from schoolgate.audit import sealing, verify
from schoolgate.audit.heads import read_heads
from schoolgate.audit.notes import Operation, note
from schoolgate.audit.seals import connect, last_seal
from schoolgate.audit.selectors import log_health
from schoolgate.audit.tests.log import Log, tamper
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import administrator_conninfo, conninfo
from schoolgate.core.clock import now


def arguments(log: Log, **given: object) -> argparse.Namespace:
    """What the command line gives a command."""
    environment = SimpleNamespace(seal_key_path=log.key, heads_path=log.heads, heads_to=[])
    return argparse.Namespace(environment=environment, connect_as=partial(conninfo, read_environment()), **given)


def test_what_a_running_transaction_may_still_add_to_waits_for_its_end(log: Log, as_superuser: Connection) -> None:
    with as_superuser.transaction():
        as_superuser.execute("select pg_current_xact_id()")
        log.look()
        log.seal()
        assert log.verify().unsealed == 1
    log.seal()
    assert log.verify().unsealed == 0


def test_a_transaction_of_another_database_holds_up_no_seal(log: Log) -> None:
    elsewhere = make_conninfo(administrator_conninfo(read_environment()), dbname="postgres")
    with psycopg.connect(elsewhere) as other, other.transaction():
        other.execute("select pg_current_xact_id()")
        log.look()
        log.seal()
        assert log.verify().unsealed == 0


def test_nothing_new_makes_no_seal(log: Log) -> None:
    before = len(read_heads(log.heads))
    log.seal()
    assert len(read_heads(log.heads)) == before


def test_each_seal_is_a_line_outside_the_database(log: Log) -> None:
    log.look()
    log.seal()
    with connect(log.conninfo) as connection:
        last = last_seal(connection)
    written = read_heads(log.heads)
    assert last is not None
    assert [head.n for head in written] == list(range(1, last.n + 1))
    assert written[-1].head == last.head


def test_a_sealer_that_was_ended_before_writing_the_head_writes_it_when_it_starts_again(log: Log) -> None:
    kept = log.heads.read_text().splitlines(keepends=True)
    log.heads.write_text("".join(kept[:-1]))
    assert sealing.main(arguments(log, every=None, restored=None)) == 0
    assert log.heads.read_text().splitlines(keepends=True)[: len(kept)] == kept
    assert log.verify().wrong == []


def test_the_key_is_this_users_alone(log: Log) -> None:
    assert stat.S_IMODE(log.key.stat().st_mode) == 0o600
    assert log.key.with_suffix(".pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")


def test_the_newest_head_is_mailed_once_a_day(log: Log) -> None:
    with connect(log.conninfo, autocommit=True) as connection:
        key = sealing.key_for(connection, log.key)
        tomorrow = now() + dt.timedelta(days=1)
        for moment in (tomorrow, tomorrow + dt.timedelta(minutes=1)):
            log.look()
            sealing.seal_and_tell(connection, key, log.heads, ["heads@keeper.example"], at=moment)
    assert [message.to for message in mail.outbox] == [["heads@keeper.example"]]
    assert log.heads.read_text().splitlines()[-2] in mail.outbox[0].body


def test_a_mail_server_that_is_away_does_not_stop_the_sealing(
    log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(head: object, to: object) -> None:
        raise ConnectionRefusedError("nobody answers")

    monkeypatch.setattr(sealing, "mail_head", refuse)
    log.look()
    with connect(log.conninfo, autocommit=True) as connection:
        key, tomorrow = sealing.key_for(connection, log.key), now() + dt.timedelta(days=1)
        sealing.seal_and_tell(connection, key, log.heads, ["heads@keeper.example"], at=tomorrow)
    assert "was not mailed: nobody answers" in capsys.readouterr().err
    assert log.verify().unsealed == 0


def test_the_sealer_makes_months_a_year_ahead(log: Log) -> None:
    health = log_health()
    assert health.partitions_until > now().date() + dt.timedelta(days=365)
    assert not health.outside


def test_the_health_of_the_log_names_the_oldest_entry_that_waits(log: Log) -> None:
    assert log_health().oldest_unsealed is None
    log.look()
    waiting = log_health().oldest_unsealed
    assert waiting is not None
    assert now() - waiting < dt.timedelta(minutes=5)


def test_verify_log_says_in_one_line_that_the_log_is_whole(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(arguments(log, heads=None)) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("The log is whole: ")


def test_verify_log_fails_and_says_what_it_found(
    log: Log, as_superuser: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(as_superuser, "delete from audit_access where records = %s", [log.looked_at[0]])
    assert verify.main(arguments(log, heads=None)) == 1
    said = capsys.readouterr().out
    assert "of audit_access is missing" in said
    assert "The log is NOT WHOLE (1 found)" in said


def put_back_to(seal: int, superuser: Connection) -> None:
    """The log as an older copy of the data folder would have it."""
    tamper(superuser, "delete from audit_access where xid >= (select from_xid from audit_seal where n > %s)", seal)
    tamper(superuser, "delete from audit_seal where n > %s", seal)


def test_a_declared_file_level_restore_is_whole_and_noted(log: Log, as_superuser: Connection) -> None:
    before = as_superuser.execute("select max(n) from audit_seal").fetchone()[0]
    log.look()
    log.seal()
    put_back_to(before, as_superuser)
    assert sealing.main(arguments(log, every=None, restored="disk failed, backup of 3 am")) == 0
    report = log.verify()
    assert report.wrong == []
    assert any("lost at the restore that epoch 3 declares" in line for line in report.noted)
    assert any("disk failed, backup of 3 am" in line for line in report.noted)


def test_nobody_reads_a_month_of_the_log_past_its_policies(log: Log, as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select c.oid::regclass::text from pg_class c, pg_roles r where c.relispartition and c.relkind = 'r'"
        " and r.rolname like 'schoolgate%%' and r.rolname <> 'schoolgate_owner'"
        " and has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
    ).fetchall()
    assert found == []
    months = as_superuser.execute(
        "select count(*) from pg_class where relispartition and relkind = 'r' and relforcerowsecurity"
    ).fetchone()
    assert months > (20,)


def test_time_person_epoch_and_transaction_are_not_the_writers_to_choose(log: Log, as_superuser: Connection) -> None:
    row = as_superuser.execute(
        "insert into audit_access (epoch, xid, person, operation, kind, controller, on_behalf_of, records, subjects,"
        " recipients, page, reason, refused, circles, barred)"
        " values (77, 5, 99, 'consultation', 'x', 0, '{}', '{}', '{}', '{}', '', '', 0, '{}', '{}')"
        " returning epoch, person, xid = pg_current_xact_id()::text::bigint"
    ).fetchone()
    assert row == (2, None, True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="the time of its transaction"):
        as_superuser.execute(
            "insert into audit_access (at, operation, kind, controller, on_behalf_of, records, subjects,"
            " recipients, page, reason, refused, circles, barred)"
            " values ('2020-01-01', 'consultation', 'x', 0, '{}', '{}', '{}', '{}', '', '', 0, '{}', '{}')"
        )


def test_a_read_that_nobody_could_log_does_not_happen() -> None:
    with pytest.raises(LookupError, match="only inside a request"):
        note(Operation.CONSULTATION, "children.child", [], controller=1)


def look_and_fail(log: Log) -> None:
    with acting(log.cast.user("spoc"), page="test"):
        note(Operation.CONSULTATION, "children.child", [], controller=1)
        raise ZeroDivisionError


def test_an_entry_goes_with_the_transaction_that_it_is_about(log: Log, as_superuser: Connection) -> None:
    count = "select count(*) from audit_access"
    before = as_superuser.execute(count).fetchone()
    with pytest.raises(ZeroDivisionError):
        look_and_fail(log)
    assert as_superuser.execute(count).fetchone() == before
