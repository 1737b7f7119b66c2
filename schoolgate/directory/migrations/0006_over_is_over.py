"""A role that is over stays so, on the day on which it ended: it says who could read what, and is given anew."""

from django.db import migrations

OVER = """
create or replace function directory_fix_membership() returns trigger language plpgsql as $$
begin
    if current_user = 'schoolgate_app' and (new.person_id, new.organisation_id, new.role, new.since)
        is distinct from (old.person_id, old.organisation_id, old.role, old.since) then
        raise exception 'a role keeps its person, organisation and first day'
            using errcode = 'check_violation', constraint = 'membership_is_fixed', table = tg_table_name;
    end if;
    if current_user = 'schoolgate_app' and new.until is distinct from old.until
        and old.until < (now() at time zone 'Europe/London')::date then
        raise exception 'a role that is over is given anew'
            using errcode = 'check_violation', constraint = 'role_is_over', table = tg_table_name;
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_withdrawn")]
    operations = [migrations.RunSQL(OVER, migrations.RunSQL.noop)]
