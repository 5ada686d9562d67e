"""The page's own code, words and vendored libraries, as text."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

SCRIPTS = (
    "read/decode.js",
    "read/geometry.js",
    "read/text.js",
    "read/find.js",
    "read/coordinates.js",
    "read/model.js",
    "read/state.js",
    "draw/view.js",
    "draw/ground.js",
    "draw/marks.js",
    "draw/coverage.js",
    "draw/blackspots.js",
    "draw/leaders.js",
    "draw/labels.js",
    "draw/graticule.js",
    "draw/layers.js",
    "panel/dom.js",
    "read/spots.js",
    "panel/headline.js",
    "panel/search.js",
    "panel/controls.js",
    "panel/table.js",
    "panel/provinces.js",
    "read/told.js",
    "panel/card.js",
    "panel/legend.js",
    "panel/share.js",
    "paper/compose.js",
    "paper/sheet.js",
    "paper/unit.js",
    "panel/method.js",
    "panel/layout.js",
    "map/fit.js",
    "map/moves.js",
    "map/place.js",
    "map/swipe.js",
    "map/pointer.js",
    "map/far.js",
    "map/app.js",
)
"""The page's scripts in the order they run; each adds to the one name ``BS``."""

CHANGE_SCRIPTS = ("draw/events.js", "panel/changes.js", "panel/events.js")
"""What the page of a comparison runs beside them; ``map/app.js`` starts nothing before all have run."""

CONTEXT_SCRIPTS = ("draw/context.js",)
"""What the page of a province runs beside them where it shows what lies around black spots."""

SETTLEMENT_SCRIPTS = ("draw/settlements.js",)
"""What a page runs beside them where black spots have names of settlements."""

STYLES = ("base.css", "panel.css", "map.css", "layout.css", "print.css")

CHANGE_STYLES = ("changes.css",)

_REMARK_LINES = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_PICTURE_RULE = re.compile(r"[^{}]*\{[^{}]*url\((?!data:)[^)]*\)[^{}]*\}")


def resource_text(*parts: str) -> str:
    """Read a text file of :mod:`blackspot.maps` by its path below that folder."""
    return resources.files("blackspot.maps").joinpath(*parts).read_text(encoding="utf-8")


@cache
def static(name: str) -> str:
    """Read one of the page's own files, by its path below ``static``, without what only its makers read.

    Lines that are nothing but a remark, and what lines begin with, are a tenth of every page. No text of ours goes over
    several lines, so that leading blanks are never part of one.
    """
    return _INDENT.sub("", _REMARK_LINES.sub("", resource_text("static", *name.split("/"))))


@cache
def leaflet_script() -> str:
    """Read Leaflet without the line that names its source map."""
    return resource_text("vendor", "leaflet", "leaflet.js").split("\n//# sourceMappingURL")[0]


@cache
def leaflet_style() -> str:
    """Read Leaflet's style without the rules that would load pictures."""
    return _PICTURE_RULE.sub("", resource_text("vendor", "leaflet", "leaflet.css"))


@cache
def inflate_script() -> str:
    """Wrap tiny-inflate, a CommonJS module, so that it ends up under our name."""
    source = resource_text("vendor", "tiny-inflate", "index.js")
    return f"var BS=globalThis.BS||(globalThis.BS={{}});(function(){{var module={{exports:{{}}}};{source}\nBS.tinyInflate=module.exports;}})();"
