"""Reads rendered pages for the tests: headings, inline code, inputs."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page(HTMLParser):
    """What tests ask of a page. Feed it markup."""

    headings: int = 0
    inline: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        self.inline += [f"<{tag} {name}>" for name in attributes if name == "style" or name.startswith("on")]
        self.inline += ["<style>"] * (tag == "style") + ["<script>"] * (tag == "script" and "src" not in attributes)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.references |= set(attributes.get("aria-describedby", "").split())
        self.references |= {attributes["for"]} if "for" in attributes else set()
        if tag in {"input", "textarea", "select"}:
            self.inputs[attributes.get("id", attributes.get("name", ""))] = attributes


def read(markup: str) -> Page:
    """Take markup, give what it holds."""
    page = Page()
    page.feed(markup)
    return page
