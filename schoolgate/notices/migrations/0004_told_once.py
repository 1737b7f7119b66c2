"""Of several things that one page shows, somebody is told once, as long as they have not seen it."""

from django.db import migrations

TELLING = """
create function notices_tell_once(
    the_people int[], the_kind text, is_at_once boolean, the_table regclass, the_record uuid, the_page text,
    the_time timestamptz) returns setof uuid
language sql security definer set search_path = public as $$
    select notices_tell(array(
        select p.person from unnest(the_people) as p (person) where not exists (
            select from notices_notice n where n.person = p.person and n.kind = the_kind and n.page = the_page
                and n.seen_at is null)
        ), the_kind, is_at_once, the_table, the_record, the_page, the_time)
$$;
alter function notices_tell_once(int[], text, boolean, regclass, uuid, text, timestamptz)
    owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_nobody_tells")]
    operations = [migrations.RunSQL(TELLING)]
