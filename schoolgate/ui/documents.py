"""A record as a document of its own: plain text, and a PDF that a screen reader can read (PDF/UA).

What people wrote goes to the typesetter as data, never as markup.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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
    """A copy of a record: its title and marking, what it says, and who made the copy and when."""

    title: str
    marking: str
    sections: Sequence[Section]
    made: str = ""


def facts_section(heading: str, facts: Iterable[Mapping[str, Any]]) -> Section:
    """The facts of a page (see ui.facts), as a section."""
    return Section(heading, [Fact(fact["name"], fact["text"]) for fact in facts])


def timeline_section(heading: str, items: Iterable[Mapping[str, Any]]) -> Section:
    """The timeline of a page (see ui.timeline), as a section."""
    return Section(heading, [_happened(item) for item in items])


def _happened(item: Mapping[str, Any]) -> Fact:
    title = ", ".join(filter(None, (item["title"], item["when"], item.get("by"))))
    return Fact(title, item.get("text") or "–")


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
