"""A record says when it was made, and that is now: the gate that looks at the day cannot be told of another."""

import uuid

import pytest
from django.db import IntegrityError, connection
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.exchange.models import Ground
from schoolgate.exchange.tests.doings import send
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

AGAIN = """
insert into exchange_share select (jsonb_populate_record(null::exchange_share, to_jsonb(s) || jsonb_build_object(
    'id', %s::text, 'once', %s::text, 'made_at', now() + %s::interval))).* from exchange_share s where id = %s
"""


@pytest.mark.parametrize("when", ["-60 days", "-2 hours", "2 hours"])
def test_no_statement_of_the_application_dates_a_record_back_or_ahead(
    cast: Cast, as_superuser: Connection, when: str
) -> None:
    share = send(cast, by="other-spoc", school="otterbridge", ground=Ground.WELFARE, ground_reason="In danger.")
    as_superuser.execute("update access_installation set takes_history = false")

    with acting(cast.user("other-spoc"), page="test"), connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("schoolgate_app",)
        with pytest.raises(IntegrityError, match="a record is made now"):
            cursor.execute(AGAIN, [uuid.uuid4(), uuid.uuid4(), when, share])
        connection.set_rollback(True)


def test_what_is_made_now_is_taken_where_no_history_is(cast: Cast, as_superuser: Connection) -> None:
    share = send(cast, by="other-spoc", school="otterbridge", ground=Ground.WELFARE, ground_reason="In danger.")
    as_superuser.execute("update access_installation set takes_history = false")
    with acting(cast.user("other-spoc"), page="test"), connection.cursor() as cursor:
        cursor.execute(AGAIN, [uuid.uuid4(), uuid.uuid4(), "0 days", share])
        assert cursor.rowcount == 1


def test_the_application_may_not_say_that_it_takes_history(cast: Cast) -> None:
    with acting(cast.user("admin"), page="test"), connection.cursor() as cursor:
        cursor.execute("select has_table_privilege('access_installation', 'update, insert, delete')")
        assert cursor.fetchone() == (False,)
