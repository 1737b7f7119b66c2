"""What the clock may learn and note: ids, and that somebody was told; no text, and only while nobody is signed in."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import schoolgate.core.ids
from schoolgate.core.protected import protect

MISSING_SPOC = migrations.CreateModel(
    name="MissingSpoc",
    fields=[
        (
            "id",
            models.UUIDField(default=schoolgate.core.ids.new_id, editable=False, primary_key=True, serialize=False),
        ),
        ("holder", models.IntegerField()),
        ("controller", models.IntegerField(default=0, editable=False)),
        (
            "regime",
            models.CharField(
                choices=[("law_enforcement", "Law enforcement (DPA 2018 Part 3)"), ("uk_gdpr", "UK GDPR")],
                default="uk_gdpr",
                editable=False,
                max_length=20,
            ),
        ),
        (
            "marking",
            models.CharField(
                choices=[("official", "OFFICIAL"), ("official_sensitive", "OFFICIAL-SENSITIVE")],
                default="official_sensitive",
                max_length=20,
            ),
        ),
        ("retention_class", models.CharField(default="contact", max_length=40)),
        ("circles", ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
        ("barred", ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
        ("made_by", models.IntegerField()),
        ("made_at", models.DateTimeField()),
    ],
    options={"abstract": False},
)

# Each reminder is a step of the agreement, and its words say which: the days before its end, or for whom it waits.
# After an idle month the nearest one alone is due. One that another follows is not called to mind.
REMINDING = """
create policy reminded on partnership_agreementstep for insert to schoolgate_circle_reader
    with check (kind = 'reminded' and made_by = 0);
grant insert on partnership_agreementstep to schoolgate_circle_reader;

create function partnership_reminders_due(the_time timestamptz)
returns table (agreement uuid, school int, team int, notice text, words text)
language sql stable security definer set search_path = public as $$
    with today as (
        select (the_time at time zone 'Europe/London')::date as day
    ), standing as (
        select s.agreement, s.school, a.team, s.kind, s.until, s.state, a.made_at
        from today, partnership_standing(today.day) s
        join partnership_agreement a on a.holder = s.school and a.id = s.agreement
        where s.state in ('proposed', 'awaits_police', 'agreed', 'active')
    ), due as (
        select s.agreement, s.school, s.team, 'agreement.lapsing' as notice, t.days::text as words,
            array(select d::text from unnest(array[7, 30, 90]) d where d <= t.days) as said
        from standing s, today,
            lateral (select min(d) as days from unnest(array[7, 30, 90]) d where d >= s.until - today.day) t
        where s.state = 'active' and t.days is not null and not exists (
            select from standing later where later.school = s.school and later.kind = s.kind
                and later.state in ('agreed', 'active') and later.until > s.until)
        union all
        select s.agreement, s.school, s.team,
            case s.state when 'proposed' then 'agreement.proposed' else 'agreement.signed' end, s.state, array[s.state]
        from standing s
        where s.state in ('proposed', 'awaits_police') and the_time - interval '14 days' >= coalesce((
            select max(made_at) from partnership_agreementstep
            where holder = s.school and agreement_id = s.agreement and kind = 'signed'), s.made_at)
    )
    select d.agreement, d.school, d.team, d.notice, d.words from due d
    where not exists (select from partnership_agreementstep r where r.holder = d.school
        and r.agreement_id = d.agreement and r.kind = 'reminded' and r.words = any (d.said))
$$;

create function partnership_remind(the_time timestamptz)
returns table (notice text, step uuid, agreement uuid, people int[])
language plpgsql security definer set search_path = public as $$
declare
    due record;
    today date := (the_time at time zone 'Europe/London')::date;
begin
    for due in select * from partnership_reminders_due(the_time) loop
        step := gen_random_uuid();
        insert into partnership_agreementstep (id, holder, controller, regime, marking, retention_class, circles,
                barred, made_by, made_at, team, agreement_id, kind, words, signer_name, signer_role, statement,
                digest, factor, once)
            values (step, due.school, 0, '', 'official_sensitive', 'contact', '{}',
                '{}', 0, the_time, due.team, due.agreement, 'reminded', due.words, '', '', '', '', '', step);
        notice := due.notice;
        agreement := due.agreement;
        people := array(select distinct m.person_id from directory_membership m
            where daterange(m.since, m.until, '[]') @> today
                and (m.organisation_id = due.school and m.role in ('head', 'spoc')
                    or m.organisation_id = due.team and m.role = 'sergeant'));
        return next;
    end loop;
end $$;
alter function partnership_reminders_due(timestamptz) owner to schoolgate_circle_reader;
alter function partnership_remind(timestamptz) owner to schoolgate_circle_reader;
revoke all on function partnership_reminders_due(timestamptz), partnership_remind(timestamptz) from public;
grant execute on function partnership_remind(timestamptz) to schoolgate_login;
"""

# A head teacher who neither signed, nor asked somebody to, nor has confirmed it yet, and has not been told.
CONFIRMING = """
create function partnership_to_confirm(the_time timestamptz) returns table (agreement uuid, people int[])
language sql stable security definer set search_path = public as $$
    select s.agreement, array_agg(distinct m.person_id)
    from (select (the_time at time zone 'Europe/London')::date as day) today, partnership_standing(today.day) s
    join directory_membership m on m.organisation_id = s.school and m.role = 'head'
    where s.state in ('agreed', 'active') and daterange(m.since, m.until, '[]') @> today.day
        and not exists (select from partnership_agreementstep t where t.holder = s.school
            and t.agreement_id = s.agreement and t.kind in ('signed', 'delegated', 'confirmed')
            and t.made_by = m.person_id)
        and not exists (select from notices_notice n where n.record = s.agreement and n.person = m.person_id
            and n.kind = 'agreement.to_confirm')
    group by s.agreement
$$;
alter function partnership_to_confirm(timestamptz) owner to schoolgate_circle_reader;
revoke all on function partnership_to_confirm(timestamptz) from public;
grant execute on function partnership_to_confirm(timestamptz) to schoolgate_login;
"""

WITHOUT_SPOC = """
create policy noted on partnership_missingspoc for insert to schoolgate_circle_reader with check (made_by = 0);
grant insert on partnership_missingspoc to schoolgate_circle_reader;

-- Gives nothing where there is a SPOC, or where it was told within the week.
create function partnership_note_missing_spoc(the_school int, the_time timestamptz) returns uuid
language sql security definer set search_path = public as $$
    insert into partnership_missingspoc (id, holder, controller, regime, marking, retention_class, circles, barred,
        made_by, made_at)
    select gen_random_uuid(), the_school, 0, '', 'official', 'contact', '{}', '{}', 0, the_time
    from (select (the_time at time zone 'Europe/London')::date as day) today
    where audit_person() is null
        and not exists (select from directory_membership m where m.organisation_id = the_school and m.role = 'spoc'
            and daterange(m.since, m.until, '[]') @> today.day)
        and not exists (select from partnership_missingspoc told where told.holder = the_school
            and (told.made_at at time zone 'Europe/London')::date > today.day - 7)
    returning id
$$;
alter function partnership_note_missing_spoc(int, timestamptz) owner to schoolgate_circle_reader;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0003_staff_lists"), ("notices", "0002_telling")]
    operations = [
        MISSING_SPOC,
        protect("partnership_missingspoc", read="school:holder partnership:holder", insert=""),
        migrations.RunSQL(REMINDING),
        migrations.RunSQL(CONFIRMING),
        migrations.RunSQL(WITHOUT_SPOC),
    ]
