"""Who reads and writes what is known of an officer; what a posting must fulfil; that it was told before it went live.

Nothing here lifts the rule on probation: it is asked of every row by whoever writes it, and where the end of probation
moves past a posting's first day, the posting ends in the same transaction.
"""

from django.db import migrations

from schoolgate.core.opened import register_table
from schoolgate.core.protected import Parent, protect

# An officer's own file: its officer and the sergeants of the team that they belong to now or soon.
KEEPS = """
create function deployment_keeps(the_officer int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (
        select from directory_membership officer join directory_membership sergeant
            on sergeant.organisation_id = officer.organisation_id and sergeant.role = 'sergeant'
        where officer.person_id = the_officer and officer.role = 'officer' and sergeant.person_id = audit_person()
            and coalesce(officer.until, 'infinity') >= (now() at time zone 'Europe/London')::date
            and daterange(sergeant.since, sergeant.until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
alter function deployment_keeps(int) owner to schoolgate_circle_reader;
"""

OWN_FILE = """
drop policy all_read on deployment_eligibility;
create policy keepers_read on deployment_eligibility for select to schoolgate_circle_reader, schoolgate_backup
    using (true);
create policy own_file on deployment_eligibility for select to schoolgate_app
    using (officer_id = audit_person() or deployment_keeps(officer_id));
drop policy app_adds on deployment_eligibility;
drop policy app_changes on deployment_eligibility;
create policy app_adds on deployment_eligibility for insert to schoolgate_app
    with check (access_shares('sergeants', team_id) and deployment_keeps(officer_id));
create policy app_changes on deployment_eligibility for update to schoolgate_app
    using (deployment_keeps(officer_id))
    with check (access_shares('sergeants', team_id) and deployment_keeps(officer_id));

-- A file stays its officer's: else two files could be swapped.
create function deployment_keep_file() returns trigger language plpgsql as $$
begin
    if new.officer_id <> old.officer_id then
        raise exception 'a file stays its officer''s'
            using errcode = 'check_violation', constraint = 'file_of_one_officer', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger keep_file before update on deployment_eligibility
    for each row execute function deployment_keep_file();
create trigger keep_file before update on deployment_training
    for each row execute function deployment_keep_file();
"""

TRAINING = """
drop policy all_read on deployment_training;
create policy keepers_read on deployment_training for select to schoolgate_circle_reader, schoolgate_backup
    using (true);
create policy own_file on deployment_training for select to schoolgate_app
    using (officer_id = audit_person() or deployment_keeps(officer_id));
"""

# Which forces somebody works for, and for which they speak: once a query, not once a row.
FORCES = """
create function deployment_forces(the_roles text[]) returns int[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(distinct case o.kind when 'force' then o.id else o.force_id end), '{}')
    from directory_membership m join directory_organisation o on o.id = m.organisation_id
    where m.person_id = audit_person() and o.kind in ('force', 'team') and m.role = any (the_roles)
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
$$;
alter function deployment_forces(text[]) owner to schoolgate_circle_reader;
"""
LEADS = "array(select unnest(deployment_forces('{youth_lead}')))"
SPEAKS = "array(select unnest(deployment_forces('{youth_lead,sergeant}')))"
COUNTS = "array(select unnest(deployment_forces('{youth_lead,sergeant,analyst}')))"
DECIDES = "array(select unnest(deployment_forces('{sergeant}')))"
OF_MATRIX = f"exists (select from deployment_matrix m where m.id = matrix_id and m.force_id = any ({SPEAKS}))"
WORKS = "array(select unnest(deployment_forces('{youth_lead,sergeant,analyst,officer}')))"

# Figures about schools are the force's: its officers, sergeants, youth lead and analyst read them.
PRIORITY_READ = "".join(
    f"""
drop policy all_read on deployment_{name};
create policy keepers_read on deployment_{name} for select to schoolgate_circle_reader, schoolgate_backup using (true);
create policy of_the_force on deployment_{name} for select to schoolgate_app using ({column} = any ({WORKS}));
"""
    for name, column in (("matrix", "force_id"), ("indicatorvalue", "force_id"), ("prioritydecision", "force_id"))
)

