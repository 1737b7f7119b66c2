"""How a row finds its circles, who may write it, and how a bar is declared."""

from django.db import migrations

from schoolgate.core.opened import sign_in_table

CIRCLES = """
grant select on access_circle to schoolgate_backup;
grant select, insert on access_circle to schoolgate_circle_reader;
grant usage on sequence access_circle_id_seq to schoolgate_circle_reader;

create function access_current_circles() returns int[] language sql stable as $$
    select nullif(current_setting('schoolgate.circles', true), '')::int[]
$$;

-- Where the person acts and not only reads: emergency access is for reading.
create function access_acting_circles() returns int[] language sql stable as $$
    select nullif(current_setting('schoolgate.acts', true), '')::int[]
$$;

-- Parts that name no circle (a school has no team circle, supply staff no author circle) are passed over.
create function access_rule_circles(rule text, data jsonb) returns int[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(c.id order by c.id), '{}')
    from string_to_table(rule, ' ') as part
    join access_circle c on c.kind = split_part(part, ':', 1)
        and c.organisation = (data ->> split_part(part, ':', 2))::int
        and c.person = case split_part(part, ':', 3) when '' then 0 else (data ->> split_part(part, ':', 3))::int end
$$;

create function access_shares(the_kind text, the_organisation int, the_person int default 0) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from access_circle where id = any (access_acting_circles())
        and kind = the_kind and organisation = the_organisation and person = the_person)
$$;

-- A rule's parts are alternatives; parts joined by + must all hold.
create function access_may(rule text, data jsonb) returns boolean
language sql stable as $$
    select exists (
        select from string_to_table(rule, ' ') as alternative
        where (
            select bool_and(coalesce(access_shares(
                split_part(part, ':', 1), (data ->> split_part(part, ':', 2))::int,
                case split_part(part, ':', 3) when '' then 0
                    else (data ->> split_part(part, ':', 3))::int end), false))
            from string_to_table(alternative, '+') as part))
$$;

create function access_protect() returns trigger language plpgsql as $$
declare
    open_columns text[];
begin
    if tg_op = 'INSERT' then
        select coalesce(controller_id, id), regime into strict new.controller, new.regime
            from directory_organisation where id = new.holder;
        new.circles := access_rule_circles(tg_argv[0], to_jsonb(new));
        if cardinality(new.circles) = 0 then
            raise exception 'no circle would read this %', tg_table_name using errcode = 'check_violation';
        end if;
        if current_user = 'schoolgate_app' and new.made_by is distinct from audit_person() then
            raise exception 'a record is made by the person acting' using errcode = 'insufficient_privilege';
        end if;
        return new;
    end if;
    if current_user = 'schoolgate_retention' then
        return new;
    end if;
    open_columns := string_to_array(tg_argv[1], ', ');
    if current_user = 'schoolgate_circle_reader' then
        open_columns := open_columns || 'barred'::text;
    end if;
    if to_jsonb(new) - open_columns is distinct from to_jsonb(old) - open_columns then
        raise exception 'what was sent is fixed: corrections are new records'
            using errcode = 'check_violation', table = tg_table_name;
    end if;
    return new;
end $$;
"""

BARS = """
alter table access_bar enable row level security;
alter table access_bar force row level security;
create policy app_reads on access_bar for select to schoolgate_app
    using (circles && nullif(current_setting('schoolgate.circles', true), '')::int[]
        and person <> audit_person());
create policy circles_keep on access_bar to schoolgate_circle_reader using (true) with check (true);
create policy backup_reads on access_bar for select to schoolgate_backup using (true);
grant select on access_bar to schoolgate_app, schoolgate_backup;
grant select, insert on access_bar to schoolgate_circle_reader;
create trigger history after insert or update on access_bar
    for each row execute function audit_keep_change('access_bar');

-- The caller acts in a circle of the record (or reads it and has an interest of their own) and is not barred from
-- it; then the bar is a row, in the record itself, and in its history.
create function access_declare_bar(the_table regclass, the_record uuid, the_person int, why text, bar_id uuid)
returns boolean language plpgsql security definer set search_path = public as $$
declare
    its_circles int[];
begin
    if not exists (select from pg_trigger where tgrelid = the_table and tgname = 'protect') then
        raise exception 'not a protected record' using errcode = 'invalid_parameter_value';
    end if;
    execute format('update %s set barred = array_append(array_remove(barred, $2), $2)
        where id = $1 and audit_person() <> all (barred)
            and circles && case $2 when audit_person() then access_current_circles() else access_acting_circles() end
        returning circles', the_table) into its_circles using the_record, the_person;
    if its_circles is null then
        return false;
    end if;
    insert into access_bar (id, kind, record, person, reason, circles, declared_by, declared_at)
        values (bar_id, the_table::text, the_record, the_person, why, its_circles, audit_person(), clock_timestamp())
        on conflict (record, person) do nothing;
    return true;
end $$;

-- Who is barred from a record is barred from what belongs to it (see core.protected.Parent): from what is added
-- later, and from what is there, each with a bar of its own, so that lists and logs of it obey as well.
create function access_inherit_bars() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its_bars int[];
begin
    execute format('select barred from %I where id = $1', tg_argv[0]) into its_bars
        using (to_jsonb(new) ->> tg_argv[1])::uuid;
    new.barred := array(select distinct unnest(new.barred || coalesce(its_bars, '{}')) order by 1);
    return new;
end $$;

create function access_spread_bars() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    execute format('with parts as (
            update %1$I set barred = array_append(array_remove(barred, $2), $2) where %2$I = $1 returning id, circles)
        insert into access_bar (id, kind, record, person, reason, circles, declared_by, declared_at)
        select gen_random_uuid(), %1$L, id, $2, $3, circles, $4, $5 from parts
        on conflict (record, person) do nothing', tg_argv[0], tg_argv[1])
        using new.record, new.person, new.reason, new.declared_by, new.declared_at;
    return null;
end $$;

create function access_barred(the_record text) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from access_bar where record::text = the_record and person = audit_person())
$$;

create policy app_reads on audit_change for select to schoolgate_app using (
    circles && nullif(current_setting('schoolgate.circles', true), '')::int[]
    and nullif(current_setting('schoolgate.person', true), '')::int <> all (barred)
    and not access_barred(record));
"""

OWNERS = """
alter function access_rule_circles(text, jsonb) owner to schoolgate_circle_reader;
alter function access_shares(text, int, int) owner to schoolgate_circle_reader;
alter function access_declare_bar(regclass, uuid, int, text, uuid) owner to schoolgate_circle_reader;
alter function access_inherit_bars() owner to schoolgate_circle_reader;
alter function access_spread_bars() owner to schoolgate_circle_reader;
alter function access_barred(text) owner to schoolgate_circle_reader;
"""

# The library's shape of a cache table: codes already used, and counts of wrong ones.
CACHE = """
create table access_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index access_cache_expires on access_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("audit", "0001_log")]
    operations = [
        sign_in_table("access_user"),
        migrations.RunSQL("grant usage on sequence access_user_id_seq to schoolgate_login;"),
        migrations.RunSQL(CACHE),
        sign_in_table("access_cache"),
        sign_in_table("access_daycode"),
        sign_in_table("access_identityprovider"),
        migrations.RunSQL(CIRCLES),
        migrations.RunSQL(BARS),
        migrations.RunSQL(OWNERS),
    ]
