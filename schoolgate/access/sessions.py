"""Sessions in the database; every request reads one, so by a plain statement."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from schoolgate.core.rows import fetched

SESSION = "select session_data from django_session where session_key = %(key)s and expire_date > %(now)s"


class SessionStore(db.SessionStore):
    """The library's, but for how a session is found."""

    def _get_session_from_db(self) -> Any:
        found = fetched(SESSION, {"key": self.session_key, "now": timezone.now()})
        if not found:
            self._session_key = None
            return None
        return found[0]