# What was weighed, measured or decided stays as it was: what is new is another row.
PRIORITY_FIXED = """
create function deployment_stays() returns trigger language plpgsql as $$
begin
    raise exception 'it stays as it was: what is new is another row'
        using errcode = 'check_violation', constraint = 'stays_as_it_was', table = tg_table_name;
end $$;
create trigger stays before update on deployment_matrix for each row execute function deployment_stays();
create trigger stays before update on deployment_indicator for each row execute function deployment_stays();
create trigger stays before update on deployment_indicatorvalue for each row execute function deployment_stays();
create trigger stays before update on deployment_prioritydecision for each row execute function deployment_stays();

create function deployment_check_force() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if new.force_id is distinct from (select force_id from directory_organisation where id = new.school_id) then
        raise exception 'the school belongs to another force'
            using errcode = 'check_violation', constraint = 'school_of_the_force', table = tg_table_name;
    end if;
    return new;
end $$;
alter function deployment_check_force() owner to schoolgate_circle_reader;
create trigger check_force before insert on deployment_indicatorvalue
    for each row execute function deployment_check_force();
create trigger check_force before insert on deployment_prioritydecision
    for each row execute function deployment_check_force();
"""

# The rules are asked of every posting, whoever writes it. A file that is not there is a probation of unknown end. The
# lock keeps a posting and a later end of probation from passing each other by in two transactions.
POSTINGS = """
create policy circles_lock on deployment_eligibility for update to schoolgate_circle_reader
    using (true) with check (false);
grant update (version) on deployment_eligibility to schoolgate_circle_reader;

create or replace function deployment_check_assignment() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its deployment_eligibility;
    rules deployment_deploymentrules;
    first_day date := new.since;
    needed text;
begin
    if tg_op = 'UPDATE' then
        if (new.officer_id, new.team_id, new.school_id, new.since)
                = (old.officer_id, old.team_id, old.school_id, old.since)
            and coalesce(new.until, 'infinity') <= coalesce(old.until, 'infinity') then
            return new;  -- it only ends earlier
        end if;
        first_day := greatest(new.since, (now() at time zone 'Europe/London')::date);
    end if;
    select * into its from deployment_eligibility where officer_id = new.officer_id for share;
    if its.probation_ends is null then
        raise exception 'the end of the officer''s probation is not known'
            using errcode = 'check_violation', constraint = 'nobody_in_probation';
    end if;
    if new.since <= its.probation_ends then
        raise exception 'the officer is in probation until %', its.probation_ends
            using errcode = 'check_violation', constraint = 'nobody_in_probation';
    end if;
    if not exists (select from directory_organisation team join directory_organisation school
        on school.force_id = team.force_id where team.id = new.team_id and school.id = new.school_id) then
        raise exception 'the school belongs to another force than the team'
            using errcode = 'check_violation', constraint = 'school_of_the_force';
    end if;
    select r.* into rules from deployment_deploymentrules r
        join directory_organisation team on team.force_id = r.force_id where team.id = new.team_id;
    if rules.vetting_needed <> '' and (
        coalesce(array_position(array['recruitment', 'management'], its.vetting_level::text), 0)
            < array_position(array['recruitment', 'management'], rules.vetting_needed::text)
        or its.vetting_expires is null or its.vetting_expires < first_day) then
        raise exception 'the officer''s vetting is not the one that the force asks for, or not in date'
            using errcode = 'check_violation', constraint = 'vetting_in_date';
    end if;
    foreach needed in array coalesce(rules.courses_needed, '{}') loop
        if not exists (select from deployment_training t where t.officer_id = new.officer_id and t.course = needed
            and t.completed_on <= first_day and coalesce(t.expires_on, 'infinity') >= first_day) then
            raise exception 'a training that the force asks for is missing or not in date'
                using errcode = 'check_violation', constraint = 'trained_in_date';
        end if;
    end loop;
    if rules.sign_off_needed and (its.signed_off_on is null or its.signed_off_on > first_day
        or its.sign_off_review_on < first_day) then
        raise exception 'the sergeant has not signed the officer off as suitable, or the review is due'
            using errcode = 'check_violation', constraint = 'signed_off_in_date';
    end if;
    return new;
end $$;
"""

