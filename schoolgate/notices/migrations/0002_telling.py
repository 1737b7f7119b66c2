"""A notice is its recipient's alone; who may be told, and what the worker may know to write an e-mail."""

from django.db import migrations

from schoolgate.core.opened import sign_in_table
from schoolgate.core.protected import protect

# Whoever bars a person from a record after its notices were made takes those away too.
BARRED = """
create function notices_barred(the_record uuid, the_person int) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from access_bar where record = the_record and person = the_person)
$$;
create policy not_barred on notices_notice as restrictive for select to schoolgate_app
    using (not notices_barred(record, person));
"""

# The caller has the record before them or has just made it (a job acts as nobody); those told need share
# nothing with the caller. Each notice is at home in an organisation that its person belongs to now.
TELLING = """
-- A notice opens a page of ours: no browser takes such an address for another site's.
alter table notices_notice add constraint page_is_ours check (page ~ '^/[!-~]*$' and page !~ '^/[/\\\\]');

create policy told on notices_notice for insert to schoolgate_circle_reader with check (true);
grant insert on notices_notice to schoolgate_circle_reader;

create function notices_homes(the_people int[]) returns table (person int, home int)
language sql stable security definer set search_path = public as $$
    select distinct on (m.person_id) m.person_id, m.organisation_id
    from directory_membership m
    join access_circle c on c.kind = 'author' and c.organisation = m.organisation_id and c.person = m.person_id
    where m.person_id = any (the_people)
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date
    order by m.person_id, m.since, m.organisation_id
$$;

create function notices_tell(
    the_people int[], the_kind text, is_at_once boolean, the_table regclass, the_record uuid, the_page text,
    the_time timestamptz) returns setof uuid
language plpgsql security definer set search_path = public as $$
declare
    its_barred int[];
    me int := audit_person();
begin
    if not exists (select from pg_trigger where tgrelid = the_table and tgname = 'protect') then
        raise exception 'not a protected record' using errcode = 'invalid_parameter_value';
    end if;
    execute format('select barred from %s where id = $1
        and ($2 is null or made_by = $2 or circles && access_current_circles())', the_table)
        into its_barred using the_record, me;
    if its_barred is null then
        raise exception 'nobody tells of a record that they do not have' using errcode = 'insufficient_privilege';
    end if;
    return query insert into notices_notice (id, holder, controller, regime, marking, retention_class, circles, barred,
        made_by, made_at, person, kind, at_once, record, page)
    select gen_random_uuid(), h.home, 0, 'uk_gdpr', 'official', 'notice', '{}', '{}',
        coalesce(me, 0), the_time, h.person, the_kind, is_at_once, the_record, the_page
    from notices_homes(the_people) h
    where h.person <> all (its_barred) and h.person is distinct from me
        and not notices_barred(the_record, h.person)
    returning id;
end $$;
"""

# The worker is the sign-in role: it learns whom to write to and which kinds of thing wait, and nothing else.
MAILING = """
grant select on notices_mailednotice to schoolgate_circle_reader;

create view notices_unmailed as
select n.id as notice, n.person, p.email::text as address, n.kind::text as kind, n.at_once
from notices_notice n
join directory_person p on p.id = n.person and p.email <> ''
where n.seen_at is null
    and not exists (select from notices_mailednotice m where m.notice = n.id)
    and not exists (select from access_bar b where b.record = n.record and b.person = n.person)
    and exists (select from directory_membership m where m.person_id = n.person and m.organisation_id = n.holder
        and daterange(m.since, m.until, '[]') @> (now() at time zone 'Europe/London')::date);

create function notices_to_mail(the_notice uuid) returns table (person int, address text, kind text)
language sql stable security definer set search_path = public as $$
    select person, address, kind from notices_unmailed where notice = the_notice
$$;

create function notices_to_digest(the_person int) returns table (notice uuid, address text, kind text)
language sql stable security definer set search_path = public as $$
    select notice, address, kind from notices_unmailed where person = the_person and not at_once
$$;

create function notices_people_to_digest() returns setof int
language sql stable security definer set search_path = public as $$
    select distinct person from notices_unmailed where not at_once
$$;

create index notices_unseen on notices_notice (person) where seen_at is null;
"""

OWNERS = """
alter function notices_barred(uuid, int) owner to schoolgate_circle_reader;
alter function notices_homes(int[]) owner to schoolgate_circle_reader;
alter function notices_tell(int[], text, boolean, regclass, uuid, text, timestamptz) owner to schoolgate_circle_reader;
alter view notices_unmailed owner to schoolgate_circle_reader;
alter function notices_to_mail(uuid) owner to schoolgate_circle_reader;
alter function notices_to_digest(int) owner to schoolgate_circle_reader;
alter function notices_people_to_digest() owner to schoolgate_circle_reader;
revoke all on function notices_homes(int[]) from public;
revoke all on function notices_to_mail(uuid), notices_to_digest(int), notices_people_to_digest() from public;
grant execute on function notices_to_mail(uuid), notices_to_digest(int), notices_people_to_digest()
    to schoolgate_login;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("access", "0002_circles"), ("directory", "0002_register")]
    operations = [
        protect(
            "notices_notice",
            read="author:holder:person",
            insert="",
            update="author:holder:person",
            mutable=["seen_at"],
        ),
        sign_in_table("notices_mail"),
        sign_in_table("notices_mailednotice"),
        migrations.RunSQL(BARRED),
        migrations.RunSQL(TELLING),
        migrations.RunSQL(MAILING),
        migrations.RunSQL(OWNERS),
    ]
