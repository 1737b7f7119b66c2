"""Who reads and writes concerns, their triage and allegations, and what no page may be trusted to hold."""

from django.db import migrations

from schoolgate.core.protected import Parent, protect

ANY_STAFF = "staff:holder supply:holder"
SCHOOL = "school:holder"
AUTHOR = "author:holder:made_by"
CONCERN = Parent("concern_id", "concerns_concern", bars=True)
OF_ITS_AUTHOR = Parent("concern_id", "concerns_concern", key="made_by", parent_key="made_by")
TO_ITS_AUTHOR = Parent("concern_id", "concerns_concern", key="author", parent_key="made_by")
ROUTE = "head:head_of governors:governors_of lado:lado_of professional_standards:standards_of"

STATUS = """
create function concerns_check_triage() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and (new.status <> 'sent' or new.child_id is not null) then
        raise exception 'a triage begins as sent, without a child'
            using errcode = 'check_violation', constraint = 'triage_begins_as_sent', table = tg_table_name;
    end if;
    if tg_op = 'UPDATE' and new.status is distinct from old.status and not exists (
        select from (values
            ('sent', 'opened'),
            ('opened', 'school_matter'), ('opened', 'with_dsl'), ('opened', 'asked'),
            ('opened', 'early_intervention'), ('opened', 'sharing'), ('opened', 'not_shared'),
            ('asked', 'school_matter'), ('asked', 'with_dsl'),
            ('asked', 'early_intervention'), ('asked', 'sharing'), ('asked', 'not_shared'),
            ('with_dsl', 'school_matter'), ('with_dsl', 'asked'), ('with_dsl', 'early_intervention'),
            ('with_dsl', 'sharing'), ('with_dsl', 'not_shared'), ('with_dsl', 'closed'),
            ('early_intervention', 'school_matter'), ('early_intervention', 'with_dsl'),
            ('early_intervention', 'asked'), ('early_intervention', 'sharing'),
            ('early_intervention', 'not_shared'), ('early_intervention', 'closed'),
            ('sharing', 'school_matter'), ('sharing', 'with_dsl'), ('sharing', 'asked'),
            ('sharing', 'early_intervention'), ('sharing', 'not_shared'), ('sharing', 'shared'),
            ('shared', 'sharing'), ('shared', 'with_dsl'), ('shared', 'closed'),
            ('school_matter', 'opened'), ('not_shared', 'opened'), ('closed', 'opened')
        ) as allowed (before, after) where before = old.status and after = new.status) then
        raise exception 'a triage does not go from % to %', old.status, new.status
            using errcode = 'check_violation', constraint = 'triage_status_moves_on', table = tg_table_name;
    end if;
    return new;
end $$;
create trigger check_triage before insert or update on concerns_triage
    for each row execute function concerns_check_triage();
"""

# A concern without a triage would wait for nobody. The check runs at the end, past the policies: who may not
# read a triage may still have made one.
NEVER_NOWHERE = """
create function concerns_check_has_triage() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if not exists (select from concerns_triage where holder = new.holder and concern_id = new.id) then
        raise exception 'a concern has a triage'
            using errcode = 'check_violation', constraint = 'concern_has_triage', table = tg_table_name;
    end if;
    return null;
end $$;
alter function concerns_check_has_triage() owner to schoolgate_circle_reader;
create constraint trigger has_triage after insert on concerns_concern deferrable initially deferred
    for each row when (current_user = 'schoolgate_app') execute function concerns_check_has_triage();
"""

# What the sender of a form sent with its token: whether it was the same, and who was told. Nothing of its words.
SENT = """
create function concerns_sent(the_table regclass, the_holder int, the_once uuid)
returns table (id uuid, digest text, recipients int[])
language plpgsql stable security definer set search_path = public as $$
begin
    if the_table not in ('concerns_concern'::regclass, 'concerns_allegation'::regclass) then
        raise exception 'nothing that staff send' using errcode = 'invalid_parameter_value';
    end if;
    return query execute format('select id, digest::text, recipients from %s
        where holder = $1 and once = $2 and made_by = audit_person()', the_table) using the_holder, the_once;
end $$;
alter function concerns_sent(regclass, int, uuid) owner to schoolgate_circle_reader;
"""