# From here on the application posts nobody of whom head teacher and SPOC were not told, in these terms.
TOLD = """
create function deployment_is_told(the_holder int, the_proposal uuid) returns boolean
language sql stable security definer set search_path = public as $$
    select count(distinct role) = 2 from deployment_telling
    where holder = the_holder and proposal_id = the_proposal and role in ('head', 'spoc')
$$;
alter function deployment_is_told(int, uuid) owner to schoolgate_circle_reader;

create function deployment_check_told() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    p deployment_proposal;
    is_same boolean;
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - '{until,ended_by}'::text[]
        is distinct from to_jsonb(old) - '{until,ended_by}'::text[] then
        raise exception 'a posting is not rewritten: another one is proposed'
            using errcode = 'check_violation', constraint = 'posting_is_fixed', table = tg_table_name;
    end if;
    select * into p from deployment_proposal where holder = new.team_id
        and id = case tg_op when 'INSERT' then new.proposal else new.ended_by end for update;
    if tg_op = 'INSERT' then
        is_same := p.change = 'post' and new.ended_by is null
            and (new.officer_id, new.school_id, new.kind, new.extent, new.manner, new.half, new.ward, new.since)
                = (p.officer, p.school, p.kind, p.extent, p.manner, p.half, p.ward, p.since)
            and (new.until, new.hours, new.covers) is not distinct from (p.until, p.hours, p.covers);
    else
        is_same := p.change = 'end' and p.posting = new.id and new.until = p.until
            or p.change = 'post' and p.instead_of = new.id and p.school = new.school_id and new.until = p.since - 1;
    end if;
    if p.id is null or p.status <> 'draft' or is_same is not true or not deployment_is_told(p.holder, p.id) then
        raise exception 'head teacher and SPOC are told before a change goes live'
            using errcode = 'check_violation', constraint = 'told_before_live', table = tg_table_name;
    end if;
    return new;
end $$;
alter function deployment_check_told() owner to schoolgate_circle_reader;
create trigger check_told before insert or update on deployment_assignment
    for each row when (current_user = 'schoolgate_app') execute function deployment_check_told();

grant update (status) on deployment_proposal to schoolgate_circle_reader;
create function deployment_went_live() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    update deployment_proposal set status = 'live' where holder = new.team_id and status = 'draft'
        and (id = new.proposal or change = 'end' and id = new.ended_by);
    return null;
end $$;
alter function deployment_went_live() owner to schoolgate_circle_reader;
create trigger went_live after insert or update on deployment_assignment
    for each row execute function deployment_went_live();

create function deployment_move_proposal() returns trigger language plpgsql as $$
begin
    if new.status <> old.status and not (old.status = 'draft'
        and (new.status = 'withdrawn' or new.status = 'live' and current_user = 'schoolgate_circle_reader')) then
        raise exception 'this does not follow from how the proposal stands'
            using errcode = 'check_violation', constraint = 'proposal_moves_on', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger move_proposal before update on deployment_proposal
    for each row execute function deployment_move_proposal();

create function deployment_check_telling() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    new.school := coalesce(
        (select school from deployment_proposal where holder = new.holder and id = new.proposal_id), new.school);
    if new.way = 'here' and not exists (select from directory_membership m where m.person_id = new.person
        and m.organisation_id = new.school
        and m.role = any (case new.role when 'head' then array['head'] else array['spoc', 'deputy_spoc'] end)
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date) then
        raise exception 'they are not the school''s head teacher or SPOC'
            using errcode = 'check_violation', constraint = 'tells_head_and_spoc', table = tg_table_name;
    end if;
    return new;
end $$;
alter function deployment_check_telling() owner to schoolgate_circle_reader;
create trigger check_telling before insert on deployment_telling
    for each row execute function deployment_check_telling();
"""

