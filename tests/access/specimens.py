"""A valid row for any protected table, filled in from the catalogue, so that no table is left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, sql

COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef
from pg_attribute a where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
"""

# Foreign keys: the columns here, the table and the columns there.
KEYS = """
select (select array_agg(attname::text order by n) from unnest(conkey) with ordinality k (num, n)
        join pg_attribute on attrelid = conrelid and attnum = num),
    confrelid::regclass::text,
    (select array_agg(attname::text order by n) from unnest(confkey) with ordinality k (num, n)
        join pg_attribute on attrelid = confrelid and attnum = num),
    exists (select from pg_trigger where tgrelid = confrelid and tgname = 'protect')
from pg_constraint where contype = 'f' and conrelid = %s::regclass
"""

BY_TYPE: dict[str, Any] = {
    "uuid": uuid4,
    "boolean": lambda: False,
    "date": lambda: "2026-03-02",
    "timestamp with time zone": lambda: "2026-03-02 10:00+00",
    "time without time zone": lambda: "10:00",
    "jsonb": lambda: "{}",
    "integer[]": lambda: [],
    "text[]": lambda: [],
    "uuid[]": lambda: [],
    "smallint[]": lambda: [],
    "character varying(64)": lambda: uuid4().hex * 2,  # a digest: each another
}

# Triggers that ask who it is that adds a row: the superuser, who makes the specimens, is nobody.
ASKS_WHO = {"partnership_agreementstep": "check_step"}

# What a parent shares with the row that points to it.
OWNERS = {"holder", "school", "made_by", "made_at", "team", "head_of", "governors_of", "lado_of", "standards_of"}

# Where a check constraint wants certain words.
WORDS: dict[tuple[str, str], Any] = {
    ("access_emergencyaccess", "until"): "2026-03-02 11:00+00",
    ("notices_notice", "page"): "/",
    ("drafts_draft", "address"): "/",
    ("concerns_triage", "status"): "sent",
    ("exchange_share", "status"): "sent",
    ("exchange_share", "ground"): "welfare",
    ("exchange_share", "child_told_by"): "",
    ("exchange_share", "parent_told_by"): "",
    ("exchange_share", "recipients"): [1],
    ("exchange_enquiry", "child_name"): "",
    ("exchange_subjectcategory", "categories"): ["victim"],
    ("exchange_crimereport", "force_reference"): "",
    ("concerns_triagestep", "ground"): "",
    ("partnership_agreement", "kind"): "protocol",
    ("partnership_agreement", "until"): "2027-03-02",
    ("partnership_agreementstep", "kind"): "read",
    ("partnership_agreementstep", "digest"): "",
    ("partnership_appointment", "role"): "spoc",
}


class Specimens:
    """Makes rows as the superuser; remembers what it made."""

    def __init__(self, superuser: Connection) -> None:
        self.sql = superuser

    def columns(self, table: str, given: dict[str, Any]) -> dict[str, Any]:
        """Every column of a valid new row, with parents made where a key asks for them."""
        row: dict[str, Any] = {"id": uuid4(), "circles": [], "barred": []} | given
        for name, kind, required, has_default in self.sql.execute(COLUMNS, [table]).fetchall():
            if name not in row and required and not has_default:
                row[name] = WORDS.get((table, name), self._value(kind))
            elif name not in row and (table, name) in WORDS:
                row[name] = WORDS[table, name]
        for here, parent, there, protected in self.sql.execute(KEYS, [table]).fetchall():
            self._point(row, here, parent, there, protected)
        return row

    def add(self, table: str, given: dict[str, Any]) -> UUID:
        row = self.columns(table, given)
        with self._unasked(table):
            self.sql.execute(insertion(table, row), list(row.values()))
        return UUID(str(row["id"]))

    @contextmanager
    def _unasked(self, table: str) -> Iterator[None]:
        names = {"table": sql.Identifier(table), "trigger": sql.Identifier(ASKS_WHO.get(table, ""))}
        if table in ASKS_WHO:
            self.sql.execute(sql.SQL("alter table {table} disable trigger {trigger}").format(**names))
        yield
        if table in ASKS_WHO:
            self.sql.execute(sql.SQL("alter table {table} enable trigger {trigger}").format(**names))

    def _value(self, kind: str) -> Any:
        if kind in BY_TYPE:
            return BY_TYPE[kind]()
        return 0 if kind in ("integer", "smallint", "bigint") else "a"

    def _point(self, row: dict[str, Any], here: list[str], parent: str, there: list[str], protected: bool) -> None:
        """Make the parent that a filled key points to, owned as this row is; take the newest row of a plain table."""
        pointer = next((column for column in here if column.endswith("_id")), None)
        if pointer is None or row.get(pointer) is None:
            return
        if protected:
            shared = {name for name, *_ in self.sql.execute(COLUMNS, [parent]).fetchall()} & OWNERS
            owners = {there_: row[here_] for here_, there_ in zip(here, there, strict=True) if here_ != pointer}
            row[pointer] = self.add(parent, {name: row[name] for name in shared if name in row} | owners)
        else:
            any_row = sql.SQL("select {0} from {1} order by {0} desc limit 1").format(
                sql.Identifier(there[0]), sql.Identifier(parent)
            )
            found = self.sql.execute(any_row).fetchone()
            assert found, f"{parent} is empty"
            row[pointer] = found[0]


def insertion(table: str, row: dict[str, Any]) -> sql.Composed:
    """The statement that inserts the row; values go as parameters."""
    return sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )
