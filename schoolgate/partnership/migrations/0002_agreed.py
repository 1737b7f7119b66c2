"""Who proposes, signs and ends an agreement; the question that every routine share asks; who knows of it."""

from django.db import migrations

from schoolgate.core.opened import register_table
from schoolgate.core.protected import Parent, protect

OF_AGREEMENT = Parent("agreement_id", "partnership_agreement")

SPEAKING = """
create function partnership_holds(the_role text, the_organisation int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from directory_membership where person_id = audit_person() and role = the_role
        and organisation_id = the_organisation
        and daterange(since, until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
alter function partnership_holds(text, int) owner to schoolgate_circle_reader;

-- The force's youth lead and the sergeants of its teams write its documents and propose them.
create function partnership_speaks_for(the_force int) returns boolean
language sql stable security definer set search_path = public as $$
    select partnership_holds('youth_lead', the_force) or exists (
        select from directory_membership m join directory_organisation team on team.id = m.organisation_id
        where m.person_id = audit_person() and m.role = 'sergeant' and team.force_id = the_force
            and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
alter function partnership_speaks_for(int) owner to schoolgate_circle_reader;
"""

EDITIONS = """
create function partnership_keep_edition() returns trigger language plpgsql as $$
begin
    if old.published_at is not null or new.force_id <> old.force_id or new.kind <> old.kind
        or new.number <> old.number then
        raise exception 'a published text never changes: write the next edition'
            using errcode = 'check_violation', constraint = 'published_is_fixed', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger keep_edition before update on partnership_edition
    for each row execute function partnership_keep_edition();
"""

AGREEMENTS = """
create function partnership_check_agreement() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    published record;
begin
    select e.kind, e.force_id into published from partnership_edition e
        join directory_organisation school on school.id = new.holder and school.force_id = e.force_id
        join directory_organisation team on team.id = new.team and team.force_id = e.force_id
        where e.id = new.edition_id and e.published_at is not null;
    if not found or published.kind <> new.kind then
        raise exception 'only a published text of the school''s own force is proposed'
            using errcode = 'check_violation', constraint = 'proposes_published_text', table = tg_table_name;
    end if;
    new.digest := encode(sha256(convert_to(new.title || E'\\n' || new.body, 'UTF8')), 'hex');
    return new;
end $$;
alter function partnership_check_agreement() owner to schoolgate_circle_reader;
create trigger check_agreement before insert on partnership_agreement
    for each row execute function partnership_check_agreement();
"""

STEPS = """
create function partnership_may_step(its partnership_agreement, the_kind text) returns boolean
language sql stable security definer set search_path = public as $$
    select case
        when the_kind in ('delegated', 'declined', 'confirmed') then partnership_holds('head', its.holder)
        when the_kind = 'read' then true
        when the_kind = 'signed' then partnership_holds('head', its.holder) or exists (
            select from partnership_agreementstep s where s.holder = its.holder and s.agreement_id = its.id
                and s.kind = 'delegated' and s.person = audit_person())
        when the_kind = 'trust_signed' then partnership_holds('trust_lead', its.controller)
        when the_kind in ('countersigned', 'withdrawn') then partnership_holds('sergeant', its.team)
        when the_kind = 'ended' then
            partnership_holds('head', its.holder) or partnership_holds('sergeant', its.team)
        when the_kind = 'reminded' then audit_person() is null
        else false end
$$;
alter function partnership_may_step(partnership_agreement, text) owner to schoolgate_circle_reader;

create function partnership_follows(the_kind text, done text[]) returns boolean
language sql immutable as $$
    select case the_kind
            when 'countersigned' then array['signed']
            when 'confirmed' then array['countersigned']
            when 'ended' then array['countersigned']
            else '{}'::text[] end <@ done
        and not done && case the_kind
            when 'delegated' then array['signed', 'declined', 'withdrawn']
            when 'trust_signed' then array['declined', 'withdrawn', 'ended']
            when 'signed' then array['declined', 'withdrawn']
            when 'countersigned' then array['declined', 'withdrawn']
            when 'declined' then array['signed', 'withdrawn']
            when 'withdrawn' then array['declined', 'countersigned']
            when 'confirmed' then array['ended']
            else '{}'::text[] end
$$;

create function partnership_check_step() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its partnership_agreement;
    done text[];
begin
    select * into its from partnership_agreement where holder = new.holder and id = new.agreement_id for share;
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
    return new;
end $$;
alter function partnership_check_step() owner to schoolgate_circle_reader;
create trigger check_step before insert on partnership_agreementstep
    for each row execute function partnership_check_step();
"""

