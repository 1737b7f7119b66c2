"""Who reads and writes what passes between school and police, and what no form may be trusted to hold."""

from django.db import migrations

from schoolgate.core.opened import register_table
from schoolgate.core.protected import Parent, protect

BOTH = "partnership:school"
EITHER_SIDE = "school:school+school:holder police:school+team:holder"
POLICE_SIDE = "police:school+team:holder"
SHARE = Parent("share_id", "exchange_share", key="school", parent_key="school", bars=True)

# Routine sharing needs the protocol and the DSA in force on the day; every other ground needs its reason.
GATE = """
create function exchange_gate() returns trigger language plpgsql as $$
begin
    if new.ground = 'agreement'
        and not partnership_agreed(new.school, (new.made_at at time zone 'Europe/London')::date) then
        raise exception 'the SSP protocol and the Data Sharing Agreement are not both in force'
            using errcode = 'check_violation', constraint = 'routine_needs_agreement', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger gate before insert on exchange_share for each row execute function exchange_gate();

create function exchange_enquiry_gate() returns trigger language plpgsql as $$
begin
    if new.child_name <> ''
        and not partnership_agreed(new.school, (new.made_at at time zone 'Europe/London')::date) then
        raise exception 'an enquiry that names a child needs the agreements in force'
            using errcode = 'check_violation', constraint = 'routine_needs_agreement', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger gate before insert on exchange_enquiry for each row execute function exchange_enquiry_gate();
"""

SIDES = """
create function exchange_check_holder() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if new.holder <> new.school
        and not exists (select from directory_organisation where id = new.holder and kind = 'team') then
        raise exception 'it is held by the school or by one of its police teams'
            using errcode = 'check_violation', constraint = 'held_by_a_side', table = tg_table_name;
    end if;
    return new;
end $$;
alter function exchange_check_holder() owner to schoolgate_circle_reader;
"""

CHECK_HOLDER = """
create trigger check_holder before insert on {table} for each row execute function exchange_check_holder();
"""

STATUS = """
create function exchange_check_status() returns trigger language plpgsql as $$
begin
    if new.status is distinct from old.status and not exists (
        select from (values
            ('sent', 'acknowledged'), ('sent', 'corrected'), ('sent', 'recalled'),
            ('acknowledged', 'planned'), ('acknowledged', 'done'),
            ('acknowledged', 'corrected'), ('acknowledged', 'recalled'),
            ('planned', 'done'), ('planned', 'corrected'), ('planned', 'recalled'),
            ('done', 'reported'), ('done', 'corrected'), ('done', 'recalled'),
            ('reported', 'corrected'), ('reported', 'recalled')
        ) as allowed (before, after) where before = old.status and after = new.status) then
        raise exception 'a share does not go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'share_status_moves_on', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger check_status before update on exchange_share for each row execute function exchange_check_status();
create function exchange_check_first_status() returns trigger language plpgsql as $$
begin
    if new.status <> 'sent' then
        raise exception 'a share begins as sent'
            using errcode = 'check_violation', constraint = 'share_begins_as_sent', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger check_first_status before insert on exchange_share
    for each row execute function exchange_check_first_status();
"""

# A crime reported by a share waits for the force's reference from the moment it is sent. The school that
# sends it may not read the row, so the database makes it.
REPORTED_CRIME = """
create policy crime_reported on exchange_crimereport for insert to schoolgate_circle_reader with check (true);
grant insert on exchange_crimereport to schoolgate_circle_reader;
create function exchange_report_crime() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its_day date := (new.made_at at time zone 'Europe/London')::date;
begin
    insert into exchange_crimereport (id, holder, controller, regime, marking, retention_class, circles, barred,
            made_by, made_at, share_id, school, what, due_at, once, force_reference)
    select gen_random_uuid(), a.team_id, 0, '', new.marking, new.retention_class, '{}', new.barred,
        new.made_by, new.made_at, new.id, new.school, new.ground_reason, new.made_at + interval '24 hours',
        new.once, ''
    from deployment_assignment a
    where a.school_id = new.school and daterange(a.since, a.until, '[]') @> its_day
    order by a.officer_id = any (new.recipients) desc, a.id
    limit 1;
    return null;
end $$;
alter function exchange_report_crime() owner to schoolgate_circle_reader;
create trigger report_crime after insert on exchange_share
    for each row when (new.ground = 'report_crime' and new.holder = new.school)
    execute function exchange_report_crime();
"""

