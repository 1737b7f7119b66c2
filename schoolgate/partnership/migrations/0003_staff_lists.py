"""A school takes over its staff list: persons by their e-mail, and the role `staff` of this one school."""

from django.db import migrations

# What the function below may write is narrowed a second time here: its owner writes no account, no other role.
NARROW = """
grant insert (name, title, email, telephone), update (name, title) on directory_person to schoolgate_circle_reader;
grant insert (person_id, organisation_id, role, on_slt, "group", since), update (on_slt, "group", until)
    on directory_membership to schoolgate_circle_reader;
create policy staff_list_adds on directory_person for insert to schoolgate_circle_reader with check (user_id is null);
create policy staff_list_changes on directory_person for update to schoolgate_circle_reader using (
    (select count(distinct organisation_id) from directory_membership where person_id = directory_person.id) = 1);
create policy staff_list_adds on directory_membership for insert to schoolgate_circle_reader
    with check (role = 'staff');
create policy staff_list_changes on directory_membership for update to schoolgate_circle_reader
    using (role = 'staff') with check (role = 'staff');

create function partnership_keeps_staff(the_school int) returns boolean
language sql stable security definer set search_path = public as $$
    select partnership_holds('head', the_school) or partnership_holds('spoc', the_school)
        or partnership_holds('deputy_spoc', the_school)
$$;
alter function partnership_keeps_staff(int) owner to schoolgate_circle_reader;
"""

# The one place that says what a list would do; the preview shows it, and taking it over does it.
# A column that the list has not (null) leaves what stands. is_whole: no line was left out, so whoever is missing left.
PLAN = """
create function partnership_staff_plan(the_school int, the_list jsonb, is_whole boolean)
returns table (outcome text, email text, person int, membership int, name text, title text, "group" text,
    on_slt boolean, renames boolean, keeps_name boolean, other_roles text[])
language sql stable security definer set search_path = public as $$
    with today as materialized (
        select (now() at time zone 'Europe/London')::date as day, partnership_keeps_staff(the_school) as may,
            partnership_holds('head', the_school) as is_head
    ), listed as (
        select distinct on (lower(trim(l.email))) lower(trim(l.email)) as email, trim(l.name) as name, l.title,
            l."group", l.on_slt
        from jsonb_to_recordset(the_list) as l (email text, name text, title text, "group" text, on_slt boolean)
        where trim(l.email) <> '' and trim(l.name) <> ''
        order by lower(trim(l.email)), l.name
    ), here as (
        select distinct on (m.person_id) m.id, m.person_id, m.on_slt, m."group", m.since, m.until
        from directory_membership m, today
        where m.organisation_id = the_school and m.role = 'staff' and (m.until is null or m.until >= today.day)
        order by m.person_id, m.since desc
    ), found as (
        select lower(p.email) as email, count(*) as people, count(*) filter (where w.is_here) as people_here,
            coalesce(min(p.id) filter (where w.is_here), min(p.id)) as person
        from directory_person p
        cross join lateral (select exists (select from directory_membership m
            where m.person_id = p.id and m.organisation_id = the_school) as is_here) w
        where lower(p.email) in (select l.email from listed l)
        group by lower(p.email)
    ), known as (
        select f.email, f.person, f.people > 1 and f.people_here <> 1 as is_ambiguous,
            exists (select from directory_membership m, today where m.person_id = f.person
                and m.role = 'administrator' and (m.until is null or m.until >= today.day)) as administers,
            f.people_here > 0 and not exists (select from directory_membership m
                where m.person_id = f.person and m.organisation_id <> the_school) as is_ours
        from found f
    ), compared as (
        select l.email, k.person, h.id as membership, h.until, coalesce(k.is_ambiguous, false) as is_ambiguous,
            coalesce(k.administers, false) as administers, l.name as given,
            case when k.person is null or k.is_ours then l.name else p.name end as name,
            case when k.person is null or k.is_ours then coalesce(l.title, p.title, '') else p.title end as title,
            coalesce(l."group", h."group", '') as "group",
            coalesce(case when today.is_head then l.on_slt end, h.on_slt, false) as on_slt,
            p.name as old_name, p.title as old_title, h."group" as old_group, h.on_slt as old_slt
        from listed l cross join today left join known k using (email) left join directory_person p on p.id = k.person
        left join here h on h.person_id = k.person
    )
    select case
            when c.is_ambiguous then 'ambiguous'
            when c.administers then 'administrator'
            when c.membership is null then 'added'
            when c.until = today.day or (c.name, c.title, c."group", c.on_slt)
                is distinct from (c.old_name, c.old_title, c.old_group, c.old_slt) then 'changed'
            else 'unchanged' end,
        c.email, c.person, c.membership, c.name, c.title, c."group", c.on_slt,
        coalesce((c.name, c.title) <> (c.old_name, c.old_title), false), c.name <> c.given, '{}'
    from compared c, today where today.may
    union all
    select 'leaves', p.email, p.id, h.id, p.name, p.title, h."group", h.on_slt, false, false, array(
        select m.role::text from directory_membership m
        where m.person_id = p.id and m.organisation_id = the_school and m.role <> 'staff'
            and daterange(m.since, m.until, '[]') @> today.day order by m.role)
    from here h join directory_person p on p.id = h.person_id, today
    where today.may and is_whole and h.since <= today.day and h.until is distinct from today.day
        and lower(p.email) not in (select l.email from listed l)
$$;
alter function partnership_staff_plan(int, jsonb, boolean) owner to schoolgate_circle_reader;

-- What was shown, in short: when anything else would be done, it was changed meanwhile.
create function partnership_staff_digest(the_school int, the_list jsonb, is_whole boolean) returns text
language sql stable security definer set search_path = public as $$
    select encode(sha256(convert_to(coalesce(string_agg(p::text, E'\\n' order by p::text), ''), 'UTF8')), 'hex')
    from partnership_staff_plan(the_school, the_list, is_whole) p
$$;
alter function partnership_staff_digest(int, jsonb, boolean) owner to schoolgate_circle_reader;
"""

