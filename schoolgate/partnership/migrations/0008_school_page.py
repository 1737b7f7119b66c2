"""Whatever a school's page shows of its people, its police, its documents and its briefing, in one statement."""

from django.db import migrations

# It runs with the rights of whoever asks: registers that everybody reads, and the functions that look at their circles.
PAGE = """
create function partnership_card(p directory_person) returns jsonb language sql immutable as $$
    select jsonb_build_array(p.id, p.name, p.title, p.email, p.telephone)
$$;

create function partnership_school_page(the_school int, the_day date, the_page text, the_digest text) returns jsonb
language sql stable as $$
    with posted as (
        select a.*, a.until is null or a.until >= the_day as is_here from deployment_assignment a
        where a.school_id = the_school and a.since <= the_day
    ), here as (
        select officer_id, team_id from posted where is_here
    )
    select jsonb_build_object(
        'force', (
            select jsonb_build_array(f.organisation_id, force.name, force.nation, f.role_title, f.non_emergency)
            from directory_organisation school join directory_organisation force on force.id = school.force_id
            join directory_force f on f.organisation_id = force.id where school.id = the_school),
        'postings', (
            select jsonb_agg(jsonb_build_array(partnership_card(p), a.kind, a.team_id, a.since, a.until)
                order by a.since desc, a.id desc) from posted a join directory_person p on p.id = a.officer_id),
        'hours', (
            select jsonb_agg(jsonb_build_array(h.officer_id, h.weekday, h.starts, h.ends) order by h.weekday)
            from deployment_dutyhours h where h.officer_id in (select officer_id from here)),
        'absences', (
            select jsonb_agg(jsonb_build_array(b.officer_id, b.first_day, b.last_day)) from deployment_absence b
            where b.officer_id in (select officer_id from here) and b.last_day >= the_day),
        'pictured', (
            select jsonb_agg(officer_id) from partnership_officerpicture
            where officer_id in (select officer_id from here)),
        'roles', (
            select jsonb_agg(jsonb_build_array(partnership_card(p), m.role, m.organisation_id, m.since, m.until, m.id)
                order by m.organisation_id, p.name, m.role)
            from directory_membership m join directory_person p on p.id = m.person_id
            where m.organisation_id = the_school and m.role in ('head', 'dsl', 'deputy_dsl', 'spoc', 'deputy_spoc')
                or m.role = 'sergeant' and m.organisation_id in (select team_id from here)),
        'holiday_contact', (
            select partnership_card(p) from directory_school s join directory_person p on p.id = s.holiday_contact_id
            where s.organisation_id = the_school),
        'standings', (
            select jsonb_agg(jsonb_build_array(s.agreement, s.kind, s.since, s.until, s.state)
                order by s.until desc, s.agreement) from partnership_of_school(the_school, the_day) s),
        'awareness', (
            select jsonb_agg(jsonb_build_array(w.role, w.staff, w.aware))
            from partnership_awareness_of(the_school, the_page, the_digest, the_day) w),
        'has_read', exists (
            select from partnership_acknowledgement k where k.holder = the_school and k.made_by = audit_person()
                and k.page = the_page and k.digest = the_digest))
$$;
"""


# The kept states and the statement above took their places.
REPLACED = """
drop function partnership_states(int, int[], date);
drop function partnership_awareness(int, int[], text, text, date);
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0007_overview")]
    operations = [migrations.RunSQL(PAGE), migrations.RunSQL(REPLACED)]
