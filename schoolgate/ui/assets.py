"""Builds the front-end files that set-up fetched with npm into files that this product may serve.

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
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")


def build_assets(*, node_modules: Path, into: Path) -> None:
    """Write govuk/frontend.css and govuk/frontend.js below `into`.

    Raises FileNotFoundError when `npm ci` has not been run.
    """
    source = node_modules / "govuk-frontend" / "dist" / "govuk"
    target = into / "govuk"
    target.mkdir(parents=True, exist_ok=True)
    style = (source / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (source / "govuk-frontend.min.js").read_text(encoding="utf-8")
    (target / "frontend.css").write_text(own_style(style), encoding="utf-8")
    (target / "frontend.js").write_text(SOURCE_MAP.sub("", script), encoding="utf-8")


def own_style(style: str) -> str:
    """Take a government style sheet, give it back without typeface, crest, crown or addresses."""
    for unwanted in (FONT_FACE, SOURCE_MAP):
        style = unwanted.sub("", style)
    return CREST_OR_CROWN.sub("", GOVERNMENT_FONTS.sub(FONTS, style))


if __name__ == "__main__":
    build_assets(node_modules=REPOSITORY / "node_modules", into=REPOSITORY / "build" / "assets")
