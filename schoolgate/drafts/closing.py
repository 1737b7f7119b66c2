"""The migration step by which a record closes the drafts of the form that made it."""

from django.db import migrations

from schoolgate.drafts.models import DraftKind

CLOSES = """
create trigger closes_drafts after insert on {table}
    for each row when (current_user = 'schoolgate_app' and {typed}) execute function drafts_close('{kind}');
"""


def closes_drafts(table: str, kind: str, *, typed: str = "true") -> migrations.RunSQL:
    """table: has the form's token in `once`. kind: of the draft that is left closed where there was none.

    typed: a condition on the row (new), where some rows come from no form.
    """
    step = CLOSES.format(table=table, kind=DraftKind(kind).value, typed=typed)
    return migrations.RunSQL(step, migrations.RunSQL.noop)
