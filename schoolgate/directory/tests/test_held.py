"""What no statement of the application may change in the directory, whoever acts."""

import pytest
from django.db import DatabaseError, connection, transaction

from schoolgate.access.acting import acting
from schoolgate.directory.models import Organisation
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.django_db


def refused(cast: Cast, statement: str, *values: int, by: str = "admin") -> bool:
    with acting(cast.user(by), page="test"), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
        except DatabaseError:
            return True
        return cursor.rowcount == 0  # a policy hides the row from the statement


def test_no_administrator_moves_an_account_onto_another_person(cast: Cast) -> None:
    mine = cast.user("admin")
    assert refused(cast, "update directory_person set user_id = null where user_id = %s", mine)
    assert refused(cast, "update directory_person set user_id = %s where id = %s", mine, cast.person("spoc"))
    added = "insert into directory_person (name, title, email, telephone, user_id) values ('x', '', '', '', %s)"
    assert refused(cast, added, mine)
    assert not refused(cast, "update directory_person set name = 'Renamed' where id = %s", cast.person("spoc"))


def test_no_administrator_takes_an_organisation_of_another_force(cast: Cast) -> None:
    mine, school = cast.place("wexmoor-police"), cast.place("larkmoor")
    with acting(cast.user("admin"), page="test"):
        theirs = Organisation.objects.filter(kind="school", force=cast.place("arian-police"))
        elsewhere = theirs.exclude(controller=None).values_list("id", flat=True)[0]
    for column in ("force_id", "controller_id"):
        move = f"update directory_organisation set {column} = %s where id = %s"
        assert refused(cast, move, mine, elsewhere)
    assert refused(
        cast, "update directory_organisation set force_id = %s where id = %s", mine, cast.place("arian-police")
    )
    assert not refused(cast, "update directory_organisation set controller_id = %s where id = %s", school, school)