ALLEGATIONS = """
create function concerns_bar_complained_of() returns trigger language plpgsql as $$
begin
    if new.complained_of is not null and new.complained_of <> all (new.barred) then
        new.barred := new.barred || new.complained_of;
    end if;
    return new;
end $$;
create trigger bar_complained_of before insert on concerns_allegation
    for each row execute function concerns_bar_complained_of();

alter table concerns_allegation add constraint allegation_of_its_school
    check (coalesce(head_of, holder) = holder and coalesce(governors_of, holder) = holder);

-- A step goes where its allegation went, whatever the form said.
create function concerns_follow_allegation() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    select head_of, governors_of, lado_of, standards_of, case when new.heard_by is null then null else made_by end
        into new.head_of, new.governors_of, new.lado_of, new.standards_of, new.heard_by
        from concerns_allegation where id = new.allegation_id;
    return new;
end $$;
alter function concerns_follow_allegation() owner to schoolgate_circle_reader;
create trigger follow_allegation before insert on concerns_allegationstep
    for each row execute function concerns_follow_allegation();

create function concerns_receives(the_allegation uuid) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (
        select from concerns_allegation where id = the_allegation and audit_person() <> all (barred) and (
            access_shares('head', head_of) or access_shares('governors', governors_of)
            or access_shares('lado', lado_of) or access_shares('professional_standards', standards_of)))
$$;
alter function concerns_receives(uuid) owner to schoolgate_circle_reader;
-- Where the last recipient may not read it any more, the same words go to the next in line, still their author's.
create policy passed_on on concerns_allegation for insert to schoolgate_circle_reader with check (true);
grant insert on concerns_allegation to schoolgate_circle_reader;
create function concerns_pass_on(the_allegation uuid, the_copy uuid, but_person int, people int[], the_time timestamptz,
    to_head int, to_governors int, to_lado int, to_standards int) returns boolean
language plpgsql security definer set search_path = public as $$
declare
    its concerns_allegation%rowtype;
begin
    if not concerns_receives(the_allegation) then
        return false;
    end if;
    select * into strict its from concerns_allegation where id = the_allegation;
    its.id := the_copy;
    its.once := the_copy;
    its.made_at := the_time;
    its.barred := its.barred || but_person;
    its.recipients := people;
    its.head_of := to_head;
    its.governors_of := to_governors;
    its.lado_of := to_lado;
    its.standards_of := to_standards;
    insert into concerns_allegation select its.*;
    return true;
end $$;
alter function concerns_pass_on(uuid, uuid, int, int[], timestamptz, int, int, int, int)
    owner to schoolgate_circle_reader;

create policy recipients_only on concerns_allegationstep as restrictive for insert to schoolgate_app
    with check (concerns_receives(allegation_id));
"""

