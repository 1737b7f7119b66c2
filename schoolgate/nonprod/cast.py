"""The cast as it stands in the database: who is who, for the demonstration and for tests."""

from collections.abc import Mapping
from dataclasses import dataclass

from schoolgate.access.acting import acting
from schoolgate.directory.models import Membership, Organisation, Person, Role
from schoolgate.nonprod.personas import everybody
from schoolgate.nonprod.places import NAMES


@dataclass(frozen=True)
class Cast:
    """People by persona key, organisations by place (``larkmoor``)."""

    people: Mapping[str, int]
    users: Mapping[str, int]
    places: Mapping[str, int]

    @classmethod
    def load(cls) -> "Cast":
        """Read the register, as nobody in particular."""
        with acting(None, page="job:nonprod.cast"):
            rows = {email: (pk, user) for email, pk, user in Person.objects.values_list("email", "pk", "user_id")}
            places = dict(Organisation.objects.filter(name__in=NAMES.values()).values_list("name", "pk"))
            supply = Membership.objects.filter(role=Role.SUPPLY, organisation__name=NAMES["larkmoor"])
            without_address = supply.values_list("person_id", "person__user_id").first()
        found = {person.key: rows[person.email] for person in everybody() if person.email in rows}
        if without_address:
            found["supply"] = without_address
        return cls(
            people={key: pk for key, (pk, _user) in found.items()},
            users={key: user for key, (_pk, user) in found.items()},
            places={place: places[name] for place, name in NAMES.items() if name in places},
        )

    def person(self, key: str) -> int:
        """The id of a person of the cast."""
        return self.people[key]

    def user(self, key: str) -> int:
        """The id of the account of a person of the cast, for ``acting``."""
        return self.users[key]

    def place(self, place: str) -> int:
        """The id of an organisation."""
        return self.places[place]