STANDING = """
-- Each agreement with how it stands on a day: nothing here but what its steps say. Without an owner's rights and
-- settings of its own it becomes part of the query of whoever asks (each of them has both): one school's agreements
-- are then found by their index, not picked from those of all schools.
create function partnership_standing(the_day date)
returns table (agreement uuid, school int, kind text, since date, until date, state text)
language sql stable as $$
    select a.id, a.holder, a.kind::text, a.since, least(a.until, s.ends), case
        when s.withdrawn then 'withdrawn'
        when s.declined then 'declined'
        when s.ends < the_day then 'ended'
        when a.until < the_day then case when s.countersigned then 'lapsed' else 'not_signed_in_time' end
        when s.countersigned and a.since <= the_day then 'active'
        when s.countersigned then 'agreed'
        when s.signed then 'awaits_police'
        else 'proposed' end
    from partnership_agreement a left join lateral (
        select bool_or(kind = 'withdrawn') as withdrawn, bool_or(kind = 'declined') as declined,
            bool_or(kind = 'signed') as signed, bool_or(kind = 'countersigned') as countersigned,
            min(effective_on) as ends
        from partnership_agreementstep where holder = a.holder and agreement_id = a.id) s on true
$$;

create function partnership_agreed(the_school int, the_day date) returns boolean
language sql stable security definer set search_path = public as $$
    select count(distinct a.kind) = 2 from partnership_agreement a
    where a.holder = the_school and the_day between a.since and a.until
        and exists (select from partnership_agreementstep s where s.holder = a.holder and s.agreement_id = a.id
            and s.kind = 'countersigned')
        and not exists (select from partnership_agreementstep s where s.holder = a.holder and s.agreement_id = a.id
            and s.kind = 'ended' and s.effective_on < the_day)
$$;
alter function partnership_agreed(int, date) owner to schoolgate_circle_reader;

-- How one school's agreements stand: states and dates, which anybody of the partnership may know.
create function partnership_of_school(the_school int, the_day date)
returns table (agreement uuid, school int, kind text, since date, until date, state text)
language sql stable security definer set search_path = public as $$
    select s.* from partnership_standing(the_day) s where s.school = the_school order by s.until desc, s.agreement
$$;
alter function partnership_of_school(int, date) owner to schoolgate_circle_reader;

-- How these schools of a force stand, for those who speak for it or keep its figures: states and dates, no text.
create function partnership_states(the_force int, the_schools int[], the_day date)
returns table (agreement uuid, school int, kind text, since date, until date, state text)
language sql stable security definer set search_path = public as $$
    select s.* from partnership_standing(the_day) s
    join directory_organisation school on school.id = s.school and school.force_id = the_force
    where s.school = any (the_schools)
        and (partnership_speaks_for(the_force) or access_shares('figures', the_force))
$$;
alter function partnership_states(int, int[], date) owner to schoolgate_circle_reader;

-- Anybody who holds a copy may ask whether it is one of ours, and what became of what it says.
create function partnership_check_copy(the_digest text, the_day date)
returns table (school text, kind text, since date, until date, state text, issued_at timestamptz)
language sql stable security definer set search_path = public as $$
    select o.name::text, s.kind, s.since, s.until, s.state, c.made_at
    from partnership_issuedcopy c join directory_organisation o on o.id = c.holder
    join partnership_standing(the_day) s on s.agreement = c.agreement_id and s.school = c.holder
    where c.digest = the_digest
$$;
alter function partnership_check_copy(text, date) owner to schoolgate_circle_reader;
grant execute on function partnership_check_copy(text, date) to schoolgate_login;
"""

