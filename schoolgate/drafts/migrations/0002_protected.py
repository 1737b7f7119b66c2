"""A draft is its author's alone, and is closed with the record that its form made."""

from django.db import migrations

from schoolgate.core.protected import protect

# The row that is left says that this form was sent: what its page saves late does not bring it back. Whoever does not
# read back what they send, as supply staff, has no draft.
CLOSE = """
create function drafts_close() returns trigger language plpgsql as $$
begin
    if new.made_by is distinct from audit_person() then
        return null;
    end if;
    update drafts_draft
        set content = '{}', version = gen_random_uuid(), changed_at = new.made_at, closed_at = new.made_at
        where made_by = new.made_by and once = new.once;
    if not found and access_shares('author', new.holder, new.made_by) then
        insert into drafts_draft (id, holder, controller, regime, marking, retention_class, circles, barred, made_by,
            made_at, kind, address, once, page, version, content, changed_at, closed_at)
        values (gen_random_uuid(), new.holder, 0, '', new.marking, 'contact', '{}', '{}', new.made_by,
            new.made_at, '', '/', new.once, new.once, gen_random_uuid(), '{}', new.made_at, new.made_at);
    end if;
    return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial"), ("access", "0002_circles"), ("directory", "0002_register")]
    operations = [
        protect(
            "drafts_draft",
            read="author:holder:made_by",
            insert="author:holder:made_by",
            update="author:holder:made_by",
            mutable=["content", "page", "version", "changed_at", "closed_at"],
            history=False,
        ),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    ]
