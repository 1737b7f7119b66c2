"""Builds the front-end files that set-up fetched with npm into files that this product may serve.

The map's own pictures are left out with the rules that show them: markers and controls are made of letters.
Outside the government's own domain its typeface, crest and crown may not be used
(guidance "Use GOV.UK domains and the GOV.UK design system"), so they are taken out here.
"""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FONTS = "system-ui,Arial,sans-serif"

FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
GOVERNMENT_FONTS = re.compile(r"\"?GDS Transport\"?,\s*arial,\s*sans-serif", re.IGNORECASE)
CREST_OR_CROWN = re.compile(r"[^{}]*(?:crest|crown|copyright-logo)[^{}]*{[^{}]*}|[^{}]+{[^{}]*crest[^{}]*}")
PICTURE = re.compile(r"[^{}]+{[^{}]*url\([^{}]*}")
REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")


def build_assets(*, node_modules: Path, into: Path) -> None:
    """Write govuk/frontend.css and .js and leaflet/leaflet.css and .js below `into`.

    Raises FileNotFoundError when `npm ci` has not been run.
    """
    govuk = node_modules / "govuk-frontend" / "dist" / "govuk"
    leaflet = node_modules / "leaflet" / "dist"
    built = {
        "govuk/frontend.css": own_style(_text(govuk / "govuk-frontend.min.css")),
        "govuk/frontend.js": own_script(_text(govuk / "govuk-frontend.min.js")),
        "leaflet/leaflet.css": without_pictures(_text(leaflet / "leaflet.css")),
        "leaflet/leaflet.js": own_script(_text(leaflet / "leaflet.js")),
    }
    for name, text in built.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text, encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def own_script(script: str) -> str:
    """Take a script, give it back without the address of its source."""
    return SOURCE_MAP.sub("", script)


def without_pictures(style: str) -> str:
    """Take a style sheet, give it back without remarks and without the rules that fetch something."""
    return PICTURE.sub("", REMARK.sub("", style))


def own_style(style: str) -> str:
    """Take a government style sheet, give it back without typeface, crest, crown or addresses."""
    for unwanted in (FONT_FACE, SOURCE_MAP):
        style = unwanted.sub("", style)
    return CREST_OR_CROWN.sub("", GOVERNMENT_FONTS.sub(FONTS, style))


if __name__ == "__main__":
    build_assets(node_modules=REPOSITORY / "node_modules", into=REPOSITORY / "build" / "assets")
