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

BOTH = """
        select * from (
            (select c.at, c.id, c.person, c.operation, c.kind, c.controller, c.records::text[], c.on_behalf_of,
                c.subjects, c.recipients,
                case when c.on_behalf_of && mine or c.on_behalf_of = '{{}}' then c.page else '' end, c.reason, c.refused
            from {read} c
            where c.circles && my_circles and me <> all (c.barred) and not c.records && my_bars {asked})
            union all
            (select c.at, c.id, c.person, c.operation, c.kind, c.controller, array[c.record], '{{}}'::int[],
                '{{}}'::uuid[], '{{}}'::int[], '', '', 0
            from audit_change c
            where c.controller = any (mine) and me <> all (c.barred) and c.record <> all (my_bars::text[])
                and {changed} {asked})) both_halves
        order by at desc, id desc
        limit most;
"""
ASKED = """
                and (the_people is null or c.person = any (the_people))
                and (the_kind is null or c.kind = the_kind)
                and (the_operation is null or c.operation = the_operation)
                and (since is null or c.at >= since)
                and (until is null or c.at < until)
                and (before is null or (c.at, c.id) < (before, before_id))
            order by c.at desc, c.id desc
            limit most
"""

# The name of a page tells what somebody did there (a crime recorded, a category set): only their own controller
# learns it, others that the record was looked at.
# Here, past the policies, the indexes of the log can be used: under a policy no condition of the asker's own
# reaches an index. Every plan is made for the values asked for: a large controller's is not a small one's.
LOG = """
create function governance_log(
    the_people int[], the_kind text, the_record uuid, the_operation text, since timestamptz, until timestamptz,
    before timestamptz, before_id uuid, most int)
returns table (at timestamptz, id uuid, person int, operation text, kind text, controller int, records text[],
    on_behalf_of int[], subjects uuid[], recipients int[], page text, reason text, refused int)
language plpgsql stable security definer set search_path = public set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    me int := audit_person();
    mine int[];
    my_circles int[];
    my_bars uuid[] := (select coalesce(array_agg(b.record), '{{}}') from access_bar b where b.person = audit_person());
begin
    select array_agg(c.organisation), array_agg(c.id) into mine, my_circles
        from access_circle c where c.kind = 'dpo' and c.id = any (access_current_circles());
    if the_record is null then
        return query {everything}
    else
        return query
        with touching as materialized (
            select * from audit_access where records && array[the_record] or subjects && array[the_record])
        {touching}
    end if;
end $$;
""".format(  # noqa: S608  (pieces of this file)
    everything=BOTH.format(read="audit_access", changed="true", asked=ASKED),
    touching=BOTH.format(read="touching", changed="c.record = the_record::text", asked=ASKED),
)

OWNERS = """
alter function governance_find(uuid) owner to schoolgate_circle_reader;
alter function governance_record(uuid) owner to schoolgate_circle_reader;
alter function governance_log(int[], text, uuid, text, timestamptz, timestamptz, timestamptz, uuid, int)
    owner to schoolgate_circle_reader;
revoke all on function governance_find(uuid) from public;
grant execute on function governance_find(uuid) to schoolgate_backup;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("config", "0001_circles"), ("audit", "0001_log")]
    operations = [migrations.RunSQL(FINDING), migrations.RunSQL(LOG), migrations.RunSQL(OWNERS)]
