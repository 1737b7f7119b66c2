"""The check before serving: the application's role must not be able to pass by the policies."""

from django.db import connection

POWERS = """
select r.rolname,
    r.rolsuper or r.rolbypassrls or r.rolcreaterole as powerful,
    exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relowner = r.oid and n.nspname = 'public') as owns
from pg_roles r
where r.rolname = session_user or pg_has_role(session_user, r.oid, 'member')
"""


class UnsafeRole(Exception):
    """The database role could read past the circles; its text is one line for the operator."""


def refuse_unsafe_role() -> None:
    """Raise UnsafeRole when the connection's role, or one it may become, owns tables or bypasses policies."""
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        unsafe = [name for name, powerful, owns in cursor.fetchall() if powerful or owns]
    if unsafe:
        raise UnsafeRole(f"The database role {', '.join(unsafe)} owns tables or may bypass the policies: not serving.")
