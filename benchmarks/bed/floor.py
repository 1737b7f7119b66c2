"""The floor that a list is compared with: the same rows by bare psycopg and Jinja, with no rule and no log."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from benchmarks.bed import register

INBOX = """
select c.id, t.holder as school, c.child_name, p.title || ' ' || p.name as author, t.status, c.in_danger, t.made_at,
    c.due_at, t.changed_at, false as is_reported, false as is_answered
from concerns_triage t join concerns_concern c on c.holder = t.holder and c.id = t.concern_id
join directory_person p on p.id = t.made_by
where t.holder = %s and t.status = 'opened' order by c.due_at limit 50
"""
SHARES = """
select s.id, o.name as school_name, s.child_name, s.purpose, s.status, s.due_at, s.made_at,
    s.status = 'acknowledged' as awaits_viewer
from exchange_share s join directory_organisation o on o.id = s.school
where s.school = any (%s) order by s.status, case s.status when 'acknowledged' then s.due_at end, s.made_at desc
limit 50
"""


def floors(connection: Connection, now: dt.datetime) -> dict[str, Callable[[], str]]:
    """What renders the two lists as the superuser, by the path of the page."""
    from django.template.loader import get_template

    from schoolgate.access.viewer import Viewer
    from schoolgate.concerns import presenters as concerns
    from schoolgate.concerns.selectors.concerns import TriageRow
    from schoolgate.exchange import presenters as exchange
    from schoolgate.exchange.selectors import ShareRow

    def fetched(query: str, row: type[Any], value: Any) -> list[Any]:
        cursor = connection.cursor(row_factory=class_row(row))
        return list(cursor.execute(query, [value]))

    def inbox() -> str:
        rows = fetched(INBOX, TriageRow, register.school(0))
        return get_template("concerns/inbox.html").render({"groups": concerns.inbox_groups(rows, Viewer(), now=now)})

    def shares() -> str:
        rows = fetched(SHARES, ShareRow, [register.school(number) for number in range(register.OWN_SCHOOLS)])
        words = {"rows": [exchange.share_row(row, now=now) for row in rows]}
        return get_template("exchange/shares.html").render(words)

    return {"/triage/": inbox, "/shares/": shares}
