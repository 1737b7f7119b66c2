"""Whoever is let in learns how many forms they have not sent, in the same statement."""

from django.db import migrations

ENTER = """
drop function access_enter(int);
drop function access_standing(int);

-- The person is found first: see migration 0001.
create function access_standing(the_user int)
returns table (person int, name text, circles int[], acts int[], controllers int[], standings jsonb,
    waiting bigint, unsent bigint)
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
            and not exists (select from access_bar b where b.record = n.record and b.person = the_person)),
        (select count(*) from drafts_draft d where d.made_by = the_person and d.closed_at is null
            and d.content <> '{}')
    from circle_members m
    where m.person = the_person and m.since <= now() and (m.until is null or m.until > now());
end $$;

-- The settings last for the transaction, and so does the role: after it, the sign-in role is back.
create function access_enter(the_user int)
returns table (person int, name text, standings jsonb, waiting bigint, unsent bigint)
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
    return query select v.person, coalesce(v.name, ''), coalesce(v.standings, '[]'), coalesce(v.waiting, 0),
        coalesce(v.unsent, 0);
end $$;
alter function access_standing(int) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("config", "0003_accounts"), ("drafts", "0002_protected")]
    operations = [migrations.RunSQL(ENTER, migrations.RunSQL.noop)]
