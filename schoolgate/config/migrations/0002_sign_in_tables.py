"""Grants on the tables that sign-in and job libraries bring: the sign-in role's alone, but for jobs."""

from django.db import migrations

from schoolgate.core.opened import sign_in_table

SIGN_IN = [
    "django_session",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "usersessions_usersession",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accesslog",
    "axes_accessfailurelog",
]

# Jobs are deferred inside the transaction that needs them, so the application role adds them; they carry ids only.
JOBS = """
grant select, insert, update, delete on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers to schoolgate_login;
grant select, insert, update on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers
    to schoolgate_app;
grant usage on all sequences in schema public to schoolgate_login;
grant usage on sequence procrastinate_jobs_id_seq, procrastinate_events_id_seq, procrastinate_periodic_defers_id_seq
    to schoolgate_app;
grant select on django_migrations to schoolgate_login;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_circles"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("axes", "__latest__"),
        ("procrastinate", "__latest__"),
    ]
    operations = [*[sign_in_table(table) for table in SIGN_IN], migrations.RunSQL(JOBS)]
