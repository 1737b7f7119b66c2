"""The migration step by which a record closes the drafts of the form that made it."""

from django.db import migrations

CLOSES = """
create trigger closes_drafts after insert on {table}
    for each row when (current_user = 'schoolgate_app' and {typed}) execute function drafts_close();
"""


def closes_drafts(table: str, *, typed: str = "true") -> migrations.RunSQL:
    """table: has the form's token in `once`. typed: a condition on the row (new), where some rows come from no form."""
    return migrations.RunSQL(CLOSES.format(table=table, typed=typed), migrations.RunSQL.noop)
