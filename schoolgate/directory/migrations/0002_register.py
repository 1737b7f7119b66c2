"""Who may change the directory, one role once at a time, and the directory's fragment of the circles."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from schoolgate.core.opened import register_table

ADMINISTERS = """
create function access_administers(the_organisation int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (
        select from directory_organisation o
        join access_circle c on c.kind = 'administrators' and c.organisation = coalesce(o.force_id, o.id)
        where o.id = the_organisation and c.id = any (access_current_circles()))
$$;

create function access_is_administrator() returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from access_circle where kind = 'administrators' and id = any (access_current_circles()))
$$;
"""

# Imports of the school register reach the schools of forces that never had an administrator, and make such forces.
# A force has no row yet while it is made.
KEEPS = """
create function directory_awaits_administrator(the_force int) returns boolean
language sql stable security definer set search_path = public as $$
    select the_force is not null and access_is_administrator()
        and not exists (select from directory_organisation where id = the_force and kind <> 'force')
        and not exists (
            select from directory_membership where organisation_id = the_force and role = 'administrator')
$$;

create function directory_keeps(the_organisation int) returns boolean
language sql stable security definer set search_path = public as $$
    select access_administers(the_organisation) or exists (
        select from directory_organisation o
        where o.id = the_organisation and directory_awaits_administrator(coalesce(o.force_id, o.id)))
$$;

create function directory_keeps_person(the_person int) returns boolean
language sql stable security definer set search_path = public as $$
    select access_is_administrator() and (
        not exists (select from directory_membership where person_id = the_person)
        or exists (select from directory_membership
            where person_id = the_person and access_administers(organisation_id)))
$$;
"""

KEEPS_ORGANISATION = """
    access_shares('administrators', coalesce(force_id, id))
    or kind in ('force', 'school', 'controller')
        and directory_awaits_administrator(case kind when 'force' then id else force_id end)
"""

OWNERS = """
alter function directory_awaits_administrator(int) owner to schoolgate_circle_reader;
alter function directory_keeps(int) owner to schoolgate_circle_reader;
alter function directory_keeps_person(int) owner to schoolgate_circle_reader;
alter function access_administers(int) owner to schoolgate_circle_reader;
alter function access_is_administrator() owner to schoolgate_circle_reader;
"""

# Circles exist as soon as their organisation does, so that the first record finds its writers.
CIRCLES_OF = """
create function directory_make_circles() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    insert into access_circle (kind, organisation, person)
    select unnest(case o.kind
        when 'school' then array[
            'staff', 'supply', 'school', 'safeguarding', 'head', 'governors', 'partnership', 'police']
        when 'team' then array['team', 'sergeants', 'intelligence', 'professional_standards']
        when 'force' then array['figures', 'administrators', 'dpo']
        when 'agency' then array['agency', 'lado', 'dpo']
        when 'controller' then array['dpo', 'trust']
        else '{}' end), o.id, 0
    from added o on conflict do nothing;
    return null;
end $$;

create function directory_make_author_circles() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    insert into access_circle (kind, organisation, person)
        select 'author', organisation_id, person_id from added where role <> 'supply' on conflict do nothing;
    return null;
end $$;
create trigger make_author_circles after insert on directory_membership
    referencing new table as added for each statement execute function directory_make_author_circles();
alter function directory_make_author_circles() owner to schoolgate_circle_reader;
create trigger make_circles after insert on directory_organisation
    referencing new table as added for each statement execute function directory_make_circles();
alter function directory_make_circles() owner to schoolgate_circle_reader;
"""

MEMBERSHIPS = """
alter table directory_membership add constraint one_role_once exclude using gist (
    person_id with =, organisation_id with =, role with =, daterange(since, until, '[]') with &&);

create function directory_check_membership() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    its_kind text := (select kind from directory_organisation where id = new.organisation_id);
begin
    if not new.role = any (case its_kind
        when 'school' then array['staff', 'supply', 'spoc', 'deputy_spoc', 'head', 'dsl', 'deputy_dsl', 'governors']
        when 'team' then array['officer', 'sergeant', 'intelligence', 'professional_standards']
        when 'force' then array['youth_lead', 'analyst', 'administrator', 'dpo']
        when 'agency' then array['practitioner', 'lado', 'dpo']
        when 'controller' then array['dpo', 'trust_lead']
        else '{}'::text[] end) then
        raise exception 'there is no role % in a %', new.role, its_kind
            using errcode = 'check_violation', constraint = 'role_fits_organisation';
    end if;
    if exists (select from directory_membership m where m.person_id = new.person_id
        and (m.role = 'administrator') <> (new.role = 'administrator')
        and daterange(m.since, m.until, '[]') && daterange(new.since, new.until, '[]')) then
        raise exception 'a technical administrator holds no other role'
            using errcode = 'check_violation', constraint = 'administrator_reads_nothing';
    end if;
    return new;
