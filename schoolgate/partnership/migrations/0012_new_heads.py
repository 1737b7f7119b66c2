"""A new head teacher is told of what waits for their signature, as of what they are asked to confirm."""

from django.db import migrations

# A head teacher who neither signed, nor asked somebody to, nor has confirmed it yet, and has not been told.
NEW_HEADS = """
create function partnership_for_new_heads(the_time timestamptz)
returns table (notice text, agreement uuid, people int[])
language sql stable security definer set search_path = public as $$
    with waiting as (
        select s.agreement, s.school, case when s.state <> 'proposed' then 'agreement.to_confirm'
            else 'agreement.proposed' end as notice, case when s.state <> 'proposed' then '-infinity'
            else (a.made_at at time zone 'Europe/London')::date end as head_since
        from partnership_standing((the_time at time zone 'Europe/London')::date) s
        join partnership_agreement a on a.holder = s.school and a.id = s.agreement
        where s.state in ('proposed', 'agreed', 'active')
    )
    select w.notice, w.agreement, array_agg(distinct m.person_id)
    from waiting w
    join directory_membership m on m.organisation_id = w.school and m.role = 'head' and m.since >= w.head_since
    where daterange(m.since, m.until, '[]') @> (the_time at time zone 'Europe/London')::date
        and not exists (select from partnership_agreementstep t where t.holder = w.school
            and t.agreement_id = w.agreement and t.kind in ('signed', 'delegated', 'confirmed')
            and t.made_by = m.person_id)
        and not exists (select from notices_notice n where n.record = w.agreement and n.person = m.person_id
            and n.kind = w.notice)
    group by w.notice, w.agreement
$$;
alter function partnership_for_new_heads(timestamptz) owner to schoolgate_circle_reader;
revoke all on function partnership_for_new_heads(timestamptz) from public;
grant execute on function partnership_for_new_heads(timestamptz) to schoolgate_login;
drop function partnership_to_confirm(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0011_spoc_stays_on_slt")]
    operations = [migrations.RunSQL(NEW_HEADS, migrations.RunSQL.noop)]
