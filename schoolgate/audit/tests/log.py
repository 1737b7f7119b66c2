"""A log that is written and sealed as the product does, and tampered with as only a superuser can."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.audit.heads import read_heads
from schoolgate.audit.notes import Operation, note
from schoolgate.audit.report import Report
from schoolgate.audit.sealing import ROLE, key_for, seal_and_tell
from schoolgate.audit.seals import connect, last_seal
from schoolgate.audit.verify import verify
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import conninfo
from schoolgate.core.clock import now
from schoolgate.nonprod.cast import Cast

TIMES, PAUSE = 10, 0.05  # seconds


@dataclass
class Log:
    """The log, written and sealed as the product does."""

    cast: Cast
    key: Path
    heads: Path
    looked_at: list[UUID] = field(default_factory=list)

    @property
    def conninfo(self) -> str:
        return conninfo(read_environment(), ROLE)

    def look(self, *, times: int = 1, who: str = "teacher") -> UUID:
        """Somebody looks at a record."""
        for _time in range(times):
            record = uuid4()
            with acting(self.cast.user(who), page="test:looking"):
                note(Operation.CONSULTATION, "children.child", [record], controller=self.cast.place("lantern-trust"))
            self.looked_at.append(record)
        return record

    def seal(self) -> None:
        """The sealer comes by, and again where a transaction of another test's database held it up."""
        with connect(self.conninfo, autocommit=True) as connection:
            before = last_seal(connection)
            for _time in range(TIMES):
                self.seal_in(connection)
                if last_seal(connection) != before:
                    return
                time.sleep(PAUSE)

    def seal_in(self, connection: Connection) -> None:
        seal_and_tell(connection, key_for(connection, self.key), self.heads, [], at=now())

    def verify(self, heads: Path | None = None) -> Report:
        return verify(self.conninfo, self.key, read_heads(heads or self.heads))


def tamper(superuser: Connection, statement: str, *values: object) -> int:
    """Change the log as only a superuser can: with its triggers off."""
    superuser.execute("set session_replication_role = replica")
    changed = superuser.execute(statement, values).rowcount
    superuser.execute("reset session_replication_role")
    return changed
