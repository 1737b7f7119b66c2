"""A role that was given by mistake today is taken back at once: nobody reads with it until midnight."""

from django.db import migrations

# What it was stands in the history. A role that held on a day before stays: it says who could read what then.
WITHDRAW = """
create function directory_withdraw(the_membership int) returns boolean
language plpgsql security definer set search_path = public as $$
begin
    delete from directory_membership m
    where m.id = the_membership and m.since >= (now() at time zone 'Europe/London')::date
        and (access_administers(m.organisation_id)
            or m.role in ('spoc', 'deputy_spoc') and access_shares('head', m.organisation_id));
    return found;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_fixed_memberships")]
    operations = [migrations.RunSQL(WITHDRAW, migrations.RunSQL.noop)]
