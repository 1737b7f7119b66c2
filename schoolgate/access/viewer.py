"""Who is asking: built once a request from one database call."""

from dataclasses import dataclass, field

from django.http import HttpRequest

EMERGENCY = "emergency"


@dataclass(frozen=True)
class Standing:
    """One membership of one circle: by which role, of which organisation."""

    role: str
    kind: str
    organisation: int


@dataclass(frozen=True)
class Viewer:
    """The person acting, with their standings, how many notices wait for them and how many forms they have not sent.

    An outsider has none.
    """

    user: int | None = None
    person: int | None = None
    name: str = ""
    standings: frozenset[Standing] = field(default_factory=frozenset)
    waiting: int = 0
    unsent: int = 0

    def shares(self, kind: str, organisation: int) -> bool:
        """Whether this person acts in the circle of that kind of that organisation: emergency access only reads."""
        return any((s.kind, s.organisation) == (kind, organisation) and s.role != EMERGENCY for s in self.standings)

    def holds(self, *roles: str, organisation: int | None = None) -> bool:
        """Whether this person holds one of the roles, at that organisation or at any."""
        return any(s.role in roles and organisation in (None, s.organisation) for s in self.standings)

    def organisations(self, kind: str) -> list[int]:
        """The organisations whose circle of that kind this person reads with."""
        return sorted({s.organisation for s in self.standings if s.kind == kind})


class Request(HttpRequest):
    """A request as views get it: with who is asking (see the middleware)."""

    viewer: Viewer
