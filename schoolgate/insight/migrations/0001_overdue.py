"""What is overdue and has not been told of: the clock learns which records and whom to tell, and nothing else."""

from django.db import migrations

OVERDUE = """
create function insight_sergeants(the_school int, the_day date) returns int[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(distinct s.person_id), '{}')
    from deployment_assignment a
    join directory_membership s on s.organisation_id = a.team_id and s.role = 'sergeant'
        and daterange(s.since, s.until, '[]') @> the_day
    where a.school_id = the_school and daterange(a.since, a.until, '[]') @> the_day
$$;

create function insight_overdue(the_time timestamptz) returns table (kind text, record uuid, people int[])
language sql stable security definer set search_path = public as $$
    select o.kind, o.record, o.people || insight_sergeants(o.school, (the_time at time zone 'Europe/London')::date)
    from (
        select 'share.overdue' as kind, id as record, school, '{}'::int[] as people from exchange_share
        where status in ('sent', 'acknowledged', 'planned', 'done') and due_at < the_time
        union all
        select 'enquiry.overdue', id, school, asked from exchange_enquiry
        where answered_at is null and due_at < the_time
        union all
        select 'share.crime_reference_overdue', id, school, '{}' from exchange_crimereport
        where force_reference = '' and due_at < the_time
    ) o
    where not exists (select from notices_notice n where n.record = o.record and n.kind = o.kind)
$$;
alter function insight_sergeants(int, date) owner to schoolgate_circle_reader;
alter function insight_overdue(timestamptz) owner to schoolgate_circle_reader;
revoke all on function insight_sergeants(int, date), insight_overdue(timestamptz) from public;
grant execute on function insight_overdue(timestamptz) to schoolgate_login;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("exchange", "0002_protected"), ("notices", "0002_telling"), ("deployment", "0002_rules")]
    operations = [migrations.RunSQL(OVERDUE, migrations.RunSQL.noop)]