# The clock's own steps: the only rows that nobody signed in makes.
LATE = """
create policy clock_adds on concerns_triagestep for insert to schoolgate_circle_reader
    with check (kind = 'late' and made_by = 0);
create policy clock_adds on concerns_authorword for insert to schoolgate_circle_reader
    with check (kind = 'speak_now' and made_by = 0);
grant insert on concerns_triagestep, concerns_authorword to schoolgate_circle_reader;

create function concerns_escalate(the_time timestamptz, the_words text)
returns table (triage uuid, concern uuid, author int, people int[])
language plpgsql security definer set search_path = public as $$
declare
    unopened record;
begin
    for unopened in
        select t.id, t.holder, t.barred, c.id as of_concern, c.made_by, c.author_name
        from concerns_triage t join concerns_concern c on c.holder = t.holder and c.id = t.concern_id
        where t.status = 'sent' and c.due_at <= the_time and not exists (
            select from concerns_triagestep s where s.holder = t.holder and s.triage_id = t.id and s.kind = 'late')
        order by c.due_at
    loop
        people := array(
            select distinct m.person_id from directory_membership m
            where m.organisation_id = unopened.holder and m.role in ('deputy_spoc', 'deputy_dsl', 'head')
                and daterange(m.since, m.until, '[]') @> (the_time at time zone 'Europe/London')::date
                and m.person_id <> all (unopened.barred));
        insert into concerns_triagestep (id, holder, controller, regime, marking, retention_class, circles, barred,
                made_by, made_at, triage_id, kind, reason, told, ground, recipients, once)
            values (gen_random_uuid(), unopened.holder, 0, '', 'official_sensitive', 'contact', '{}', '{}',
                0, the_time, unopened.id, 'late', '', '', '', people, gen_random_uuid())
            on conflict do nothing;
        continue when not found;
        if unopened.author_name = '' then
            insert into concerns_authorword (id, holder, controller, regime, marking, retention_class, circles, barred,
                    made_by, made_at, concern_id, author, kind, words)
                values (gen_random_uuid(), unopened.holder, 0, '', 'official_sensitive', 'contact', '{}', '{}',
                    0, the_time, unopened.of_concern, unopened.made_by, 'speak_now', the_words);
        end if;
        triage := unopened.id;
        concern := unopened.of_concern;
        author := case unopened.author_name when '' then unopened.made_by end;
        return next;
    end loop;
end $$;
alter function concerns_escalate(timestamptz, text) owner to schoolgate_circle_reader;
revoke all on function concerns_escalate(timestamptz, text) from public;
grant execute on function concerns_escalate(timestamptz, text) to schoolgate_login;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0001_initial"),
        ("children", "0002_protected"),
        ("exchange", "0002_protected"),
        ("directory", "0002_register"),
    ]
    operations = [
        protect(
            "concerns_draft",
            read=AUTHOR,
            insert=AUTHOR,
            update=AUTHOR,
            mutable=["kind", "content", "page", "version", "changed_at"],
            history=False,
        ),
        protect(
            "concerns_concern",
            read=f"{AUTHOR} {SCHOOL}",
            insert=ANY_STAFF,
            owners=["holder", "made_by"],
        ),
        protect(
            "concerns_concernperson",
            read=f"{AUTHOR} {SCHOOL}",
            insert=ANY_STAFF,
            parents=[CONCERN, OF_ITS_AUTHOR],
        ),
        protect(
            "concerns_addition",
            read=f"{AUTHOR} {SCHOOL}",
            insert=AUTHOR,
            parents=[CONCERN, OF_ITS_AUTHOR],
        ),
        protect(
            "concerns_triage",
            read=SCHOOL,
            insert=ANY_STAFF,
            update=SCHOOL,
            mutable=["status", "child_id", "opened_at", "opened_by", "changed_at", "own_reference", "version"],
            parents=[CONCERN, OF_ITS_AUTHOR, Parent("child_id", "children_child")],
        ),
        protect(
            "concerns_triagestep",
            read=SCHOOL,
            insert=SCHOOL,
            parents=[Parent("triage_id", "concerns_triage", bars=True), Parent("share_id", "exchange_share")],
        ),
        protect(
            "concerns_authorword",
            read="author:holder:author",
            insert=SCHOOL,
            parents=[CONCERN, TO_ITS_AUTHOR],
        ),
        protect("concerns_allegation", read=f"{AUTHOR} {ROUTE}", insert=ANY_STAFF),
        protect(
            "concerns_allegationstep",
            read=f"author:holder:heard_by {ROUTE}",
            insert=ROUTE,
            parents=[Parent("allegation_id", "concerns_allegation", bars=True)],
        ),
        migrations.RunSQL(STATUS),
        migrations.RunSQL(NEVER_NOWHERE),
        migrations.RunSQL(SENT),
        migrations.RunSQL(ALLEGATIONS),
        migrations.RunSQL(LATE),
    ]
