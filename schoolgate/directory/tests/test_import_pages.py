"""The school register, imported in the administrators' pages and by the worker."""

import gzip
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import LOGIN, conninfo
from schoolgate.directory import importing, register
from schoolgate.directory.gias import Upload
from schoolgate.directory.imports import import_report
from schoolgate.directory.models import ImportState, RegisterImport, School
from schoolgate.directory.register import ONLY_IMPORT_LOCK
from schoolgate.directory.report import report_lines
from schoolgate.directory.tests.registers import AT, EXTRACT, PLAIN, PUBLISHED, as_csv
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

IMPORTS = "/directory/imports/"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast, "admin")


def ask(cast: Cast, content: bytes, *forces: str, by: str = "admin", once: UUID | None = None) -> UUID:
    """An administrator asks for an import."""
    with acting(cast.user(by), page="test") as viewer:
        upload = Upload("register.csv", content)
        return importing.ask_for_import(by=viewer, at=AT, upload=upload, forces=forces, once=once or uuid4())


def run(cast: Cast, asked: UUID, *, by: str = "admin") -> None:
    """What the worker does for it."""
    importing.run_import(asked, user=cast.user(by), at=AT)


def imported(cast: Cast) -> UUID:
    """An import that is done."""
    asked = ask(cast, PUBLISHED.read_bytes(), "kent")
    run(cast, asked)
    return asked


def row(cast: Cast, asked: UUID) -> RegisterImport:
    with acting(cast.user("admin"), page="test"):
        return RegisterImport.objects.get(id=asked)


def send(admin: Client, name: str, content: bytes, **answers: Any) -> Any:
    once = re.search(r'name="once" value="([^"]+)"', admin.get(f"{IMPORTS}new/").text)
    assert once
    file = SimpleUploadedFile(name, content)
    return admin.post(f"{IMPORTS}new/", {"once": once[1], "file": file, "which": "all"} | answers, follow=True)


def test_the_start_page_leads_to_imports_and_the_empty_list_says_what_to_do(admin: Client) -> None:
    assert f'href="{IMPORTS}"' in admin.get("/directory/").text
    page = admin.get(IMPORTS).text
    assert "Nothing was imported in these pages yet." in page
    assert f'href="{IMPORTS}new/"' in page


def test_a_file_that_is_sent_waits_is_imported_and_reported(cast: Cast, admin: Client) -> None:
    page = send(admin, "register.csv.gz", gzip.compress(PUBLISHED.read_bytes()), which="some", forces=["kent"])
    assert "Waiting" in page.text
    assert "See how far it is now" in page.text
    asked = UUID(page.request["PATH_INFO"].rstrip("/").rpartition("/")[2])
    run(cast, asked)
    page = admin.get(f"{IMPORTS}{asked}/").text
    assert "The directory is up to date with this file." in page
    assert "Forces added: Kent" in page
    assert "Of other forces, left alone:" in page
    assert "register.csv.gz" in admin.get(IMPORTS).text


def test_the_page_gives_the_report_that_the_command_gives(cast: Cast, admin: Client) -> None:
    for content in (EXTRACT.read_bytes(), PUBLISHED.read_bytes()):
        asked = ask(cast, content)
        with undone(cast) as viewer:
            told = register.import_schools(file=Upload("x.csv", content), by=viewer, at=AT)
        run(cast, asked)
        assert admin.get(f"{IMPORTS}{asked}/report.txt").text == "\n".join(report_lines(told))
        with acting(cast.user("admin"), page="test") as viewer:
            assert list(report_lines(import_report(viewer, asked))) == list(report_lines(told))


@contextmanager
def undone(cast: Cast) -> Iterator[Any]:
    """Act as the administrator, and leave nothing of it."""
    with acting(cast.user("admin"), page="test") as viewer:
        yield viewer
        transaction.set_rollback(True)


def test_the_report_is_filtered_by_line(cast: Cast, admin: Client) -> None:
    bad = PLAIN | {"URN": "9x", "EstablishmentName": "Nobody's School"}
    other = PLAIN | {"URN": "900002", "EstablishmentName": "Otterbridge School"}
    asked = ask(cast, as_csv([PLAIN, other, bad]))
    run(cast, asked)
    path = f"{IMPORTS}{asked}/"
    assert "All is imported but the lines that could not be read." in admin.get(path).text
    unreadable = admin.get(f"{path}?part=unreadable").text
    assert "Line 4" in unreadable
    assert "“9x” is not a URN" in unreadable
    assert "Otterbridge School" not in unreadable
    assert "Otterbridge School" in admin.get(f"{path}?words=900002").text
    assert "No line of the report is like that." in admin.get(f"{path}?words=Quarry").text
    assert admin.get(f"{path}?after=x").status_code == 404


