"""Who reads and writes what passes between school and police, and what no form may be trusted to hold."""

from django.db import migrations

from schoolgate.core.opened import register_table
from schoolgate.core.protected import Parent, protect

BOTH = "partnership:school"
EITHER_SIDE = "school:school+school:holder police:school+team:holder"
POLICE_SIDE = "police:school+team:holder"
ENQUIRY = Parent("enquiry_id", "exchange_enquiry", key="school", parent_key="school", bars=True)
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

# A share and what corrects it tell the same story: a bar of the later goes to the earlier as well (see Parent.bars
# for the other way).
BARS = """
create function exchange_bar_corrected() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    with earlier as (
        update exchange_share set barred = array_append(array_remove(barred, new.person), new.person)
        where id = (select corrects_id from exchange_share where id = new.record) returning id, circles)
    insert into access_bar (id, kind, record, person, reason, circles, declared_by, declared_at)
    select gen_random_uuid(), new.kind, id, new.person, new.reason, circles, new.declared_by, new.declared_at
    from earlier
    on conflict (record, person) do nothing;
    return null;
end $$;
alter function exchange_bar_corrected() owner to schoolgate_circle_reader;
create trigger bar_corrected after insert on access_bar
    for each row when (new.kind = 'exchange_share') execute function exchange_bar_corrected();
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

-- Those on the side that something was sent to, on a day, in the order of turning to them.
create function exchange_line(the_school int, to_police boolean, today date) returns table (person int, place int)
language sql stable security definer set search_path = public as $$
    select a.officer_id, array_position(array['lead', 'neighbourhood', 'buddy', 'cover'], a.kind::text)
    from deployment_assignment a
    join directory_membership m on m.person_id = a.officer_id and m.organisation_id = a.team_id and m.role = 'officer'
    where to_police and a.school_id = the_school
        and today <@ daterange(a.since, a.until, '[]') and today <@ daterange(m.since, m.until, '[]')
    union all
    select m.person_id, 9
    from deployment_assignment a
    join directory_membership m on m.organisation_id = a.team_id and m.role = 'sergeant'
    where to_police and a.school_id = the_school
        and today <@ daterange(a.since, a.until, '[]') and today <@ daterange(m.since, m.until, '[]')
    union all
    select m.person_id, array_position(array['spoc', 'deputy_spoc', 'head'], m.role::text)
    from directory_membership m
    where not to_police and m.organisation_id = the_school and m.role in ('spoc', 'deputy_spoc', 'head')
        and today <@ daterange(m.since, m.until, '[]')
$$;

create function exchange_next_in_line(the_school int, to_police boolean, the_time timestamptz, but int[]) returns int
language sql stable security definer set search_path = public as $$
    select person from exchange_line(the_school, to_police, (the_time at time zone 'Europe/London')::date)
    where person <> all (but)
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
        person := exchange_next_in_line(late.school, true, the_time, late.recipients || late.barred || array(
            select unnest(p.people) from exchange_sharestep p where p.share_id = late.id and p.kind = 'passed'));
        continue when person is null;
        insert into exchange_sharestep (id, holder, controller, regime, marking, retention_class, circles, barred,
                made_by, made_at, share_id, school, kind, words, people, once)
            values (gen_random_uuid(), late.holder, 0, '', late.marking, late.retention_class, '{}', late.barred,
                0, the_time, late.id, late.school, 'passed', '', array[person], gen_random_uuid());
        return next;
    end loop;
end $$;
alter function exchange_line(int, boolean, date) owner to schoolgate_circle_reader;
alter function exchange_next_in_line(int, boolean, timestamptz, int[]) owner to schoolgate_circle_reader;
alter function exchange_pass_on(timestamptz) owner to schoolgate_circle_reader;
revoke all on function exchange_line(int, boolean, date), exchange_next_in_line(int, boolean, timestamptz, int[]),
    exchange_pass_on(timestamptz) from public;
grant execute on function exchange_pass_on(timestamptz) to schoolgate_login;

-- Enquiries likewise, from the moment at which nobody who has it can read it any more.
create policy passed_on on exchange_enquirypassed for insert to schoolgate_circle_reader with check (made_by = 0);
grant insert on exchange_enquirypassed to schoolgate_circle_reader;

create function exchange_pass_on_enquiries(the_time timestamptz) returns table (enquiry uuid, person int)
language plpgsql security definer set search_path = public as $$
declare
    waiting record;
    today date := (the_time at time zone 'Europe/London')::date;
begin
    for waiting in
        select e.*, e.holder = e.school as to_police,
            e.asked || array(select p.person from exchange_enquirypassed p where p.enquiry_id = e.id) as have_it,
            exists (select from exchange_enquirypassed p
                where p.enquiry_id = e.id and p.made_at > the_time - interval '1 hour') as is_new
        from exchange_enquiry e
        where e.answered_at is null
        order by e.due_at
    loop
        continue when exists (
            select from exchange_line(waiting.school, waiting.to_police, today) l
            where l.person = any (waiting.have_it) and l.person <> all (waiting.barred))
            and (waiting.due_at > the_time or waiting.is_new);
        enquiry := waiting.id;
        person := exchange_next_in_line(
            waiting.school, waiting.to_police, the_time, waiting.have_it || waiting.barred);
        continue when person is null;
        insert into exchange_enquirypassed (id, holder, controller, regime, marking, retention_class, circles, barred,
                made_by, made_at, enquiry_id, school, person)
            values (gen_random_uuid(), waiting.holder, 0, '', waiting.marking, waiting.retention_class, '{}', '{}',
                0, the_time, enquiry, waiting.school, person);
        return next;
    end loop;
end $$;
alter function exchange_pass_on_enquiries(timestamptz) owner to schoolgate_circle_reader;
revoke all on function exchange_pass_on_enquiries(timestamptz) from public;
grant execute on function exchange_pass_on_enquiries(timestamptz) to schoolgate_login;
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
            parents=[Parent("child_id", "children_child"), Parent("corrects_id", "exchange_share", bars=True)],
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
        protect("exchange_answer", read=BOTH, insert=EITHER_SIDE, parents=[ENQUIRY]),
        protect("exchange_enquirypassed", read=BOTH, insert="", parents=[ENQUIRY]),
        migrations.RunSQL(GATE),
        migrations.RunSQL(SIDES),
        *[
            migrations.RunSQL(CHECK_HOLDER.format(table=f"exchange_{name}"))
            for name in ("share", "sharestep", "subjectcategory", "childlink", "crimereport", "enquiry", "answer")
        ],
        migrations.RunSQL(STATUS),
        migrations.RunSQL(BARS),
        migrations.RunSQL(REPORTED_CRIME),
        migrations.RunSQL(LATE),
    ]
