"""Joins every app's fragment of circle members into one view, and lets a person in."""

from django.db import migrations

from schoolgate.core.protected import protect

VIEW = """
create view circle_members as
select f.person, c.id as circle, f.kind, f.organisation, f.role, f.since, f.until
from (
    select * from directory_circle_members
    union all
    select * from deployment_circle_members
    union all
    select made_by, kind, holder, 0, 'emergency', made_at, until from access_emergencyaccess
) f
join access_circle c on c.kind = f.kind and c.organisation = f.organisation and c.person = f.of_person;
alter view directory_circle_members owner to schoolgate_circle_reader;
alter view deployment_circle_members owner to schoolgate_circle_reader;
alter view circle_members owner to schoolgate_circle_reader;
"""

ENTER = """
-- The person is found first: only a known person is carried into each fragment of the view, and with a join
-- in its place every member of every circle would be worked out for each request.
create function access_standing(the_user int)
returns table (person int, name text, circles int[], controllers int[], standings jsonb, waiting bigint)
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
        set_config('schoolgate.controllers', coalesce(v.controllers::text, ''), true),
        set_config('enable_seqscan', 'off', true),
        set_config('role', 'schoolgate_app', true);
    return query select v.person, coalesce(v.name, ''), coalesce(v.standings, '[]'), coalesce(v.waiting, 0);
end $$;

-- One circle at a time, for the same reason: its organisation is carried into each fragment.
create function access_readers(of_circles int[], but int[])
returns table (person int, name text, title text, kind text, organisation int, role text, since timestamptz)
language plpgsql stable security definer set search_path = public as $$
declare
    c record;
begin
    for c in select * from access_circle where id = any (of_circles) order by access_circle.kind loop
        return query
            select m.person, p.name::text, p.title::text, m.kind::text, m.organisation, m.role::text, m.since
            from circle_members m join directory_person p on p.id = m.person
            where m.circle = c.id and m.organisation = c.organisation and m.person <> all (but)
                and m.since <= now() and (m.until is null or m.until > now())
            order by p.name;
    end loop;
end $$;
alter function access_standing(int) owner to schoolgate_circle_reader;
alter function access_readers(int[], int[]) owner to schoolgate_circle_reader;
"""

EMERGENCY = """
create function access_may_need(the_kind text, the_organisation int) returns boolean
language sql stable security definer set search_path = public as $$
    select case the_kind
        when 'partnership' then exists (
            select from directory_organisation school
            join directory_organisation team on team.force_id = school.force_id and team.kind = 'team'
            where school.id = the_organisation and access_shares('team', team.id))
        when 'school' then access_shares('staff', the_organisation)
        else false end
$$;
alter function access_may_need(text, int) owner to schoolgate_circle_reader;
create policy taken on access_emergencyaccess for insert to schoolgate_circle_reader with check (true);
grant insert on access_emergencyaccess to schoolgate_circle_reader;

-- Somebody next to a circle of a school joins it for hours, from now on. The same id twice is one taking:
-- says whether this was the first.
create function access_take_emergency(the_id uuid, the_kind text, the_school int, hours int, why text) returns boolean
language plpgsql security definer set search_path = public as $$
begin
    if not access_may_need(the_kind, the_school) then
        raise exception 'not next to this circle' using errcode = 'insufficient_privilege';
    end if;
    insert into access_emergencyaccess (id, holder, controller, regime, marking, retention_class, circles, barred,
        made_by, made_at, kind, until, reason)
    values (the_id, the_school, 0, '', 'official_sensitive', 'contact', '{}', '{}',
        audit_person(), now(), the_kind, now() + make_interval(hours => hours), why)
    on conflict (id) do nothing;
    return found;
end $$;
alter function access_take_emergency(uuid, text, int, int, text) owner to schoolgate_circle_reader;
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
        protect("access_emergencyaccess", read="school:holder police:holder partnership:holder", insert=""),
        migrations.RunSQL(EMERGENCY),
        migrations.RunSQL(VIEW),
        migrations.RunSQL(ENTER),
    ]
