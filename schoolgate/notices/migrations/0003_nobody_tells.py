"""Whoever is nobody tells nobody: only the clock, which holds no role of the application, makes notices by itself."""

from django.db import migrations

NOBODY = """
create function notices_made_by_somebody() returns trigger language plpgsql as $$
begin
    if new.made_by = 0 and current_setting('role') = 'schoolgate_app' then
        raise exception 'nobody tells of a record that they do not have' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger made_by_somebody before insert on notices_notice
    for each row execute function notices_made_by_somebody();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_telling")]
    operations = [migrations.RunSQL(NOBODY, migrations.RunSQL.noop)]
