"""A worker that is killed in the middle loses nothing and sends nothing twice."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from schoolgate.access.acting import acting
from schoolgate.children.models import Child
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import Mail, MailedNotice, NoticeKind
from schoolgate.notices.services import tell
from schoolgate.notices.tests.test_notices import MORNING, a_record

pytestmark = pytest.mark.usefixtures("committed_database")

TELLINGS = 60
TO = ("spoc", "deputy-spoc", "head", "officer", "sergeant")


@contextmanager
def a_worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of this test's database, killed at the end if it still runs."""
    worker = subprocess.Popen([sys.executable, "-m", "schoolgate", "worker"])
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def wait_until_sent(count: int) -> None:
    """Wait until so many went; a worker that never gets there fails the test."""
    deadline = time.monotonic() + 60
    while Mail.objects.count() < count:
        assert time.monotonic() < deadline, f"{Mail.objects.count()} of {count} were sent"
        time.sleep(0.01)


def jobs_left() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'notices.send_notice'")
        return int(cursor.fetchone()[0])


def test_each_notice_arrives_once_though_the_worker_is_killed_twice(cast: Cast) -> None:
    people = [cast.person(key) for key in TO]
    with acting(cast.user("dsl"), page="test") as dsl:
        record = a_record(cast)
        record.save(force_insert=True)
        told = [
            notice
            for _ in range(TELLINGS)
            for notice in tell(by=dsl, at=MORNING, notice=NoticeKind.CONCERN_DANGER, record=record, page="/", to=people)
        ]
        assert Child.objects.count() == 1
    for sent in (TELLINGS, TELLINGS * 3):
        with a_worker() as worker:
            wait_until_sent(sent)
            worker.kill()
    assert TELLINGS * 3 <= Mail.objects.count() < len(told)
    with a_worker():
        wait_until_sent(len(told))
        while jobs_left():
            time.sleep(0.01)
    assert set(Mail.objects.values_list("pk", flat=True)) == set(told)
    assert MailedNotice.objects.count() == len(told) == TELLINGS * len(TO)
