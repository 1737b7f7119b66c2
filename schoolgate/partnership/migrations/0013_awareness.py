"""How many of a school's staff have read the briefing is kept from change to change, as its state is (0007)."""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

from schoolgate.partnership.models import BriefingPage
from schoolgate.partnership.selectors.awareness import digest_of

# What is kept counts those who have read the words in `digest`, and is true on the days in `valid`: until the next day
# on which a role begins or is over. For other words, and on any other day, they are counted afresh.
KEEPING = """
create function partnership_count_aware(the_school int, the_digest text, the_day date)
returns table (staff bigint, aware bigint, valid daterange)
language sql stable as $$
    with roles as (
        select m.person_id, m.since, m.until from directory_membership m
        where m.organisation_id = the_school and m.role in ('staff', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl')
    ), turns as (
        select since as day from roles union all select until + 1 from roles
    )
    select count(distinct r.person_id), count(distinct a.made_by), daterange(
        (select max(day) from turns where day <= the_day), (select min(day) from turns where day > the_day))
    from roles r
    left join partnership_acknowledgement a on a.holder = the_school and a.made_by = r.person_id
        and a.page = 'ssp' and a.digest = the_digest
    where daterange(r.since, r.until, '[]') @> the_day
$$;

-- As it is kept, else counted afresh.
create function partnership_aware(the_school int, the_digest text, the_day date)
returns table (staff bigint, aware bigint)
language sql stable as $$
    with kept as (
        select k.staff, k.aware from partnership_schoolawareness k
        where k.school = the_school and k.digest = the_digest and k.valid @> the_day
    )
    select k.staff, k.aware from kept k
    union all select n.staff, n.aware from partnership_count_aware(the_school, the_digest, the_day) n
        where not exists (select from kept)
$$;

-- The row is locked before they are counted: of two who read it at once, the second sees what the first did.
-- Without a digest: those who have read the words that were counted last.
create function partnership_keep_aware(the_school int, the_digest text) returns void
language plpgsql security definer set search_path = public as $$
begin
    insert into partnership_schoolawareness (school, digest, staff, aware, valid)
        values (the_school, coalesce(the_digest, ''), 0, 0, 'empty')
        on conflict (school) do update set digest = coalesce(the_digest, partnership_schoolawareness.digest);
    update partnership_schoolawareness k set (staff, aware, valid) = (
        select w.staff, w.aware, w.valid
        from partnership_count_aware(k.school, k.digest, (now() at time zone 'Europe/London')::date) w)
        where k.school = the_school;
end $$;

create function partnership_staff_move() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    perform partnership_keep_aware(c.school, null) from (
        select distinct s.organisation_id as school from changed
        join directory_school s on s.organisation_id = changed.organisation_id order by school) c;
    return null;
end $$;
create trigger staff_come after insert on directory_membership
    referencing new table as changed for each statement execute function partnership_staff_move();
create trigger staff_stay_until after update on directory_membership
    referencing new table as changed for each statement execute function partnership_staff_move();
create trigger staff_go after delete on directory_membership
    referencing old table as changed for each statement execute function partnership_staff_move();

create function partnership_staff_read() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    perform partnership_keep_aware(c.holder, c.digest) from (
        select distinct holder, digest from changed where page = 'ssp' order by holder) c;
    return null;
end $$;
create trigger staff_read after insert on partnership_acknowledgement
    referencing new table as changed for each statement execute function partnership_staff_read();

-- What has run out, or counts other words, is counted anew. Gives for how many schools.
create function partnership_refresh_awareness(the_digest text) returns bigint
language sql security definer set search_path = public as $$
    select count(*) from (select partnership_keep_aware(s.organisation_id, the_digest) from directory_school s
        left join partnership_schoolawareness k on k.school = s.organisation_id and k.digest = the_digest
            and k.valid @> (now() at time zone 'Europe/London')::date
        where k.school is null) kept
$$;

alter table partnership_schoolawareness enable row level security;
alter table partnership_schoolawareness force row level security;
create policy circles_keep on partnership_schoolawareness to schoolgate_circle_reader using (true) with check (true);
create policy backup_reads on partnership_schoolawareness for select to schoolgate_backup using (true);
revoke all on partnership_schoolawareness from public;
grant select, insert, update on partnership_schoolawareness to schoolgate_circle_reader;
grant select on partnership_schoolawareness to schoolgate_backup;
alter function partnership_keep_aware(int, text) owner to schoolgate_circle_reader;
alter function partnership_staff_move() owner to schoolgate_circle_reader;
alter function partnership_staff_read() owner to schoolgate_circle_reader;
alter function partnership_refresh_awareness(text) owner to schoolgate_circle_reader;
revoke all on function partnership_keep_aware(int, text), partnership_refresh_awareness(text) from public;
grant execute on function partnership_refresh_awareness(text) to schoolgate_login;
"""

