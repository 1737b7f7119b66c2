"""What passes between the directory and the sign-in tables, which no role reads together.

These functions run as the owner, each for one narrow purpose. Those that a page of records calls look at the
circles of whoever is acting; those that sign-in calls are the sign-in role's alone.
"""

from django.db import migrations

INSIDE = """
create function access_end_sessions(the_user int) returns void
language sql security definer set search_path = public as $$
    delete from django_session where session_key in (
        select session_key from usersessions_usersession where user_id = the_user);
    delete from usersessions_usersession where user_id = the_user;
$$;

-- The school's supply account: made with its first code.
create function access_supply_account(the_school int) returns int
language plpgsql security definer set search_path = public as $$
declare
    account int;
    new_person int;
    today date := (now() at time zone 'Europe/London')::date;
begin
    select p.user_id into account from directory_membership m join directory_person p on p.id = m.person_id
        where m.organisation_id = the_school and m.role = 'supply' and p.user_id is not null
            and daterange(m.since, m.until, '[]') @> today
        order by p.id limit 1;
    if account is null then
        insert into access_user (email, password, is_active)
            values (format('supply-%s@supply.invalid', the_school), '!', true) returning id into account;
        insert into directory_person (name, title, email, telephone, user_id)
            select 'Supply staff, ' || name, '', '', '', account from directory_organisation where id = the_school
            returning id into new_person;
        insert into directory_membership (person_id, organisation_id, role, on_slt, since)
            values (new_person, the_school, 'supply', false, today);
    end if;
    return account;
end $$;
"""

FOR_ADMINISTRATORS = """
-- Somebody in the administrator's own force, or without any role yet.
create function access_administers_person(the_person int) returns boolean
language sql stable security definer set search_path = public as $$
    select access_is_administrator() and (
        not exists (select from directory_membership where person_id = the_person)
        or exists (select from directory_membership
            where person_id = the_person and access_administers(organisation_id)))
$$;

create function access_must(allowed boolean) returns void language plpgsql as $$
begin
    if allowed is not true then
        raise exception 'only a technical administrator of the force does this'
            using errcode = 'insufficient_privilege';
    end if;
end $$;

-- Gives the person's account, made with the address that the directory has; no password yet.
create function access_make_account(the_person int) returns int
language plpgsql security definer set search_path = public as $$
declare
    account int;
begin
    perform access_must(access_administers_person(the_person));
    select user_id into account from directory_person where id = the_person;
    if account is null then
        insert into access_user (email, password, is_active)
            select lower(email), '!', true from directory_person where id = the_person and email <> ''
            returning id into account;
        update directory_person set user_id = account where id = the_person;
    end if;
    return account;
end $$;

create function access_reset_second_factor(the_user int) returns void
language plpgsql security definer set search_path = public as $$
begin
    perform access_must((select access_administers_person(id) from directory_person where user_id = the_user));
    delete from mfa_authenticator where user_id = the_user;
    perform access_end_sessions(the_user);
end $$;

create function access_account_of(the_person int)
returns table (account int, email text, last_login timestamptz, has_password boolean, has_second_factor boolean)
language plpgsql stable security definer set search_path = public as $$
begin
    perform access_must(access_administers_person(the_person));
    return query select u.id, u.email::text, u.last_login, u.password not like '!%',
        exists (select from mfa_authenticator a where a.user_id = u.id and a.type <> 'recovery_codes')
    from directory_person p join access_user u on u.id = p.user_id where p.id = the_person;
end $$;

create function access_add_provider(
    the_school int, the_name text, the_issuer text, the_tenant text, the_client text) returns void
language plpgsql security definer set search_path = public as $$
begin
    perform access_must(access_administers(the_school));
    insert into access_identityprovider (school, name, issuer, tenant, client_id)
        values (the_school, the_name, the_issuer, the_tenant, the_client);
end $$;

create function access_providers(the_school int)
returns table (provider int, issuer text, tenant text, client_id text)
language plpgsql stable security definer set search_path = public as $$
begin
    perform access_must(access_administers(the_school));
    return query select p.id, p.issuer::text, p.tenant::text, p.client_id::text
        from access_identityprovider p where p.school = the_school order by p.id;
end $$;

-- Whoever was bound there is bound no longer.
create function access_remove_provider(the_school int, the_provider int) returns void
language plpgsql security definer set search_path = public as $$
begin
    perform access_must(access_administers(the_school));
    delete from access_identityprovider where id = the_provider and school = the_school;
    if found then
        delete from socialaccount_socialaccount where provider = the_provider::text;
    end if;
end $$;
"""

