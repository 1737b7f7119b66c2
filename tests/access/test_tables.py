"""Every table is protected by circles, or stands here with the reason why it is not."""

import pytest
from psycopg import Connection

pytestmark = pytest.mark.usefixtures("committed_database")

SIGN_IN = "the sign-in role's alone; the application role may not read it"
REGISTER = "names and roles of people at work, schools and teams: no data about children; administrators write it"
LOG = "the log: written by definer functions only, with policies of its own"
OWN_FILE = "what is known of an officer: policies of its own, for the officer and the sergeants of their team"
OF_SCHOOLS = "figures about schools, no data about anybody: policies of its own, for the police of the force"
LIBRARY = "a library's bookkeeping without records"

NOT_PROTECTED = {
    "access_user": SIGN_IN,
    "access_cache": SIGN_IN,
    "access_daycode": SIGN_IN,
    "access_identityprovider": SIGN_IN,
    "access_installation": "one row: whether this is the demonstration, which is given a history; its owner writes it",
    "access_circle": "names of circles, without people; read by definer functions only",
    "access_bar": "policies of its own: the circles of the barred record, never the barred person",
    "directory_organisation": REGISTER,
    "directory_force": REGISTER,
    "directory_team": REGISTER,
    "directory_school": REGISTER,
    "directory_agency": REGISTER,
    "directory_term": REGISTER,
    "directory_closedday": REGISTER,
    "directory_person": REGISTER,
    "directory_membership": REGISTER,
    "directory_registerimport": "an import of the school register: no data about children; policies of its own",
    "directory_importline": "what imports of the school register did: no data about children; policies of its own",
    "deployment_eligibility": OWN_FILE,
    "deployment_training": OWN_FILE,
    "deployment_deploymentrules": "what a force asks of a posting; no data about anybody; its youth lead writes it",
    "deployment_matrix": OF_SCHOOLS,
    "deployment_indicator": OF_SCHOOLS,
    "deployment_indicatorvalue": OF_SCHOOLS,
    "deployment_prioritydecision": OF_SCHOOLS,
    "deployment_assignment": REGISTER,
    "deployment_dutyhours": REGISTER,
    "deployment_absence": "days on which an officer is away, without the reason",
    "partnership_officerpicture": "an officer's picture for the school's page; policies of its own, and no history",
    "partnership_schoolstate": "how each school stands: states and dates; read by definer functions only",
    "partnership_schoolawareness": "how many of a school's staff know of it; read by definer functions only",
    "partnership_edition": "the texts of a force's documents; no data about anybody",
    "exchange_legalbasis": "gateways in law that a share may rest on; no data about anybody",
    "audit_access": LOG,
    "audit_change": LOG,
    "audit_key": LOG,
    "audit_epoch": LOG,
    "audit_seal": LOG,
    "django_migrations": LIBRARY,
    "django_session": SIGN_IN,
    "django_content_type": LIBRARY,
    "auth_group": LIBRARY,
    "auth_group_permissions": LIBRARY,
    "auth_permission": LIBRARY,
    "account_emailaddress": SIGN_IN,
    "account_emailconfirmation": SIGN_IN,
    "mfa_authenticator": SIGN_IN,
    "usersessions_usersession": SIGN_IN,
    "socialaccount_socialaccount": SIGN_IN,
    "socialaccount_socialapp": SIGN_IN,
    "socialaccount_socialtoken": SIGN_IN,
    "axes_accessattempt": SIGN_IN,
    "axes_accessattemptexpiration": SIGN_IN,
    "axes_accesslog": SIGN_IN,
    "axes_accessfailurelog": SIGN_IN,
    "notices_mail": SIGN_IN,
    "notices_mailednotice": SIGN_IN,
    "procrastinate_jobs": "jobs carry ids only",
    "procrastinate_events": "jobs carry ids only",
    "procrastinate_periodic_defers": LIBRARY,
    "procrastinate_workers": LIBRARY,
}

TABLES = """
select c.relname, exists (select from pg_trigger where tgrelid = c.oid and tgname = 'protect')
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
"""


def test_every_table_is_protected_or_listed_with_its_reason(as_superuser: Connection) -> None:
    found = dict(as_superuser.execute(TABLES).fetchall())
    unprotected = {name for name, protected in found.items() if not protected}
    assert unprotected - NOT_PROTECTED.keys() == set()
    assert NOT_PROTECTED.keys() - unprotected == set(), "listed, but gone or protected"


def test_every_protected_table_forces_its_policies_and_indexes_its_circles(as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select c.relname, c.relrowsecurity and c.relforcerowsecurity,"
        " (select attstattarget from pg_attribute where attrelid = c.oid and attname = 'circles'),"
        " exists (select from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am am on am.oid = x.relam"
        "   where i.indrelid = c.oid and am.amname = 'gin'),"
        " exists (select from pg_policies p where p.tablename = c.relname and p.policyname = 'app_reads'"
        "   and p.qual like '%%circles && %%' and p.qual like '%%<> ALL (barred)%%' and p.qual not ilike '%%select%%')"
        " from pg_class c where exists (select from pg_trigger where tgrelid = c.oid and tgname = 'protect')"
    ).fetchall()
    assert found
    assert [row for row in found if row[1:] != (True, 1000, True, True)] == []


def test_the_application_role_may_delete_from_no_table(as_superuser: Connection) -> None:
    found = as_superuser.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and has_table_privilege('schoolgate_app', oid, 'DELETE, TRUNCATE')"
    ).fetchall()
    assert found == []


def test_the_application_role_reads_no_sign_in_table(as_superuser: Connection) -> None:
    sign_in = [name for name, reason in NOT_PROTECTED.items() if reason == SIGN_IN]
    found = as_superuser.execute(
        "select t from unnest(%s::text[]) t where has_table_privilege('schoolgate_app', t, 'SELECT')", [sign_in]
    ).fetchall()
    assert found == []


def test_views_that_read_past_policies_belong_to_the_circle_reader_and_nobody_else_may_read_them(
    as_superuser: Connection,
) -> None:
    found = as_superuser.execute(
        "select relname, relowner::regrole::text, has_table_privilege('schoolgate_app', oid, 'SELECT')"
        " from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'"
    ).fetchall()
    assert found
    assert [row for row in found if row[1:] != ("schoolgate_circle_reader", False)] == []
