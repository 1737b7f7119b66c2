"""A valid row for any protected table, filled in from the catalogue, so that no table is left out."""

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
}

# Where a check constraint wants certain words.
WORDS: dict[tuple[str, str], Any] = {}


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
        self.sql.execute(insertion(table, row), list(row.values()))
        return UUID(str(row["id"]))

    def _value(self, kind: str) -> Any:
        if kind in BY_TYPE:
            return BY_TYPE[kind]()
        return 0 if kind in ("integer", "smallint", "bigint") else "a"

    def _point(self, row: dict[str, Any], here: list[str], parent: str, there: list[str], protected: bool) -> None:
        pointer = next((column for column in here if column not in ("holder", "school", "team", "made_by")), None)
        if pointer is None or row.get(pointer) is None:
            return
        if protected:
            owners = {t: row[h] for h, t in zip(here, there, strict=True) if h != pointer}
            given = owners | {"made_by": row["made_by"], "made_at": row["made_at"]}
            given.setdefault("holder", row["holder"])
            row[pointer] = self.add(parent, given)
        else:
            first = sql.SQL("select {} from {} order by 1 limit 1").format(
                sql.Identifier(there[0]), sql.Identifier(parent)
            )
            if pointer not in ("made_by",):
                found = self.sql.execute(first).fetchone()
                row[pointer] = found[0] if found else row[pointer]


def insertion(table: str, row: dict[str, Any]) -> sql.Composed:
    """The statement that inserts the row; values go as parameters."""
    return sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )
