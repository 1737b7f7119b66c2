"""Imports of the school register that administrators ask for in a page, and who may see and write them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Whoever asked keeps their hand on it until it ends, even when their role ends first.
POLICIES = """
alter table directory_registerimport enable row level security;
alter table directory_registerimport force row level security;
alter table directory_importline enable row level security;
alter table directory_importline force row level security;

create policy owner_keeps on directory_registerimport to schoolgate_owner using (true) with check (true);
create policy owner_keeps on directory_importline to schoolgate_owner using (true) with check (true);
create policy backup_reads on directory_registerimport for select to schoolgate_backup using (true);
create policy backup_reads on directory_importline for select to schoolgate_backup using (true);

create policy app_reads on directory_registerimport for select to schoolgate_app
    using (access_administers(force_id) or asked_by_id = audit_person());
create policy app_adds on directory_registerimport for insert to schoolgate_app
    with check (access_administers(force_id) and asked_by_id = audit_person());
create policy app_changes on directory_registerimport for update to schoolgate_app
    using (asked_by_id = audit_person()) with check (asked_by_id = audit_person());
create policy app_reads on directory_importline for select to schoolgate_app
    using (exists (select from directory_registerimport where id = register_import_id));
create policy app_adds on directory_importline for insert to schoolgate_app
    with check (exists (
        select from directory_registerimport where id = register_import_id and asked_by_id = audit_person()));

grant select on directory_registerimport, directory_importline to schoolgate_app, schoolgate_backup;
grant insert on directory_registerimport, directory_importline to schoolgate_app;
grant update (content, state, stage, done, "of", attempts, ended_at, why_failed, totals)
    on directory_registerimport to schoolgate_app;
grant usage on sequence directory_importline_id_seq to schoolgate_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=255)),
                ("content", models.BinaryField(null=True)),
                (
                    "only_forces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("reading", "Reading"), ("saving", "Saving")], default="reading", max_length=10
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("of", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_failed", models.TextField(blank=True)),
                ("totals", models.JSONField(default=dict)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="directory.person")),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_imports",
                        to="directory.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("closed", "Closed"),
                            ("missing", "No longer in the register"),
                            ("differing", "Another trust than in the directory"),
                            ("unreadable", "Could not be read"),
                        ],
                        max_length=12,
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("urn", models.IntegerField(null=True)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("force", models.CharField(blank=True, max_length=200)),
                ("changes", models.JSONField(default=list)),
                ("column", models.CharField(blank=True, max_length=100)),
                ("why", models.TextField(blank=True)),
                (
                    "register_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="directory.registerimport"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="registerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", True), ("ended_at__isnull", False), ("state__in", ("done", "failed"))),
                    models.Q(
                        models.Q(("state__in", ("done", "failed")), _negated=True),
                        ("content__isnull", False),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="import_keeps_its_file_until_it_ends",
            ),
        ),
        migrations.RunSQL(POLICIES),
    ]
