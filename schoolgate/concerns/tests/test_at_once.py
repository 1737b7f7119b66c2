"""What several people do in the same moment."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from types import ModuleType
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from psycopg import Connection

from schoolgate.concerns.services import allegations, triage
from schoolgate.concerns.tests.doings import links, raise_concern, signed_in
from schoolgate.concerns.tests.test_allegations import allege
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")


def all_judge_before_anybody_bars(monkeypatch: pytest.MonkeyPatch, services: ModuleType, people: int) -> None:
    """Hold each back before its bar until all are there, or until it is clear that they wait for one another."""
    gate, declare = Barrier(people), services.declare_bar

    def declare_together(**bar: Any) -> bool:
        with suppress(BrokenBarrierError):
            gate.wait(timeout=1)
        return bool(declare(**bar))

    monkeypatch.setattr(services, "declare_bar", declare_together)


def bar_others(client: Client, address: str, circle: list[int]) -> None:
    """Keep a concern from everybody who may read it but these."""
    offered = re.findall(r'name="person" type="radio" value="(\d+)"', client.get(f"{address}keep/").text)
    for person in {int(person) for person in offered} - set(circle):
        client.post(f"{address}keep/", {"person": str(person), "reason": "A relative."})


def together(personas: list[str], act: Callable[[str], object]) -> None:
    def and_close(persona: str) -> None:
        try:
            act(persona)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(personas)) as pool:
        list(pool.map(and_close, personas))


def test_all_of_the_school_circle_bar_themselves_and_somebody_still_reads_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_concern(signed_in(cast, "teacher"))
    [address] = links(signed_in(cast, "spoc"), "/triage/")
    circle = ["spoc", "deputy-spoc", "dsl", "head"]
    bar_others(signed_in(cast, "spoc"), address, [cast.person(persona) for persona in circle])
    all_judge_before_anybody_bars(monkeypatch, triage, len(circle))

    def bar_oneself(persona: str) -> None:
        signed_in(cast, persona).post(f"{address}keep/", {"person": str(cast.person(persona)), "reason": "A relative."})

    together(circle, bar_oneself)

    assert [signed_in(cast, persona).get(address).status_code for persona in circle].count(200) == 1


def test_the_last_two_recipients_of_an_allegation_bar_themselves_and_it_is_passed_on(
    cast: Cast, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_superuser.execute(
        "insert into directory_membership (person_id, organisation_id, role, since, on_slt)"
        " select %s, organisation_id, 'head', since, false from directory_membership where role = 'head'"
        " and person_id = %s",
        [cast.person("spoc"), cast.person("head")],
    )
    allege(signed_in(cast, "teacher"))
    [address] = links(signed_in(cast, "head"), "/allegations/")
    all_judge_before_anybody_bars(monkeypatch, allegations, 2)

    def bar_oneself(persona: str) -> None:
        signed_in(cast, persona).post(f"{address}keep/", {"person": str(cast.person(persona)), "reason": "A friend."})

    together(["head", "spoc"], bar_oneself)

    passed_on = as_superuser.execute("select count(*) from concerns_allegation where lado_of is not null").fetchone()
    assert passed_on == (1,)
