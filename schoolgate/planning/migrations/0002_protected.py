"""Who reads and writes studies and plans, and how a study moves on."""

from django.db import migrations

from schoolgate.core.protected import Parent, protect

MOVES = """
create function planning_move_study() returns trigger language plpgsql as $$
begin
    if old.state <> 'draft' and (new.terms, new.problem) is distinct from (old.terms, old.problem) then
        raise exception 'what was put to the planner stays as it was'
            using errcode = 'check_violation', constraint = 'study_is_fixed', table = tg_table_name;
    end if;
    if new.state <> old.state and not (
        old.state = 'draft' and new.state = 'waiting'
        or old.state = 'waiting' and new.state in ('running', 'failed')
        or old.state = 'running' and new.state in ('done', 'no_plan', 'failed')) then
        raise exception 'this does not follow from how the study stands'
            using errcode = 'check_violation', constraint = 'study_moves_on', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger move_study before update on planning_study for each row execute function planning_move_study();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0001_initial"),
        ("access", "0002_circles"),
        ("deployment", "0005_weights"),
    ]

    operations = [
        protect(
            "planning_study",
            read="sergeants:holder",
            insert="sergeants:holder",
            update="sergeants:holder",
            mutable=["terms", "problem", "state", "attempts", "explanation", "version"],
        ),
        protect(
            "planning_plan",
            read="sergeants:holder",
            insert="sergeants:holder",
            parents=[Parent("study_id", "planning_study")],
        ),
        protect(
            "planning_progress",
            read="sergeants:holder",
            insert="sergeants:holder",
            update="sergeants:holder",
            mutable=["seconds", "cost", "lower_bound", "stop"],
            parents=[Parent("study_id", "planning_study")],
            history=False,
        ),
        migrations.RunSQL(MOVES),
    ]
