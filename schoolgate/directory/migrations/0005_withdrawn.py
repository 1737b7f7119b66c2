"""A role that was given by mistake today is taken back at once: nobody reads with it until midnight."""

from django.db import migrations

# It is ended first, so that the history says what it was and who took it back. A role that held on a day before stays:
# it says who could read what then.
WITHDRAW = """
create function directory_withdraw(the_membership int) returns boolean
language plpgsql security definer set search_path = public as $$
begin
    update directory_membership m set until = m.since
    where m.id = the_membership and m.since >= (now() at time zone 'Europe/London')::date
        and (access_administers(m.organisation_id)
            or m.role in ('spoc', 'deputy_spoc') and access_shares('head', m.organisation_id));
    if not found then
        return false;
    end if;
    delete from directory_membership where id = the_membership;
    return true;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_fixed_memberships")]
    operations = [migrations.RunSQL(WITHDRAW, migrations.RunSQL.noop)]
