"""What counts for a force, and how much, is read by whoever reads its matrix."""

from django.db import migrations

WEIGHTS = """
drop policy all_read on deployment_indicator;
create policy keepers_read on deployment_indicator for select to schoolgate_circle_reader, schoolgate_backup
    using (true);
create policy of_the_force on deployment_indicator for select to schoolgate_app
    using (exists (select from deployment_matrix m where m.id = matrix_id));
"""


class Migration(migrations.Migration):
    dependencies = [("deployment", "0004_told_before_live")]
    operations = [migrations.RunSQL(WEIGHTS, migrations.RunSQL.noop)]
