"""The access log, the change history, their seals and epochs, with the functions that alone may write them."""

from django.db import migrations

TABLES = """
create table audit_epoch (
    epoch int primary key,
    cluster text not null,
    reason text not null,
    raised_at timestamptz not null default clock_timestamp(),
    signature bytea,
    constraint raised_by_the_keyholder check (epoch = 1 or signature is not null)
);

-- Which database this is: a copy or a restore into another one answers differently.
create function audit_cluster() returns text language sql stable as $$
    select system_identifier || '/' || (select oid from pg_database where datname = current_database())
    from pg_control_system()
$$;
insert into audit_epoch (epoch, cluster, reason) select 1, audit_cluster(), 'made';

create table audit_seal (
    n bigint primary key,
    epoch int not null references audit_epoch,
    from_xid bigint not null,
    to_xid bigint not null,
    access_rows int not null,
    change_rows int not null,
    row_digests bytea not null,
    digest bytea not null,
    previous bytea not null,
    sealed_at timestamptz not null,
    head bytea not null,
    signature bytea not null,
    unique (epoch, from_xid)
);

create table audit_access (
    id uuid not null default gen_random_uuid(),
    epoch int not null,
    xid bigint not null,
    at timestamptz not null default now(),
    person int,
    operation text not null check (operation in
        ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure')),
    kind text not null,
    controller int not null,
    on_behalf_of int[] not null,
    records uuid[] not null,
    subjects uuid[] not null,
    recipients int[] not null,
    page text not null,
    reason text not null,
    refused int not null,
    circles int[] not null,
    barred int[] not null,
    primary key (at, id)
) partition by range (at);
create index audit_access_arrays on audit_access using gin (circles, records, subjects);
create index audit_access_xid on audit_access (epoch, xid);
create index audit_access_person on audit_access (person, at, id);
create index audit_access_rare on audit_access (at, id) where operation <> 'consultation';
alter table audit_access alter column circles set statistics 1000;

create table audit_key (
    kind text not null,
    record text not null,
    key bytea not null,
    primary key (kind, record)
);

create table audit_change (
    id uuid not null default gen_random_uuid(),
    epoch int not null,
    xid bigint not null,
    at timestamptz not null default now(),
    person int,
    operation text not null check (operation in ('collection', 'alteration', 'combination', 'erasure')),
    kind text not null,
    record text not null,
    holder int not null,
    controller int not null,
    circles int[] not null,
    barred int[] not null,
    content jsonb,
    digest bytea not null,
    primary key (at, id)
) partition by range (at);
create index audit_change_record on audit_change (record);
create index audit_change_xid on audit_change (epoch, xid);
create index audit_change_circles on audit_change using gin (circles);
create index audit_change_controller on audit_change (controller, at, id);
create index audit_change_person on audit_change (person, at, id);
"""

FIXED = """
create function audit_fixed() returns trigger language plpgsql as $$
begin
    raise exception 'the log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger fixed before update or delete on audit_access for each row execute function audit_fixed();
create trigger fixed before delete on audit_change for each row execute function audit_fixed();
create trigger fixed before update or delete on audit_seal for each row execute function audit_fixed();
create trigger fixed before update or delete on audit_epoch for each row execute function audit_fixed();
create trigger kept before truncate on audit_access execute function audit_fixed();
create trigger kept before truncate on audit_change execute function audit_fixed();
create trigger kept before truncate on audit_seal execute function audit_fixed();
create trigger kept before truncate on audit_epoch execute function audit_fixed();

create function audit_only_disposal() returns trigger language plpgsql as $$
begin
    if current_user <> 'schoolgate_retention' or new.content is not null
        or to_jsonb(new) - 'content' is distinct from to_jsonb(old) - 'content' then
        raise exception 'the log is only ever added to' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger only_disposal before update on audit_change for each row execute function audit_only_disposal();
"""