end $$;
create trigger check_membership before insert or update on directory_membership
    for each row execute function directory_check_membership();
alter function directory_check_membership() owner to schoolgate_circle_reader;
"""

# Functions that run as the owner give accounts to people (see config/migrations/0003_accounts.py); whoever moved one,
# or moved a school or team to their own force, would read what is not theirs.
HELD = """
create function directory_hold_account() returns trigger language plpgsql as $$
begin
    if current_user = 'schoolgate_app' and new.user_id is distinct from old.user_id then
        raise exception 'an account is given to a person by the functions that make it'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger hold_account before update on directory_person
    for each row execute function directory_hold_account();

-- The register moves schools of forces that nobody here looks after yet.
create function directory_hold_place() returns trigger language plpgsql as $$
begin
    if current_user = 'schoolgate_app' and not access_administers(old.id)
        and (new.force_id is distinct from old.force_id or new.controller_id is distinct from old.controller_id
            and old.controller_id is not null)
        and exists (select from directory_membership m where m.organisation_id = coalesce(old.force_id, old.id)
            and m.role = 'administrator'
            and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date) then
        raise exception 'only an administrator of its force moves an organisation'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger hold_place before update on directory_organisation
    for each row execute function directory_hold_place();
"""

FRAGMENT = """
create view directory_circle_members as
select m.person_id as person, g.kind, m.organisation_id as organisation,
    case g.kind when 'author' then m.person_id else 0 end as of_person, m.role,
    m.since::timestamp at time zone 'Europe/London' as since,
    (m.until + 1)::timestamp at time zone 'Europe/London' as until
from directory_membership m
join (values
    ('staff', 'staff'), ('spoc', 'staff'), ('deputy_spoc', 'staff'), ('head', 'staff'), ('dsl', 'staff'),
    ('deputy_dsl', 'staff'), ('supply', 'supply'),
    ('spoc', 'school'), ('deputy_spoc', 'school'), ('head', 'school'), ('dsl', 'school'), ('deputy_dsl', 'school'),
    ('dsl', 'safeguarding'), ('deputy_dsl', 'safeguarding'), ('head', 'head'), ('governors', 'governors'),
    ('officer', 'team'), ('sergeant', 'team'), ('sergeant', 'sergeants'), ('intelligence', 'intelligence'),
    ('professional_standards', 'professional_standards'),
    ('practitioner', 'agency'), ('lado', 'lado'),
    ('youth_lead', 'figures'), ('analyst', 'figures'), ('administrator', 'administrators'), ('dpo', 'dpo'),
    ('trust_lead', 'trust'), ('trust_lead', 'author'),
    ('staff', 'author'), ('spoc', 'author'), ('deputy_spoc', 'author'), ('head', 'author'), ('dsl', 'author'),
    ('deputy_dsl', 'author'), ('governors', 'author'), ('officer', 'author'), ('sergeant', 'author'),
    ('intelligence', 'author'), ('practitioner', 'author'), ('lado', 'author'), ('professional_standards', 'author'),
    ('administrator', 'author'), ('dpo', 'author'), ('youth_lead', 'author'), ('analyst', 'author')
) as g (role, kind) on g.role = m.role;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("access", "0002_circles")]
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(ADMINISTERS),
        migrations.RunSQL(KEEPS),
        *[
            register_table(
                f"directory_{name}",
                may_write=condition,
                key="organisation_id" if name in ("force", "team", "school", "agency") else "id",
            )
            for name, condition in {
                "organisation": KEEPS_ORGANISATION,
                "force": "directory_keeps(organisation_id)",
                "team": "access_administers(organisation_id)",
                "school": "directory_keeps(organisation_id)",
                "agency": "access_administers(organisation_id)",
                "term": "access_administers(school_id)",
                "closedday": "access_administers(school_id)",
                "person": "directory_keeps_person(id)",
                "membership": "access_administers(organisation_id)",
            }.items()
        ],
        migrations.RunSQL(OWNERS),
        migrations.RunSQL(CIRCLES_OF),
        migrations.RunSQL(MEMBERSHIPS),
        migrations.RunSQL(HELD),
        migrations.RunSQL(FRAGMENT),
        migrations.RunSQL(
            "grant usage on all sequences in schema public to schoolgate_app;"
            "revoke usage on sequence access_user_id_seq, access_circle_id_seq from schoolgate_app;"
        ),
    ]
