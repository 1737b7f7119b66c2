"""A record as a document of its own: plain text, and a PDF that a screen reader can read (PDF/UA).

What people wrote goes to the typesetter as data, never as markup.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst
from django.utils.translation import get_language

TEMPLATE = Path(__file__).parent / "typst" / "record.typ"


@dataclass(frozen=True)
class Fact:
    name: str
    text: str


@dataclass(frozen=True)
class Section:
    heading: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Document:
    """A copy of a record: its title and marking, who made the copy and when, and what it says."""

    title: str
    marking: str
    made: str
    sections: Sequence[Section]


def as_text(document: Document) -> str:
    """The document as plain text, to paste into another system."""
    parts = [document.marking, document.title, document.made]
    for section in document.sections:
        parts.append(section.heading.upper())
        parts += [f"{fact.name}\n{fact.text}" for fact in section.facts]
    return "\n\n".join([*parts, document.marking, ""])


def as_pdf(document: Document) -> bytes:
    """The document as PDF/UA."""
    record = asdict(document) | {"language": (get_language() or "en")[:2]}
    inputs = {"record": json.dumps(record)}
    return typst.compile(str(TEMPLATE), sys_inputs=inputs, pdf_standards=["ua-1"])
