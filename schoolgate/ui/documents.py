"""A record as a document of its own: plain text, and a PDF that a screen reader can read (PDF/UA).

What people wrote goes to the typesetter as data, never as markup. Its fonts do not hold every character of the
world: what they lack is written out by name, since a copy must be whole and PDF/UA allows no empty box.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language

from schoolgate.ui.prose import as_data

TEMPLATES = Path(__file__).parent / "typst"
LACKING = re.compile(r'the text `"(.*?)"` could not be displayed')
NUMBERED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Control characters but line end and tab, and halves of characters.
UNSEEN = dict.fromkeys({*range(32), *range(127, 160), *range(0xD800, 0xE000)} - {ord("\n"), ord("\t")})


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
    return Fact(title, item.get("text") or "")


def as_text(document: Document) -> str:
    """The document as plain text, to paste into another system."""
    parts = [document.marking, document.title, document.made]
    for section in document.sections:
        parts.append(section.heading.upper())
        parts += [f"{fact.name}\n{fact.text}".rstrip() for fact in section.facts]
    return "\n\n".join([*parts, document.marking, ""])


@dataclass(frozen=True)
class AgreedText:
    """A text in Markdown with its signatures, each a row of the columns."""

    title: str
    marking: str
    foot: str
    body: str
    heading: str
    unsigned: str
    columns: Sequence[str]
    signatures: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Portrayed(Section):
    """Somebody on a poster: heading and facts, and their picture (a JPEG) or a frame with their initials."""

    initials: str
    described: str
    picture: bytes | None = None


@dataclass(frozen=True)
class Poster:
    """A page for the wall: its title, people, what to know, and the alarm."""

    title: str
    place: str
    marking: str
    people: Sequence[Portrayed]
    sections: Sequence[Section]
    alarm: str


def as_pdf(document: Document) -> bytes:
    """The document as PDF/UA."""
    return _typeset("record.typ", asdict(document))


def agreed_text_as_pdf(text: AgreedText) -> bytes:
    """The text with its signatures as PDF/UA; the same text gives the same bytes."""
    return _typeset("agreement.typ", asdict(text) | {"body": as_data(text.body)})


def poster_as_pdf(poster: Poster) -> bytes:
    """The poster as PDF/UA."""
    record = asdict(poster)
    for person in record["people"]:
        person["picture"] = list(person["picture"]) if person["picture"] else None
    return _typeset("poster.typ", record)


def _typeset(template: str, record: dict[str, Any]) -> bytes:
    """As PDF/UA; a character that no font has is written out by name."""
    written: dict[int, str | None] = dict(UNSEEN)
    while True:
        try:
            return _compiled(template, record, written)
        except typst.TypstError as error:
            lacking = _lacking(error) - written.keys()
            if not lacking:
                raise
            written |= {character: f"[{_called(character)}]" for character in lacking}


def _compiled(template: str, record: dict[str, Any], written: dict[int, str | None]) -> bytes:
    """Typeset a record in which some characters are written otherwise, or not at all."""
    shown = _each_text(record, lambda text: text.translate(written))
    for section in shown.get("sections", ()):
        for fact in section["facts"]:
            fact["lines"] = [{"text": line, "from_right": _from_right(line)} for line in fact["text"].split("\n")]
    inputs = {"record": json.dumps(shown | {"language": (get_language() or "en")[:2]})}
    return typst.compile(str(TEMPLATES / template), sys_inputs=inputs, pdf_standards=["ua-1"], ignore_system_fonts=True)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A record, or any part of it, with each text changed."""
    if isinstance(value, dict):
        return {name: _each_text(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _lacking(error: typst.TypstError) -> set[int]:
    """The characters that no font has: the typesetter complains of many at once."""
    texts = "".join(LACKING.findall(error.diagnostic))
    named = {int(number, 16) for number in NUMBERED.findall(texts)}
    return {number for number in named | set(map(ord, texts)) if number > 127}


def _called(character: int) -> str:
    """A character's name, such as "grinning face", or its number."""
    return unicodedata.name(chr(character), "").lower() or f"U+{character:04X}"


def _from_right(line: str) -> bool:
    """Whether a line is read from the right: whether its first letter is."""
    directions = (unicodedata.bidirectional(character) for character in line)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"
