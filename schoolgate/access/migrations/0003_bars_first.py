"""Policies read who is asking only for rows that bar somebody: the tables that were there before, too."""

from django.db import migrations

READS = """
do $$
declare
    the_table regclass;
begin
    for the_table in select p.polrelid::regclass from pg_policy p where p.polname = 'app_reads' and exists (
            select from pg_trigger t where t.tgrelid = p.polrelid and t.tgname = 'protect') loop
        execute format('alter policy app_reads on %s using (
            circles && nullif(current_setting(''schoolgate.circles'', true), '''')::int[]
            and (barred = ''{}''
                or nullif(current_setting(''schoolgate.person'', true), '''')::int <> all (barred)))', the_table);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_circles")]
    operations = [migrations.RunSQL(READS, migrations.RunSQL.noop)]
