"""Officers' pictures: seen by whoever opens the page of a school that they serve; gone when they are removed."""

import django.db.models.deletion
from django.db import migrations, models

import schoolgate.core.ids

# No history is kept of it: a picture that was taken away is nowhere.
POLICIES = """
create function partnership_keeps_picture(the_person int) returns boolean
language sql stable security definer set search_path = public as $$
    select (the_person = audit_person() or directory_keeps_person(the_person)) and exists (
        select from directory_membership where person_id = the_person and role in ('officer', 'sergeant')
            and daterange(since, until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
alter function partnership_keeps_picture(int) owner to schoolgate_circle_reader;

create function partnership_sees_picture(the_person int) returns boolean
language sql stable security definer set search_path = public as $$
    select the_person = audit_person() or directory_keeps_person(the_person) or exists (
        select from deployment_assignment a join directory_organisation school on school.id = a.school_id
        where a.officer_id = the_person
            and daterange(a.since, a.until, '[]') @> (now() at time zone 'Europe/London')::date
            and (access_shares('staff', a.school_id) or access_shares('partnership', a.school_id)
                or partnership_speaks_for(school.force_id)))
$$;
alter function partnership_sees_picture(int) owner to schoolgate_circle_reader;

alter table partnership_officerpicture add constraint picture_is_a_small_jpeg
    check (substring(content from 1 for 3) = '\\xffd8ff' and octet_length(content) <= 500000);
alter table partnership_officerpicture enable row level security;
alter table partnership_officerpicture force row level security;
create policy app_sees on partnership_officerpicture for select to schoolgate_app
    using (partnership_sees_picture(officer_id));
create policy app_adds on partnership_officerpicture for insert to schoolgate_app
    with check (partnership_keeps_picture(officer_id));
create policy taken_down on partnership_officerpicture to schoolgate_circle_reader using (true) with check (false);
create policy backup_reads on partnership_officerpicture for select to schoolgate_backup using (true);
revoke all on partnership_officerpicture from public;
grant select, insert on partnership_officerpicture to schoolgate_app;
grant select, delete on partnership_officerpicture to schoolgate_circle_reader;
grant select on partnership_officerpicture to schoolgate_backup;

-- Gives the id of what was taken down.
create function partnership_take_down_picture(the_person int) returns setof uuid
language sql security definer set search_path = public as $$
    delete from partnership_officerpicture where officer_id = the_person and partnership_keeps_picture(the_person)
        returning id
$$;
alter function partnership_take_down_picture(int) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0004_clock"), ("directory", "0003_imports"), ("deployment", "0002_rules")]
    operations = [
        migrations.CreateModel(
            name="OfficerPicture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=schoolgate.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", models.BinaryField()),
                ("made_by", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "officer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="picture", to="directory.person"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(POLICIES),
    ]
