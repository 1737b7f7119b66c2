"""Joins every app's fragment of circle members into one view, and lets a person in."""

from django.db import migrations

from schoolgate.core.protected import protect

VIEW = """
-- Who stands next to which circle of a school now: its staff beside the school circle, an officer or sergeant of its
-- force beside the partnership. Emergency access begins, and lasts, only while that holds.
create view access_next_to as
select d.person, 'school' as kind, d.organisation as school
from directory_circle_members d
where d.kind = 'staff' and d.since <= now() and (d.until is null or d.until > now())
union all
select d.person, 'partnership', school.id
from directory_circle_members d
join directory_organisation team on team.id = d.organisation and team.kind = 'team'
join directory_organisation school on school.force_id = team.force_id and school.kind = 'school'
where d.kind = 'team' and d.since <= now() and (d.until is null or d.until > now());

create view circle_members as
select f.person, c.id as circle, f.kind, f.organisation, f.role, f.since, f.until
from (
    select * from directory_circle_members
    union all
    select * from deployment_circle_members
    union all
    select e.made_by, e.kind, e.holder, 0, 'emergency', e.made_at, e.until from access_emergencyaccess e
    where exists (select from access_next_to n where n.person = e.made_by and n.kind = e.kind and n.school = e.holder)
) f
join access_circle c on c.kind = f.kind and c.organisation = f.organisation and c.person = f.of_person;
alter view directory_circle_members owner to schoolgate_circle_reader;
alter view access_next_to owner to schoolgate_circle_reader;
alter view deployment_circle_members owner to schoolgate_circle_reader;
alter view circle_members owner to schoolgate_circle_reader;
"""

ENTER = """
-- The person is found first: only a known person is carried into each fragment of the view, and with a join
-- in its place every member of every circle would be worked out for each request.
create function access_standing(the_user int)
returns table (person int, name text, circles int[], acts int[], controllers int[], standings jsonb, waiting bigint)
language plpgsql stable security definer set search_path = public as $$
declare
    the_person int;
    the_name text;
begin
    select p.id, p.name into the_person, the_name from directory_person p where p.user_id = the_user;
    if the_person is null then
        return;
    end if;
    return query select the_person, the_name, coalesce(array_agg(distinct m.circle), '{}'),
        coalesce(array_agg(distinct m.circle) filter (where m.role <> 'emergency'), '{}'),
        coalesce((
            select array_agg(distinct coalesce(o.controller_id, o.id)) from directory_membership d
            join directory_organisation o on o.id = d.organisation_id
            where d.person_id = the_person
                and daterange(d.since, d.until, '[]') @> (now() at time zone 'Europe/London')::date), '{}'),
        coalesce(jsonb_agg(jsonb_build_array(m.role, m.kind, m.organisation)), '[]'),
        (select count(*) from notices_notice n where n.person = the_person and n.seen_at is null
            and not exists (select from access_bar b where b.record = n.record and b.person = the_person))
    from circle_members m
    where m.person = the_person and m.since <= now() and (m.until is null or m.until > now());
end $$;

-- The settings last for the transaction, and so does the role: after it, the sign-in role is back.
create function access_enter(the_user int)
returns table (person int, name text, standings jsonb, waiting bigint)
language plpgsql as $$
declare
    v record;
begin
    select * into v from access_standing(the_user);
    perform set_config('schoolgate.person', coalesce(v.person::text, ''), true),
        set_config('schoolgate.circles', coalesce(v.circles::text, ''), true),
        set_config('schoolgate.acts', coalesce(v.acts::text, ''), true),
        set_config('schoolgate.controllers', coalesce(v.controllers::text, ''), true),
        set_config('enable_seqscan', 'off', true),
        set_config('role', 'schoolgate_app', true);
    return query select v.person, coalesce(v.name, ''), coalesce(v.standings, '[]'), coalesce(v.waiting, 0);
end $$;

-- One circle at a time, for the same reason: its organisation is carried into each fragment. All of it but
-- emergency access follows from registers that everybody reads; of that, only those learn who belong to the
-- organisation, its data protection officer, and the command line.
create function access_readers(of_circles int[], but int[])
returns table (person int, name text, title text, kind text, organisation int, role text,
    since timestamptz, until timestamptz)
language plpgsql stable security definer set search_path = public as $$
declare
    c record;
    near boolean;
begin
    for c in select * from access_circle where id = any (of_circles) order by access_circle.kind loop
        near := session_user = 'schoolgate_backup' or exists (
            select from access_circle mine where mine.id = any (access_current_circles())
                and (mine.organisation = c.organisation or mine.kind = 'dpo' and mine.organisation = (
                    select controller_id from directory_organisation o where o.id = c.organisation)));
        return query
            select m.person, p.name::text, p.title::text, m.kind::text, m.organisation, m.role::text,
                m.since, m.until
            from circle_members m join directory_person p on p.id = m.person
            where m.circle = c.id and m.organisation = c.organisation and m.person <> all (but)
                and (near or m.role <> 'emergency') and m.since <= now() and (m.until is null or m.until > now())
            order by p.name;
    end loop;
end $$;
alter function access_standing(int) owner to schoolgate_circle_reader;
alter function access_readers(int[], int[]) owner to schoolgate_circle_reader;
"""

EMERGENCY = """
create policy taken on access_emergencyaccess for insert to schoolgate_circle_reader with check (true);
grant insert on access_emergencyaccess to schoolgate_circle_reader;

-- Somebody next to a circle of a school joins it for hours, from now on. The same token twice is one taking:
-- gives its id, and whether this was the first.
create function access_take_emergency(the_once uuid, the_kind text, the_school int, hours int, why text)
returns table (taken uuid, is_first boolean)
language plpgsql security definer set search_path = public as $$
declare
    me int := audit_person();
begin
    if not exists (
        select from access_next_to n where n.person = me and n.kind = the_kind and n.school = the_school) then
        raise exception 'not next to this circle' using errcode = 'insufficient_privilege';
    end if;
    insert into access_emergencyaccess (id, holder, controller, regime, marking, retention_class, circles, barred,
        made_by, made_at, kind, until, reason, once)
    values (gen_random_uuid(), the_school, 0, '', 'official_sensitive', 'contact', '{}', '{}',
        me, now(), the_kind, now() + make_interval(hours => hours), why, the_once)
    on conflict (holder, made_by, once) do nothing;
    is_first := found;
    return query select id, is_first from access_emergencyaccess
        where holder = the_school and made_by = me and once = the_once;
end $$;
alter function access_take_emergency(uuid, text, int, int, text) owner to schoolgate_circle_reader;

-- Whoever took it, or the head teacher, ends it before its time: says whether there was anything to end.
grant update (until) on access_emergencyaccess to schoolgate_circle_reader;
create function access_end_emergency(the_id uuid) returns boolean
language plpgsql security definer set search_path = public as $$
begin
    update access_emergencyaccess set until = now() where id = the_id and until > now()
        and (made_by = audit_person() or access_shares('head', holder));
    return found;
end $$;
alter function access_end_emergency(uuid) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_circles"),
        ("directory", "0002_register"),
        ("deployment", "0002_rules"),
        ("notices", "0002_telling"),
    ]
    operations = [
        # The school, its police and whoever took it, while they have it, see that it was taken.
        protect(
            "access_emergencyaccess",
            read="school:holder police:holder partnership:holder",
            insert="",
            mutable=["until"],
        ),
        migrations.RunSQL(VIEW),
        migrations.RunSQL(EMERGENCY),
        migrations.RunSQL(ENTER),
    ]
