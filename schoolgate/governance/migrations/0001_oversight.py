"""What the oversight of records needs to know past the circles: who reads a record, and what was changed."""

from django.db import migrations

FINDING = """
-- Any protected record by its id, wherever it is kept.
create function governance_find(the_record uuid)
returns table (kind text, holder int, controller int, circles int[], barred int[])
language plpgsql stable security definer set search_path = public as $$
declare
    its_table text;
begin
    for its_table in select tgrelid::regclass::text from pg_trigger where tgname = 'protect' loop
        return query execute format('select %L, holder, controller, circles, barred from %I where id = $1',
            regexp_replace(its_table, '_', '.'), its_table) using the_record;
    end loop;
end $$;

-- The same for somebody who may know who reads it: who reads it themselves, or its controller's data protection
-- officer. Never for the barred.
create function governance_record(the_record uuid)
returns table (kind text, holder int, controller int, circles int[], barred int[])
language sql stable security definer set search_path = public as $$
    select kind, holder, controller, circles, barred from governance_find(the_record)
    where (circles && access_current_circles() or access_shares('dpo', controller))
        and audit_person() <> all (barred)
$$;
"""

CHANGES = """
create function governance_my_bars() returns text[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(record::text), '{}') from access_bar where person = audit_person()
$$;

-- The history without its content, for the data protection officers of the records' controllers.
create function governance_changes(
    the_people int[], the_kind text, the_record text, the_operation text, since timestamptz, until timestamptz,
    before timestamptz, before_id uuid, most int)
returns table (at timestamptz, id uuid, person int, operation text, kind text, controller int, record text)
language plpgsql stable security definer set search_path = public as $$
declare
    mine int[] := (select array_agg(organisation) from access_circle
        where access_circle.kind = 'dpo' and access_circle.id = any (access_current_circles()));
    my_bars text[] := governance_my_bars();
begin
    return query
        select c.at, c.id, c.person, c.operation, c.kind, c.controller, c.record from audit_change c
        where c.controller = any (mine) and audit_person() <> all (c.barred) and c.record <> all (my_bars)
            and (the_people is null or c.person = any (the_people))
            and (the_kind is null or c.kind = the_kind)
            and (the_record is null or c.record = the_record)
            and (the_operation is null or c.operation = the_operation)
            and (since is null or c.at >= since)
            and (until is null or c.at < until)
            and (before is null or (c.at, c.id) < (before, before_id))
        order by c.at desc, c.id desc
        limit most;
end $$;

-- A bar that was declared after an entry was written hides the entry too.
create policy not_barred on audit_access as restrictive for select to schoolgate_app
    using (not (records && (select governance_my_bars()::uuid[])));
"""

OWNERS = """
alter function governance_find(uuid) owner to schoolgate_circle_reader;
alter function governance_record(uuid) owner to schoolgate_circle_reader;
alter function governance_my_bars() owner to schoolgate_circle_reader;
alter function governance_changes(int[], text, text, text, timestamptz, timestamptz, timestamptz, uuid, int)
    owner to schoolgate_circle_reader;
revoke all on function governance_find(uuid) from public;
grant execute on function governance_find(uuid) to schoolgate_backup;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("config", "0001_circles"), ("audit", "0002_models")]
    operations = [migrations.RunSQL(FINDING), migrations.RunSQL(CHANGES), migrations.RunSQL(OWNERS)]