# As in 0007, but that counts are kept, that terms and counts of all schools are read at once, where they are asked for,
# and that a page of all schools looks at its own alone. Joined in a loop, as the generic plan would, 2,500 schools take
# half a second.
OVERVIEW = """
drop function partnership_overview(int, date, text, text, text, text, int, boolean, boolean, boolean, text, int, int);
drop function partnership_aware(int, text, text, date);

create function partnership_is_low(staff bigint, aware bigint) returns boolean
language sql immutable as $$
    select staff = 0 or 2 * aware < staff
$$;

create function partnership_overview(
    the_force int, the_day date, the_digest text, the_state text, the_phase text, the_bcu int,
    is_lapsing boolean, has_no_spoc boolean, is_low boolean, after_name text, after_school int, at_most int)
returns table (school int, name text, phase text, latitude float8, longitude float8, state text, protocol_until date,
    dsa_until date, lapses_on date, has_officer boolean, has_spoc boolean, staff bigint, aware bigint)
language plpgsql stable security definer set search_path = public set enable_seqscan = on
set enable_nestloop = off set plan_cache_mode = force_generic_plan as $$
declare
    all_are_wanted boolean := the_state = '' and not (is_lapsing or has_no_spoc or is_low);
begin
    if not partnership_speaks_for(the_force) and not access_shares('figures', the_force) then
        return;
    end if;
    return query with schools as materialized (
        select o.id, o.name::text as called, s.phase::text as its_phase, s.latitude as north, s.longitude as east
        from directory_organisation o join directory_school s on s.organisation_id = o.id
        where o.force_id = the_force and o.closed_on is null
            and (the_phase = '' or s.phase = the_phase)
            and (the_bcu is null or o.id in (
                select a.school_id from deployment_assignment a join directory_organisation team on team.id = a.team_id
                where team.parent_id = the_bcu and daterange(a.since, a.until, '[]') @> the_day))
            and (after_name is null or (o.name, o.id) > (after_name, after_school))
        order by case when all_are_wanted then o.name end, o.id limit case when all_are_wanted then at_most end
    ), stale as materialized (
        select k.school as of_school, w.* from schools s
        join partnership_schoolstate k on k.school = s.id and not k.valid @> the_day
        cross join lateral partnership_work_out(k.school, the_day) w
    ), terms as materialized (
        select t.school_id, min(t.last_day) as ends from directory_term t where is_lapsing and t.last_day >= the_day
        group by t.school_id
    ), counted as materialized (
        select k.school as of_school, partnership_is_low(k.staff, k.aware) as few_know
        from partnership_schoolawareness k where is_low and k.digest = the_digest and k.valid @> the_day
    ), documented as (
        select s.*, coalesce(k.state::text, w.state, 'none') as its_state,
            case when k.school is null then w.protocol_until else k.protocol_until end as protocol,
            case when k.school is null then w.dsa_until else k.dsa_until end as dsa,
            s.id in (select a.school_id from deployment_assignment a
                where daterange(a.since, a.until, '[]') @> the_day) as is_posted
        from schools s
        left join partnership_schoolstate k on k.school = s.id and k.valid @> the_day
        left join stale w on w.of_school = s.id
    ), standing as (
        select d.*, least(d.protocol, d.dsa) as soon, case when d.its_state <> 'none' then d.its_state
            when d.is_posted then 'officer_named' else 'none' end as stands
        from documented d
    ), found as materialized (
        select f.* from standing f
        left join terms t on t.school_id = f.id
        left join counted n on n.of_school = f.id
        where (the_state = '' or f.stands = the_state)
            and (not has_no_spoc or f.id not in (select m.organisation_id from directory_membership m
                where m.role = 'spoc' and daterange(m.since, m.until, '[]') @> the_day))
            and (not is_lapsing or f.soon <= coalesce(t.ends, the_day + 90))
            and (not is_low or coalesce(n.few_know, (select partnership_is_low(w.staff, w.aware)
                from partnership_count_aware(f.id, the_digest, the_day) w)))
        order by f.called, f.id limit at_most
    )
    select f.id, f.called, f.its_phase, f.north, f.east, f.stands, f.protocol, f.dsa,
        partnership_lapses_on(f.id, f.soon, the_day), f.is_posted, (
            select count(*) > 0 from directory_membership m where m.organisation_id = f.id and m.role = 'spoc'
                and daterange(m.since, m.until, '[]') @> the_day), n.staff, n.aware
    from found f cross join lateral partnership_aware(f.id, the_digest, the_day) n order by f.called, f.id;
end $$;
alter function partnership_overview(
    int, date, text, text, text, int, boolean, boolean, boolean, text, int, int)
    owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0012_new_heads")]
    operations = [
        migrations.CreateModel(
            name="SchoolAwareness",
            fields=[
                ("school", models.IntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("staff", models.IntegerField()),
                ("aware", models.IntegerField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.RunSQL(KEEPING),
        migrations.RunSQL([("select partnership_refresh_awareness(%s)", [digest_of(BriefingPage.SSP)])]),
        migrations.RunSQL(OVERVIEW),
    ]
