"""Who may sign, and the question that every routine share asks."""

from django.db import migrations

from schoolgate.core.opened import register_table

AGREED = """
create function partnership_agreed(the_school int, the_day date) returns boolean
language sql stable security definer set search_path = public as $$
    select count(distinct kind) = 2 from partnership_agreement
    where school_id = the_school and the_day between since and until
$$;
alter function partnership_agreed(int, date) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial"), ("directory", "0002_register")]
    operations = [
        register_table("partnership_agreement", may_write="access_shares('head', school_id)"),
        migrations.RunSQL(AGREED),
    ]