# One list at a time, everywhere: two schools that add the same new person make one.
TAKING = """
create function partnership_take_staff(the_school int, the_list jsonb, is_whole boolean, shown text) returns void
language plpgsql security definer set search_path = public as $$
declare
    today date := (now() at time zone 'Europe/London')::date;
begin
    if not partnership_keeps_staff(the_school) or not exists (
        select from directory_organisation where id = the_school and kind = 'school') then
        raise exception 'not theirs to keep' using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from jsonb_array_elements(the_list)) then
        raise exception 'a school without staff is an accident'
            using errcode = 'check_violation', constraint = 'staff_list_names_somebody';
    end if;
    perform pg_advisory_xact_lock(7301004);
    if shown is distinct from partnership_staff_digest(the_school, the_list, is_whole) then
        raise exception 'the list would do something else now'
            using errcode = 'check_violation', constraint = 'staff_list_as_shown';
    end if;
    insert into directory_person (name, title, email, telephone)
        select p.name, p.title, p.email, '' from partnership_staff_plan(the_school, the_list, is_whole) p
        where p.outcome = 'added' and p.person is null;
    update directory_membership m
        set on_slt = p.on_slt, "group" = p."group", until = case when m.until = today then null else m.until end
        from partnership_staff_plan(the_school, the_list, is_whole) p
        where m.id = p.membership and p.outcome = 'changed';
    update directory_person d set name = p.name, title = p.title
        from partnership_staff_plan(the_school, the_list, is_whole) p where d.id = p.person and p.renames
            and p.outcome in ('added', 'changed', 'unchanged');
    update directory_membership m set until = today
        from partnership_staff_plan(the_school, the_list, is_whole) p
        where m.id = p.membership and p.outcome = 'leaves';
    insert into directory_membership (person_id, organisation_id, role, on_slt, "group", since)
        select p.person, the_school, 'staff', p.on_slt, p."group", today
        from partnership_staff_plan(the_school, the_list, is_whole) p where p.outcome = 'added';
end $$;
alter function partnership_take_staff(int, jsonb, boolean, text) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0002_agreed")]
    operations = [migrations.RunSQL(NARROW), migrations.RunSQL(PLAN), migrations.RunSQL(TAKING)]
