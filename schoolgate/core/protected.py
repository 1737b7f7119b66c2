"""The base of every record that a circle reads, and the migration step that protects its table.

A *rule* names circles by kind and owner, e.g. ``author:holder:made_by school:holder``:
the circle of kind ``author`` of the organisation in column ``holder`` and the person in
column ``made_by``, and the circle of kind ``school`` of the organisation in ``holder``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from schoolgate.core.enums import Marking, Regime
from schoolgate.core.ids import new_id


class Protected(models.Model):
    """A record read through circles. The database sets circles, controller and regime."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.IntegerField()
    controller = models.IntegerField(default=0, editable=False)
    regime = models.CharField(max_length=20, choices=Regime, default=Regime.UK_GDPR, editable=False)
    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL_SENSITIVE)
    retention_class = models.CharField(max_length=40, default="contact")
    circles = ArrayField(models.IntegerField(), default=list, editable=False)
    barred = ArrayField(models.IntegerField(), default=list, editable=False)
    made_by = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Parent:
    """A foreign key that includes the owner, so that it cannot tell that a row exists elsewhere.

    bars: whoever is barred from the parent is barred from the row as well, at once or later.
    """

    column: str
    table: str
    key: str = "holder"
    parent_key: str = "holder"
    bars: bool = False

    def sql(self, child: str) -> str:
        name = f"{child}_{self.column}_same_{self.key}"[:63]
        key = (
            f"alter table {child} add constraint {name} foreign key ({self.key}, {self.column})"
            f" references {self.table} ({self.parent_key}, id) deferrable initially deferred;"
        )
        return key + (HAND_DOWN_BARS.format(child=child, parent=self.table, column=self.column) if self.bars else "")


HAND_DOWN_BARS = """
create trigger inherit_bars before insert on {child}
    for each row execute function access_inherit_bars('{parent}', '{column}');
create trigger spread_to_{child} after insert on access_bar
    for each row when (new.kind = '{parent}') execute function access_spread_bars('{child}', '{column}');
"""


PROTECT = """
alter table {table} enable row level security;
alter table {table} force row level security;
alter table {table} alter column circles set statistics 1000;
create index {table}_circles on {table} using gin (circles) with (fastupdate = off);
create trigger protect before insert or update on {table}
    for each row execute function access_protect('{read}', '{mutable}');
create policy app_reads on {table} for select to schoolgate_app using (
    circles && nullif(current_setting('schoolgate.circles', true), '')::int[]
    and (barred = '{{}}' or nullif(current_setting('schoolgate.person', true), '')::int <> all (barred)));
create policy app_adds on {table} for insert to schoolgate_app
    with check (access_may('{insert}', to_jsonb({table})));
create policy circles_read on {table} for select to schoolgate_circle_reader using (true);
create policy circles_bar on {table} for update to schoolgate_circle_reader using (true);
create policy retention_disposes on {table} to schoolgate_retention using (true) with check (true);
create policy backup_reads on {table} for select to schoolgate_backup using (true);
revoke all on {table} from public;
grant select, insert on {table} to schoolgate_app;
grant select, update (barred) on {table} to schoolgate_circle_reader;
grant select, update, delete on {table} to schoolgate_retention;
grant select on {table} to schoolgate_backup;
"""

LET_UPDATE = """
create policy app_changes on {table} for update to schoolgate_app
    using (access_may('{update}', to_jsonb({table}))) with check (access_may('{update}', to_jsonb({table})));
grant update ({mutable}) on {table} to schoolgate_app;
"""

KEEP_HISTORY = """
create trigger history after insert or update on {table}
    for each row execute function audit_keep_change('{table}');
"""


def protect(
    table: str,
    *,
    read: str,
    insert: str,
    update: str = "",
    mutable: Sequence[str] = (),
    owners: Sequence[str] = ("holder",),
    parents: Sequence[Parent] = (),
    history: bool = True,
) -> migrations.RunSQL:
    """The migration step that puts a table under its circles.

    read, insert, update: rules (see the module); update with the mutable columns only.
    owners: columns that own the row; each makes a unique key (owner, id) for children to refer to.
    history: off only for scratch that was never sent, such as drafts.
    """
    names = {
        "table": table,
        "read": read,
        "insert": insert,
        "update": update,
        "mutable": ", ".join(mutable),
    }
    parts = [PROTECT.format(**names)]
    parts += [f"alter table {table} add constraint {table}_{o}_id unique ({o}, id);" for o in owners]
    parts += [parent.sql(table) for parent in parents]
    if update:
        parts.append(LET_UPDATE.format(**names))
    if history:
        parts.append(KEEP_HISTORY.format(**names))
    return migrations.RunSQL("\n".join(parts), migrations.RunSQL.noop)
