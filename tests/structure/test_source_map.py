"""The source map names only pages and tests that exist."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.access.addresses import names

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_BUILT = "Not built yet"
SENTENCES = 17 + 7 + 11 + 8 + 5


def rows() -> list[list[str]]:
    lines = (REPOSITORY / "docs" / "source-map.md").read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| [OGHCT]\d", line)]


def test_every_sentence_of_the_source_has_a_row() -> None:
    assert len(rows()) == SENTENCES
    assert all(len(row) == 5 and all(row) for row in rows())


def test_pages_in_the_source_map_exist() -> None:
    pages = {page for row in rows() for page in row[3].split(", ") if page != NOT_BUILT}
    assert pages - names(get_resolver()) == set()


@pytest.mark.parametrize("test", sorted({t for row in rows() for t in row[4].split(", ") if t != NOT_BUILT}))
def test_tests_in_the_source_map_exist(test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((REPOSITORY / path).read_text())
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
