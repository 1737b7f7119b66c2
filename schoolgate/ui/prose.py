"""Documents written in Markdown, as part of a page and as data for the typesetter.

What somebody wrote is never markup of the page or of the typesetter: HTML in it stays text.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

FIELD = re.compile(r"\[\[([a-z_]+)\]\]")
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~])")
LINKED = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


class Reader(MarkdownIt):
    """Links lead to the web, to an e-mail or to a telephone; any other stays words."""

    def validateLink(self, url: str) -> bool:
        return LINKED.match(url.strip()) is not None


READER = Reader("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
CLASSES = {
    "h1": "govuk-heading-l", "h2": "govuk-heading-m", "h3": "govuk-heading-s", "p": "govuk-body", "a": "govuk-link",
    "ul": "govuk-list govuk-list--bullet", "ol": "govuk-list govuk-list--number", "blockquote": "govuk-inset-text",
    "table": "govuk-table", "th": "govuk-table__header", "td": "govuk-table__cell",
}  # fmt: skip


def fields_in(markdown: str) -> list[str]:
    """The names of the fields, [[such]], in a text, each once."""
    return list(dict.fromkeys(FIELD.findall(markdown)))


def filled(markdown: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, each with words that are no markup; what has no value stays a field."""

    def value(found: re.Match[str]) -> str:
        words = " ".join(values.get(found[1], "").split())
        return MARKUP.sub(r"\\\1", words) or found[0]

    return FIELD.sub(value, markdown)


def as_html(markdown: str) -> Markup:
    """The text as part of a page, its headings one level below the page's own."""
    tokens = READER.parse(markdown)
    for token in tokens:
        _dress(token)
        for inline in token.children or ():
            _dress(inline)
    return Markup(READER.renderer.render(tokens, READER.options, {}))  # noqa: S704  (the reader takes no HTML)


def _dress(token: Token) -> None:
    """The design system's classes; directions by the words; a heading under the page's own."""
    if token.nesting < 0 or token.tag not in CLASSES:
        token.tag = _lower(token.tag)
        return
    token.attrSet("class", CLASSES[token.tag])
    if token.tag == "th":
        token.attrSet("scope", "col")
    if token.tag not in ("a", "table"):
        token.attrSet("dir", "auto")
    token.tag = _lower(token.tag)


def _lower(tag: str) -> str:
    return f"h{int(tag[1]) + 1}" if re.fullmatch("h[1-3]", tag) else tag


def as_data(markdown: str) -> list[dict[str, Any]]:
    """The text as a tree for the typesetter: kind, text, level or address, and what is inside."""
    return _inside(SyntaxTreeNode(READER.parse(markdown)))


def _inside(node: SyntaxTreeNode) -> list[dict[str, Any]]:
    return [_data(child) for child in node.children]


def _data(node: SyntaxTreeNode) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": node.type, "inside": _inside(node)}
    if node.type in ("text", "code_inline", "fence", "code_block"):
        data["text"] = node.content
    if node.type == "heading":
        data["level"] = int(node.tag[1])
    if node.type == "link":
        data["href"] = str(node.attrs["href"])
    return data


@dataclass(frozen=True)
class Change:
    """A stretch of a comparison, in Markdown: how it was and how it is; the same where nothing changed."""

    before: str
    after: str

    @property
    def is_new(self) -> bool:
        return self.before != self.after


def compared(before: str, after: str) -> list[Change]:
    """What changed from one text to the next, paragraph by paragraph; what is the same stands there too."""
    old, new = list(_paragraphs(before)), list(_paragraphs(after))
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    return [Change("\n\n".join(old[i:j]), "\n\n".join(new[k:m])) for _, i, j, k, m in matcher.get_opcodes()]


def _paragraphs(markdown: str) -> Iterator[str]:
    """Blocks between blank lines; a list or table whose entries follow each other is one."""
    return (block.strip("\n") for block in re.split(r"\n\s*\n", markdown.replace("\r\n", "\n")) if block.strip())


def text_of(nodes: Sequence[Mapping[str, Any]]) -> str:
    """The bare words of a tree."""
    return " ".join(filter(None, (node.get("text") or text_of(node["inside"]) for node in nodes)))
