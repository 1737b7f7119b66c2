"""What is overdue is told once, to the sergeant, and to whoever was asked."""

import datetime as dt
import uuid

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.exchange import services as exchange
from schoolgate.exchange.tests.doings import AT, ask, send
from schoolgate.insight.services import tell_of_overdue
from schoolgate.nonprod.cast import Cast
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.selectors import notices

pytestmark = pytest.mark.usefixtures("committed_database")

MUCH_LATER = dt.timedelta(days=200)


def told(cast: Cast, key: str) -> set[str]:
    """The kinds of overdue thing that somebody was told of."""
    with acting(cast.user(key), page="test"):
        return {line.kind for line in notices(at=now()) if "overdue" in line.kind}


def test_the_sergeant_is_told_once_of_each_overdue_thing(cast: Cast) -> None:
    share = send(cast)
    ask(cast, by="officer")
    with acting(cast.user("officer"), page="test") as officer:
        exchange.acknowledge_share(by=officer, at=AT, share=share, once=uuid.uuid4())
        exchange.record_crime(by=officer, at=AT, share=share, what="Theft", once=uuid.uuid4())
    assert tell_of_overdue(at=AT) == 0
    assert tell_of_overdue(at=AT + MUCH_LATER) == 3
    assert tell_of_overdue(at=AT + MUCH_LATER) == 0
    overdue = {NoticeKind.SHARE_OVERDUE, NoticeKind.ENQUIRY_OVERDUE, NoticeKind.CRIME_REFERENCE_OVERDUE}
    assert told(cast, "sergeant") == overdue
    assert told(cast, "spoc") == {NoticeKind.ENQUIRY_OVERDUE}
    assert told(cast, "other-sergeant") == told(cast, "officer") == set()


def test_what_is_done_with_is_never_overdue(cast: Cast, as_superuser: Connection) -> None:
    share, enquiry = send(cast), ask(cast, by="officer")
    as_superuser.execute("set session_replication_role = replica")
    as_superuser.execute("update exchange_share set status = 'reported' where id = %s", [share])
    as_superuser.execute("update exchange_enquiry set answered_at = now() where id = %s", [enquiry])
    assert tell_of_overdue(at=AT + MUCH_LATER) == 0