FOR_SCHOOLS = """
-- Ends the old code and signs out whoever came with it; gives the controller, for the log.
create function access_make_day_code(code uuid, the_school int, the_digest text, made timestamptz, ends timestamptz)
returns int language plpgsql security definer set search_path = public as $$
begin
    if not access_shares('school', the_school) then
        raise exception 'only those who answer for the school make its code' using errcode = 'insufficient_privilege';
    end if;
    perform access_end_sessions(access_supply_account(the_school));
    delete from access_daycode where school = the_school;
    insert into access_daycode (id, school, digest, made_by, made_at, ends_at)
        values (code, the_school, the_digest, audit_person(), made, ends);
    return (select coalesce(controller_id, id) from directory_organisation where id = the_school);
end $$;

create function access_day_codes(the_schools int[], at timestamptz)
returns table (school int, name text, ends_at timestamptz)
language sql stable security definer set search_path = public as $$
    select o.id, o.name::text, d.ends_at from directory_organisation o
    left join access_daycode d on d.school = o.id and d.ends_at > at
    where o.id = any (the_schools) and access_shares('school', o.id)
    order by o.name
$$;
"""

FOR_SIGN_IN = """
create function access_supply_user(the_digest text, at timestamptz) returns table (account int, ends_at timestamptz)
language sql security definer set search_path = public as $$
    select access_supply_account(d.school), d.ends_at from access_daycode d
    where d.digest = the_digest and d.ends_at > at
$$;

-- The school's staff list is the directory: people with a role there today, by their exact address.
create function access_staff_list(the_school int) returns table (person int, email text, account int)
language sql stable security definer set search_path = public as $$
    select distinct p.id, lower(p.email), p.user_id from directory_membership m
    join directory_person p on p.id = m.person_id
    where m.organisation_id = the_school and m.role <> 'supply' and p.email <> ''
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
$$;

-- Gives the account of the one person listed with that address, made when they have none; nothing for others.
create function access_listed_account(the_school int, the_email text) returns int
language plpgsql security definer set search_path = public as $$
declare
    listed record;
begin
    begin
        select * into strict listed from access_staff_list(the_school) where email = lower(the_email);
    exception when no_data_found or too_many_rows then
        return null;
    end;
    if listed.account is null then
        insert into access_user (email, password, is_active) values (listed.email, '!', true)
            returning id into listed.account;
        update directory_person set user_id = listed.account where id = listed.person;
    end if;
    return listed.account;
end $$;

create function access_is_listed(the_school int, the_user int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from access_staff_list(the_school) where account = the_user)
$$;
"""

WHO_MAY_CALL = """
-- At one provider one person is one subject; a provider is never changed into another.
create unique index one_subject_each on socialaccount_socialaccount (provider, user_id);
revoke update on access_identityprovider from schoolgate_login;

revoke all on function access_end_sessions(int), access_supply_account(int), access_staff_list(int),
    access_supply_user(text, timestamptz), access_listed_account(int, text), access_is_listed(int, int) from public;
grant execute on function access_supply_user(text, timestamptz), access_listed_account(int, text),
    access_is_listed(int, int) to schoolgate_login;
"""


class Migration(migrations.Migration):
    dependencies = [("config", "0002_sign_in_tables")]
    operations = [
        migrations.RunSQL(INSIDE),
        migrations.RunSQL(FOR_ADMINISTRATORS),
        migrations.RunSQL(FOR_SCHOOLS),
        migrations.RunSQL(FOR_SIGN_IN),
        migrations.RunSQL(WHO_MAY_CALL),
    ]
