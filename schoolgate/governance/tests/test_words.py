"""Everything that can stand in the log has words."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.functional import Promise
from psycopg import Connection

from schoolgate.config.environment import REPOSITORY
from schoolgate.core.clock import now
from schoolgate.governance.presenters import KINDS, PARTS, page_words, what_words
from schoolgate.governance.selectors import Entry

PRODUCT = REPOSITORY / "schoolgate"
PLACE_OF_KIND = {"note": 1, "note_reads": 0}


def kinds_noted() -> Iterator[str]:
    """The kinds that the product's source notes; a kind that arrives from elsewhere is a protected table's."""
    for path in PRODUCT.rglob("*.py"):
        if "tests" not in path.parts:
            yield from _kinds_in(path)


def _kinds_in(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PLACE_OF_KIND:
            kind = call.args[PLACE_OF_KIND[call.func.id]]
            if isinstance(kind, ast.Constant):
                yield str(kind.value)
            elif isinstance(kind, ast.Name) and kind.id.isupper():
                yield getattr(importlib.import_module(_module(path)), kind.id)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)


def entry(kind: str, number: int) -> Entry:
    records = [str(each) for each in range(number)]
    return Entry(now(), None, None, "consultation", kind, 0, records, [], [], [], "", "", 0)  # type: ignore[arg-type]


@pytest.mark.usefixtures("committed_database")
def test_every_kind_that_can_stand_in_the_log_has_words(as_superuser: Connection) -> None:
    query = "select regexp_replace(tgrelid::regclass::text, '_', '.') from pg_trigger where tgname = 'history'"
    kept = {kind for (kind,) in as_superuser.execute(query)}
    noted = set(kinds_noted())
    assert {"access.daycode", "mfa.authenticator", "audit.access", "drafts.draft"} <= noted
    assert (kept | noted) - KINDS.keys() == set()
    assert KINDS.keys() - kept - noted == {"refused"}, "listed, but never in the log"


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("children.child", 1, "a child"),
        ("children.child", 3, "3 children"),
        ("exchange.enquiry", 3, "3 enquiries"),
        ("concerns.triage", 2, "the triage of 2 concerns"),
        ("audit.access", 0, "the log"),
        ("refused", 0, "a page"),
        ("mfa.authenticator", 0, "a second factor"),
        ("former.kind", 2, "former.kind"),
    ],
)
def test_how_many_of_what_is_said_in_english(kind: str, number: int, words: str) -> None:
    assert what_words(entry(kind, number)) == words


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("exchange:pass_on", "Shares and enquiries: pass on"),
        ("job:directory.import_schools", "By itself: directory, import schools"),
        ("/shares/nowhere/", "/shares/nowhere/"),
    ],
)
def test_a_page_is_named_in_words(page: str, words: str) -> None:
    assert page_words(page) == words


def test_every_part_of_the_product_has_words() -> None:
    parts = {path.parent.name for path in PRODUCT.glob("*/urls.py") if "app_name" in path.read_text()}
    assert parts - PARTS.keys() == set()


def test_the_words_are_those_of_whoever_reads() -> None:
    """A name is translated when it is shown, not when it was first asked for."""
    assert [kind for kind, (name, _counted) in KINDS.items() if not isinstance(name, Promise)] == []
    assert [part for part, name in PARTS.items() if not isinstance(name, Promise)] == []