PARTITIONS = """
create function audit_secure_partition(partition text) returns void language plpgsql as $$
begin
    execute format('alter table %I enable row level security', partition);
    execute format('alter table %I force row level security', partition);
    execute format('create trigger kept before truncate on %I execute function audit_fixed()', partition);
end $$;

create function audit_make_partitions(first_month date, months int) returns int
language plpgsql security definer set search_path = public as $$
declare
    partition text;
    parent text;
    month date;
    made int := 0;
begin
    for parent, month in select p, m from unnest(array['audit_access', 'audit_change']) p, generate_series(
            date_trunc('month', first_month), date_trunc('month', first_month) + make_interval(months => months - 1),
            interval '1 month') m loop
        partition := parent || to_char(month, '_YYYY_MM');
        if to_regclass(partition) is null then
            execute format('create table %I partition of %I for values from (%L) to (%L)', partition, parent,
                month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
            perform audit_secure_partition(partition);
            made := made + 1;
        end if;
    end loop;
    return made;
end $$;
revoke all on function audit_secure_partition(text), audit_make_partitions(date, int) from public;
grant execute on function audit_make_partitions(date, int) to schoolgate_sealer;
create table audit_access_default partition of audit_access default;
create table audit_change_default partition of audit_change default;
select audit_secure_partition('audit_access_default'), audit_secure_partition('audit_change_default');
-- The sealer makes more, a year ahead.
select audit_make_partitions((current_date - interval '1 month')::date, 3);
"""

WRITING = """
create function audit_person() returns int language sql stable as $$
    select nullif(current_setting('schoolgate.person', true), '')::int
$$;

create function audit_stamp() returns trigger language plpgsql as $$
begin
    new.epoch := (select max(epoch) from audit_epoch);
    new.xid := pg_current_xact_id()::text::bigint;
    if new.at <> now() then
        raise exception 'the log takes the time of its transaction' using errcode = 'insufficient_privilege';
    end if;
    new.person := audit_person();
    return new;
end $$;
create trigger stamp before insert on audit_access for each row execute function audit_stamp();
create trigger stamp before insert on audit_change for each row execute function audit_stamp();

create function audit_keyed_digest(key bytea, content text) returns bytea language sql immutable as $$
    select sha256(key || sha256(key || convert_to(content, 'UTF8')))
$$;

create function audit_key_of(the_kind text, the_record text) returns bytea
language plpgsql security definer set search_path = public as $$
declare
    found_key bytea;
begin
    select key into found_key from audit_key where kind = the_kind and record = the_record;
    if found_key is null then
        insert into audit_key (kind, record, key) values (the_kind, the_record,
            decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))
            on conflict (kind, record) do update set key = audit_key.key returning key into found_key;
    end if;
    return found_key;
end $$;
revoke all on function audit_key_of(text, text) from public;

create function audit_int_array(data jsonb, name text) returns int[] language sql immutable as $$
    select coalesce((select array_agg(value::int) from jsonb_array_elements_text(data -> name)), '{}')
$$;

create function audit_keep_change() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    data jsonb := to_jsonb(new);
    the_kind text := regexp_replace(tg_argv[0], '_', '.');
    the_record text := data ->> coalesce(tg_argv[1], 'id');
begin
    if tg_op = 'UPDATE' and data = to_jsonb(old) then
        return null;
    end if;
    insert into audit_change (operation, kind, record, holder, controller, circles, barred, content, digest)
    values (
        case tg_op when 'INSERT' then 'collection' else 'alteration' end, the_kind, the_record,
        coalesce((data ->> 'holder')::int, 0), coalesce((data ->> 'controller')::int, 0),
        audit_int_array(data, 'circles'), audit_int_array(data, 'barred'),
        data, audit_keyed_digest(audit_key_of(the_kind, the_record), data::text));
    return null;
end $$;

-- A row is read by the data protection officers of the record's controller and of the reader's own, whose
-- circles lie in access_circle (made later: the name is looked up when this first runs).
create function audit_note(the_page text, was_refused int, notes jsonb) returns void
language plpgsql security definer set search_path = public as $$
declare
    mine int[] := coalesce(nullif(current_setting('schoolgate.controllers', true), '')::int[], '{}');
    my_circles int[] := coalesce((select array_agg(id) from access_circle
        where kind = 'dpo' and person = 0 and organisation = any (mine)), '{}');
begin
    insert into audit_access (operation, kind, controller, on_behalf_of, records, subjects, recipients,
            page, reason, refused, circles, barred)
    select n.operation, n.kind, coalesce(n.controller, 0), mine, coalesce(n.records, '{}'),
        coalesce(n.subjects, '{}'), coalesce(n.recipients, '{}'), the_page, coalesce(n.reason, ''), was_refused,
        case when c.id is null or c.id = any (my_circles) then my_circles else my_circles || c.id end,
        coalesce(n.barred, '{}')
    from jsonb_to_recordset(notes) as n (operation text, kind text, controller int, records uuid[],
        subjects uuid[], recipients int[], reason text, barred int[])
    left join access_circle c on c.kind = 'dpo' and c.person = 0 and c.organisation = n.controller;
end $$;

-- Is the log well: the last seal, the oldest entry that waits for one, how far its partitions reach, and whether
-- any entry fell outside them. It tells of no entry.
create function audit_health() returns table (
    n bigint, head bytea, sealed_at timestamptz, oldest_unsealed timestamptz, partitions_until date, outside boolean)
language plpgsql stable security definer set search_path = public as $$
declare
    now_epoch int := (select max(epoch) from audit_epoch);
    last audit_seal;
    sealed_to bigint;
begin
    select * into last from audit_seal order by audit_seal.n desc limit 1;
    sealed_to := case when last.epoch = now_epoch then last.to_xid else 0 end;
    return query select last.n, last.head, last.sealed_at,
        least((select at from audit_access where epoch = now_epoch and xid >= sealed_to order by xid limit 1),
            (select at from audit_change where epoch = now_epoch and xid >= sealed_to order by xid limit 1)),
        (select min(latest) from (
            select (max(to_date(right(relname, 7), 'YYYY_MM')) + interval '1 month')::date as latest from pg_class
            where relname ~ '^audit_(access|change)_[0-9]{4}_[0-9]{2}$' group by left(relname, 12)) reach),
        pg_relation_size('audit_access_default') + pg_relation_size('audit_change_default') > 0;
end $$;
"""

