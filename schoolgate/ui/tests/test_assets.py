from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from schoolgate.ui.assets import build_assets, own_style, without_pictures

GOVERNMENT_STYLE = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
    "body{font-family:GDS Transport,arial,sans-serif}"
    "@media print{.govuk-footer__crown{margin:0}a{color:red}}"
    ".logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
    "b{color:blue}\n/*# sourceMappingURL=a.css.map */"
)
STORES_OR_FETCHES = ("http:", "https:", "localStorage", "sessionStorage", "document.cookie")
FORBIDDEN = ("font-face", "crown", "crest", "GDS Transport", "url(", "sourceMappingURL")


def test_a_style_loses_typeface_crest_and_crown_and_keeps_the_rest() -> None:
    assert own_style(GOVERNMENT_STYLE) == (
        "body{font-family:system-ui,Arial,sans-serif}@media print{a{color:red}}b{color:blue}\n"
    )


def test_a_map_loses_its_pictures_and_keeps_the_rest() -> None:
    style = "/* remark */\n.a{color:red}\n.marker{background:url(images/marker.png);}\n.b{color:blue}"
    assert without_pictures(style) == "\n.a{color:red}\n.b{color:blue}"


@pytest.mark.parametrize("name", ["govuk/frontend.css", "govuk/frontend.js", "leaflet/leaflet.css"])
def test_what_is_served_holds_no_typeface_crest_crown_or_address(name: str) -> None:
    found = finders.find(name)
    assert isinstance(found, str)
    text = Path(found).read_text(encoding="utf-8")
    assert [word for word in FORBIDDEN if word in text] == []
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[1].glob("static/ui/*")), ids=lambda path: path.name)
def test_own_files_fetch_nothing_and_store_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert [word for word in STORES_OR_FETCHES if word in text] == []


def test_assets_are_built_from_what_npm_fetched(tmp_path: Path) -> None:
    source = tmp_path / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    source.mkdir(parents=True)
    leaflet = tmp_path / "node_modules" / "leaflet" / "dist"
    leaflet.mkdir(parents=True)
    (leaflet / "leaflet.css").write_text(".a{color:red}")
    (leaflet / "leaflet.js").write_text("L=1\n//# sourceMappingURL=leaflet.js.map")
    (source / "govuk-frontend.min.css").write_text(GOVERNMENT_STYLE)
    (source / "govuk-frontend.min.js").write_text("export{a};//# sourceMappingURL=a.js.map\n")
    build_assets(node_modules=tmp_path / "node_modules", into=tmp_path / "assets")
    assert (tmp_path / "assets" / "govuk" / "frontend.js").read_text() == "export{a};\n"
    assert "crest" not in (tmp_path / "assets" / "govuk" / "frontend.css").read_text()
    assert (tmp_path / "assets" / "leaflet" / "leaflet.js").read_text() == "L=1\n"


def test_assets_cannot_be_built_before_npm_has_fetched_them(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        build_assets(node_modules=tmp_path, into=tmp_path / "assets")
