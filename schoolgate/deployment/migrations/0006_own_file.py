"""Nobody keeps their own file; a later probation sees every posting; whoever takes over lengthens nothing."""

from django.db import migrations

# An officer who is a sergeant as well neither notes the end of their own probation nor signs themselves off.
NOT_ONES_OWN = """
drop policy app_adds on deployment_eligibility;
drop policy app_changes on deployment_eligibility;
create policy app_adds on deployment_eligibility for insert to schoolgate_app with check (
    officer_id <> audit_person() and access_shares('sergeants', team_id) and deployment_keeps(officer_id));
create policy app_changes on deployment_eligibility for update to schoolgate_app
    using (officer_id <> audit_person() and deployment_keeps(officer_id)) with check (
    officer_id <> audit_person() and access_shares('sergeants', team_id) and deployment_keeps(officer_id));
drop policy app_adds on deployment_training;
drop policy app_changes on deployment_training;
create policy app_adds on deployment_training for insert to schoolgate_app
    with check (officer_id <> audit_person() and deployment_keeps(officer_id));
create policy app_changes on deployment_training for update to schoolgate_app
    using (officer_id <> audit_person() and deployment_keeps(officer_id))
    with check (officer_id <> audit_person() and deployment_keeps(officer_id));
"""

# In a transaction that sees only what was there when it began, a posting made meanwhile would be passed by.
SEES_ALL = """
create function deployment_sees_postings() returns trigger language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the end of probation is noted where every posting is seen'
            using errcode = 'check_violation', constraint = 'nobody_in_probation', table = tg_table_name;
    end if;
    return null;
end $$;
create trigger sees_postings before update or delete on deployment_eligibility
    for each statement execute function deployment_sees_postings();
"""

# Whoever is posted in somebody's place ends that posting on the day before, or leaves an earlier last day as it is.
TAKES_OVER = """
create function deployment_check_shorter() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if exists (select from deployment_proposal
        where holder = new.team_id and id = new.ended_by and change = 'post') then
        raise exception 'a posting in whose place another comes is not lengthened'
            using errcode = 'check_violation', constraint = 'takes_over', table = tg_table_name;
    end if;
    return new;
end $$;
alter function deployment_check_shorter() owner to schoolgate_circle_reader;
create trigger check_shorter before update on deployment_assignment for each row
    when (coalesce(new.until, 'infinity') > coalesce(old.until, 'infinity'))
    execute function deployment_check_shorter();
"""


class Migration(migrations.Migration):
    dependencies = [("deployment", "0005_weights"), ("audit", "0001_log")]
    operations = [
        migrations.RunSQL(NOT_ONES_OWN, migrations.RunSQL.noop),
        migrations.RunSQL(SEES_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(TAKES_OVER, migrations.RunSQL.noop),
    ]
