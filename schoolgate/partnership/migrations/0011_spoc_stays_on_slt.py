"""A SPOC's role is made longer only while they sit on the SLT, as it is only then given."""

from django.db import migrations

SPOC = """
create or replace function partnership_check_spoc() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its_day date := new.since;
begin
    if tg_op = 'UPDATE' then
        if new.until <= old.until or old.until is null then
            return new;
        end if;
        its_day := greatest(new.since, (now() at time zone 'Europe/London')::date);
    end if;
    if new.role in ('spoc', 'deputy_spoc') and not new.on_slt and not exists (
        select from directory_membership m where m.person_id = new.person_id
            and m.organisation_id = new.organisation_id and m.on_slt
            and daterange(m.since, m.until, '[]') @> its_day) then
        raise exception 'a SPOC is a member of the SLT'
            using errcode = 'check_violation', constraint = 'spoc_sits_on_slt', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger check_longer before update of until on directory_membership
    for each row execute function partnership_check_spoc();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0010_one_step_at_a_time"), ("directory", "0006_over_is_over")]
    operations = [migrations.RunSQL(SPOC, migrations.RunSQL.noop)]
