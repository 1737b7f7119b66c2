"""Migration steps for tables that are not protected by circles, each with who may do what."""

from django.db import migrations

REGISTER = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy all_read on {table} for select
    to schoolgate_app, schoolgate_circle_reader, schoolgate_backup using (true);
create policy owner_keeps on {table} to schoolgate_owner using (true) with check (true);
create policy app_adds on {table} for insert to schoolgate_app with check ({may_write});
create policy app_changes on {table} for update to schoolgate_app using ({may_write}) with check ({may_write});
grant select on {table} to schoolgate_app, schoolgate_circle_reader, schoolgate_backup;
grant insert, update on {table} to schoolgate_app;
create trigger history after insert or update on {table}
    for each row execute function audit_keep_change('{table}', '{key}');
"""

SIGN_IN = """
grant select, insert, update, delete on {table} to schoolgate_login;
grant select on {table} to schoolgate_backup;
"""


def register_table(table: str, *, may_write: str, key: str = "id") -> migrations.RunSQL:
    """A table that every signed-in person may read; may_write: an SQL condition on the row. key: its key column."""
    return migrations.RunSQL(REGISTER.format(table=table, may_write=may_write, key=key), migrations.RunSQL.noop)


def sign_in_table(table: str) -> migrations.RunSQL:
    """A table of the sign-in role alone: never readable from a page of records."""
    return migrations.RunSQL(SIGN_IN.format(table=table), migrations.RunSQL.noop)
