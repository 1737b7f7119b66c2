"""How each school's partnership stands is kept from signature to signature, so that a force sees all of its schools."""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

# What is kept is true on the days in `valid`: until the next day on which something begins, lapses or ends by itself.
# On any other day it is worked out afresh, so nothing depends on whether the clock has run.
KEEPING = """
create function partnership_work_out(the_school int, the_day date)
returns table (state text, protocol_until date, dsa_until date, valid daterange)
language sql stable security definer set search_path = public as $$
    with standing as materialized (
        select * from partnership_standing(the_day) s where s.school = the_school
    ), foremost as (
        select distinct on (kind) kind, s.state from standing s
        order by kind, case when s.state = 'active' then 3
            when s.state in ('agreed', 'proposed', 'awaits_police') then 2
            when s.state in ('lapsed', 'ended') then 1 else 0 end desc, s.until desc, s.agreement desc
    ), found as (
        select coalesce(array_agg(l.state), '{}') as states from foremost l
    ), signed as (
        select max(until) filter (where kind = 'protocol') as protocol, max(until) filter (where kind = 'dsa') as dsa
        from standing s where s.state in ('active', 'agreed')
    ), turns as (
        select since as day from standing
        union all select a.until + 1 from partnership_agreement a where a.holder = the_school
        union all select effective_on + 1 from partnership_agreementstep
            where holder = the_school and effective_on is not null
    )
    select case
            when f.states = '{active,active}' then 'active'
            when not f.states && '{agreed,proposed,awaits_police}' and 'lapsed' = any (f.states) then 'lapsed'
            when not f.states && '{agreed,proposed,awaits_police}' and 'ended' = any (f.states) then 'ended'
            when f.states && '{active,agreed,proposed,awaits_police}' then 'proposed'
            else 'none' end,
        s.protocol, s.dsa, daterange(
            (select max(day) from turns where day <= the_day), (select min(day) from turns where day > the_day))
    from found f, signed s
$$;

-- The row is locked before it is worked out: of two who sign at once, the second sees what the first did.
create function partnership_keep_state(the_school int) returns void
language plpgsql security definer set search_path = public as $$
begin
    insert into partnership_schoolstate (school, state, valid) values (the_school, 'none', 'empty')
        on conflict (school) do update set school = excluded.school;
    update partnership_schoolstate k
        set state = w.state, protocol_until = w.protocol_until, dsa_until = w.dsa_until, valid = w.valid
        from partnership_work_out(the_school, (now() at time zone 'Europe/London')::date) w
        where k.school = the_school;
end $$;

create function partnership_state_moves() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    perform partnership_keep_state(new.holder);
    return null;
end $$;
create trigger state_moves after insert on partnership_agreement
    for each row execute function partnership_state_moves();
create trigger state_moves after insert on partnership_agreementstep
    for each row when (new.kind not in ('read', 'delegated', 'trust_signed', 'confirmed', 'reminded'))
    execute function partnership_state_moves();

-- What has run out is worked out anew. Gives for how many schools.
create function partnership_refresh_states() returns bigint
language sql security definer set search_path = public as $$
    select count(*) from (select partnership_keep_state(a.holder) from (
        select distinct holder from partnership_agreement) a
        left join partnership_schoolstate k on k.school = a.holder
        where k.valid is null or not k.valid @> (now() at time zone 'Europe/London')::date) kept
$$;

alter table partnership_schoolstate enable row level security;
alter table partnership_schoolstate force row level security;
create policy circles_keep on partnership_schoolstate to schoolgate_circle_reader using (true) with check (true);
create policy backup_reads on partnership_schoolstate for select to schoolgate_backup using (true);
revoke all on partnership_schoolstate from public;
grant select, insert, update on partnership_schoolstate to schoolgate_circle_reader;
grant select on partnership_schoolstate to schoolgate_backup;
alter function partnership_work_out(int, date) owner to schoolgate_circle_reader;
alter function partnership_keep_state(int) owner to schoolgate_circle_reader;
alter function partnership_state_moves() owner to schoolgate_circle_reader;
alter function partnership_refresh_states() owner to schoolgate_circle_reader;
select partnership_refresh_states();
revoke all on function partnership_work_out(int, date), partnership_keep_state(int), partnership_refresh_states()
    from public;
grant execute on function partnership_refresh_states() to schoolgate_login;
"""

