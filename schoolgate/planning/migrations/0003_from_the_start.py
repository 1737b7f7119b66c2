"""A study begins as a draft and has one plan of the planner's; its bound stays; a lost role leaves none under way."""

from django.db import migrations, models

FORGED = """
create function planning_begin_study() returns trigger language plpgsql as $$
begin
    if new.state <> 'draft' or new.attempts <> 0 or new.explanation <> '[]' then
        raise exception 'a study begins as a draft'
            using errcode = 'check_violation', constraint = 'study_moves_on', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger begin_study before insert on planning_study for each row execute function planning_begin_study();

create function planning_explain_study() returns trigger language plpgsql as $$
begin
    raise exception 'why there is no plan is said once'
        using errcode = 'check_violation', constraint = 'study_is_fixed', table = tg_table_name;
end $$;
create trigger explain_study before update on planning_study for each row
    when (new.explanation <> old.explanation and new.state = old.state) execute function planning_explain_study();

create function planning_keep_bound() returns trigger language plpgsql as $$
begin
    if not exists (select from planning_plan p where p.id = new.based_on and p.study_id = new.study_id
            and p.lower_bound = new.lower_bound) then
        raise exception 'a plan changed by hand keeps the bound of its study'
            using errcode = 'check_violation', constraint = 'plan_keeps_the_bound', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger keep_bound before insert on planning_plan for each row
    when (new.based_on is not null) execute function planning_keep_bound();
"""

# Whoever asked for a plan may have lost the role by the time that it is made; then the study is theirs no more.
GIVES_UP = """
grant update (state) on planning_study to schoolgate_circle_reader;
create function planning_give_up(the_study uuid) returns void
language sql security definer set search_path = public as $$
    update planning_study set state = 'failed' where id = the_study and state in ('waiting', 'running')
        and exists (select from planning_progress p where p.study_id = the_study and p.made_by = audit_person())
$$;
alter function planning_give_up(uuid) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_protected")]
    operations = [
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("holder", "study"), condition=models.Q(based_on=None), name="one_plan_of_the_planner"
            ),
        ),
        migrations.RunSQL(FORGED, migrations.RunSQL.noop),
        migrations.RunSQL(GIVES_UP, migrations.RunSQL.noop),
    ]