# What probation now reaches: a running posting ends yesterday, one to come is taken out; both are kept as suspensions.
SUSPENDS = """
drop trigger nobody_in_probation on deployment_eligibility;
drop function deployment_check_probation();

create policy suspended on deployment_suspension for insert to schoolgate_circle_reader with check (true);
grant insert on deployment_suspension to schoolgate_circle_reader;
create policy suspends on deployment_assignment for update to schoolgate_circle_reader using (true) with check (true);
create policy takes_out on deployment_assignment for delete to schoolgate_circle_reader using (true);
grant update (until), delete on deployment_assignment to schoolgate_circle_reader;

create function deployment_suspend() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    a deployment_assignment;
    ends date := case tg_op when 'UPDATE' then new.probation_ends end;
    today date := (now() at time zone 'Europe/London')::date;
begin
    for a in select * from deployment_assignment where officer_id = old.officer_id
        and (ends is null or since <= ends) and coalesce(until, 'infinity') >= today order by id for update
    loop
        insert into deployment_suspension (id, holder, controller, regime, marking, retention_class, circles, barred,
            made_by, made_at, officer, school, posting, kind, since, until, was_running, probation_ended, possible_from)
        values (gen_random_uuid(), a.team_id, 0, '', 'official_sensitive', 'contact', '{}', '{}',
            coalesce(audit_person(), 0), now(), a.officer_id, a.school_id, a.id, a.kind, a.since, a.until,
            a.since < today, old.probation_ends, ends + 1);
        if a.since < today then
            update deployment_assignment set until = today - 1 where id = a.id;
        else
            delete from deployment_assignment where id = a.id;
        end if;
    end loop;
    return null;
end $$;
alter function deployment_suspend() owner to schoolgate_circle_reader;
create trigger suspend after update of probation_ends on deployment_eligibility
    for each row execute function deployment_suspend();
create trigger suspend_without_file after delete on deployment_eligibility
    for each row execute function deployment_suspend();
"""

# Whoever keeps an officer's hours takes a day out of them again; the application deletes nothing by itself.
HOURS = """
create policy takes_out on deployment_dutyhours for delete to schoolgate_circle_reader using (true);
grant delete on deployment_dutyhours to schoolgate_circle_reader;
create function deployment_off_duty(the_officer int, the_weekday int) returns boolean
language plpgsql security definer set search_path = public as $$
begin
    if the_officer <> audit_person() and not deployment_supervises(the_officer) then
        raise exception 'not theirs to keep' using errcode = 'insufficient_privilege';
    end if;
    delete from deployment_dutyhours where officer_id = the_officer and weekday = the_weekday;
    return found;
end $$;
alter function deployment_off_duty(int, int) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deployment", "0003_officers"),
        ("directory", "0003_imports"),
        ("access", "0002_circles"),
        ("notices", "0002_telling"),
    ]
    operations = [
        migrations.RunSQL(KEEPS),
        migrations.RunSQL(FORCES),
        register_table("deployment_training", may_write="deployment_keeps(officer_id)"),
        register_table("deployment_deploymentrules", may_write=f"force_id = any ({LEADS})", key="force_id"),
        register_table("deployment_matrix", may_write=f"force_id = any ({SPEAKS})"),
        register_table("deployment_indicator", may_write=OF_MATRIX),
        register_table("deployment_indicatorvalue", may_write=f"force_id = any ({COUNTS})"),
        register_table(
            "deployment_prioritydecision",
            may_write=f"force_id = any ({DECIDES}) and made_by = audit_person()",
        ),
        migrations.RunSQL(OWN_FILE),
        migrations.RunSQL(TRAINING),
        migrations.RunSQL(PRIORITY_READ),
        migrations.RunSQL(PRIORITY_FIXED),
        protect(
            "deployment_proposal",
            read="sergeants:holder",
            insert="sergeants:holder",
            update="sergeants:holder",
            mutable=["head_words", "spoc_words", "status"],
        ),
        protect(
            "deployment_telling",
            read="sergeants:holder school:school",
            insert="sergeants:holder",
            parents=[Parent("proposal_id", "deployment_proposal")],
        ),
        protect("deployment_suspension", read="sergeants:holder author:holder:officer", insert=""),
        protect("deployment_refusal", read="sergeants:holder", insert="sergeants:holder"),
        protect("deployment_shadowing", read="sergeants:holder partnership:school", insert="sergeants:holder"),
        migrations.RunSQL(POSTINGS),
        migrations.RunSQL(TOLD),
        migrations.RunSQL(SUSPENDS),
        migrations.RunSQL(HOURS),
        migrations.RunSQL(
            "grant usage on sequence deployment_training_id_seq, deployment_matrix_id_seq, deployment_indicator_id_seq,"
            " deployment_indicatorvalue_id_seq, deployment_prioritydecision_id_seq to schoolgate_app;"
        ),
    ]