# Schools of a force by name, for those who speak for it or keep its figures: states, dates and counts; no text, no
# names of people. A page's transaction turns sequential scans off for the sake of its lists; this one needs them. With
# one plan for all questions, 2,500 schools take 4 ms; planned for each anew, the plainest of them took 150.
OVERVIEW = """
create function partnership_aware(the_school int, the_page text, the_digest text, the_day date)
returns table (staff bigint, aware bigint)
language sql stable as $$
    select count(distinct m.person_id), count(distinct a.made_by)
    from directory_membership m
    left join partnership_acknowledgement a on a.holder = the_school and a.made_by = m.person_id
        and a.page = the_page and a.digest = the_digest
    where m.organisation_id = the_school and m.role in ('staff', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl')
        and daterange(m.since, m.until, '[]') @> the_day
$$;

create function partnership_lapses_on(the_school int, soon date, the_day date) returns date
language sql stable as $$
    select soon where soon <= coalesce(
        (select min(last_day) from directory_term where school_id = the_school and last_day >= the_day), the_day + 90)
$$;

create function partnership_overview(
    the_force int, the_day date, the_page text, the_digest text, the_state text, the_phase text, the_bcu int,
    is_lapsing boolean, has_no_spoc boolean, is_low boolean, after_name text, after_school int, at_most int)
returns table (school int, name text, phase text, latitude float8, longitude float8, state text, protocol_until date,
    dsa_until date, lapses_on date, has_officer boolean, has_spoc boolean, staff bigint, aware bigint)
language plpgsql stable security definer set search_path = public set enable_seqscan = on
set plan_cache_mode = force_generic_plan as $$
begin
    if not partnership_speaks_for(the_force) and not access_shares('figures', the_force) then
        return;
    end if;
    return query with stale as materialized (
        select k.school as of_school, w.* from directory_organisation o
        join partnership_schoolstate k on k.school = o.id and not k.valid @> the_day
        cross join lateral partnership_work_out(k.school, the_day) w
        where o.force_id = the_force
    ), schools as (
        select o.id, o.name::text as called, s.phase::text as its_phase, s.latitude as north, s.longitude as east,
            coalesce(k.state::text, w.state, 'none') as its_state,
            case when k.school is null then w.protocol_until else k.protocol_until end as protocol,
            case when k.school is null then w.dsa_until else k.dsa_until end as dsa,
            o.id in (select a.school_id from deployment_assignment a
                where daterange(a.since, a.until, '[]') @> the_day) as is_posted
        from directory_organisation o join directory_school s on s.organisation_id = o.id
        left join partnership_schoolstate k on k.school = o.id and k.valid @> the_day
        left join stale w on w.of_school = o.id
        where o.force_id = the_force and o.closed_on is null
            and (the_phase = '' or s.phase = the_phase)
            and (the_bcu is null or o.id in (
                select a.school_id from deployment_assignment a join directory_organisation team on team.id = a.team_id
                where team.parent_id = the_bcu and daterange(a.since, a.until, '[]') @> the_day))
            and (after_name is null or (o.name, o.id) > (after_name, after_school))
    ), found as materialized (
        select f.* from (
            select c.*, case when c.its_state <> 'none' then c.its_state when c.is_posted then 'officer_named'
                else 'none' end as stands
            from schools c) f
        where (the_state = '' or f.stands = the_state)
            and (not has_no_spoc or f.id not in (select m.organisation_id from directory_membership m
                where m.role = 'spoc' and daterange(m.since, m.until, '[]') @> the_day))
            and (not is_lapsing or partnership_lapses_on(f.id, least(f.protocol, f.dsa), the_day) is not null)
            and (not is_low or (
                select n.staff = 0 or 100 * n.aware / n.staff < 50
                from partnership_aware(f.id, the_page, the_digest, the_day) n))
        order by f.called, f.id limit at_most
    )
    select f.id, f.called, f.its_phase, f.north, f.east, f.stands, f.protocol, f.dsa,
        partnership_lapses_on(f.id, least(f.protocol, f.dsa), the_day), f.is_posted, (
            select count(*) > 0 from directory_membership m where m.organisation_id = f.id and m.role = 'spoc'
                and daterange(m.since, m.until, '[]') @> the_day), n.staff, n.aware
    from found f cross join lateral partnership_aware(f.id, the_page, the_digest, the_day) n
    order by f.called, f.id;
end $$;
alter function partnership_overview(
    int, date, text, text, text, text, int, boolean, boolean, boolean, text, int, int)
    owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0006_invitations"), ("deployment", "0002_rules")]
    operations = [
        migrations.CreateModel(
            name="SchoolState",
            fields=[
                ("school", models.IntegerField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("none", "None yet"),
                            ("officer_named", "Officer named"),
                            ("proposed", "Proposed"),
                            ("active", "Active"),
                            ("lapsed", "Lapsed"),
                            ("ended", "Ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("protocol_until", models.DateField(null=True)),
                ("dsa_until", models.DateField(null=True)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.RunSQL(KEEPING),
        migrations.RunSQL(OVERVIEW),
    ]
