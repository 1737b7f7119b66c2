"""A role keeps its person, organisation and first day; another role is another row."""

from django.db import migrations

FIXED = """
create function directory_fix_membership() returns trigger language plpgsql as $$
begin
    if current_user = 'schoolgate_app' and (new.person_id, new.organisation_id, new.role, new.since)
        is distinct from (old.person_id, old.organisation_id, old.role, old.since) then
        raise exception 'a role keeps its person, organisation and first day'
            using errcode = 'check_violation', constraint = 'membership_is_fixed', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger fix_membership before update on directory_membership
    for each row execute function directory_fix_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_imports")]
    operations = [migrations.RunSQL(FIXED, migrations.RunSQL.noop)]
