"""Drafts have an app of their own: those of concerns move there, and what is sent closes those of its form."""

from django.db import migrations

from schoolgate.drafts.closing import closes_drafts

# An owner under forced policies would move nothing, silently.
MOVE = """
alter table concerns_draft no force row level security;
alter table drafts_draft no force row level security;
insert into drafts_draft (id, holder, controller, regime, marking, retention_class, circles, barred, made_by, made_at,
    kind, address, once, page, version, content, changed_at, closed_at)
select id, holder, 0, '', marking, retention_class, '{}', barred, made_by, made_at, kind,
    format('/concerns/%s/?school=%s', case kind when 'concern' then 'new' else 'adult' end, holder),
    once, page, gen_random_uuid(), content, changed_at, case when content = '{}' then changed_at end
from concerns_draft;
do $$
begin
    if (select count(*) from drafts_draft) <> (select count(*) from concerns_draft) then
        raise exception 'not every draft moved';
    end if;
end $$;
alter table drafts_draft force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0002_protected"), ("drafts", "0002_protected")]
    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("Draft"),
        closes_drafts("concerns_concern"),
        closes_drafts("concerns_allegation"),
        closes_drafts("concerns_addition"),
        closes_drafts("concerns_triagestep", typed="(new.reason <> '' or new.kind = 'sharing')"),
        closes_drafts("concerns_allegationstep"),
    ]
