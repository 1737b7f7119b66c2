"""A record says when it was made, and that is now: a gate that looks at the day cannot be told of another.

Only an installation of the demonstration takes a history that it is given, as its owner alone can say.
"""

from django.db import migrations

INSTALLATION = """
create table access_installation (
    id boolean primary key default true check (id),
    takes_history boolean not null default false);
insert into access_installation default values;
grant select on access_installation to schoolgate_app, schoolgate_circle_reader, schoolgate_backup;
"""

PROTECT = """
create or replace function access_protect() returns trigger language plpgsql as $$
declare
    open_columns text[];
begin
    if tg_op = 'INSERT' then
        select coalesce(controller_id, id), regime into strict new.controller, new.regime
            from directory_organisation where id = new.holder;
        new.circles := access_rule_circles(tg_argv[0], to_jsonb(new));
        if cardinality(new.circles) = 0 then
            raise exception 'no circle would read this %', tg_table_name using errcode = 'check_violation';
        end if;
        if current_user = 'schoolgate_app' and new.made_by is distinct from audit_person() then
            raise exception 'a record is made by the person acting' using errcode = 'insufficient_privilege';
        end if;
        if current_user = 'schoolgate_app'
            and new.made_at not between now() - interval '1 hour' and now() + interval '1 hour'
            and not (select takes_history from access_installation) then
            raise exception 'a record is made now' using errcode = 'check_violation', table = tg_table_name;
        end if;
        return new;
    end if;
    if current_user = 'schoolgate_retention' then
        return new;
    end if;
    open_columns := string_to_array(tg_argv[1], ', ');
    if current_user = 'schoolgate_circle_reader' then
        open_columns := open_columns || 'barred'::text;
    end if;
    if to_jsonb(new) - open_columns is distinct from to_jsonb(old) - open_columns then
        raise exception 'what was sent is fixed: corrections are new records'
            using errcode = 'check_violation', table = tg_table_name;
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_bars_first")]
    operations = [migrations.RunSQL(INSTALLATION), migrations.RunSQL(PROTECT)]
