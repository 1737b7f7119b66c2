"""Of two who take a step of one agreement at once, the second sees the first; and a delegation ends with its giver.

Besides: whom a head teacher asks to sign sits on the SLT, reading is noted by whoever may sign, and nothing ends on a
day before the one on which it was ended.
"""

from django.db import migrations

MAY_STEP = """
create or replace function partnership_may_step(its partnership_agreement, the_kind text) returns boolean
language sql stable security definer set search_path = public as $$
    select case
        when the_kind in ('delegated', 'declined', 'confirmed') then partnership_holds('head', its.holder)
        when the_kind in ('read', 'signed') then partnership_holds('head', its.holder) or exists (
            select from partnership_agreementstep s
            join directory_membership m on m.person_id = s.made_by and m.organisation_id = its.holder
                and m.role = 'head'
                and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
            where s.holder = its.holder and s.agreement_id = its.id
                and s.kind = 'delegated' and s.person = audit_person())
        when the_kind = 'trust_signed' then partnership_holds('trust_lead', its.controller)
        when the_kind in ('countersigned', 'withdrawn') then partnership_holds('sergeant', its.team)
        when the_kind = 'ended' then
            partnership_holds('head', its.holder) or partnership_holds('sergeant', its.team)
        when the_kind = 'reminded' then audit_person() is null
        else false end
$$;
"""

CHECK_STEP = """
create or replace function partnership_check_step() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its partnership_agreement;
    done text[];
    its_day date := (new.made_at at time zone 'Europe/London')::date;
begin
    select * into its from partnership_agreement where holder = new.holder and id = new.agreement_id
        for no key update;
    if its.id is null or not partnership_may_step(its, new.kind) then
        raise exception 'not theirs to do' using errcode = 'insufficient_privilege';
    end if;
    new.team := its.team;
    done := array(select kind from partnership_agreementstep where holder = its.holder and agreement_id = its.id);
    if not partnership_follows(new.kind, done) then
        raise exception 'this does not follow from how the agreement stands'
            using errcode = 'check_violation', constraint = 'agreement_moves_on', table = tg_table_name;
    end if;
    if new.digest not in ('', its.digest) then
        raise exception 'what was signed is another text'
            using errcode = 'check_violation', constraint = 'signs_this_text', table = tg_table_name;
    end if;
    if new.kind = 'delegated' and not exists (select from directory_membership m where m.person_id = new.person
        and m.organisation_id = its.holder and m.on_slt and daterange(m.since, m.until, '[]') @> its_day) then
        raise exception 'only a member of the SLT is asked to sign'
            using errcode = 'check_violation', constraint = 'delegate_sits_on_slt', table = tg_table_name;
    end if;
    if new.effective_on < its_day then
        raise exception 'nothing ends on a day before'
            using errcode = 'check_violation', constraint = 'ends_from_its_day_on', table = tg_table_name;
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0009_others_staff")]
    operations = [
        migrations.RunSQL(MAY_STEP, migrations.RunSQL.noop),
        migrations.RunSQL(CHECK_STEP, migrations.RunSQL.noop),
    ]
