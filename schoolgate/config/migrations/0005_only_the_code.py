"""Only the code for the day opens the account of supply staff; only a school's own staff are listed with it."""

from django.db import migrations

# Whoever set up a passkey or an app on the account that all supply staff share came back without a code.
NO_FACTORS = """
delete from mfa_authenticator where user_id in (select id from access_user where email like '%@supply.invalid');
"""

# A school's own sign-in speaks for those who belong to it, or to its trust, alone: anybody's address may be listed.
LISTED = """
create or replace function access_staff_list(the_school int) returns table (person int, email text, account int)
language sql stable security definer set search_path = public as $$
    select distinct p.id, lower(p.email), p.user_id from directory_membership m
    join directory_person p on p.id = m.person_id
    where m.organisation_id = the_school and m.role <> 'supply' and p.email <> ''
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
        and not exists (
            select from directory_membership other
            join directory_organisation elsewhere on elsewhere.id = other.organisation_id
            join directory_organisation here on here.id = the_school
            where other.person_id = p.id
                and coalesce(elsewhere.controller_id, elsewhere.id) <> coalesce(here.controller_id, here.id)
                and daterange(other.since, other.until, '[]') @> (now() at time zone 'Europe/London')::date)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("config", "0004_unsent"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunSQL(NO_FACTORS, migrations.RunSQL.noop), migrations.RunSQL(LISTED)]