READING = """
alter table audit_access enable row level security;
alter table audit_access force row level security;
alter table audit_change enable row level security;
alter table audit_change force row level security;
create policy written on audit_access for insert to schoolgate_circle_reader with check (true);
create policy written on audit_change for insert to schoolgate_circle_reader with check (true);
create policy sealed on audit_access for select
    to schoolgate_sealer, schoolgate_backup, schoolgate_circle_reader using (true);
create policy sealed on audit_change for select
    to schoolgate_sealer, schoolgate_backup, schoolgate_circle_reader using (true);
create policy disposed on audit_change to schoolgate_retention using (true) with check (true);
-- Who looked is read through one function for data protection officers; what a record was, by who reads the record.
grant select on audit_access to schoolgate_sealer, schoolgate_backup, schoolgate_circle_reader;
grant select on audit_change to schoolgate_app, schoolgate_sealer, schoolgate_backup, schoolgate_circle_reader;
grant select on audit_epoch, audit_seal
    to schoolgate_app, schoolgate_sealer, schoolgate_backup, schoolgate_circle_reader;
grant insert on audit_epoch, audit_seal to schoolgate_sealer;
grant insert on audit_access, audit_change to schoolgate_circle_reader;
grant select, insert, update on audit_key to schoolgate_circle_reader;
grant select on audit_key to schoolgate_sealer, schoolgate_backup;
grant select on audit_change to schoolgate_retention;
grant update (content) on audit_change to schoolgate_retention;
grant select, delete on audit_key to schoolgate_retention;
alter function audit_key_of(text, text) owner to schoolgate_circle_reader;
alter function audit_keep_change() owner to schoolgate_circle_reader;
alter function audit_note(text, int, jsonb) owner to schoolgate_circle_reader;
alter function audit_health() owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(TABLES),
        migrations.RunSQL(FIXED),
        migrations.RunSQL(PARTITIONS),
        migrations.RunSQL(WRITING),
        migrations.RunSQL(READING),
    ]
