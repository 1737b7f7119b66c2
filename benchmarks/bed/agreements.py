"""Invented agreements of every school: signed, lapsed, waiting or none; and staff who read the briefing, or did not."""

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.copying import copy_rows
from schoolgate.partnership.models import Acknowledgement, Agreement, AgreementStep, BriefingPage, Edition
from schoolgate.partnership.selectors.awareness import digest_of

KINDS = ("protocol", "dsa")
STEPS = ("read", "signed", "countersigned")
SIGNED = {"signer_name": "A Name", "signer_role": "A role", "statement": "Agreed", "digest": "0" * 64, "factor": "totp"}
YEAR, SOON = dt.timedelta(days=365), dt.timedelta(days=30)
TEXT = "An invented sentence of an agreement. " * 400
ONE_IN = 10  # has lapsed; one in so many more each has none, waits for its head teacher, lapses soon

Row = tuple[object, ...]


def load_agreements(connection: Connection, schools: int, now: dt.datetime) -> None:
    """Load the agreements of so many schools of the register. Triggers are off."""
    editions = [(number, kind) for number, kind in enumerate(KINDS, start=1)]
    texts = {"number": 1, "title": "Text", "summary": "x", "body": "x", "as_at": now.date(), "changed_at": now}
    copy_rows(connection, Edition, ["id", "kind"], editions, {"force_id": register.FORCE, "published_at": now, **texts})
    agreements = list(_agreements(schools, now.date()))
    words = {"title": "Agreement", "summary": "In short", "body": TEXT, "digest": "0" * 64, "made_at": now}
    columns = ["id", "once", "holder", "controller", "circles", "team", "made_by", "kind", "edition_id"]
    copy_rows(connection, Agreement, [*columns, "since", "until"], (row for row, _steps in agreements), words)
    columns = ["id", "once", "holder", "controller", "circles", "team", "made_by", "agreement_id", "kind"]
    copy_rows(connection, AgreementStep, columns, _steps(agreements), {**SIGNED, "made_at": now})
    read = {"page": str(BriefingPage.SSP), "digest": digest_of(BriefingPage.SSP), "made_at": now}
    columns = ["id", "holder", "controller", "circles", "made_by"]
    copy_rows(connection, Acknowledgement, columns, _acknowledgements(schools), read)


def _agreements(schools: int, today: dt.date) -> Iterator[tuple[Row, int]]:
    """Each agreement, and how many of STEPS it has taken."""
    for number in range(schools):
        place = number % ONE_IN
        until = today + (-SOON if place == 0 else SOON if place == 3 else YEAR)
        for edition, kind in enumerate(KINDS, start=1):
            if place != 1:
                row = (str(uuid4()), str(uuid4()), *_owned(number), register.team(number), register.staff(number, 1))
                yield (*row, kind, edition, until - YEAR, until), 1 if place == 2 else len(STEPS)


def _owned(number: int) -> Row:
    circles = sorted(register.school_circle(number, kind) for kind in ("staff", "partnership"))
    return register.school(number), register.controller(number), circles


def _steps(agreements: list[tuple[Row, int]]) -> Iterator[Row]:
    for (agreement, _once, *owned), taken in agreements:
        for kind in STEPS[:taken]:
            yield (str(uuid4()), str(uuid4()), *owned[:5], agreement, kind)


def _acknowledgements(schools: int) -> Iterator[Row]:
    for number in range(schools):
        for place in range(number % len(register.STAFF)):
            yield (str(uuid4()), *_owned(number), register.staff(number, place))
