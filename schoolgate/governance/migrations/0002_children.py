"""A data protection officer is asked about a child by name: which records of the child's are there, and no more."""

from django.db import migrations

CHILDREN = """
create function governance_children(the_name text)
returns table (id uuid, holder int, controller int, made_at timestamptz)
language sql stable security definer set search_path = public as $$
    select c.id, c.holder, c.controller, c.made_at from children_child c
    where access_shares('dpo', c.controller) and audit_person() <> all (c.barred)
        and length(the_name) >= 3 and strpos(lower(c.name), lower(the_name)) > 0
    order by c.made_at desc limit 50
$$;
alter function governance_children(text) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_oversight"), ("children", "0002_protected")]
    operations = [migrations.RunSQL(CHILDREN, migrations.RunSQL.noop)]
