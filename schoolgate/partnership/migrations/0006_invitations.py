"""A school invites the staff of its list who have no account yet; it makes accounts for nobody else."""

from django.db import migrations

# Runs as the owner, as the administrators' invitation does. An address that another account has is left out.
INVITING = """
create function partnership_uninvited(the_school int) returns table (person int, email text)
language sql stable security definer set search_path = public as $$
    select min(p.id), lower(p.email) from directory_membership m join directory_person p on p.id = m.person_id
    where m.organisation_id = the_school and m.role in ('staff', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl')
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
        and p.user_id is null and p.email <> ''
        and lower(p.email) not in (select lower(email) from directory_person where user_id is not null)
    group by lower(p.email)
$$;
revoke all on function partnership_uninvited(int) from public;

create function partnership_invite_staff(the_school int) returns setof int
language plpgsql security definer set search_path = public as $$
begin
    if not partnership_keeps_staff(the_school) then
        raise exception 'not theirs to invite' using errcode = 'insufficient_privilege';
    end if;
    return query with chosen as materialized (
        select * from partnership_uninvited(the_school)
    ), made as (
        insert into access_user (email, password, is_active) select c.email, '!', true from chosen c
            on conflict do nothing returning id, email
    )
    update directory_person p set user_id = made.id from made join chosen using (email) where p.id = chosen.person
        returning made.id::int;
end $$;

-- How many there are, for whoever may invite them.
create function partnership_count_uninvited(the_school int) returns bigint
language sql stable security definer set search_path = public as $$
    select case when partnership_keeps_staff(the_school) then (select count(*) from partnership_uninvited(the_school))
        else 0 end
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0005_pictures"), ("access", "0001_initial"), ("directory", "0003_imports")]
    operations = [migrations.RunSQL(INVITING)]
