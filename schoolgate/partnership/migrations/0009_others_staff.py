"""Whoever works for another organisation is on no school's staff list unless an administrator brings them together."""

from django.db import migrations

# A role at a school lets its data protection officer read all that the person looks at, and its staff take emergency
# access; so nobody gets one for their e-mail alone. A trust is one organisation. Otherwise the plan is as in 0003.
PLAN = """
create or replace function partnership_staff_plan(the_school int, the_list jsonb, is_whole boolean)
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
                where m.person_id = f.person and m.organisation_id <> the_school) as is_ours,
            (select count(*) > 0 and bool_and(t.controller <> (
                    select coalesce(s.controller_id, s.id) from directory_organisation s where s.id = the_school))
                from (select coalesce(o.controller_id, o.id) as controller from today, directory_membership m
                    join directory_organisation o on o.id = m.organisation_id
                    where m.person_id = f.person and (m.until is null or m.until >= today.day)) t) as is_elsewhere
        from found f
    ), compared as (
        select l.email, k.person, h.id as membership, h.until, coalesce(k.is_ambiguous, false) as is_ambiguous,
            coalesce(k.administers, false) as administers, coalesce(k.is_elsewhere, false) as is_elsewhere,
            l.name as given,
            case when k.person is null or k.is_ours or k.is_elsewhere then l.name else p.name end as name,
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
            when c.is_elsewhere then 'elsewhere'
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
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0008_school_page")]
    operations = [migrations.RunSQL(PLAN, migrations.RunSQL.noop)]