# Nobody signed in passes on what waited too long: the clock does, an hour apart, to the next in line.
LATE = """
create policy passed_on on exchange_sharestep for insert to schoolgate_circle_reader
    with check (kind = 'passed' and made_by = 0);
grant insert on exchange_sharestep to schoolgate_circle_reader;

create function exchange_next_in_line(the_share uuid, the_time timestamptz) returns int
language sql stable security definer set search_path = public as $$
    with line as (
        select s.school, s.recipients || s.barred as passed_by, (the_time at time zone 'Europe/London')::date as today
        from exchange_share s where s.id = the_share
    ), police as (
        select a.officer_id as person,
            array_position(array['lead', 'neighbourhood', 'buddy', 'cover'], a.kind::text) as place
        from line join deployment_assignment a on a.school_id = line.school
        join directory_membership m on m.person_id = a.officer_id and m.organisation_id = a.team_id
            and m.role = 'officer'
        where line.today <@ daterange(a.since, a.until, '[]') and line.today <@ daterange(m.since, m.until, '[]')
        union all
        select m.person_id, 9
        from line join deployment_assignment a on a.school_id = line.school
        join directory_membership m on m.organisation_id = a.team_id and m.role = 'sergeant'
        where line.today <@ daterange(a.since, a.until, '[]') and line.today <@ daterange(m.since, m.until, '[]')
    )
    select person from police, line
    where person <> all (line.passed_by) and not exists (
        select from exchange_sharestep p where p.share_id = the_share and p.kind = 'passed' and person = any (p.people))
    order by place, person limit 1
$$;

create function exchange_pass_on(the_time timestamptz) returns table (share uuid, person int)
language plpgsql security definer set search_path = public as $$
declare
    late record;
begin
    for late in
        select s.* from exchange_share s
        where s.status = 'sent' and s.due_at <= the_time and s.holder = s.school and not exists (
            select from exchange_sharestep p
            where p.share_id = s.id and p.kind = 'passed' and p.made_at > the_time - interval '1 hour')
        order by s.due_at
    loop
        share := late.id;
        person := exchange_next_in_line(late.id, the_time);
        continue when person is null;
        insert into exchange_sharestep (id, holder, controller, regime, marking, retention_class, circles, barred,
                made_by, made_at, share_id, school, kind, words, people, once)
            values (gen_random_uuid(), late.holder, 0, '', late.marking, late.retention_class, '{}', late.barred,
                0, the_time, late.id, late.school, 'passed', '', array[person], gen_random_uuid());
        return next;
    end loop;
end $$;
alter function exchange_next_in_line(uuid, timestamptz) owner to schoolgate_circle_reader;
alter function exchange_pass_on(timestamptz) owner to schoolgate_circle_reader;
revoke all on function exchange_next_in_line(uuid, timestamptz), exchange_pass_on(timestamptz) from public;
grant execute on function exchange_pass_on(timestamptz) to schoolgate_login;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("children", "0002_protected"),
        ("deployment", "0002_rules"),
        ("partnership", "0002_agreed"),
    ]
    operations = [
        register_table("exchange_legalbasis", may_write="access_is_administrator()"),
        protect(
            "exchange_share",
            read=BOTH,
            insert=EITHER_SIDE,
            update=BOTH,
            mutable=["status", "due_at", "school_reference", "police_reference"],
            owners=["holder", "school"],
            parents=[Parent("child_id", "children_child"), Parent("corrects_id", "exchange_share")],
        ),
        protect("exchange_sharestep", read=BOTH, insert=EITHER_SIDE, parents=[SHARE]),
        protect("exchange_subjectcategory", read="police:school", insert=POLICE_SIDE, parents=[SHARE]),
        protect(
            "exchange_childlink",
            read="police:school",
            insert=POLICE_SIDE,
            parents=[SHARE, Parent("child_id", "children_child")],
        ),
        protect(
            "exchange_crimereport",
            read="police:school",
            insert=POLICE_SIDE,
            update="police:school",
            mutable=["force_reference", "recorded_at"],
            parents=[SHARE],
        ),
        protect(
            "exchange_enquiry",
            read=BOTH,
            insert=EITHER_SIDE,
            update=BOTH,
            mutable=["answered_at"],
            owners=["holder", "school"],
        ),
        protect(
            "exchange_answer",
            read=BOTH,
            insert=EITHER_SIDE,
            parents=[Parent("enquiry_id", "exchange_enquiry", key="school", parent_key="school", bars=True)],
        ),
        migrations.RunSQL(GATE),
        migrations.RunSQL(SIDES),
        *[
            migrations.RunSQL(CHECK_HOLDER.format(table=f"exchange_{name}"))
            for name in ("share", "sharestep", "subjectcategory", "childlink", "crimereport", "enquiry", "answer")
        ],
        migrations.RunSQL(STATUS),
        migrations.RunSQL(REPORTED_CRIME),
        migrations.RunSQL(LATE),
    ]
