"""Whoever is SPOC or deputy no more stays on the school's staff: handing over sends nobody out of the school."""

from django.db import migrations

# A head teacher ends a role, never somebody's place at the school: that is for the staff list and the administrator.
STAYS = """
grant insert (until) on directory_membership to schoolgate_circle_reader;

create function partnership_stay_on_staff() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    next_day date := new.until + 1;
begin
    if partnership_holds('head', new.organisation_id) and not exists (
        select from directory_membership m
        where m.person_id = new.person_id and m.organisation_id = new.organisation_id
            and daterange(m.since, m.until, '[]') @> next_day) then
        insert into directory_membership (person_id, organisation_id, role, on_slt, "group", since, until)
            select new.person_id, new.organisation_id, 'staff', new.on_slt, new."group", next_day, min(m.since) - 1
            from directory_membership m
            where m.person_id = new.person_id and m.organisation_id = new.organisation_id and m.role = 'staff'
                and m.since > next_day;
    end if;
    return null;
end $$;
alter function partnership_stay_on_staff() owner to schoolgate_circle_reader;
create trigger stays_on_staff after update of until on directory_membership
    for each row when (new.role in ('spoc', 'deputy_spoc') and new.until is distinct from old.until
        and new.until is not null) execute function partnership_stay_on_staff();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0013_awareness")]
    operations = [migrations.RunSQL(STAYS)]