def test_a_long_report_goes_on_by_key_and_shows_everything_once(cast: Cast, admin: Client) -> None:
    asked = ask(cast, as_csv(PLAIN | {"URN": str(910_000 + each)} for each in range(120)))
    run(cast, asked)
    seen: list[str] = []
    page = admin.get(f"{IMPORTS}{asked}/").text
    while True:
        seen += re.findall(r"<span>URN (91\d{4})</span>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if not older:
            break
        page = admin.get(f"{IMPORTS}{asked}/{older[1]}").text
    assert sorted(seen) == [str(910_000 + each) for each in range(120)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("register.xlsx", b"PK\x03\x04", "Choose a file that ends in .csv, .gz"),
        ("register.csv", b"PK\x03\x04", "This is a zip archive or a workbook"),
        ("register.csv", b"", "The file is empty. Choose another"),
        ("register.csv.gz", gzip.compress(b"", mtime=0), "The file is empty."),
        ("register.csv.gz", gzip.compress(b"URN,Name\n", mtime=0)[:12], "register.csv.gz is damaged or was cut short."),
        ("register.csv", b"URN,EstablishmentName\n1,X\n", "The first line lacks these columns: EstablishmentStatus"),
        ("register.csv", b"%PDF-1.7\n\0\0", "The first line lacks these columns: URN"),
    ],
)
def test_a_wrong_file_is_refused_beside_the_field(admin: Client, name: str, content: bytes, message: str) -> None:
    page = send(admin, name, content, which="some", forces=["kent"]).text
    assert message in page
    assert re.search(r'value="kent"[^>]* checked', page)
    assert "Nothing was imported in these pages yet." in admin.get(IMPORTS).text


def test_forces_must_be_chosen_where_only_some_are_wanted(admin: Client) -> None:
    assert "Choose at least one force" in send(admin, "a.csv", PUBLISHED.read_bytes(), which="some").text


def test_a_form_sent_twice_asks_once(cast: Cast, as_superuser: Connection) -> None:
    once = uuid4()
    assert ask(cast, PUBLISHED.read_bytes(), once=once) == ask(cast, PUBLISHED.read_bytes(), once=once)
    assert count(as_superuser, "procrastinate_jobs where task_name = 'directory.run_import'") == 1


def count(superuser: Connection, of: str) -> int:
    found = superuser.execute(f"select count(*) from {of}").fetchone()  # type: ignore[arg-type]  # noqa: S608
    assert found
    return int(found[0])


def test_the_administrator_of_another_force_sees_nothing_of_it(cast: Cast, as_superuser: Connection) -> None:
    asked = imported(cast)
    other = signed_in(cast, "other-force-admin")
    assert "Nothing was imported in these pages yet." in other.get(IMPORTS).text
    assert other.get(f"{IMPORTS}{asked}/").status_code == 404
    assert other.get(f"{IMPORTS}{asked}/report.txt").status_code == 404
    with acting(cast.user("other-force-admin"), page="test"), connection.cursor() as cursor:
        for table in ("directory_registerimport", "directory_importline"):
            cursor.execute(f"select count(*) from {table}")  # noqa: S608
            assert cursor.fetchone() == (0,)
    assert count(as_superuser, "directory_importline") > 0


def test_a_force_with_administrators_of_its_own_is_left_to_them(
    cast: Cast, admin: Client, as_owner: Connection
) -> None:
    imported(cast)
    as_owner.execute(
        "insert into directory_membership (person_id, organisation_id, role, on_slt, since, until)"
        " select %s, organisation_id, 'administrator', false, '2001-01-01', '2001-02-01' from directory_force"
        " where slug = 'kent'",
        [cast.person("other-force-admin")],
    )
    again = ask(cast, PUBLISHED.read_bytes().replace(b",Open,", b",Closed,"))
    run(cast, again)
    assert row(cast, again).state == ImportState.DONE
    assert (row(cast, again).totals["other_forces"], row(cast, again).totals["closed"]) == (1, 0)
    assert 'value="kent"' not in admin.get(f"{IMPORTS}new/").text
    assert 'value="essex"' in admin.get(f"{IMPORTS}new/").text


def test_only_administrators_ask(cast: Cast) -> None:
    for key in ("head", "sergeant", "dpo"):
        client = signed_in(cast, key)
        assert client.get(IMPORTS).status_code == 404
        assert client.get(f"{IMPORTS}new/").status_code == 404


def test_the_file_is_kept_until_the_import_ends_and_no_longer(cast: Cast) -> None:
    asked = ask(cast, PUBLISHED.read_bytes())
    assert bytes(row(cast, asked).content or b"") == PUBLISHED.read_bytes()
    run(cast, asked)
    ended = row(cast, asked)
    assert (ended.state, ended.content) == (ImportState.DONE, None)
    run(cast, asked)
    assert row(cast, asked).ended_at == ended.ended_at, "a job that ran before does nothing again"


