"""The gateways in law that shares may rest on, for England and Wales, each with its date.

Law changes and its reading is a lawyer's: every row is reference data that administrators edit, and the
force's lawyers must confirm the list before use.
"""

import datetime as dt
from typing import Any

from django.db import migrations

AS_AT = dt.date(2026, 11, 1)
CONFIRM = "To be confirmed by the force's lawyers before use"
EVERY = ["safeguarding", "safety", "crime", "diversion"]
CRIME = ["crime", "safety"]
WELFARE = ["safeguarding", "diversion"]

ENGLAND_ONLY = [
    ("ca2004-s16la", "Children Act 2004 s.16LA: duty to share information to safeguard a child", ["safeguarding"]),
]
SCHOOL = [
    ("ca1989-s47", "Children Act 1989 s.47: a child suffering or likely to suffer significant harm", ["safeguarding"]),
    ("ca1989-s17", "Children Act 1989 s.17: a child in need", ["safeguarding", "diversion"]),
    ("cda1998-s115", "Crime and Disorder Act 1998 s.115: disclosure to a relevant authority", CRIME + ["diversion"]),
    ("dpa2018-sch2-para2", "DPA 2018 Schedule 2 para 2: to prevent or detect crime", CRIME),
    ("dpa2018-sch1-para18", "DPA 2018 Schedule 1 para 18: safeguarding of children and people at risk", EVERY),
    ("pcsca2022-ssvd", "Police, Crime, Sentencing and Courts Act 2022: Serious Violence Duty", CRIME),
    ("ctsa2015-s26", "Counter-Terrorism and Security Act 2015 s.26: Prevent duty", ["safeguarding", "safety"]),
    ("vital-interests", "UK GDPR Article 6(1)(d): to protect somebody's life", ["safeguarding", "safety"]),
]
SCHOOL_DUTY = {
    "england": ("ea2002-s175", "Education Act 2002 s.175: the school's duty to safeguard its pupils", WELFARE),
    "wales": ("ea2002-s175", "Education Act 2002 s.175 (as it applies in Wales): duty to safeguard pupils", WELFARE),
}
POLICE = [
    ("ca2004-s11", "Children Act 2004 s.11: duty to safeguard and promote children's welfare", ["safeguarding"]),
    (
        "common-law",
        "Common law policing powers: to prevent and detect crime and protect life",
        CRIME + ["safeguarding"],
    ),
    ("cda1998-s115", "Crime and Disorder Act 1998 s.115: disclosure to a relevant authority", CRIME + ["diversion"]),
    ("dpa2018-s31", "DPA 2018 s.31 and s.36(4): for a law enforcement purpose, shared as the law permits", EVERY),
    ("ca1989-s47", "Children Act 1989 s.47: a child suffering or likely to suffer significant harm", ["safeguarding"]),
    ("pcsca2022-ssvd", "Police, Crime, Sentencing and Courts Act 2022: Serious Violence Duty", CRIME),
]


def rows(nation: str) -> list[tuple[str, str, str, list[str]]]:
    """The rows of one nation: side, code, text, purposes."""
    own = ENGLAND_ONLY if nation == "england" else []
    school = [*own, *SCHOOL[:2], SCHOOL_DUTY[nation], *SCHOOL[2:]]
    return [("school", *row) for row in school] + [("police", *row) for row in [*own, *POLICE]]


def add_bases(apps: Any, schema_editor: Any) -> None:
    basis = apps.get_model("exchange", "LegalBasis")
    for nation in ("england", "wales"):
        for position, (side, code, text, suits) in enumerate(rows(nation)):
            basis.objects.create(
                nation=nation, side=side, code=code, text=text, suits=suits, position=position,
                source=CONFIRM, as_at=AS_AT,
            )  # fmt: skip


def assert_added(apps: Any, schema_editor: Any) -> None:
    """An owner under forced policies may change nothing, silently: count."""
    wanted = len(rows("england")) + len(rows("wales"))
    if apps.get_model("exchange", "LegalBasis").objects.count() != wanted:
        raise RuntimeError("The legal bases were not added.")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_protected")]
    operations = [
        migrations.RunPython(add_bases, migrations.RunPython.noop),
        migrations.RunPython(assert_added, migrations.RunPython.noop),
    ]
