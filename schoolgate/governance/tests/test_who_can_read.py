"""Who can read a record: told to those who may know, never to the barred."""

import argparse
import uuid
from functools import partial

import pytest
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.access.bars import declare_bar
from schoolgate.config.environment import read_environment
from schoolgate.config.roles import conninfo
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import send, signed_in
from schoolgate.governance import who_can_see
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def share(cast: Cast) -> uuid.UUID:
    return send(cast)


def bar(cast: Cast, share: uuid.UUID, key: str) -> None:
    with acting(cast.user("spoc"), page="test") as spoc:
        declare_bar(
            by=spoc, at=now(), table="exchange_share", record=share, person=cast.person(key), reason="An interest."
        )


def ask(record: uuid.UUID) -> int:
    connect_as = partial(conninfo, read_environment())
    return who_can_see.main(argparse.Namespace(record=record, connect_as=connect_as))


@pytest.mark.parametrize("who", ["spoc", "officer", "school-dpo"])
def test_readers_and_the_controllers_dpo_are_told_circle_by_circle(cast: Cast, share: uuid.UUID, who: str) -> None:
    shown = signed_in(cast, who).get(f"/who-can-read/{share}/").content.decode()
    assert "Mrs Josephine Larch" in shown
    assert "PC Ada Fern" in shown
    assert "Larkmoor School" in shown
    assert "Ms Amara Wren" not in shown


@pytest.mark.parametrize("who", ["teacher", "other-spoc", "unassigned-officer", "dpo", "other-school-dpo", "admin"])
def test_outsiders_learn_nothing(cast: Cast, share: uuid.UUID, who: str) -> None:
    assert signed_in(cast, who).get(f"/who-can-read/{share}/").status_code == 404
    assert signed_in(cast, who).get(f"/who-can-read/{uuid.uuid4()}/").status_code == 404


def test_the_barred_are_named_to_others_and_learn_nothing_themselves(cast: Cast, share: uuid.UUID) -> None:
    bar(cast, share, "buddy-officer")
    shown = signed_in(cast, "spoc").get(f"/who-can-read/{share}/").content.decode()
    assert "PC Rafi Alder" in shown.split("Barred from it")[1]
    assert "PC Rafi Alder" not in shown.split("Barred from it")[0]
    assert signed_in(cast, "buddy-officer").get(f"/who-can-read/{share}/").status_code == 404


def test_a_barred_dpo_learns_nothing(cast: Cast, share: uuid.UUID) -> None:
    bar(cast, share, "school-dpo")
    assert signed_in(cast, "school-dpo").get(f"/who-can-read/{share}/").status_code == 404


def test_the_command_says_who_through_which_circle_by_which_role_since_when(
    cast: Cast, share: uuid.UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    bar(cast, share, "buddy-officer")
    assert ask(share) == 0
    said = capsys.readouterr().out
    assert f"exchange.share {share} can be read now by:" in said
    assert "PC Ada Fern: circle partnership of Larkmoor School, as assigned_officer, since 20" in said
    assert "barred: Rafi Alder" in said


def test_the_commands_looking_is_logged(cast: Cast, share: uuid.UUID, as_superuser: Connection) -> None:
    ask(share)
    query = "select person, records from audit_access where page = 'command:who-can-see'"
    assert as_superuser.execute(query).fetchall() == [(None, [share])]


def test_the_command_says_when_there_is_no_such_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(uuid.uuid4()) == 1
    assert "There is no record" in capsys.readouterr().err
