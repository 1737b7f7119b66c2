"""How schools stand, some or all of a force at once, and how many of a school's staff know of it."""

from django.db import migrations

# Without an owner's rights and settings of its own it becomes part of the query of whoever asks (each of them has
# both): one school's agreements are then found by their index, not picked from those of all schools.
STANDING = """
create or replace function partnership_standing(the_day date)
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
"""

STATES = """
drop function partnership_states(int, date);

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
"""

AWARENESS = """
drop function partnership_awareness(int, text, text, date);

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


class Migration(migrations.Migration):
    dependencies = [("partnership", "0004_clock")]
    operations = [migrations.RunSQL(STANDING), migrations.RunSQL(STATES), migrations.RunSQL(AWARENESS)]