def test_a_file_without_a_school_fails_with_the_reason_and_changes_nothing(cast: Cast, admin: Client) -> None:
    asked = ask(cast, as_csv([]))
    run(cast, asked)
    page = admin.get(f"{IMPORTS}{asked}/").text
    assert "Nothing was changed. The file has no school in it." in page
    assert "Import another file" in page
    assert row(cast, asked).content is None


def test_a_fault_is_shown_as_failed_and_reaches_the_worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "_keep_lines", fails)
    asked = ask(cast, PUBLISHED.read_bytes())
    with pytest.raises(ZeroDivisionError):
        run(cast, asked)
    assert row(cast, asked).why_failed == "Schoolgate has a fault; the reason is in the worker's log."
    assert urns_of_kent(cast) == set(), "whole or nothing"


def urns_of_kent(cast: Cast) -> set[int]:
    with acting(cast.user("admin"), page="test"):
        schools = School.objects.filter(organisation__force__as_force__slug="kent")
        return set(schools.values_list("urn", flat=True))


def test_who_is_no_longer_administrator_imports_nothing(cast: Cast, as_owner: Connection) -> None:
    asked = ask(cast, PUBLISHED.read_bytes())
    over = AT.date() - timedelta(days=1)
    ending = "update directory_membership set since = %s, until = %s where person_id = %s"
    as_owner.execute(ending, [over, over, cast.person("admin")])
    run(cast, asked)
    state = as_owner.execute("select state, why_failed, content from directory_registerimport").fetchone()
    assert state == ("failed", "Whoever asked for it is no longer a technical administrator.", None)


def test_what_ends_the_worker_every_time_is_given_up(cast: Cast, as_owner: Connection) -> None:
    asked = ask(cast, PUBLISHED.read_bytes())
    as_owner.execute("update directory_registerimport set state = 'running', attempts = 3")
    run(cast, asked)
    assert row(cast, asked).why_failed == "The worker was ended 3 times while it imported this file."


def test_progress_is_seen_while_the_import_runs(cast: Cast, admin: Client, as_owner: Connection) -> None:
    asked = ask(cast, PUBLISHED.read_bytes())
    half_way = """update directory_registerimport set state = 'running', stage = 'saving', done = 1500, "of" = 6000"""
    as_owner.execute(half_way)
    page = admin.get(f"{IMPORTS}{asked}/").text
    assert "Saving: 1,500 of 6,000 entries." in page
    assert '<progress max="100" value="25"' in page


def test_progress_is_written_beside_the_import(
    cast: Cast, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import's own transaction is open all the while, and another connection sees how far it is."""
    asked, seen = ask(cast, PUBLISHED.read_bytes()), []
    as_written, as_kept = importing._write_progress, importing._keep_lines

    def look(*about: Any, **progress: Any) -> None:
        as_written(*about, **progress)
        seen.append(as_superuser.execute("select state, stage from directory_registerimport").fetchone())

    def keep_when_seen(*about: Any) -> None:
        deadline = time.monotonic() + 30
        while ("running", "saving") not in seen and time.monotonic() < deadline:
            time.sleep(0.01)
        as_kept(*about)

    monkeypatch.setattr(importing, "_write_progress", look)
    monkeypatch.setattr(importing, "_keep_lines", keep_when_seen)
    run(cast, asked)
    assert {("running", "reading"), ("running", "saving")} <= set(seen)


@contextmanager
def a_worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of this test's database, killed at the end if it still runs."""
    worker = subprocess.Popen([sys.executable, "-m", "schoolgate", "worker"])
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def wait_until(superuser: Connection, condition: str) -> None:
    deadline = time.monotonic() + 60
    while not count(superuser, f"directory_registerimport where {condition}"):
        assert time.monotonic() < deadline, condition
        time.sleep(0.05)


@contextmanager
def import_lock() -> Iterator[None]:
    """Another import, as long as it lasts."""
    with psycopg.connect(conninfo(read_environment(), LOGIN)) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [ONLY_IMPORT_LOCK])
        yield


def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_whole(cast: Cast, as_superuser: Connection) -> None:
    """A lock of another import holds the first worker in the middle; the second import waits its turn."""
    first, second = ask(cast, PUBLISHED.read_bytes(), "kent"), ask(cast, PUBLISHED.read_bytes(), "kent")
    with import_lock(), a_worker() as worker:
        wait_until(as_superuser, "state = 'running' and done > 0")
        worker.kill()
        worker.wait()
    assert count(as_superuser, "directory_registerimport where state = 'waiting'") == 1
    assert urns_of_kent(cast) == set()
    with a_worker():
        wait_until(as_superuser, f"state = 'done' and id = '{second}'")
    assert row(cast, first).attempts == 2
    assert row(cast, first).totals["added"] == 1
    assert row(cast, second).totals["unchanged"] == 1
