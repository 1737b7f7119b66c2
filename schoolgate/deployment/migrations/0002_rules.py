"""No posting in probation, nor to another force's school; who may change a deployment; its fragment of the circles."""

from django.db import migrations

from schoolgate.core.opened import register_table

PROBATION = """
create function deployment_check_assignment() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    ends date := (select probation_ends from deployment_eligibility where officer_id = new.officer_id);
begin
    if ends is null then
        raise exception 'the end of the officer''s probation is not known'
            using errcode = 'check_violation', constraint = 'nobody_in_probation';
    end if;
    if new.since <= ends then
        raise exception 'the officer is in probation until %', ends
            using errcode = 'check_violation', constraint = 'nobody_in_probation';
    end if;
    if not exists (select from directory_organisation team join directory_organisation school
        on school.force_id = team.force_id where team.id = new.team_id and school.id = new.school_id) then
        raise exception 'the school belongs to another force than the team'
            using errcode = 'check_violation', constraint = 'school_of_the_force';
    end if;
    return new;
end $$;
create trigger check_assignment before insert or update on deployment_assignment
    for each row execute function deployment_check_assignment();
alter function deployment_check_assignment() owner to schoolgate_circle_reader;

create function deployment_check_probation() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if exists (select from deployment_assignment a where a.officer_id = new.officer_id
        and (new.probation_ends is null or a.since <= new.probation_ends)
        and coalesce(a.until, 'infinity') >= current_date) then
        raise exception 'the officer holds a posting that would fall in probation'
            using errcode = 'check_violation', constraint = 'nobody_in_probation';
    end if;
    return new;
end $$;
create trigger nobody_in_probation before update on deployment_eligibility
    for each row execute function deployment_check_probation();
alter function deployment_check_probation() owner to schoolgate_circle_reader;

alter table deployment_assignment add constraint one_assignment_once exclude using gist (
    officer_id with =, school_id with =, daterange(since, until, '[]') with &&);
"""

SERGEANT = """
create function deployment_supervises(the_officer int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (
        select from directory_membership officer join directory_membership sergeant
            on sergeant.organisation_id = officer.organisation_id and sergeant.role = 'sergeant'
        where officer.person_id = the_officer and officer.role = 'officer' and sergeant.person_id = audit_person()
            and daterange(sergeant.since, sergeant.until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
alter function deployment_supervises(int) owner to schoolgate_circle_reader;
"""

FRAGMENT = """
create view deployment_circle_members as
select a.officer_id as person, g.kind, a.school_id as organisation, 0 as of_person,
    'assigned_officer'::varchar as role,
    greatest(a.since, m.since)::timestamp at time zone 'Europe/London' as since,
    (least(a.until, m.until) + 1)::timestamp at time zone 'Europe/London' as until
from deployment_assignment a
join directory_membership m on m.person_id = a.officer_id and m.organisation_id = a.team_id and m.role = 'officer'
cross join (values ('partnership'), ('police')) as g (kind)
union all
select s.person_id, g.kind, a.school_id, 0, 'sergeant_of_officer',
    greatest(a.since, s.since)::timestamp at time zone 'Europe/London',
    (least(a.until, s.until) + 1)::timestamp at time zone 'Europe/London'
from deployment_assignment a
join directory_membership s on s.organisation_id = a.team_id and s.role = 'sergeant'
cross join (values ('partnership'), ('police')) as g (kind)
union all
select m.person_id, 'partnership', m.organisation_id, 0, m.role,
    m.since::timestamp at time zone 'Europe/London', (m.until + 1)::timestamp at time zone 'Europe/London'
from directory_membership m
where m.role in ('spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl');
"""


class Migration(migrations.Migration):
    dependencies = [("deployment", "0001_initial"), ("directory", "0002_register")]
    operations = [
        migrations.RunSQL(SERGEANT),
        *[
            register_table(
                f"deployment_{name}", may_write=condition, key="officer_id" if name == "eligibility" else "id"
            )
            for name, condition in {
                "eligibility": "access_shares('team', team_id) and deployment_supervises(officer_id)",
                "assignment": "access_shares('team', team_id) and deployment_supervises(officer_id)",
                "dutyhours": "officer_id = audit_person() or deployment_supervises(officer_id)",
                "absence": "officer_id = audit_person() or deployment_supervises(officer_id)",
            }.items()
        ],
        migrations.RunSQL(PROBATION),
        migrations.RunSQL(FRAGMENT),
    ]