AWARENESS = """
-- For these schools of a force: how many of their staff have read the briefing as it is now. Counts, no names.
create function partnership_awareness(
    the_force int, the_schools int[], the_page text, the_digest text, the_day date)
returns table (school int, staff bigint, aware bigint)
language sql stable security definer set search_path = public as $$
    select m.organisation_id, count(distinct m.person_id), count(distinct a.made_by)
    from directory_membership m
    join directory_organisation school on school.id = m.organisation_id and school.force_id = the_force
    left join partnership_acknowledgement a on a.holder = m.organisation_id and a.made_by = m.person_id
        and a.page = the_page and a.digest = the_digest
    where m.organisation_id = any (the_schools)
        and m.role in ('staff', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl')
        and daterange(m.since, m.until, '[]') @> the_day
        and (partnership_speaks_for(the_force) or access_shares('figures', the_force))
    group by m.organisation_id
$$;
alter function partnership_awareness(int, int[], text, text, date) owner to schoolgate_circle_reader;

-- The same for one school, role by role and (role '') all together, for those who open its page.
create function partnership_awareness_of(the_school int, the_page text, the_digest text, the_day date)
returns table (role text, staff bigint, aware bigint)
language sql stable security definer set search_path = public as $$
    select coalesce(m.role, ''), count(distinct m.person_id), count(distinct a.made_by)
    from directory_membership m
    left join partnership_acknowledgement a on a.holder = m.organisation_id and a.made_by = m.person_id
        and a.page = the_page and a.digest = the_digest
    where m.organisation_id = the_school
        and m.role in ('staff', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl')
        and daterange(m.since, m.until, '[]') @> the_day
        and (access_shares('staff', the_school) or access_shares('partnership', the_school)
            or partnership_speaks_for((select force_id from directory_organisation where id = the_school)))
    group by grouping sets ((m.role), ())
$$;
alter function partnership_awareness_of(int, text, text, date) owner to schoolgate_circle_reader;
"""

SPOC = """
-- The source: "A member of the school SLT should be nominated as the SPOC". They sit on it by a role that they have.
create function partnership_check_spoc() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if new.role in ('spoc', 'deputy_spoc') and not new.on_slt and not exists (
        select from directory_membership m where m.person_id = new.person_id
            and m.organisation_id = new.organisation_id and m.on_slt
            and daterange(m.since, m.until, '[]') @> new.since) then
        raise exception 'a SPOC is a member of the SLT'
            using errcode = 'check_violation', constraint = 'spoc_sits_on_slt', table = tg_table_name;
    end if;
    return new;
end $$;
alter function partnership_check_spoc() owner to schoolgate_circle_reader;
create trigger check_spoc before insert on directory_membership
    for each row execute function partnership_check_spoc();

create policy head_appoints on directory_membership for insert to schoolgate_app
    with check (role in ('spoc', 'deputy_spoc') and not on_slt and partnership_holds('head', organisation_id));
create policy head_ends on directory_membership for update to schoolgate_app
    using (role in ('spoc', 'deputy_spoc') and partnership_holds('head', organisation_id))
    with check (role in ('spoc', 'deputy_spoc') and partnership_holds('head', organisation_id));
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial"), ("directory", "0002_register"), ("children", "0002_protected")]
    operations = [
        migrations.RunSQL(SPEAKING),
        register_table("partnership_edition", may_write="partnership_speaks_for(force_id)"),
        migrations.RunSQL(EDITIONS),
        protect(
            "partnership_agreement",
            read="staff:holder partnership:holder team:team trust:controller",
            insert="sergeants:team",
        ),
        protect(
            "partnership_agreementstep",
            read="staff:holder partnership:holder team:team trust:controller",
            insert="staff:holder sergeants:team trust:controller",
            parents=[OF_AGREEMENT],
        ),
        protect(
            "partnership_issuedcopy",
            read="staff:holder partnership:holder team:team trust:controller",
            insert="staff:holder partnership:holder team:team trust:controller",
            parents=[OF_AGREEMENT],
        ),
        protect("partnership_appointment", read="school:holder partnership:holder", insert="head:holder"),
        protect("partnership_involvement", read="staff:holder partnership:holder", insert="school:holder"),
        protect(
            "partnership_acknowledgement", read="author:holder:made_by school:holder", insert="author:holder:made_by"
        ),
        protect("partnership_briefingreminder", read="school:holder author:holder:made_by", insert="school:holder"),
        migrations.RunSQL(AGREEMENTS),
        migrations.RunSQL(STEPS),
        migrations.RunSQL(STANDING),
        migrations.RunSQL(AWARENESS),
        migrations.RunSQL(SPOC),
    ]
